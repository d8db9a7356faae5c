# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A script played to the emotional state, offline, as fast as possible; waits take no time."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from emotion_agent.logic import STIMULUS
from emotion_agent.logic.emotion_state import TABLE, StateKeeper
from emotion_agent.neuromodulation import EmotionConfig, Reading
from emotion_agent.scripts.people import PERIOD_S, people_message
from emotion_agent.scripts.script import Feeling, Script, ScriptedStimulus
from node_kit.time import from_seconds, to_seconds

_ON_ARRIVAL = SimpleNamespace(sec=0, nanosec=0)  # the stamp of what counts when it comes


class Run(NamedTuple):
    """What a script did to the state."""

    readings: list[Reading]  # stamped from 0 on
    stimuli: list[tuple[float, str]]  # (stamp in s, name) of every accepted one
    people: list[Feeling | None]  # of each reading, in whom the robot attends to; None = nobody


def run_script(config: EmotionConfig, script: Script, step_s: float = 0.1) -> Run:
    """
    Play a script to an agent at rest: its stimuli and its people, by the logic of the node.

    Args:
        config: of the temperament; the parameters of the node are at their defaults.
        script: from `read_script`.
        step_s: time between two readings, s; the state itself does not depend on it.

    Raises:
        ConfigError: for a stimulus that the library does not have.
    """
    script.check_stimuli(config.stimuli, 'the library')
    now_ns = 0
    run = Run([], [], [])

    def take(state: Any) -> None:
        run.readings.append(keeper.engine.read(now_ns / 1e9))
        run.people.append(script.people_at(now_ns / 1e9).get(state.attended_face))

    keeper = StateKeeper(
        {setting.name: setting.default for setting in TABLE},
        _plain,
        lambda: now_ns,
        take,
        lambda cause: run.stimuli.append((to_seconds(cause.header.stamp), cause.name)),
        lambda event: None,
        lambda kind, text: None,
        config,
    )
    for now_s, event in _happening(script, step_s):
        now_ns = from_seconds(now_s)
        if isinstance(event, ScriptedStimulus):
            keeper.stimulate(stimulus_message(_plain, event, ''))
        elif event is None:
            keeper.tick()
        else:
            keeper.observe(event)
    return run


def people_times(script: Script) -> list[float]:
    """
    Return when the people of a script are seen, s: ten times a second while somebody is in view.

    Whenever somebody comes or leaves there is one more, which at last shows nobody.
    """
    times = (number * PERIOD_S for number in range(round(script.duration_s / PERIOD_S) + 1))
    changes = (at_s for person in script.people for at_s in (person.from_s, person.to_s))
    return sorted({at_s for at_s in times if script.people_at(at_s)} | set(changes))


def stimulus_message(make: Any, stimulus: ScriptedStimulus, source: str) -> Any:
    """Return a stimulus of a script as a message without a stamp: it counts on arrival."""
    return make(
        STIMULUS,
        name=stimulus.name,
        intensity=stimulus.intensity,
        duration=-1.0 if stimulus.duration_s is None else stimulus.duration_s,
        source=source,
    )


def _happening(script: Script, step_s: float) -> Iterator[tuple[float, Any]]:
    """(s, what) in order: faces, stimuli, and None where the state is read."""
    ticks = np.arange(0.0, script.duration_s + step_s / 2, step_s).tolist()
    happening = [
        *(
            (at_s, 0, people_message(_plain, script.people_at(at_s), _ON_ARRIVAL))
            for at_s in people_times(script)
        ),
        *((stimulus.at_s, 1, stimulus) for stimulus in script.stimuli),
        *((at_s, 2, None) for at_s in ticks),
    ]
    for at_s, _, what in sorted(happening, key=lambda one: one[:2]):
        yield at_s, what


def _plain(_name: str, /, **fields: Any) -> Any:
    """A message without ROS and rosbags, with no more fields than are given."""
    header = SimpleNamespace(stamp=_ON_ARRIVAL, frame_id='')
    return SimpleNamespace(**({'header': header} | fields))
