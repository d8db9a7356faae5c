# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which nodes a launch starts, and which files, parameters and arguments reach each of them."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from yaml import YAMLError

from emotion_agent.launching.arguments import (
    ACTION_UNITS,
    ARGUMENTS,
    EVERY_NODE,
    MIRROR,
    NOT_GIVEN,
)
from emotion_agent.resources.folders import config_folder
from node_kit.arguments import sets_nothing
from node_kit.limits import read_text
from node_kit.parameter_files import ParameterFileError, load, matches, sections, without_a_node
from node_kit.paths import expanded
from node_kit.suggestions import did_you_mean

NO_DISPLAY = 'none'
STARTED_BY = {'camera': 'camera:=true', 'affect_estimator': 'perception:=true',
              'recorder': 'record:=true', 'session': 'session:=true',
              'emotion_web': 'web:=true'}  # fmt: skip
ANOTHER_DISPLAY = 'another display than none'
OF_LAUNCH = ('ros_namespace', 'ros_remaps', 'global_params', 'emulate_tty')
SURELY_MEANT = 0.8  # so alike are the name of an argument and one that was mistyped
SUBSTITUTION = '$('  # which `launch` replaces in a file
TRUE = 'true'


class LaunchRefused(ValueError):
    """What was given to the launch cannot be used. The message says why, in one line."""


@dataclass(frozen=True)
class PlannedNode:
    """
    One node of ours.

    Attributes:
        package: that has it.
        executable: its executable, which is also its name.
        files: of parameters, what counts most last.
        parameters: of the launch arguments that were given; count more than the files.
        arguments: for ROS.
    """

    package: str
    executable: str
    files: tuple[Path, ...]
    parameters: Mapping[str, bool | float | str]
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """
    What a launch starts.

    Attributes:
        namespace: of all nodes.
        nodes: of ours.
        has_rqt: whether the panel is opened.
        respawns: whether a node that dies is started again.
        warnings: lines about what has no effect.
    """

    namespace: str
    nodes: tuple[PlannedNode, ...]
    has_rqt: bool
    respawns: bool
    warnings: list[str] = field(default_factory=list)


def plan(given: Mapping[str, Any], outer: str = '') -> Plan:
    """
    Return what the launch starts.

    Args:
        given: launch argument -> value; one that is missing or empty was not given. There may be
            others, of launch files that include this one.
        outer: namespace that a launch file around it has pushed.

    Raises:
        LaunchRefused: if a value is no choice, or a file cannot be read or sets nothing for a
            node that is started.
    """
    value = {argument.name: given.get(argument.name) or argument.default for argument in ARGUMENTS}
    _check_choices(value)
    namespace = joined(outer, value['namespace'])
    names = started(value)
    files = parameter_files(value['params_file'], namespace, names)
    value = _with_units_for_the_mirror(value, namespace, files)
    return Plan(
        namespace,
        tuple(_planned(name, full_name(namespace, name), files, value) for name in names),
        has_rqt=value['rqt'] == TRUE,
        respawns=value['respawn'] == TRUE,
        warnings=[
            *_misspelt(given),
            *_without_node(value, names),
            *(line for file in files for line in strays(file, _every_name(namespace), EVERY_NODE)),
        ],
    )


def _with_units_for_the_mirror(
    value: dict[str, str], namespace: str, files: list[Path]
) -> dict[str, str]:
    """The arguments, with action units on where they are mirrored and nobody says else."""
    own = files[1:]  # the first one ships, and says what holds anyway
    mirror = value[MIRROR] or _set_in(own, full_name(namespace, 'face_sketcher'), MIRROR)
    of_estimator = _set_in(own, full_name(namespace, 'affect_estimator'), ACTION_UNITS)
    is_mirrored = _is_within(mirror, (sys.float_info.min, 1.0))
    if value[ACTION_UNITS] or of_estimator is not None or not is_mirrored:
        return value
    # Without the estimator it has no effect, of which there is no need to warn.
    return {**value, ACTION_UNITS: TRUE if value['perception'] == TRUE else NOT_GIVEN}


def _set_in(files: list[Path], node: str, name: str) -> Any:
    """What files set a parameter of a node to, the last one that does; none = nothing."""
    found = [
        parameters[name]
        for file in files
        for pattern, parameters in sections_of(file)
        if matches(pattern, node) and name in parameters
    ]
    return found[-1] if found else None


def joined(outer: str, namespace: str) -> str:
    """Return a namespace within an outer one, where it does not begin with /."""
    parts = [namespace] if namespace.startswith('/') else [outer, namespace]
    return '/'.join(part.strip('/') for part in parts if part.strip('/'))


def started(value: Mapping[str, str]) -> list[str]:
    """Return the names of the nodes that the launch arguments ask for."""
    asked_for = {
        'camera': value['camera'] == TRUE,
        'affect_estimator': value['perception'] == TRUE,
        'oled_face': value['display'] != NO_DISPLAY,
        'recorder': value['record'] == TRUE,
        # The panels have buttons for it.
        'session': TRUE in (value['session'], value['rqt'], value['web']),
        'emotion_web': value['web'] == TRUE,
    }
    return [name for name in EVERY_NODE if asked_for.get(name, True)]


def parameter_files(given: str, namespace: str, names: list[str]) -> list[Path]:
    """
    Return the shipped file and those that were given, each of which sets something.

    Args:
        given: paths with commas between them; '' = none.
        namespace: of all nodes.
        names: of those that are started.

    Raises:
        LaunchRefused: naming the file and what is wrong with it.
    """
    own = [expanded(word.strip()) for word in given.split(',') if word.strip()]
    files = [config_folder() / 'agent.yaml', *own]
    nodes = [full_name(namespace, name) for name in names]
    for file in files:
        if not any(is_for(file, node) for node in nodes):
            patterns = [pattern for pattern, _ in sections_of(file)]
            line = sets_nothing(str(file), patterns, nodes)
            raise LaunchRefused(f'params_file: {line}{_what_starts_its_nodes(file, namespace)}')
    return files


def _what_starts_its_nodes(file: Path, namespace: str) -> str:
    """Which arguments start the nodes of a file that is for none that is started."""
    remedies = {**STARTED_BY, 'oled_face': ANOTHER_DISPLAY}
    meant = [name for name in remedies if is_for(file, full_name(namespace, name))]
    return ''.join(f'; {name} is not started: give {remedies[name]}' for name in meant)


def sections_of(file: Path) -> list[tuple[str, dict]]:
    """
    Return the sections of a file of parameters.

    Raises:
        LaunchRefused: naming the file and what is wrong with it.
    """
    try:
        return sections(file)
    except ParameterFileError as error:
        hint = f'; a temperament? give temperament:={file}' if is_temperament(file) else ''
        raise LaunchRefused(f'params_file: {error}{hint}') from None


def is_temperament(file: Path) -> bool:
    """Whether a file looks like a temperament."""
    try:
        tree = load(read_text(file))
    except (OSError, ValueError, YAMLError):
        return False
    return isinstance(tree, Mapping) and list(tree) == ['emotion']


def is_for(file: Path, node: str) -> bool:
    """Whether a file sets something for a node, as far as its substitutions let one see."""
    return any(
        SUBSTITUTION in pattern or matches(pattern, node) for pattern, _ in sections_of(file)
    )


def strays(file: Path, every_node: list[str], names: tuple[str, ...]) -> list[str]:
    """
    Return a line for each section of a file that was meant for one of our nodes and misses it.

    Args:
        file: of parameters.
        every_node: full names of all nodes that there may be.
        names: of these nodes, without namespace.
    """
    lines = []
    for pattern in without_a_node(file, every_node):
        name = pattern.rpartition('/')[2]
        if SUBSTITUTION in pattern:
            continue
        meant = f'; write /**/{name}' if name in names else did_you_mean(name, names)
        if meant:
            lines.append(f'{file}: ignored {pattern}, which is no node here{meant}')
    return lines


def full_name(namespace: str, name: str) -> str:
    """Return the full name of a node."""
    return f'/{namespace}/{name}' if namespace else f'/{name}'


def _every_name(namespace: str) -> list[str]:
    return [full_name(namespace, name) for name in EVERY_NODE]


def _misspelt(given: Mapping[str, Any]) -> list[str]:
    names = [argument.name for argument in ARGUMENTS]
    return [
        f'ignored {name}:=…, which is no argument here{did_you_mean(name, names)}'
        for name in given
        if name not in (*names, *OF_LAUNCH) and get_close_matches(name, names, 1, SURELY_MEANT)
    ]


def _without_node(value: Mapping[str, str], names: list[str]) -> list[str]:
    """A line for each argument that was given for a node that is not started."""
    return [
        f'ignored {argument.name}:={value[argument.name]}, as {_not_started(argument.nodes)}'
        for argument in ARGUMENTS
        if argument.nodes and value[argument.name] != NOT_GIVEN
        if all(node in STARTED_BY and node not in names for node in argument.nodes)
    ]


def _not_started(nodes: Sequence[str]) -> str:
    """That none of these is started, and which arguments start them."""
    arguments = ' or '.join(STARTED_BY[node] for node in nodes)
    return f'{" or ".join(nodes)} is not started; give {arguments}'


def _check_choices(value: Mapping[str, str]) -> None:
    for argument in ARGUMENTS:
        got = value[argument.name]
        if argument.choices and got not in (*argument.choices, argument.default):
            raise LaunchRefused(
                f'{argument.name}: expected one of {", ".join(argument.choices)}, got {got!r}'
                f'{did_you_mean(got, argument.choices)}'
            )
        if argument.limits and got != NOT_GIVEN and not _is_within(got, argument.limits):
            low, high = argument.limits
            raise LaunchRefused(f'{argument.name}: expected {low:g} to {high:g}, got {got!r}')


def _is_within(value: Any, limits: tuple[float, float]) -> bool:
    """Whether a value, perhaps as text, is a number within limits."""
    try:
        return limits[0] <= float(value) <= limits[1]
    except (TypeError, ValueError):
        return False


def _planned(name: str, node: str, files: list[Path], value: Mapping[str, str]) -> PlannedNode:
    parameters: dict[str, bool | float | str] = {}
    for argument in ARGUMENTS:
        text = value[argument.name]
        if name in argument.nodes and text != NOT_GIVEN:
            parameters[argument.parameter] = argument.value_of(text)
    return PlannedNode(
        package='oled_face' if name == 'oled_face' else 'emotion_agent',
        executable=name,
        files=tuple(file for file in files if is_for(file, node)),
        parameters=parameters,
        # Which keys a process has, where the security of DDS is on.
        arguments=('--log-level', value['log_level'], '--enclave', node),
    )
