# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_models.runtime.smoothing import OneEuroFilter
from emotion_models.runtime.stages import FaceStages, Reading

FRAME_S = 1 / 30


def reading(value, stamp_s):
    return Reading(np.atleast_1d(value), 1.0, stamp_s)


def run(values, **options):
    smooth = OneEuroFilter(**options)
    return np.array([smooth(reading(value, k * FRAME_S)) for k, value in enumerate(values)])


def test_calms_noise_at_rest():
    noise = np.random.default_rng(0).normal(0, 0.05, 300)

    smooth = run(noise)[30:, 0]

    assert np.abs(np.diff(smooth)).mean() < 0.35 * np.abs(np.diff(noise)).mean()


def test_follows_a_smile_within_a_quarter_of_a_second():
    smile = np.repeat([0.0, 0.7], 30)

    smooth = run(smile)[:, 0]

    late_by_frames = int(np.argmax(smooth > 0.63)) - 30
    assert late_by_frames * FRAME_S <= 0.25
    assert smooth.max() <= 0.7


def test_probabilities_stay_probabilities():
    generator = np.random.default_rng(1)
    smooth = run(generator.dirichlet(np.ones(8), 50))

    assert smooth.sum(1) == pytest.approx(np.ones(50))
    assert smooth.min() >= 0


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=40))
def test_never_leaves_the_range_of_its_inputs(values):
    smooth = run(values)

    assert min(values) - 1e-9 <= smooth.min()
    assert smooth.max() <= max(values) + 1e-9


@pytest.mark.parametrize('stamp_s', [0.5, 1.0, 5.0])
def test_starts_afresh_after_a_pause_or_a_step_back_in_time(stamp_s):
    stages = FaceStages(OneEuroFilter)
    stages('a', reading(0.0, 1.0))

    assert stages('a', reading(0.9, stamp_s)) == pytest.approx([0.9])


def test_readings_out_of_order_are_refused_until_it_is_reset():
    smooth = OneEuroFilter()
    smooth(reading(0.0, 1.0))

    with pytest.raises(ValueError, match=r'must follow in time, got one 0\.5 s back; reset'):
        smooth(reading(0.9, 0.5))
    smooth.reset()
    assert smooth(reading(0.9, 0.5)) == pytest.approx([0.9])
