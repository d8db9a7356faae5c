# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.metrics.judged import entropies, frechet_distance, frechet_of_moments


def test_entropies_have_their_known_values():
    found = entropies(np.array([[0.9, 0.1], [0.1, 0.9]]))

    assert found == pytest.approx((0.693147, 0.325083, 0.368064), abs=1e-6)
    assert entropies(np.eye(3)[[0, 0]]) == (0, 0, 0)


def test_frechet_distances_have_their_known_values():
    eye = np.eye(2)
    assert frechet_of_moments([0, 0], [3, 4], eye, 4 * eye) == pytest.approx(27)
    first, second = np.array([[2.0, 1], [1, 2]]), np.diag([1.0, 4])
    assert frechet_of_moments([0, 0], [0, 0], first, second) == pytest.approx(0.771220, abs=1e-6)
    features = np.random.default_rng(0).standard_normal((50, 4))
    assert frechet_distance(features, features) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(features, features + 1) == pytest.approx(4)
