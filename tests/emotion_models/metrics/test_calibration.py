# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.metrics.calibration import (
    calibration_error,
    calibration_error_by_chance,
    reliability,
)


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


def draw_classes(generator, probabilities):
    return (generator.random(len(probabilities))[:, None] > probabilities.cumsum(1)).sum(1)


def test_chance_is_what_exact_probabilities_show_and_falls_with_the_sample():
    generator = np.random.default_rng(1)
    errors, expected = [], []
    for _ in range(30):
        probabilities = generator.dirichlet([0.5, 0.5, 0.5], 200)
        true = draw_classes(generator, probabilities)
        right = probabilities.argmax(1) == true
        errors.append(calibration_error(reliability(probabilities.max(1), right)))
        expected.append(calibration_error_by_chance(probabilities, true, draws=30)['mean'])
    few = np.mean(expected)

    assert few == pytest.approx(np.mean(errors), rel=0.15)
    probabilities = generator.dirichlet([0.5, 0.5, 0.5], 20_000)
    many = calibration_error_by_chance(
        probabilities, draw_classes(generator, probabilities), draws=10
    )
    assert many['interval'][0] <= many['mean'] <= many['interval'][1] < few / 3


def test_heavy_samples_of_a_rare_class_raise_what_chance_shows():
    generator = np.random.default_rng(2)
    probabilities = generator.dirichlet([9.0, 3.0, 0.2], 2000)
    true = draw_classes(generator, probabilities)
    weight = 1 / np.bincount(true)[true]

    alike = calibration_error_by_chance(probabilities, true, draws=30)
    weighted = calibration_error_by_chance(probabilities, true, weight, draws=30)

    assert weighted['mean'] > 2 * alike['mean']
    assert weighted == calibration_error_by_chance(probabilities, true, weight, draws=30)
