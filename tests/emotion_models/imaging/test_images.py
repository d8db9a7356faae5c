# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.imaging.images import (
    ROTATIONS,
    check_image,
    cut_square,
    shrink_to,
    turn,
    turn_box_back,
)


@pytest.mark.parametrize(
    ('image', 'error', 'words'),
    [
        (np.zeros((0, 0, 3), np.uint8), ValueError, 'empty'),
        (np.zeros((4, 0), np.uint8), ValueError, 'empty'),
        (np.zeros((4, 4, 4), np.uint8), ValueError, r'got \(4, 4, 4\)'),
        (np.zeros(4, np.uint8), ValueError, r'got \(4,\)'),
        (np.zeros((4, 4)), TypeError, 'uint8, got float64'),
        ([[0]], TypeError, 'got list'),
        (None, TypeError, 'got NoneType'),
    ],
)
def test_what_is_no_picture_is_refused(image, error, words):
    with pytest.raises(error, match=words):
        check_image(image)


def test_shrinking_keeps_the_shape_and_never_enlarges():
    wide, scale = shrink_to(np.zeros((480, 640, 3), np.uint8), 320)
    small = np.zeros((10, 20), np.uint8)

    assert wide.shape == (240, 320, 3)
    assert scale == 0.5
    assert shrink_to(small, 320)[0] is small
    assert shrink_to(np.zeros((2, 4000), np.uint8), 320)[0].shape == (1, 320)


def test_a_square_shows_exactly_its_pixels():
    image = np.arange(100, dtype=np.uint8).reshape(10, 10)

    square = cut_square(image, (4, 5), 4, 4)

    assert (square == image[3:7, 2:6]).all()


def test_beyond_the_border_the_border_repeats():
    image = np.full((10, 10, 3), 50, np.uint8)
    image[:, -1] = 200

    square = cut_square(image, (10, 5), 8, 8)

    assert (square[:, 4:] == 200).all()
    assert (square[:, :3] == 50).all()


@pytest.mark.parametrize('rotation', ROTATIONS)
def test_a_box_in_a_turned_image_is_found_in_the_image_before(rotation):
    image = np.zeros((30, 50), np.uint8)
    image[4:10, 20:45] = 255
    turned = turn(image, rotation)
    rows, columns = np.nonzero(turned)
    box = np.array([columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1], float)

    assert turn_box_back(box, rotation, turned.shape).tolist() == [20, 4, 25, 6]
