# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Files of ROS parameters, read without ROS: which section is for which node."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

VALUES = 'ros__parameters'


class ParameterFileError(ValueError):
    """A file that holds no parameters. The message names the file and what is wrong."""


class _Loader(yaml.SafeLoader):
    """As ROS reads YAML: 1e3 is a number."""


_Loader.add_implicit_resolver(
    'tag:yaml.org,2002:float',
    re.compile(r'[-+]?\d+(\.\d*)?[eE][-+]?\d+$'),
    list('-+0123456789'),
)


def load(text: str) -> Any:
    """
    Return what YAML stands for.

    Raises:
        yaml.YAMLError: if it is no YAML.
    """
    return yaml.load(text, _Loader)


def sections(path: Path) -> list[tuple[str, dict[str, Any]]]:
    """
    Return (pattern of node names, parameters) of each section of a file, in their order.

    Args:
        path: YAML file. A pattern is a full name in which * stands for one part and ** for any
            number of them; in the names of parameters dots join the levels.

    Raises:
        ParameterFileError: if it cannot be read, is no YAML, or sets nothing.
    """
    try:
        tree = load(path.read_text(encoding='utf-8'))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = getattr(error, 'strerror', None) or ' '.join(str(error).split())
        raise ParameterFileError(f'{path}: {reason}') from None
    found = list(_sections(tree, '')) if isinstance(tree, Mapping) else []
    for pattern, values in found:
        if not isinstance(values, Mapping | None):
            raise ParameterFileError(
                f'{path}: {pattern}: expected names and values, got {values!r}'
            )
    # A section of comments alone is None.
    filled = [(pattern, _flat(values, '')) for pattern, values in found if values]
    if not filled:
        raise ParameterFileError(
            f'{path}: sets nothing; parameters stand under the name of a node and {VALUES}'
        )
    return filled


def _sections(tree: Mapping, prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if key == VALUES:
            yield prefix, value
        elif isinstance(value, Mapping):
            yield from _sections(value, f'{prefix}/{str(key).strip("/")}')


def _flat(values: Mapping, prefix: str) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            flat.update(_flat(value, f'{prefix}{key}.'))
        else:
            flat[f'{prefix}{key}'] = value
    return flat


def matches(pattern: str, node: str) -> bool:
    """Whether a pattern of `sections` is for the node with this full name."""
    parts = (
        '(/[^/]+)*' if part == '**' else '/[^/]+' if part == '*' else f'/{re.escape(part)}'
        for part in pattern.split('/')[1:]
    )
    return re.fullmatch(''.join(parts), node) is not None


def is_for_several(pattern: str) -> bool:
    """Whether a pattern names no node, so that its parameters may be meant for another one."""
    return pattern.endswith('*')


def without_a_node(path: Path, nodes: Iterable[str]) -> list[str]:
    """
    Return the patterns of the sections of a file that are for none of these nodes.

    Raises:
        ParameterFileError: as `sections`.
    """
    names = list(nodes)
    return [
        pattern
        for pattern, _ in sections(path)
        if not any(matches(pattern, name) for name in names)
    ]
