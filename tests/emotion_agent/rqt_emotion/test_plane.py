# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Geometry and words of the panel, which need neither Qt nor ROS."""

from types import SimpleNamespace

import pytest

from emotion_agent.rqt_emotion.plane import Affect, Plane, Trail
from emotion_agent.rqt_emotion.words import cause_line, doses_text, duration, feeling_line


@pytest.mark.parametrize('size', [(300, 300), (640, 200), (123, 457)])
@pytest.mark.parametrize('point', [Affect(0.0, 0.0), Affect(0.3, -0.8), Affect(-1.0, 1.0)])
def test_pixel_of_a_point_leads_back_to_it(size, point):
    plane = Plane(*size)

    assert plane.to_affect(*plane.to_pixels(point)) == pytest.approx(point)


def test_plane_is_a_square_in_the_middle_with_pleasure_right_and_arousal_up():
    plane = Plane(640, 200)

    assert plane.to_pixels(Affect(0.0, 0.0)) == (320.0, 100.0)
    right, up = plane.to_pixels(Affect(1.0, 0.0)), plane.to_pixels(Affect(0.0, 1.0))
    assert right[0] - 320.0 == 100.0 - up[1] > 90.0
    assert up[1] > 0.0


def test_pixel_beyond_the_plane_means_its_edge():
    plane = Plane(300, 300)

    assert plane.to_affect(-1000, 150) == Affect(-1.0, 0.0)
    assert plane.to_affect(299.9, -50) == Affect(1.0, 1.0)


def test_plane_of_no_size_divides_nothing_by_zero():
    assert Plane(0, 0).to_affect(0, 0) == Affect(0.0, 0.0)


def test_trail_forgets_what_is_older_than_its_length():
    trail = Trail(length_s=10.0)
    for second in range(31):
        trail.add(float(second), Affect(second / 100.0, 0.0))

    ages = [age for age, _ in trail.points()]
    assert ages == sorted(ages, reverse=True)
    assert (ages[0], ages[-1]) == (1.0, 0.0)
    assert len(ages) == 11


def test_fast_states_do_not_make_a_long_trail_but_the_newest_is_its_end():
    trail = Trail(length_s=10.0, step_s=0.1)
    for count in range(10001):
        trail.add(count / 1000.0, Affect(count / 10000.0, 0.0))

    assert len(trail.points()) <= 102
    assert trail.points()[-1] == (0.0, Affect(1.0, 0.0))


def test_trail_begins_anew_when_the_clock_is_set_back():
    trail = Trail()
    trail.add(100.0, Affect(0.5, 0.5))
    trail.add(3.0, Affect(0.1, 0.1))

    assert trail.points() == [(0.0, Affect(0.1, 0.1))]


def stamp(seconds: float) -> SimpleNamespace:
    return SimpleNamespace(sec=int(seconds), nanosec=int(seconds % 1 * 1e9))


def test_cause_says_when_what_how_strong_and_by_whom():
    cause = SimpleNamespace(
        header=SimpleNamespace(stamp=stamp(1000.0)), name='praise', intensity=0.5, source='/chat'
    )
    line = cause_line(cause)
    assert line[2] == line[5] == ':'
    assert line[8:] == '  praise × 0.5  ·  /chat'

    cause.intensity, cause.source = 1.0, ''
    assert cause_line(cause)[8:] == '  praise  ·  somebody'


def test_feeling_says_since_when_and_why():
    state = SimpleNamespace(
        header=SimpleNamespace(stamp=stamp(1100.0)),
        dominant_since=stamp(1000.0),
        last_stimulus='',
        last_source='',
    )
    assert feeling_line(state) == 'for 2 min'
    state.last_stimulus = 'face_seen'
    state.last_source = 'human_affect'
    assert feeling_line(state) == 'for 2 min  ·  last: face_seen by sight'
    state.last_source = ''
    assert feeling_line(state) == 'for 2 min  ·  last: face_seen by somebody'


@pytest.mark.parametrize(
    ('seconds', 'words'), [(0.0, '0 s'), (59.4, '59 s'), (90.0, '2 min'), (7200.0, '2 h')]
)
def test_time_spans_are_said_as_people_do(seconds, words):
    assert duration(seconds) == words


def test_doses_name_only_what_is_dosed():
    info = SimpleNamespace(doses=[0.0, 0.3, 0.0, -0.5, 0.0, 0.0, 0.0], duration=20.0)

    assert doses_text(info) == 'cortisol +0.3\ndopamine -0.5\nover 20 s'
