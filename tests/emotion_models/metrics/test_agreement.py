# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.metrics.agreement import (
    bootstrap_interval,
    class_agreement,
    confusion_matrix,
    continuous_agreement,
)


def test_confusion_counts_true_by_predicted():
    confusion = confusion_matrix(np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1]), 3)

    assert confusion.tolist() == [[1, 1, 0], [0, 1, 1], [0, 0, 0]]


def test_macro_f1_leaves_out_classes_that_never_occur():
    found = class_agreement(np.array([[3, 1, 0], [1, 3, 0], [0, 0, 0]]))

    assert found == pytest.approx({'accuracy': 0.75, 'macro_f1': 0.75})


def test_continuous_agreement_of_a_halved_signal():
    found = continuous_agreement(np.array([-0.5, 0, 0.5]), np.array([-1.0, 0, 1]))

    assert found['ccc'] == pytest.approx(0.8)
    assert found['pearson'] == pytest.approx(1)
    assert found['rmse'] == pytest.approx((0.5 / 3) ** 0.5)
    assert found['sign_agreement'] == 1


def test_interval_narrows_with_more_samples():
    generator = np.random.default_rng(1)
    few, many = generator.normal(size=20), generator.normal(size=2000)

    low, high = bootstrap_interval(lambda chosen: few[chosen].mean(), len(few))
    narrow_low, narrow_high = bootstrap_interval(lambda chosen: many[chosen].mean(), len(many))

    assert low < few.mean() < high
    assert narrow_high - narrow_low < 0.3 * (high - low)
