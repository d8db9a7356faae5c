# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""States over time as arrays, from readings of the engine or from `EmotionState` messages."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from emotion_agent.neuromodulation import EMOTIONS, MODULATORS, Reading
from node_kit.time import to_seconds


class Course(NamedTuple):
    """N states over time as arrays; columns in the order of `MODULATORS` and `EMOTIONS`."""

    times_s: np.ndarray  # (N,) since the first state, s
    levels: np.ndarray  # (N, 7) of the modulators, [0, 1]
    emotions: np.ndarray  # (N, 7) [0, 1]
    valence: np.ndarray  # (N,) [-1, 1]
    arousal: np.ndarray  # (N,) [-1, 1]
    dominant: tuple[str, ...]  # N names
    stimuli: tuple[tuple[float, str], ...]  # (time as in times_s, name), in that span only
    person: np.ndarray | None = None
    """(N, 2) valence and arousal of whom the robot attends to, NaN where nobody is seen; None =
    nobody at all."""


def course_of(
    states: Sequence[Any], stimuli: Iterable[tuple[float, str]], people: Sequence[Any] = ()
) -> Course:
    """
    The course of states, and of the stimuli between the first and the last of them.

    Args:
        states: readings or `EmotionState` messages in the order of time, at least one.
        stimuli: (stamp in s on the clock of the states, name).
        people: of each state, the person whom the robot attends to, with `valence` and `arousal`;
            None = nobody is seen.

    Raises:
        ValueError: if there is no state.
    """
    if not states:
        raise ValueError('expected at least one state to draw, got none')
    stamps = np.array([_stamp_s(state) for state in states])
    return Course(
        times_s=stamps - stamps[0],
        levels=np.array([_numbers(state, MODULATORS, 'levels') for state in states]),
        emotions=np.array([_numbers(state, EMOTIONS, 'emotions') for state in states]),
        valence=np.array([state.valence for state in states]),
        arousal=np.array([state.arousal for state in states]),
        dominant=tuple(state.dominant for state in states),
        stimuli=tuple(
            (stamp - stamps[0], name)
            for stamp, name in stimuli
            if stamps[0] <= stamp <= stamps[-1]
        ),
        person=_affect_of(people) if any(people) else None,
    )


def _affect_of(people: Sequence[Any]) -> np.ndarray:
    nobody = np.nan, np.nan
    return np.array([(one.valence, one.arousal) if one else nobody for one in people])


def _stamp_s(state: Any) -> float:
    if isinstance(state, Reading):
        return state.stamp_s
    return to_seconds(state.header.stamp)


def _numbers(state: Any, names: tuple[str, ...], field: str) -> Sequence[float]:
    if isinstance(state, Reading):
        return getattr(state, field)
    return [getattr(state, name) for name in names]
