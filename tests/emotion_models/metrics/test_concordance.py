# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from emotion_models.metrics.agreement import pearson
from emotion_models.metrics.concordance import concordance

samples = arrays(float, 12, elements=st.floats(-1, 1).map(lambda value: round(value, 3)))


@pytest.mark.parametrize(
    ('prediction', 'target', 'expected'),
    [
        ([0, 1, 2, 3], [0, 1, 2, 3], 1),
        ([0, 1, 2, 3], [1, 2, 3, 4], 0.7142857),  # 0.769 would betray moments over n - 1
        ([-1, 0, 1], [-0.5, 0, 0.5], 0.8),
        ([-1, 0, 1], [1, 0, -1], -1),
        ([0.1, 0.2, 0.4, 0.3], [0, 0.3, 0.5, 0.2], 0.7777778),
        ([2, 2, 2], [1, 2, 3], 0),
    ],
)
def test_known_values(prediction, target, expected):
    found = concordance(np.array(prediction, float), np.array(target, float))

    assert found == pytest.approx(expected, abs=1e-6)


@given(samples, samples)
def test_is_symmetric_and_bounded_by_correlation(first, second):
    if first.std() < 1e-3 or second.std() < 1e-3:
        return

    found = concordance(first, second)

    assert found == pytest.approx(concordance(second, first))
    assert abs(found) <= abs(pearson(first, second)) + 1e-9


@given(samples, samples, st.floats(-5, 5))
def test_a_common_shift_changes_nothing(first, second, shift):
    if first.std() < 1e-3 and second.std() < 1e-3:
        return

    assert concordance(first + shift, second + shift) == pytest.approx(
        concordance(first, second), abs=1e-6
    )


def test_tensors_give_the_same_and_a_gradient():
    torch = pytest.importorskip('torch')
    prediction = torch.tensor([0.1, 0.2, 0.4, 0.3], requires_grad=True)
    target = torch.tensor([0.0, 0.3, 0.5, 0.2])

    found = concordance(prediction, target)
    found.backward()

    assert found.item() == pytest.approx(0.7777778)
    assert prediction.grad.abs().sum() > 0


def test_shapes_that_differ_are_refused():
    with pytest.raises(ValueError, match=r'one shape, got \(3,\) and \(3, 1\)'):
        concordance(np.zeros(3), np.zeros((3, 1)))
