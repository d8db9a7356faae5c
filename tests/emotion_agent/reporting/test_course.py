# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""States over time as arrays, the same from readings and from messages."""

from types import SimpleNamespace

import numpy as np
import pytest

from emotion_agent.neuromodulation import EMOTIONS, MODULATORS, EmotionEngine, load
from emotion_agent.replay.people import Person
from emotion_agent.reporting.course import course_of


def as_message(reading):
    """What arrives as an EmotionState, whose stamp has two parts and whose numbers have names."""
    seconds = int(reading.stamp_s)
    stamp = SimpleNamespace(sec=seconds, nanosec=round((reading.stamp_s - seconds) * 1e9))
    numbers = dict(zip(MODULATORS, reading.levels, strict=True))
    numbers |= dict(zip(EMOTIONS, reading.emotions, strict=True))
    return SimpleNamespace(
        header=SimpleNamespace(stamp=stamp),
        valence=reading.valence,
        arousal=reading.arousal,
        dominant=reading.dominant,
        **numbers,
    )


def test_readings_and_messages_give_the_same_course():
    engine = EmotionEngine(load(), now_s=0.0)
    engine.stimulate('praise', 0.5, now_s=3.0)
    readings = [engine.read(float(second)) for second in range(3, 20)]

    ours = course_of(readings, [(3.0, 'praise')])
    theirs = course_of(list(map(as_message, readings)), [(3.0, 'praise')])

    assert ours.times_s == pytest.approx(theirs.times_s, abs=1e-9)
    assert (ours.levels == theirs.levels).all()
    assert (ours.emotions == theirs.emotions).all()
    assert ours.dominant == theirs.dominant


def test_time_starts_at_the_first_state_and_stimuli_outside_are_left_out():
    engine = EmotionEngine(load(), now_s=1.7e9)
    readings = [engine.read(1.7e9 + 10), engine.read(1.7e9 + 20)]

    course = course_of(readings, [(1.7e9 + 5, 'praise'), (1.7e9 + 15, 'insult')])

    assert course.times_s.tolist() == [0.0, 10.0]
    assert course.stimuli == ((5.0, 'insult'),)


def test_no_state_is_an_error():
    with pytest.raises(ValueError, match='at least one state'):
        course_of([], [])


def test_a_person_is_beside_each_state_and_nan_where_nobody_is():
    readings = [EmotionEngine(load(), 0.0).read(at_s) for at_s in (0.0, 1.0)]

    seen = course_of(readings, [], [None, Person(0.25, -0.5, None)])

    assert np.isnan(seen.person[0]).all()
    assert seen.person[1].tolist() == [0.25, -0.5]
    assert course_of(readings, [], [None, None]).person is None
