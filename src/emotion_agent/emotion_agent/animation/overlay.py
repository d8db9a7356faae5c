# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is laid over the finished picture."""

from __future__ import annotations

import numpy as np

from emotion_agent.animation.motion import Letter

_DARK_ABOUT = 1  # px that stay dark about a letter


def draw_letter(picture: np.ndarray, letter: Letter) -> None:
    """
    Draw a letter Z into a picture, in place; what of it lies outside is left out.

    Args:
        picture: uint8 (H, W) of 0 and 255.
        letter: where, and how large.
    """
    glyph = np.zeros((letter.size, letter.size), np.uint8)
    glyph[[0, -1]] = 255
    rows = np.arange(letter.size)
    glyph[rows, letter.size - 1 - rows] = 255
    framed = np.pad(glyph, _DARK_ABOUT)
    top, left = letter.y - _DARK_ABOUT, letter.x - _DARK_ABOUT
    height, width = picture.shape
    first_row, last_row = max(0, top), min(height, top + len(framed))
    first_column, last_column = max(0, left), min(width, left + len(framed))
    if first_row < last_row and first_column < last_column:
        picture[first_row:last_row, first_column:last_column] = framed[
            first_row - top : last_row - top, first_column - left : last_column - left
        ]
