# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.metrics.calibration import calibration_error, reliability


def test_bins_hold_what_was_claimed_and_what_was_true():
    confidence = np.array([0.52, 0.58, 0.91, 0.99, 1.0])
    right = np.array([True, False, True, True, False])

    rows = reliability(confidence, right)

    assert [row['n'] for row in rows] == [2, 3]
    assert rows[0] == pytest.approx({'n': 2, 'share': 0.4, 'confidence': 0.55, 'accuracy': 0.5})
    assert calibration_error(rows) == pytest.approx((2 * 0.05 + 3 * (2.9 / 3 - 2 / 3)) / 5)


def test_a_fair_forecaster_has_hardly_any_error():
    generator = np.random.default_rng(0)
    confidence = generator.uniform(0.2, 1, 20_000)

    rows = reliability(confidence, generator.random(20_000) < confidence)

    assert calibration_error(rows) < 0.015
    assert calibration_error(reliability(confidence, confidence > 2)) > 0.5


def test_weights_count_where_they_are_given():
    confidence, right = np.array([0.95, 0.95, 0.55]), np.array([True, False, True])

    rows = reliability(confidence, right, weight=np.array([3.0, 1.0, 4.0]))

    assert [(row['share'], row['accuracy']) for row in rows] == [(0.5, 1.0), (0.5, 0.75)]
    assert calibration_error(rows) == pytest.approx(0.5 * 0.45 + 0.5 * 0.2)
