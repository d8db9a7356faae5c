# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The parameters of a replay: those of the bag, and on top of them those of files and options."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from emotion_agent.logic import affect_estimator, emotion_state, face_sketcher
from emotion_agent.logic.life_settings import life_of
from emotion_agent.replay.sources import Names
from node_kit.arguments import sets_nothing
from node_kit.limits import read_text
from node_kit.parameter_files import (
    ParameterFileError,
    is_for_several,
    load,
    matches,
    sections,
    without_a_node,
)
from node_kit.settings import OF_EVERY_NODE, Setting, checked, is_of_ros
from node_kit.suggestions import did_you_mean

TABLES: Mapping[str, tuple[Setting, ...]] = {
    'affect_estimator': affect_estimator.TABLE,
    'emotion_state': emotion_state.TABLE,
    'face_sketcher': face_sketcher.TABLE,
}
NOT_REPLAYED = ('camera', 'oled_face', 'recorder', 'session', 'emotion_web')


class ParameterError(ValueError):
    """Parameters that cannot be used. The message names the place and what to do."""


@dataclass
class Given:
    """
    What was given for a replay.

    Attributes:
        values: node -> parameter -> value.
        remarks: what may have been meant otherwise, one line each.
    """

    values: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {node: {} for node in TABLES}
    )
    remarks: list[str] = field(default_factory=list)


def read_files(paths: Iterable[Path], names: Names) -> Given:
    """
    Return what files of parameters set for the replayed nodes; what comes later counts.

    Args:
        paths: YAML files of ROS parameters, with wildcards.
        names: gives the namespace of the nodes.

    Raises:
        ParameterError: if a file cannot be read or sets nothing for the replayed nodes, or has a
            value that a node would refuse or a parameter that it does not have.
    """
    given = Given()
    for path in paths:
        found = {node: _values(path, names, node) for node in TABLES}
        if not any(found.values()):
            raise ParameterError(_why_nothing(path, names))
        for node, values in found.items():
            try:
                checked(TABLES[node], values)
            except ValueError as error:
                raise ParameterError(f'{path}: {names[node]}: {error}') from None
            given.values[node].update(values)
        given.remarks += _strays(path, names)
    return given


def replay_settings(
    recorded: Mapping[str, Mapping[str, Any]], given: Given, problems: list[str]
) -> dict[str, dict[str, Any]]:
    """
    Return the values of all parameters of the replayed nodes.

    Args:
        recorded: node -> parameter -> value of the bag; what no node has today is passed over.
        given: counts more.
        problems: gets a line for each recorded value that a node would refuse today.

    Raises:
        ParameterError: for a given value that a node would refuse, or one that contradicts others.
    """
    settings = {}
    for node, table in TABLES.items():
        values = usable(table, recorded.get(node, {}), f'recorded {node}', problems)
        try:
            settings[node] = checked(table, {**values, **given.values[node]})
            if node == 'face_sketcher':
                life_of(settings[node])
        except ValueError as error:
            raise ParameterError(f'{node}: {error}') from None
    return settings


def usable(
    table: Sequence[Setting], values: Mapping[str, Any], what: str, problems: list[str]
) -> dict[str, Any]:
    """
    Return those of recorded values that a node would take today.

    Args:
        table: the settings of the node.
        values: by name; what the node does not have is passed over.
        what: they are, for the lines.
        problems: gets a line for each value that the node would refuse.
    """
    taken = {}
    for setting in table:
        if setting.name in values:
            try:
                checked([setting], {setting.name: values[setting.name]})
                taken[setting.name] = values[setting.name]
            except ValueError as error:
                problems.append(f'{what}: {error}')
    return taken


def _values(path: Path, names: Names, node: str) -> dict[str, Any]:
    """What a file sets for a node."""
    known = [setting.name for setting in TABLES[node]]
    values: dict[str, Any] = {}
    for pattern, parameters in _sections(path):
        if not matches(pattern, names[node]):
            continue
        for name, value in parameters.items():
            if name in known:
                values[name] = value
            # What stands under a wildcard may be meant for other nodes.
            elif not (is_for_several(pattern) or _means_nothing(name)):
                raise ParameterError(
                    f'{path}: {names[node]} has no parameter {name}{did_you_mean(name, known)}'
                )
    return values


def _means_nothing(name: str) -> bool:
    """Whether nodes have a parameter that a replay has no use for."""
    return is_of_ros(name) or any(setting.name == name for setting in OF_EVERY_NODE)


def _sections(path: Path) -> list[tuple[str, dict[str, Any]]]:
    try:
        return sections(path)
    except ParameterFileError as error:
        raise ParameterError(f'{error}{_other_kind(path)}') from None


def _other_kind(path: Path) -> str:
    """What a file that holds no parameters seems to be, and where it is wanted; '' = unknown."""
    with suppress(OSError, ValueError, yaml.YAMLError):
        tree = load(read_text(path))
        if isinstance(tree, Mapping) and 'emotion' in tree:
            return f'; it seems to be a temperament: write --temperament {path}'
        if isinstance(tree, Mapping) and isinstance(tree.get('stimuli'), list):
            return '; it seems to be a script of stimuli, for emotion-agent plot-state'
    return ''


def _why_nothing(path: Path, names: Names) -> str:
    """The line about a file that sets nothing for the replayed nodes."""
    nodes = [names[node] for node in TABLES]
    patterns = [pattern for pattern, _ in _sections(path)]
    if any(matches(pattern, node) for pattern in patterns for node in nodes):
        every = {name for _, values in _sections(path) for name in values}
        if every and all(map(_means_nothing, every)):
            return (
                f'{path}: sets nothing but {", ".join(sorted(every))}, which means nothing in a '
                'replay: leave the file out'
            )
        known = {setting.name for table in TABLES.values() for setting in table}
        unknown = sorted(name for name in every if not _means_nothing(name))
        hint = next(filter(None, (did_you_mean(name, known) for name in unknown)), '')
        return (
            f'{path}: sets nothing for {", ".join(nodes)}, which have no parameter '
            f'{" or ".join(unknown)}{hint}'
        )
    return sets_nothing(str(path), patterns, nodes)


def _strays(path: Path, names: Names) -> list[str]:
    """A line for each section that seems to be meant for one of our nodes and is for none."""
    every_name = (*TABLES, *NOT_REPLAYED)
    lines = []
    for pattern in without_a_node(path, [names[node] for node in every_name]):
        name = pattern.rpartition('/')[2]
        hint = f'; write /**/{name}' if name in every_name else did_you_mean(name, every_name)
        if hint:
            lines.append(f'{path}: {pattern} is for none of the nodes{hint}')
    return lines
