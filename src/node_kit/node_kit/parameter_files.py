# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Files of ROS parameters, read without ROS: which section is for which node."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from node_kit.limited_yaml import LimitedLoader
from node_kit.limits import read_text, shown

VALUES = 'ros__parameters'
_MERGE = 'tag:yaml.org,2002:merge'  # of the key <<


class ParameterFileError(ValueError):
    """A file that holds no parameters. The message names the file and what is wrong."""


class _Loader(LimitedLoader):
    """As ROS reads YAML: 1e3 is a number."""

    def pairs(self, node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node]]:
        """Yield all (key, value) of a mapping, also those with the same key, in their order."""
        self.flatten_mapping(node)
        for key, value in node.value:
            yield str(self.construct_object(key, deep=True)), value


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
            number of them; in the names of parameters dots join the levels. A pattern may come
            several times.

    Raises:
        ParameterFileError: if it cannot be read, is no YAML, sets nothing, or sets a parameter
            twice in one section.
    """
    try:
        found = _found(read_text(path))
    except (OSError, ValueError, yaml.YAMLError) as error:
        reason = getattr(error, 'strerror', None) or ' '.join(str(error).split())
        raise ParameterFileError(f'{path}: {reason}') from None
    if not found:
        raise ParameterFileError(
            f'{path}: sets nothing; parameters stand under the name of a node and {VALUES}'
        )
    return found


def _found(text: str) -> list[tuple[str, dict[str, Any]]]:
    loader = _Loader(text)
    try:
        tree = loader.get_single_node()
        found = list(_sections(loader, tree, '')) if isinstance(tree, yaml.MappingNode) else []
        # A section of comments alone is empty.
        return [(pattern, values) for pattern, values in found if values]
    finally:
        loader.dispose()


def _sections(
    loader: _Loader, tree: yaml.MappingNode, prefix: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    # Not as mappings of Python, in which the last of two sections with one name remains.
    for key, value in loader.pairs(tree):
        if key == VALUES:
            yield prefix, _parameters(loader, value, prefix)
        elif isinstance(value, yaml.MappingNode):
            yield from _sections(loader, value, f'{prefix}/{key.strip("/")}')


def _parameters(loader: _Loader, section: yaml.Node, pattern: str) -> dict[str, Any]:
    if not isinstance(section, yaml.MappingNode):
        value = loader.construct_object(section, deep=True)
        if value is None:
            return {}
        raise ValueError(f'{pattern}: expected names and values, got {shown(value)}')
    lines: dict[str, int] = {}
    for name, line in _written(section, ''):
        if name in lines:
            raise ValueError(
                f'{pattern}: {name} is written twice, in lines {lines[name]} and {line}; '
                'keep one of them'
            )
        lines[name] = line
    return dict(_flat(loader, section, ''))


def _written(section: yaml.MappingNode, prefix: str) -> Iterator[tuple[str, int]]:
    """The names that stand in a section itself, with their lines."""
    for key, value in section.value:
        if key.tag == _MERGE:
            continue  # what stands elsewhere gives way to what stands here
        if isinstance(value, yaml.MappingNode):
            yield from _written(value, f'{prefix}{key.value}.')
        else:
            yield f'{prefix}{key.value}', key.start_mark.line + 1


def _flat(loader: _Loader, section: yaml.MappingNode, prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in loader.pairs(section):
        if isinstance(value, yaml.MappingNode):
            yield from _flat(loader, value, f'{prefix}{key}.')
        else:
            yield f'{prefix}{key}', loader.construct_object(value, deep=True)


def matches(pattern: str, node: str) -> bool:
    """Whether a pattern of `sections` is for the node with this full name."""
    parts = (
        '(/[^/]+)*' if part == '**' else '/[^/]+' if part == '*' else f'/{re.escape(part)}'
        # Several ** in a row are one, and would be tried in all their combinations.
        for part in re.sub(r'(/\*\*)+(?=/|$)', '/**', pattern).split('/')[1:]
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
    patterns = dict.fromkeys(pattern for pattern, _ in sections(path))
    return [pattern for pattern in patterns if not any(matches(pattern, name) for name in names)]
