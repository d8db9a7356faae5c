# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np

from emotion_models.figures.tiles import MARGIN_PX, captioned, tile


def test_pictures_stand_in_rows_with_gaps_between_them():
    pictures = np.arange(1, 4, dtype=np.uint8)[:, None, None] * np.ones((3, 1, 2), np.uint8)

    sheet = tile(pictures, columns=2, gap=1, ground=9)

    assert sheet.tolist() == [[1, 1, 9, 2, 2], [9, 9, 9, 9, 9], [3, 3, 9, 9, 9]]
    assert sheet.dtype == np.uint8


def test_colours_are_kept():
    pictures = np.random.default_rng(0).random((4, 3, 5, 3))

    sheet = tile(pictures, columns=4)

    assert sheet.shape == (3, 20, 3)
    np.testing.assert_array_equal(sheet[:, 5:10], pictures[1])


def test_a_caption_stands_below_the_enlarged_picture():
    picture = np.random.default_rng(0).integers(0, 256, (64, 128), np.uint8)

    framed = captioned(picture, 'joy', scale=2, ground=50, caption_px=14)

    inside = framed[MARGIN_PX : MARGIN_PX + 128, MARGIN_PX : MARGIN_PX + 256]
    np.testing.assert_array_equal(inside[::2, ::2], picture)
    assert framed.shape == (128 + 2 * MARGIN_PX + 14, 256 + 2 * MARGIN_PX)
    below = framed[-14:]
    assert below[:, :100].max() > 200
    assert (below[:, 100:] == 50).all()
