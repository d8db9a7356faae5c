# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.latent.easing import smoothstep
from emotion_models.latent.routes import EvenRoute, Route

START, GOAL, VIA = np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.zeros(2)


def bar(point):
    """A picture with a soft edge at column 40·x², so that equal steps of x look unequal."""
    edge = 40.0 * point[0] ** 2
    return np.tile(np.clip(np.arange(64) - edge, 0.0, 1.0), (16, 1))


@pytest.mark.parametrize('via', [None, VIA])
def test_route_leads_from_start_to_goal(via):
    route = Route(START, GOAL, via)

    np.testing.assert_allclose(route.at(0.0), START)
    np.testing.assert_allclose(route.at(1.0), GOAL)


def test_straight_route_is_straight():
    np.testing.assert_allclose(Route(START, GOAL).at(0.3), 0.7 * START + 0.3 * GOAL)


def test_bent_route_passes_at_a_quarter_of_both_ends():
    np.testing.assert_allclose(Route(START, GOAL, VIA).at(0.5), 0.25 * START + 0.25 * GOAL)


@pytest.mark.parametrize('route', [Route(START, GOAL), Route(START, GOAL, VIA)])
def test_tangent_is_the_derivative(route):
    for share in (0.1, 0.5, 0.9):
        slope = (route.at(share + 1e-6) - route.at(share - 1e-6)) / 2e-6
        np.testing.assert_allclose(route.tangent(share), slope, atol=1e-6)


def test_even_route_changes_the_picture_evenly():
    def changes(route):
        pictures = np.array([bar(route.at(share)) for share in np.linspace(0.0, 1.0, 9)])
        return np.abs(np.diff(pictures, axis=0)).sum(axis=(1, 2))

    route = Route(np.array([0.2]), np.array([1.0]))
    plain, even = changes(route), changes(EvenRoute(route, bar, pieces=32))

    assert even.max() / even.min() < 1.1 < plain.max() / plain.min()


def test_length_counts_the_pixels_that_change():
    route = EvenRoute(Route(np.array([0.0]), np.array([1.0])), bar, pieces=64)
    assert route.length == pytest.approx(16 * 40, rel=0.02)


def test_even_tangent_is_the_derivative():
    route = EvenRoute(Route(np.array([0.2]), np.array([1.0])), bar)
    for share in (0.0, 0.3, 0.7, 0.95):
        slope = (route.at(share + 1e-6) - route.at(share)) / 1e-6
        np.testing.assert_allclose(route.tangent(share), slope, rtol=1e-4)


def test_route_that_changes_nothing_is_walked_evenly():
    route = EvenRoute(Route(START, GOAL), lambda _: np.zeros((4, 4)))
    np.testing.assert_allclose(route.at(0.25), 0.75 * START + 0.25 * GOAL)


def test_smoothstep_is_held_outside_its_interval():
    assert [smoothstep(t) for t in (-1.0, 0.0, 0.5, 1.0, 2.0)] == [0.0, 0.0, 0.5, 1.0, 1.0]
