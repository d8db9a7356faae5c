# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Test patterns that show at a glance what is wrong with the settings of a panel."""

from __future__ import annotations

import cv2
import numpy as np

from oled_face.fit import ORDERED, to_one_bit

_LIT = 255


def border(width: int, height: int) -> np.ndarray:
    """
    Draw the outermost pixels, the diagonals and an arrow that points up.

    A missing side means a wrong size or column offset; two columns of snow, that an SH1106 is
    driven as an SSD1306; an arrow that points down, that the panel is mounted upside down.
    """
    frame = np.zeros((height, width), np.uint8)
    cv2.rectangle(frame, (0, 0), (width - 1, height - 1), _LIT, 1)
    cv2.line(frame, (0, 0), (width - 1, height - 1), _LIT, 1)
    cv2.line(frame, (0, height - 1), (width - 1, 0), _LIT, 1)
    middle, reach = width // 2, height // 3
    cv2.rectangle(frame, (middle - reach, 2), (middle + reach, height - 3), 0, -1)
    tip, foot = (middle, height // 5), (middle, height - height // 5)
    cv2.arrowedLine(frame, foot, tip, _LIT, 2, tipLength=0.4)
    return frame


def checker(width: int, height: int) -> np.ndarray:
    """Light every other pixel: an even grey unless rows or columns are swapped."""
    return np.uint8(_LIT) * (np.indices((height, width)).sum(axis=0) % 2).astype(np.uint8)


def stripes(width: int, height: int) -> np.ndarray:
    """Light columns in pairs on the left, rows in pairs on the right: shows wrong row wiring."""
    rows, columns = np.indices((height, width))
    lit = np.where(columns < width // 2, columns // 2 % 2, rows // 2 % 2)
    return (lit * _LIT).astype(np.uint8)


def gradient(width: int, height: int) -> np.ndarray:
    """Shade from dark to lit by ordered dither."""
    ramp = np.linspace(0, _LIT, width).astype(np.uint8)
    return to_one_bit(np.tile(ramp, (height, 1)), ORDERED)


def full(width: int, height: int) -> np.ndarray:
    """Light every pixel: shows dead pixels, and draws the highest current."""
    return np.full((height, width), _LIT, np.uint8)


_PATTERNS = {
    function.__name__: function for function in (border, checker, stripes, gradient, full)
}
PATTERNS = tuple(_PATTERNS)


def pattern(name: str, width: int = 128, height: int = 64) -> np.ndarray:
    """
    Draw a test pattern.

    Args:
        name: one of `PATTERNS`.
        width: of the panel, px.
        height: of the panel, px.

    Returns:
        (height, width) uint8, 0 or 255.
    """
    return _PATTERNS[name](width, height)
