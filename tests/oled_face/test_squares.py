# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""QR codes on panels: every square has as many pixels, whatever size the picture has."""

import cv2
import numpy as np
import pytest

from oled_face.squares import is_two_tone, squares_frame

SIZE = 128, 64
URL = 'http://192.168.178.123:8066/?token=abcdef'


def squares(side=29, seed=0):
    """Squares on white, as a QR code has them."""
    cells = np.random.default_rng(seed).integers(0, 2, (side, side), np.uint8) * np.uint8(255)
    cells[[0, -1], :] = cells[:, [0, -1]] = 0
    return np.pad(cells, 4, constant_values=255)


def enlarged(picture, times):
    return np.kron(picture, np.ones((times, times), np.uint8))


@pytest.mark.parametrize('times', [1, 3, 10])
@pytest.mark.parametrize(('side', 'pixels'), [(21, 2), (29, 2), (33, 1), (45, 1)])
def test_a_square_is_a_whole_number_of_pixels_on_a_lit_ground(side, pixels, times):
    code = squares(side)

    frame = squares_frame(enlarged(code, times), *SIZE)

    dark = np.argwhere(frame == 0)
    (top, left), (below, right) = dark.min(0), dark.max(0) + 1
    assert (below - top, right - left) == (side * pixels, side * pixels)
    assert (frame[top:below:pixels, left:right:pixels] == code[4:-4, 4:-4]).all()
    assert (enlarged(code[4:-4, 4:-4], pixels) == frame[top:below, left:right]).all()
    assert min(top, SIZE[1] - below) >= pixels
    assert frame[:, :left].all()


@pytest.mark.skipif(not hasattr(cv2, 'QRCodeEncoder'), reason='this OpenCV makes no QR codes')
@pytest.mark.parametrize('times', [1, 7])
def test_a_code_can_be_read_from_the_panel(times):
    code = cv2.QRCodeEncoder.create().encode(URL)
    frame = squares_frame(enlarged(code, times), *SIZE)
    seen = cv2.GaussianBlur(enlarged(np.pad(frame, 8), 6), (0, 0), 2.0)

    assert cv2.QRCodeDetector().detectAndDecode(seen)[0] == URL


@pytest.mark.parametrize(
    'picture',
    [
        np.full((300, 300), 255, np.uint8),
        np.linspace(0, 255, 90_000).reshape(300, 300).astype(np.uint8),
        squares(80),  # more than the panel has rows
        np.random.default_rng(0).integers(0, 2, (300, 300), np.uint8) * np.uint8(255),
        np.pad(squares(21), ((17, 18), (49, 50)), constant_values=255)[:64, :128],
    ],
)
def test_other_pictures_are_left_to_the_usual_way(picture):
    assert squares_frame(picture, *SIZE) is None


def test_black_and_white_is_told_from_shades():
    assert is_two_tone(squares())
    assert not is_two_tone(np.full((9, 9), 128, np.uint8))
