# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What a process was given on its command line, parameters first of all.

ROS itself applies parameters in the order in which the *patterns* of node names first occur, so
that `-p` may lose against a file, and it takes NODE:NAME:=VALUE for a node without namespace.
Here what is given later counts more, and what is for no node is refused.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from node_kit.limits import shown
from node_kit.parameter_files import is_for_several, load, matches, sections
from node_kit.paths import expanded
from node_kit.settings import is_of_ros
from node_kit.suggestions import did_you_mean
from node_kit.text import public_name

ROS_ARGUMENTS, END = '--ros-args', '--'
PARAMETER, PARAMETER_FILE = ('-p', '--param'), '--params-file'
_WITH_VALUE = (*PARAMETER, PARAMETER_FILE, '-r', '--remap', '-e', '--enclave', '--log-level',
               '--log-config-file')  # fmt: skip
_RENAMING = re.compile(r'(?:(\w+):)?(__ns|__node|__name):=(.+)')
_RULE = re.compile(r'(?:([\w/*]+):)?([^:=]+):=(.*)', re.DOTALL)


class ArgumentError(ValueError):
    """An argument that would have no effect. The message says which, and what to do."""


class Given(NamedTuple):
    """
    One parameter that was given.

    Args:
        name: of the parameter.
        value: as YAML reads it.
        source: the file or argument, as it may be logged.
        pattern: of the node names that it is for.
        text: as it was written on the command line; None in a file.
    """

    name: str
    value: Any
    source: str
    pattern: str
    text: str | None = None

    @property
    def may_be_for_others(self) -> bool:
        """Whether it is for several nodes, which need not all have it."""
        return is_for_several(self.pattern)


class Arguments:
    """
    The command line of a process of nodes.

    Attributes:
        for_ros: what is left for `rclpy.init`: everything but the parameters.
        files: of parameters, as they came.
        nodes: full names of those that asked what is for them.
    """

    def __init__(self, command_line: Sequence[str]):
        """
        Read a command line.

        Args:
            command_line: name of the program, then arguments.

        Raises:
            ArgumentError: for an argument that ROS does not read.
            ParameterFileError: for a file that cannot be read or holds no parameters.
        """
        own, ros = split(command_line[1:])
        if own:
            raise ArgumentError(
                f'unknown argument {shown(own[0])}; arguments of ROS stand behind '
                f'{ROS_ARGUMENTS}, as {ROS_ARGUMENTS} -p NAME:=VALUE'
            )
        self._given: list[Given] = []
        self.files: list[Path] = []
        kept = []
        for flag, value in ros:
            if value is None and flag in _WITH_VALUE:
                raise ArgumentError(f'{flag}: expected a value behind it, got none')
            if flag in PARAMETER:
                self._given.append(_parameter(value))
            elif flag == PARAMETER_FILE:
                self.files.append(expanded(str(value)))
                self._given += _parameters_of(self.files[-1])
            else:
                kept += [flag] if value is None else [flag, value]
        self.for_ros = [*command_line[:1], *([ROS_ARGUMENTS, *kept] if kept else [])]
        self._renamed = _renamings(value for flag, value in ros if flag in ('-r', '--remap'))
        self.nodes: list[str] = []

    def full_name(self, name: str, namespace: str = '') -> str:
        """Return the full name that a node gets, by default `name` in `namespace`."""
        renamed = {**self._renamed.get('', {}), **self._renamed.get(name, {})}
        space = renamed.get('__ns', namespace).strip('/')
        return f'{f"/{space}" if space else ""}/{renamed.get("__node", name)}'

    def of(self, node: str) -> list[Given]:
        """Return what was given to the node with this full name, what counts most last."""
        self.nodes.append(node)
        return [given for given in self._given if matches(given.pattern, node)]

    def has(self, name: str, value: Any) -> bool:
        """Whether a parameter was given this value for any node, of this process or another."""
        return any(given.name == name and given.value == value for given in self._given)

    def unknown(self, known: Mapping[str, Collection[str]]) -> list[str]:
        """
        Return a line for each parameter on the command line that no node of the process has.

        Args:
            known: name of each of them -> names of its parameters.
        """
        names = {name for of_node in known.values() for name in of_node}
        addresses = [f'{node}:{name}' for node, of_node in known.items() for name in of_node]
        near = [*names, *addresses]
        return [
            f'{given.source}: ignored, as no node here has it{did_you_mean(given.name, near)}'
            for given in self._given
            if given.text is not None
            and given.may_be_for_others
            and not (given.name in names or is_of_ros(given.name))
        ]

    def refuse_unused(self) -> None:
        """
        Check that everything that was given was for one of the nodes that asked for it.

        Raises:
            ArgumentError: for a file that sets nothing, or an argument for another node.
        """
        used: dict[str, bool] = {}
        for given in self._given:
            is_used = any(matches(given.pattern, node) for node in self.nodes)
            used[given.source] = used.get(given.source, False) or is_used
        for source, is_used in used.items():
            if not is_used:
                patterns = [given.pattern for given in self._given if given.source == source]
                raise ArgumentError(sets_nothing(source, patterns, self.nodes))


def sets_nothing(source: str, patterns: Iterable[str], nodes: Sequence[str]) -> str:
    """Return the line about a file or argument that is for none of the nodes."""
    patterns = list(dict.fromkeys(patterns))
    return (
        f'{source}: sets nothing for {", ".join(nodes)}; it is for {", ".join(patterns)}'
        f'{_remedy(patterns, nodes)}'
    )


def _remedy(patterns: Iterable[str], nodes: Sequence[str]) -> str:
    """What was meant by patterns that fit none of the nodes."""
    meant = list(dict.fromkeys(pattern.rpartition('/')[2] for pattern in patterns))
    names = [node.rpartition('/')[2] for node in nodes]
    if missed := [f'/**/{name}' for name in meant if name in names]:
        return f'; write {" and ".join(missed)}'
    return next(filter(None, (did_you_mean(name, names) for name in meant)), '')


def split(arguments: Sequence[str]) -> tuple[list[str], list[tuple[str, str | None]]]:
    """Return arguments apart: those of the program, and (flag, value or None) of those of ROS."""
    own: list[str] = []
    ros: list[tuple[str, str | None]] = []
    waiting = list(arguments)
    is_for_ros = False
    while waiting:
        word = waiting.pop(0)
        if word in (ROS_ARGUMENTS, END):
            is_for_ros = word == ROS_ARGUMENTS
        elif not is_for_ros:
            own.append(word)
        elif word not in _WITH_VALUE:
            ros.append((word, None))
        else:
            ros.append((word, waiting.pop(0) if waiting else None))
    return own, ros


def _parameter(rule: str | None) -> Given:
    match = _RULE.fullmatch(rule or '')
    if match is None:
        raise ArgumentError(f'-p: expected NAME:=VALUE or NODE:NAME:=VALUE, got {shown(rule)}')
    node, name, text = match.groups()
    told = public_name(rule or '')
    try:
        value = load(text)
    except yaml.YAMLError:
        raise ArgumentError(f'-p {told}: {shown(text)} is no YAML; quote it') from None
    pattern = '/**' if node is None else node if node.startswith('/') else f'/**/{node}'
    return Given(name, value, f'-p {told}', pattern, text)


def _parameters_of(file: Path) -> list[Given]:
    return [
        Given(name, value, str(file), pattern)
        for pattern, values in sections(file)
        for name, value in values.items()
    ]


def _renamings(rules: Iterable[str | None]) -> dict[str, dict[str, str]]:
    """Node ('' = every) -> its new namespace and name, of which the first rule counts."""
    renamed: dict[str, dict[str, str]] = {}
    for rule in rules:
        if match := _RENAMING.fullmatch(rule or ''):
            node, kind, value = match.groups()
            kind = '__node' if kind == '__name' else kind
            renamed.setdefault(node or '', {}).setdefault(kind, value)
    return renamed
