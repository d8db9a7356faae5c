# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import itertools

import numpy as np
import pytest

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


def halves(left, right):
    """A picture with a grey for each half."""
    return np.repeat(np.array([[left, right]]), 64, axis=1).repeat(64, axis=0)


def seen(picture):
    """What the two halves are."""
    return picture[0, 0], picture[0, -1]


def test_pixel_in_the_band_keeps_its_state():
    one_bit = OneBit(0.42, 0.10)
    one_bit(halves(0.0, 1.0), is_still=False)

    assert seen(one_bit(halves(0.5, 0.35), False)) == (0, 255)
    assert seen(one_bit(halves(0.53, 0.31), False)) == (255, 0)


def test_reset_forgets_the_last_picture():
    one_bit = OneBit(0.42, 0.10)
    one_bit(halves(1.0, 1.0), is_still=False)
    one_bit.reset()

    assert not one_bit(halves(0.35, 0.35), False).any()


def test_ghosts_vanish_within_seven_still_frames_and_the_band_returns():
    one_bit = OneBit(0.42, 0.10)
    one_bit(halves(1.0, 1.0), is_still=False)
    ghost = halves(0.35, 0.35)

    pictures = [one_bit(ghost, is_still=True)[0, 0] for _ in range(7)]

    assert pictures[:3] == [255, 255, 255]
    assert pictures[-1] == 0
    assert one_bit.is_settled
    assert not one_bit(halves(0.5, 0.5), True).any()


def test_movement_starts_the_settling_anew():
    one_bit = OneBit(0.42, 0.10)
    for is_still in [True] * 6 + [False] + [True] * 6:
        one_bit(FACE, is_still)

    assert not one_bit.is_settled


@pytest.mark.parametrize('keeps_specks', [False, True])
def test_specks_that_only_the_band_leaves_are_removed(keeps_specks):
    one_bit = OneBit(0.42, 0.10, keeps_specks)
    grey = halves(0.1, 0.45)
    grey[3, 1:3] = 0.35  # in the band, as the right half is: what was lit stays so
    before = halves(0.0, 1.0)
    before[3, 1:3] = 1.0
    before[3, 100] = 0.0
    one_bit(before, is_still=False)

    assert np.array_equal(one_bit(grey, is_still=False), np.where(halves(0, 1), 255, 0))


def with_specks():
    """Shapes of one to three pixels, lit and dark, some joined over corners."""
    grey = halves(0.0, 1.0)
    for row, column in ((2, 2), (8, 8), (9, 9), (20, 20), (21, 21), (22, 22)):
        grey[row, column] = 1.0
        grey[row, 127 - column] = 0.0
    return grey


def test_shapes_of_one_and_two_pixels_are_no_part_of_a_face():
    picture = OneBit(0.42, 0.10)(with_specks(), is_still=False)

    assert not picture[:16, :64].any()
    assert picture[:, 64:].all()  # dark pixels are not joined over corners
    assert picture[20:23, 20:23].sum() == 3 * 255


def test_specks_of_pictures_that_somebody_drew_stay():
    one_bit, grey = OneBit(0.42, 0.10, keeps_specks=True), with_specks()
    one_bit(halves(0.0, 1.0), is_still=False)

    np.testing.assert_array_equal(one_bit(grey, is_still=False), to_one_bit(grey))
