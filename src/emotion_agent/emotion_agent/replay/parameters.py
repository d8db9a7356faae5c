# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The parameter file of the launch, read without nodes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from node_kit.settings import Setting, checked
from node_kit.suggestions import did_you_mean

VALUES = 'ros__parameters'
OF_EVERY_NODE = ('autostart', 'use_sim_time')


class ParameterError(Exception):
    """A parameter file that a node would refuse. The message names the place."""


def node_settings(
    path: Path, node: str, table: Iterable[Setting], overrides: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """
    Return the values that a node would have with a parameter file.

    Args:
        path: YAML file of ROS parameters, with wildcards.
        node: full name of the node, such as `/emotion/emotion_state`.
        table: the settings of the node.
        overrides: values on top of those of the file.

    Raises:
        ParameterError: if the file cannot be read, or has a value that the node would refuse or a
            parameter that it does not have.
    """
    table = tuple(table)
    known = [setting.name for setting in table]
    given: dict[str, Any] = {}
    for pattern, values in _matching(path, node):
        given.update(values)
        for name in values:
            # What stands under a wildcard may be meant for other nodes.
            if name in (*known, *OF_EVERY_NODE) or pattern.endswith('*'):
                continue
            raise ParameterError(
                f'{path}: {node} has no parameter {name}{did_you_mean(name, known)}'
            )
    try:
        return checked(table, {**given, **(overrides or {})})
    except ValueError as error:
        raise ParameterError(f'{path}: {node}: {error}') from None


def _matching(path: Path, node: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(pattern, values) of each section of a file for a node; dots join nested names."""
    try:
        tree = yaml.safe_load(path.read_text(encoding='utf-8'))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ParameterError(f'{path}: {" ".join(str(error).split())}') from None
    if not isinstance(tree, Mapping):
        raise ParameterError(f'{path}: expected nodes with {VALUES}, got {tree!r}')
    for pattern, values in _sections(tree, ''):
        if not isinstance(values, Mapping):
            raise ParameterError(f'{path}: {pattern}: expected names and values, got {values!r}')
        if _matches(pattern, node):
            yield pattern, _flat(values, '')


def _sections(tree: Mapping, prefix: str) -> Iterable[tuple[str, Any]]:
    """(pattern of node names, values) of a nested file."""
    for key, value in tree.items():
        if key == VALUES:
            yield prefix, value
        elif isinstance(value, Mapping):
            yield from _sections(value, f'{prefix}/{str(key).strip("/")}')


def _matches(pattern: str, node: str) -> bool:
    """Whether a name fits a pattern in which * is one part of it and ** any number of parts."""
    parts = (
        '(/[^/]+)*' if part == '**' else '/[^/]+' if part == '*' else f'/{re.escape(part)}'
        for part in pattern.split('/')[1:]
    )
    return re.fullmatch(''.join(parts), node) is not None


def _flat(values: Mapping, prefix: str) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f'{prefix}{key}.'))
        else:
            flat[f'{prefix}{key}'] = value
    return flat
