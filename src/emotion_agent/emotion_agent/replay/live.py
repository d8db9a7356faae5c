# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a bag says of the agent, for the real nodes that it is played to."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from emotion_agent.launching.arguments import ARGUMENTS
from emotion_agent.replay.parameters import TABLES, Given, ParameterError, read_files, usable
from emotion_agent.replay.recorded_agent import STATE_NODE, RecordedAgent
from emotion_agent.replay.sources import Names
from node_kit.parameter_files import VALUES
from node_kit.paths import expanded

# What belongs to the computer of the robot.
NOT_TAKEN = ('snapshot_path', 'temperament_folder', 'identity_from', 'identity_folder')


def write_parameters(recorded: RecordedAgent, names: Names, folder: Path) -> Path | None:
    """
    Write a file of the recorded parameters, and the recorded temperament beside it.

    Args:
        recorded: what the bag says.
        names: gives the namespace of the nodes.
        folder: for both.

    Returns:
        The file of parameters; None if none were recorded.
    """
    nodes = {
        names[node]: {VALUES: values}
        for node, table in TABLES.items()
        if (values := usable(table, taken_over(recorded).parameters.get(node, {}), '', []))
    }
    if not nodes:
        return None
    state = nodes.get(names[STATE_NODE], {VALUES: {}})[VALUES]
    if recorded.temperament is not None:
        file = folder / f'{Path(state.get("temperament", "recorded")).stem}.yaml'
        file.write_text(yaml.safe_dump(dict(recorded.temperament)), encoding='utf-8')
        state['temperament'] = str(file)
    parameters = folder / 'recorded_parameters.yaml'
    parameters.write_text(yaml.safe_dump(nodes), encoding='utf-8')
    return parameters


def taken_over(recorded: RecordedAgent) -> RecordedAgent:
    """Return the recorded agent without the parameters that real nodes do not take over."""
    parameters = {
        node: {name: value for name, value in values.items() if name not in NOT_TAKEN}
        for node, values in recorded.parameters.items()
    }
    return replace(recorded, parameters=parameters)


def given_to_launch(given: Mapping[str, Any], names: Names) -> Given:
    """
    Return what the arguments of a launch set for the nodes of which a bag has parameters.

    Args:
        given: launch argument -> value. A file that cannot be read is passed over: the launch
            refuses it itself.
        names: gives the namespace of the nodes.
    """
    found = Given()
    for word in filter(None, map(str.strip, given.get('params_file', '').split(','))):
        with suppress(ParameterError):
            for node, values in read_files([expanded(word)], names).values.items():
                found.values[node].update(values)
    for argument in ARGUMENTS:
        if argument.parameter and (value := given.get(argument.name)):
            for node in filter(TABLES.get, argument.nodes):
                if argument.parameter in {setting.name for setting in TABLES[node]}:
                    with suppress(ValueError):  # which the launch refuses
                        found.values[node][argument.parameter] = argument.value_of(value)
    return found


def not_applied(recorded: RecordedAgent) -> str:
    """Return what of the recorded agent real nodes do not take over, as a line; '' = nothing."""
    left_out = []
    if recorded.snapshot is not None:
        left_out.append('the recorded snapshot: the nodes begin at rest')
    if recorded.changes:
        kinds = sorted({change.kind for change in recorded.changes})
        left_out.append(f'{len(recorded.changes)} later changes ({", ".join(kinds)})')
    if not left_out:
        return ''
    return f'not applied: {"; ".join(left_out)}; emotion-agent replay does so'
