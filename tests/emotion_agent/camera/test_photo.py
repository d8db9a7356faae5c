# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A photo is shown whole, moves as a person does, and costs little."""

from itertools import islice, pairwise, product

import cv2
import numpy as np
import pytest

from emotion_agent.camera import photo as photos
from emotion_agent.camera.photo import (
    AROUND_PX,
    LARGEST_LAG_PX,
    NEARER,
    SWAY,
    TILT_DEG,
    moving_photo,
    place,
)

SIZE = (64, 48)


@pytest.mark.parametrize('shape', [(90, 40, 3), (30, 100, 3), (600, 800, 3)])
def test_edge_of_a_moving_photo_is_repeated_as_in_one_that_stands(shape):
    photo = np.random.default_rng(1).integers(0, 256, shape, np.uint8)

    first = next(moving_photo(photo, SIZE, 1.0))

    np.testing.assert_array_equal(first, place(photo, SIZE, shift=(0, 0.02 * np.sin(1.0))))


def test_moving_photo_is_seldom_warped_and_always_where_it_would_be(monkeypatch):
    """A warp takes most of what the camera takes of a small computer."""
    size = width, height = 320, 240
    ramps = np.zeros((height, width, 3), np.uint8)
    ramps[..., 0], ramps[..., 1] = np.arange(width) / 2, np.arange(height)[:, None]
    warps = []
    monkeypatch.setattr(
        photos, '_warp', lambda *given, warp=photos._warp: warps.append(1) or warp(*given)
    )

    pictures = list(islice(moving_photo(ramps, size, 30.0), 300))

    assert len(warps) <= 60
    changes = [np.any(one != other) for one, other in pairwise(pictures)]
    assert np.mean(changes) > 0.25
    inside = np.s_[40:-40, 40:-40]  # where no edge is repeated
    for index in range(0, 300, 7):
        moved = photos._moved(ramps.shape, size, index / 30.0)
        meant = cv2.warpAffine(ramps, moved, size)[inside].astype(float)
        off = np.abs(pictures[index][inside] - meant)
        assert off[..., 0].max() <= LARGEST_LAG_PX / 2 + 1
        assert off[..., 1].max() <= LARGEST_LAG_PX + 1


@pytest.mark.parametrize('shape', [(90, 40), (30, 100), (600, 800)])
def test_moving_photo_never_needs_more_than_its_margins(shape):
    """OpenCV would then repeat the edge of every sheet, in twice the time."""
    right, down = photos._margins(shape, SIZE)
    assert min(right, down) > 0
    xs, ys = ((-AROUND_PX, length - 1 + AROUND_PX) for length in SIZE)
    corners = np.array([(x, y, 1) for x in xs for y in ys]).T
    for way in product((-1, 1), repeat=4):
        shift = SWAY[0] * way[0], SWAY[1] * way[1]
        matrix = photos._placing(shape, SIZE, shift, 1 + NEARER * way[2], TILT_DEG * way[3])
        x, y = cv2.invertAffineTransform(matrix) @ corners
        assert np.abs(x - shape[1] / 2).max() <= shape[1] / 2 + right
        assert np.abs(y - shape[0] / 2).max() <= shape[0] / 2 + down


def test_whole_photo_is_in_the_image():
    marked = np.zeros((20, 20, 3), np.uint8)
    marked[0, 0] = marked[-1, -1] = 255

    placed = place(marked, (80, 40))

    assert placed.shape == (40, 80, 3)
    assert placed[1, 21].mean() > 60
    assert placed[-2, -22].mean() > 60


@pytest.mark.parametrize('shape', [(3, 40_000, 3), (40_000, 3, 3)])
def test_a_picture_longer_than_opencv_warps_is_shrunk_first(shape):
    assert place(np.full(shape, 90, np.uint8), SIZE).mean() == pytest.approx(90, abs=1)


def test_a_large_photo_is_averaged_and_not_sampled():
    stripes = np.zeros((4000, 4000, 3), np.uint8)
    stripes[:, ::2] = 200

    assert place(stripes, SIZE).std() < 5
