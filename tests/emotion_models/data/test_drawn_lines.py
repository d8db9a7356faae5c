# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.drawn_lines import DrawnLines, draw_lines


def centroid(image):
    ink = (image + 1) / 2
    rows, columns = np.indices(image.shape) - (len(image) - 1) / 2
    return np.array([(columns * ink).sum(), -(rows * ink).sum()]) / ink.sum()


@pytest.mark.parametrize('degrees', [0, 30, 90, 200, 359])
def test_line_points_where_its_angle_says(degrees):
    right, up = centroid(draw_lines([np.radians(degrees)])[0])
    assert np.hypot(right, up) == pytest.approx(7.5, abs=0.1)  # half of 15 pixels
    turned = np.arctan2(up, right) - np.radians(degrees)
    assert abs(np.sin(turned)) < 0.01
    assert np.cos(turned) > 0


def test_lines_are_two_pixels_wide_white_on_black_and_equally_long():
    images = draw_lines(np.linspace(0, 2 * np.pi, 700))
    assert images.shape == (700, 32, 32)
    assert images.dtype == np.float32
    assert images.min() == -1
    assert images.max() == 1
    areas = ((images + 1) / 2).sum((1, 2))
    np.testing.assert_allclose(areas, 2 * 15 + np.pi, rtol=0.03)  # round at both ends


def test_larger_images_hold_larger_lines():
    small, large = (draw_lines([1.0], side)[0] for side in (32, 64))
    np.testing.assert_allclose(centroid(large), 2 * centroid(small), rtol=0.02)


def test_held_out_lines_are_others(load):
    parts = load(DrawnLines(count=50, held_out=20, side=16))
    kept, held = parts['training'], parts['validation']

    assert kept.shape == (50, 1, 16, 16)
    assert held.shape == (20, 1, 16, 16)
    assert kept.min() == -1
    assert kept.max() > 0.9
    assert not (kept[:, None] == held[None]).all((2, 3, 4)).any()
