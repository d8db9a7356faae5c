# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import itertools

import numpy as np

from emotion_agent.animation import OneBit
from emotion_models.drawing import ParametricFace, blend_action_units, to_one_bit

FACE = ParametricFace().render(blend_action_units([0, 0, 0.8, 0, 0, 0, 0]))


def flips_per_frame(hysteresis):
    rng = np.random.default_rng(0)
    one_bit = OneBit(0.42, hysteresis)
    noisy = [FACE + rng.normal(0.0, 0.05, FACE.shape) for _ in range(60)]
    pictures = [one_bit(grey, is_still=False) for grey in noisy]
    return np.mean([(a != b).sum() for a, b in itertools.pairwise(pictures)])


def test_hysteresis_quiets_noise():
    assert flips_per_frame(0.10) <= 2.0 < 10.0 < flips_per_frame(0.0)


def test_first_picture_is_the_plain_threshold():
    np.testing.assert_array_equal(OneBit(0.42, 0.10)(FACE, is_still=False), to_one_bit(FACE))


def test_pixel_in_the_band_keeps_its_state():
    one_bit = OneBit(0.42, 0.10)
    one_bit(np.array([[0.0, 1.0]]), is_still=False)

    np.testing.assert_array_equal(one_bit(np.array([[0.5, 0.35]]), False), [[0, 255]])
    np.testing.assert_array_equal(one_bit(np.array([[0.53, 0.31]]), False), [[255, 0]])


def test_reset_forgets_the_last_picture():
    one_bit = OneBit(0.42, 0.10)
    one_bit(np.array([[1.0]]), is_still=False)
    one_bit.reset()

    np.testing.assert_array_equal(one_bit(np.array([[0.35]]), False), [[0]])


def test_ghosts_vanish_within_seven_still_frames_and_the_band_returns():
    one_bit = OneBit(0.42, 0.10)
    one_bit(np.array([[1.0]]), is_still=False)
    ghost = np.array([[0.35]])

    pictures = [one_bit(ghost, is_still=True)[0, 0] for _ in range(7)]

    assert pictures[:3] == [255, 255, 255]
    assert pictures[-1] == 0
    assert one_bit.is_settled
    np.testing.assert_array_equal(one_bit(np.array([[0.5]]), True), [[0]])


def test_movement_starts_the_settling_anew():
    one_bit = OneBit(0.42, 0.10)
    for is_still in [True] * 6 + [False] + [True] * 6:
        one_bit(FACE, is_still)

    assert not one_bit.is_settled


def test_specks_that_only_the_band_leaves_are_removed():
    one_bit = OneBit(0.42, 0.10)
    grey = np.full((8, 8), 0.45)
    grey[:, :4] = 0.1
    grey[3, 1:3] = 0.35  # in the band, as the right half is: what was lit stays so
    before = np.where(grey < 0.4, 0.0, 1.0)
    before[3, 1:3] = 1.0
    before[3, 6] = 0.0
    one_bit(before, is_still=False)

    shown = one_bit(grey, is_still=False) > 0

    assert not shown[:, :4].any()
    assert shown[:, 4:].all()


def test_specks_of_the_drawing_stay():
    one_bit, grey = OneBit(0.42, 0.10), np.zeros((8, 8))
    grey[2, 2] = 1.0
    one_bit(np.zeros((8, 8)), is_still=False)

    assert one_bit(grey, is_still=False)[2, 2] == 255
