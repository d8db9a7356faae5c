# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Geometry of the panel, without Qt and ROS."""

import pytest

from emotion_agent.panels.plane import Affect, Plane, Trail


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
