# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.metrics.agreement import (
    bootstrap_intervals,
    class_agreement,
    class_recall,
    confusion_matrix,
    continuous_agreement,
    rank_correlation,
    wilson_interval,
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


def test_recall_of_a_class_that_never_occurs_is_not_known():
    recall = class_recall(np.array([[3, 1, 0], [0, 0, 0], [1, 0, 1]]))

    assert recall == pytest.approx([0.75, np.nan, 0.5], nan_ok=True)


def test_the_interval_of_a_share():
    assert wilson_interval(8, 10) == pytest.approx((0.490, 0.943), abs=1e-3)
    low, high = wilson_interval(0, 20)
    assert low == pytest.approx(0)
    assert high == pytest.approx(0.161, abs=1e-3)


def test_ranks_correlate_whatever_the_scale():
    values = np.array([0.1, 3.0, -2.0, 0.5])

    assert rank_correlation(values, np.exp(values)) == pytest.approx(1)
    assert rank_correlation(values, -values) == pytest.approx(-1)
