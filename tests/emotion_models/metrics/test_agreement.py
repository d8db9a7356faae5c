# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.metrics.agreement import (
    bootstrap_intervals,
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


def test_intervals_narrow_with_more_samples():
    generator = np.random.default_rng(1)
    few, many = generator.normal(size=20), generator.normal(size=2000)

    low, high = bootstrap_intervals(lambda c: {'mean': few[c].mean()}, len(few))['mean_interval']
    narrow = bootstrap_intervals(lambda c: {'mean': many[c].mean()}, len(many))['mean_interval']

    assert low < few.mean() < high
    assert narrow[1] - narrow[0] < 0.3 * (high - low)
