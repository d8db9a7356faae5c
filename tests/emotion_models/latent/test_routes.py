# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.latent.easing import smoothstep
from emotion_models.latent.routes import Route

START, GOAL, VIA = np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.zeros(2)


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


def test_smoothstep_is_held_outside_its_interval():
    assert [smoothstep(t) for t in (-1.0, 0.0, 0.5, 1.0, 2.0)] == [0.0, 0.0, 0.5, 1.0, 1.0]
