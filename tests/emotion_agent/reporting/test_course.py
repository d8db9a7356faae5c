# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""States over time as arrays, the same from readings and from messages."""

from types import SimpleNamespace

import pytest

from emotion_agent.neuromodulation import EMOTIONS, MODULATORS, EmotionEngine, load
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
