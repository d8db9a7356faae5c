# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A script of stimuli: what its YAML file says, read and checked."""

from pathlib import Path
from typing import NamedTuple

from emotion_agent.neuromodulation import ConfigError
from emotion_agent.neuromodulation.sections import SPAN_S
from emotion_agent.neuromodulation.yaml_tree import UNIT, Range, Tree, normalised, read_yaml
from node_kit.limits import shown


class ScriptedStimulus(NamedTuple):
    """One stimulus of a script."""

    at_s: float  # since the start
    name: str
    intensity: float  # [0, 1]
    duration_s: float | None  # None = as in the library


class Script(NamedTuple):
    """Stimuli to play to an engine, sorted by time."""

    duration_s: float
    stimuli: tuple[ScriptedStimulus, ...]


def read_script(path: str | Path) -> Script:
    """
    The script in a YAML file: `duration_s` and a list `stimuli` of `{at_s, name}`, each with
    an optional `intensity` and `duration_s`.

    Raises:
        ConfigError: naming the place in the file.
    """
    tree = Tree(normalised(read_yaml(path)), Path(path).name)
    tree.expect_keys(('duration_s', 'stimuli'))
    duration_s = tree.number('duration_s', SPAN_S)
    entries = tree.get('stimuli')
    if not isinstance(entries, list):
        raise ConfigError(f'{tree.at("stimuli")}: expected a list, got {shown(entries)}')
    stimuli = [
        _scripted(Tree(entry, f'{tree.at("stimuli")}[{index}]'), duration_s)
        for index, entry in enumerate(entries)
    ]
    return Script(duration_s, tuple(sorted(stimuli, key=lambda stimulus: stimulus.at_s)))


def _scripted(tree: Tree, end_s: float) -> ScriptedStimulus:
    tree.expect_keys(ScriptedStimulus._fields)
    has_duration = 'duration_s' in tree.value
    return ScriptedStimulus(
        at_s=tree.number('at_s', Range(0.0, end_s)),
        name=tree.text('name'),
        intensity=tree.number('intensity', UNIT, default=1.0),
        duration_s=tree.number('duration_s', SPAN_S) if has_duration else None,
    )
