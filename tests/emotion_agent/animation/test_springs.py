# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_agent.animation.springs import LeashedSpring, Spring, natural_frequency
from emotion_agent.animation.walk import Walk
from emotion_models.latent.routes import EvenRoute, Route

TIMES = np.linspace(0.0, 3.0, 301)


def integrate(goal_at, start_speed, omega, until, step=1e-4):
    """x″ = ω²(goal − x) − 2ω·x′ by small steps."""
    x, v = 0.0, start_speed
    for t in np.arange(0.0, until, step):
        v += step * (omega**2 * (goal_at(t) - x) - 2.0 * omega * v)
        x += step * v
    return x, v


def test_spring_solves_its_equation():
    spring = Spring(np.zeros(1), 0.0, velocity=np.array([2.0]), omega=8.0)
    spring.pull(np.array([1.0]), 8.0, now_s=0.0)
    x, v = integrate(lambda t: 1.0, 2.0, 8.0, until=0.3)

    assert spring.at(0.3)[0] == pytest.approx(x, abs=1e-3)
    assert spring.velocity(0.3)[0] == pytest.approx(v, abs=1e-2)


def test_spring_does_99_percent_in_its_duration_and_then_arrives_exactly():
    spring = Spring(np.zeros(1), 5.0)
    spring.pull(np.array([0.7]), natural_frequency(0.4), now_s=5.0)

    assert spring.at(5.4)[0] == pytest.approx(0.99 * 0.7, rel=1e-3)
    assert spring.at(7.0)[0] == 0.7
    assert spring.has_arrived(7.0)


def test_pulling_to_the_same_goal_again_changes_nothing():
    once, often = Spring(np.zeros(1), 0.0), Spring(np.zeros(1), 0.0)
    once.pull(np.ones(1), 9.0, 0.0)
    for now_s in np.arange(0.0, 0.5, 0.1):
        often.pull(np.ones(1), 9.0, now_s)

    assert often.at(0.6)[0] == pytest.approx(once.at(0.6)[0], abs=1e-12)


@pytest.mark.parametrize('start_speed', [0.0, 30.0])
def test_leashed_spring_solves_its_equation(start_speed):
    omega, top = 12.0, 60.0
    spring = LeashedSpring(50.0, omega, top, start_speed, now_s=0.0)
    lead = 2.0 * start_speed / omega
    for until in (0.4, 1.0):
        x, v = integrate(lambda t: min(50.0, lead + top * t), start_speed, omega, until)
        assert spring.at(until) == pytest.approx((x, v), abs=0.05)


@given(
    length=st.floats(0.1, 3000.0),
    omega=st.floats(2.0, 60.0),
    top=st.floats(1.0, 5000.0),
    share=st.floats(0.0, 1.0),
)
def test_leashed_spring_keeps_to_its_speed_and_never_turns_back(length, omega, top, share):
    # From a speed that it could have reached in the length.
    start = share * min(top, 0.5 * omega * length)
    spring = LeashedSpring(length, omega, top, start, now_s=0.0)
    places, speeds = np.array([spring.at(t) for t in TIMES]).T

    assert speeds.max() <= top * (1.0 + 1e-9)
    assert speeds.min() >= -1e-9 * top
    assert places.max() <= length * (1.0 + 1e-9)


def test_leashed_spring_without_a_leash_is_the_spring():
    free = Spring(np.zeros(1), 0.0)
    free.pull(np.ones(1), 7.0, 0.0)
    leashed = LeashedSpring(1.0, 7.0, inf, 0.0, 0.0)

    for t in TIMES[:50]:
        assert leashed.at(t)[0] == pytest.approx(free.at(t)[0], abs=1e-12)


def soft_picture(point):
    return np.clip(np.arange(64.0)[None] - 40.0 * point[0], 0.0, 1.0)


def walk_to(walk, goal, now_s, via=None):
    route = EvenRoute(Route(walk.at(now_s), np.array(goal), via), soft_picture)
    walk.go(route, 0.4, now_s, top_speed=60.0)


def test_walk_has_no_jump_of_place_or_velocity_when_the_goal_changes():
    walk = Walk(np.zeros(2), 0.0)
    walk_to(walk, [1.0, 0.5], 0.0)
    before = [walk.at(t) for t in (0.3 - 2e-6, 0.3 - 1e-6, 0.3)]
    walk_to(walk, [-0.5, 1.0], 0.3, via=np.zeros(2))
    after = [walk.at(t) for t in (0.3, 0.3 + 1e-6, 0.3 + 2e-6)]

    np.testing.assert_allclose(before[-1], after[0], atol=1e-12)
    np.testing.assert_allclose(before[-1] - before[-2], after[1] - after[0], atol=2e-9)


def test_walk_arrives_exactly():
    walk = Walk(np.zeros(2), 0.0)
    walk_to(walk, [0.3, 0.1], 0.0)
    walk.nudge(np.array([0.31, 0.12]), 0.4, 0.1)

    assert not walk.has_arrived(0.5)
    assert walk.has_arrived(3.0)
    np.testing.assert_array_equal(walk.at(3.0), [0.31, 0.12])


def test_nudges_to_the_same_goal_leave_the_walk_alone():
    alone, nudged = Walk(np.zeros(2), 0.0), Walk(np.zeros(2), 0.0)
    for walk in (alone, nudged):
        walk_to(walk, [1.0, 1.0], 0.0)
    for now_s in np.arange(0.05, 1.0, 0.1):
        nudged.nudge(np.array([1.0, 1.0]), 0.4, now_s)

    for t in TIMES:
        np.testing.assert_allclose(nudged.at(t), alone.at(t), atol=1e-12)


def test_what_is_carried_comes_along_and_does_not_change_the_way():
    plain, loaded = Walk(np.zeros(2), 0.0), Walk(np.zeros(3), 0.0, carried=1)
    for goal, extra, now_s in (((1.0, 0.5), 1.0, 0.0), ((-1.0, 2.0), -0.5, 0.15)):
        for walk, point in ((plain, np.array(goal)), (loaded, np.array([*goal, extra]))):
            walk.go(Route(walk.at(now_s), point), 0.4, now_s, top_speed=3.0)

    for now_s in (0.2, 0.3, 0.6):
        np.testing.assert_array_equal(plain.at(now_s), loaded.at(now_s)[:2])
    assert loaded.at(30.0)[2] == -0.5
