# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The texts of the panel, without Qt and ROS."""

from types import SimpleNamespace

import pytest

from emotion_agent.panels.words import cause_line, doses_text, duration_text, state_line


def stamp(time_s: float) -> SimpleNamespace:
    return SimpleNamespace(sec=int(time_s), nanosec=int(time_s % 1 * 1e9))


def test_cause_has_time_name_intensity_and_source():
    cause = SimpleNamespace(
        header=SimpleNamespace(stamp=stamp(1000.0)), name='praise', intensity=0.5, source='/chat'
    )
    line = cause_line(cause)
    assert line[2] == line[5] == ':'
    assert line[8:] == '  praise × 0.5  ·  /chat'

    cause.intensity, cause.source = 1.0, ''
    assert cause_line(cause)[8:] == '  praise  ·  unknown'


def test_state_says_since_when_and_why():
    state = SimpleNamespace(
        header=SimpleNamespace(stamp=stamp(1100.0)),
        dominant_since=stamp(1000.0),
        last_stimulus='',
        last_source='',
    )
    assert state_line(state) == 'for 2 min'
    state.last_stimulus = 'face_seen'
    state.last_source = 'human_affect'
    assert state_line(state) == 'for 2 min  ·  last: face_seen by camera'
    state.last_source = ''
    assert state_line(state) == 'for 2 min  ·  last: face_seen by unknown'


@pytest.mark.parametrize(
    ('duration_s', 'words'), [(0.0, '0 s'), (59.4, '59 s'), (90.0, '2 min'), (7200.0, '2 h')]
)
def test_durations_are_rounded_to_a_unit(duration_s, words):
    assert duration_text(duration_s) == words


def test_doses_name_only_what_is_dosed():
    info = SimpleNamespace(doses=[0.0, 0.3, 0.0, -0.5, 0.0, 0.0, 0.0], duration=20.0)

    assert doses_text(info) == 'cortisol +0.3\ndopamine -0.5\nover 20 s'
