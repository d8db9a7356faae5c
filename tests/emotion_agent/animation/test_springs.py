# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emotion_agent.animation.springs import (
    Spring,
    Track,
    damping_of_overshoot,
    frequency_of_rise,
    natural_frequency,
)


def integrate(goal, start_speed, omega, damping, until, step=1e-4):
    """x″ = ω²(goal − x) − 2ζω·x′ by small steps."""
    x, v = 0.0, start_speed
    for _ in range(round(until / step)):
        v += step * (omega**2 * (goal - x) - 2.0 * damping * omega * v)
        x += step * v
    return x, v


@pytest.mark.parametrize('damping', [0.5, 0.7, 1.0])
def test_spring_solves_its_equation(damping):
    spring = Spring(np.zeros(1), 0.0)
    spring.pull(np.array([-2.0]), 6.0, 0.0)
    start, speed = spring.at(0.1)[0], spring.velocity(0.1)[0]
    spring.pull(np.array([1.0]), 8.0, 0.1, damping)
    x, v = integrate(1.0 - start, speed, 8.0, damping, until=0.3)

    assert spring.at(0.4)[0] == pytest.approx(start + x, abs=1e-3)
    assert spring.velocity(0.4)[0] == pytest.approx(v, abs=1e-2)


def test_spring_does_99_percent_in_its_duration_and_then_arrives_exactly():
    spring = Spring(np.zeros(1), 5.0)
    spring.pull(np.array([0.7]), natural_frequency(0.4), now_s=5.0)

    assert spring.at(5.4)[0] == pytest.approx(0.99 * 0.7, rel=1e-3)
    assert spring.at(7.0)[0] == 0.7
    assert spring.has_arrived(7.0)


@settings(max_examples=30)
@given(overshoot=st.floats(0.0, 0.3), rise_s=st.floats(0.04, 2.0))
def test_spring_rises_and_overshoots_as_asked_for(overshoot, rise_s):
    damping = damping_of_overshoot(overshoot)
    spring = Spring(np.zeros(1), 0.0)
    spring.pull(np.ones(1), frequency_of_rise(rise_s, damping), 0.0, damping)
    places = [spring.at(t)[0] for t in np.linspace(0.0, 3.0 * rise_s, 301)]

    assert spring.at(rise_s)[0] == pytest.approx(0.9, abs=1e-6)
    assert spring.at(0.99 * rise_s)[0] < 0.9
    assert max(places) == pytest.approx(1.0 + overshoot, abs=1e-3)


@pytest.mark.parametrize('damping', [0.6, 1.0])
def test_pulling_to_the_same_goal_again_changes_nothing(damping):
    once, often = Spring(np.zeros(1), 0.0), Spring(np.zeros(1), 0.0)
    once.pull(np.ones(1), 9.0, 0.0, damping)
    for now_s in np.arange(0.0, 0.5, 0.1):
        often.pull(np.ones(1), 9.0, now_s, damping)

    assert often.at(0.6)[0] == pytest.approx(once.at(0.6)[0], abs=1e-12)


def test_spring_has_no_jump_of_place_or_velocity_when_the_goal_changes():
    spring = Spring(np.zeros(2), 0.0)
    spring.pull(np.ones(2), 8.0, 0.0, 0.6)
    before = spring.at(0.2), spring.velocity(0.2)
    spring.pull(np.array([-1.0, 2.0]), 12.0, 0.2)

    np.testing.assert_allclose(spring.at(0.2), before[0], atol=1e-12)
    np.testing.assert_allclose(spring.velocity(0.2), before[1], atol=1e-12)


def track_with_two_pulls():
    track = Track(np.zeros(1), 0.0)
    track.pull(np.array([-0.2]), 20.0, 0.1)
    track.pull(np.array([1.0]), 10.0, 0.2)
    return track


def test_track_is_where_its_pulls_lead_however_often_it_is_asked():
    often, once = track_with_two_pulls(), track_with_two_pulls()
    places = [often.at(t)[0] for t in np.arange(0.0, 0.5, 0.001)]

    assert places[99] == 0.0
    assert min(places) < -0.1
    assert often.at(0.5) == once.at(0.5)
    assert once.goal == [1.0]
    assert once.has_arrived(3.0)


def test_track_ends_where_it_is_retargeted_at_the_times_it_had():
    track = track_with_two_pulls()
    track.retarget(np.array([2.0]), 5.0, 0.15)

    assert track.at(0.199)[0] < 0.0
    assert track.at(5.0) == [2.0]


def test_track_that_jumped_makes_for_another_goal_as_stiff_as_asked():
    track = Track(np.zeros(1), 0.0)
    track.jump(np.ones(1), 0.5)
    track.retarget(np.array([2.0]), natural_frequency(0.4), 0.6)

    assert track.at(0.7) > [1.1]
    assert track.at(1.0)[0] == pytest.approx(2.0, abs=0.011)


def test_track_forgets_pulls_that_have_not_begun():
    track = track_with_two_pulls()
    track.clear(0.15)

    assert track.goal == [-0.2]
    assert track.at(5.0) == [-0.2]


def test_track_jumps_at_its_time():
    track = Track(np.zeros(1), 0.0)
    track.jump(np.ones(1), 0.5)

    assert track.at(0.499) == [0.0]
    assert track.at(0.5) == [1.0]
    assert track.has_arrived(0.5)
