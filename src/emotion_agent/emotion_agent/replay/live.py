# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a bag says of the agent, for the real nodes that it is played to."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from emotion_agent.replay.parameters import TABLES, usable
from emotion_agent.replay.recorded_agent import STATE_NODE, RecordedAgent
from emotion_agent.replay.sources import Names
from node_kit.parameter_files import VALUES

# What belongs to the computer of the robot.
NOT_TAKEN = ('snapshot_path', 'temperament_folder')


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
        if (values := _taken(usable(table, recorded.parameters.get(node, {}), '', [])))
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


def _taken(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in NOT_TAKEN}


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
