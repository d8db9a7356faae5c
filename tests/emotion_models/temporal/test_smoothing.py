# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from emotion_models.temporal.measures import set_scores
from emotion_models.temporal.smoothing import best_window, causal_average, centred_average

values = arrays(float, st.integers(1, 60), elements=st.floats(-2, 2))


@pytest.mark.parametrize(
    ('clip', 'window', 'expected'),
    [
        ([0, 1, 2, 3, 4], 1, [0.5, 1, 2, 3, 3.5]),
        ([0, 0, 10, 0, 0], 2, [3.333333, 2.5, 2, 2.5, 3.333333]),
        ([0, 1, 2, 3, 4], 10, [2] * 5),
    ],
)
def test_known_values(clip, window, expected):
    assert centred_average(np.array(clip), window) == pytest.approx(expected, abs=1e-6)


def test_a_ramp_and_an_impulse():
    ramp = centred_average(np.arange(200), 50)
    places = [0, 1, 50, 149, 150, 199]
    assert ramp[places] == pytest.approx([25, 25.5, 50, 149, 149.5, 174])

    impulse = np.zeros(101)
    impulse[50] = 1
    smoothed = centred_average(impulse, 20)
    assert smoothed[30:71] == pytest.approx(1 / 41)
    assert smoothed[[29, 71]] == pytest.approx(0)


@given(values, st.integers(0, 70))
def test_lengths_and_constants_stay_and_0_changes_nothing(clip, window):
    assert len(centred_average(clip, window)) == len(clip)
    assert centred_average(np.full(len(clip), 0.3), window) == pytest.approx(0.3)
    assert centred_average(clip, 0) == pytest.approx(clip, abs=1e-12)


@given(values, st.integers(0, 70), st.data())
def test_the_causal_average_knows_no_future(clip, window, data):
    place = data.draw(st.integers(0, len(clip) - 1))
    changed = clip.copy()
    changed[place] += 1

    before, after = (causal_average(clip, window), causal_average(changed, window))

    assert before[:place] == pytest.approx(after[:place], abs=1e-12)
    assert before[-1] == pytest.approx(clip[max(0, len(clip) - 1 - window) :].mean(), abs=1e-9)


def test_a_negative_window_is_refused():
    with pytest.raises(ValueError, match='a window must be >= 0 frames, got -1'):
        centred_average(np.zeros(3), -1)


def test_scores_are_of_all_frames_together():
    scores = set_scores([[0, 1], [11, 10]], [[0, 1], [10, 11]])

    assert scores['ccc'] == pytest.approx(0.9900990)
    assert scores['mse'] == pytest.approx(0.5)
    assert scores['rmse'] == pytest.approx(0.5**0.5)
    unannotated = set_scores([[0, 1, 5], [11, 10]], [[0, 1, np.nan], [10, 11]])
    assert unannotated == scores


@pytest.mark.parametrize('label', [0.4, 0.5])
def test_scores_of_constants_are_defined(label):
    scores = set_scores([[0.4, 0.4]], [[label, label]])

    assert (scores['ccc'], scores['pearson']) == (0, 0)
    with pytest.raises(ValueError, match='no frame is annotated'):
        set_scores([[0.4]], [[np.nan]])


def test_smoothing_helps_where_there_is_noise_and_the_best_window_is_found():
    generator = np.random.default_rng(0)
    labels = [np.sin(np.arange(600) / 60 + k) for k in range(4)]
    noisy = [label + generator.normal(0, 0.7, 600) for label in labels]

    window = best_window(noisy, labels)

    def ccc(width):
        return set_scores([centred_average(clip, width) for clip in noisy], labels)['ccc']

    assert ccc(10) > ccc(0) + 0.1
    assert 5 <= window <= 40
    assert ccc(window) == max(ccc(width) for width in range(0, 100, 5))
    assert best_window(labels, labels) == 0
