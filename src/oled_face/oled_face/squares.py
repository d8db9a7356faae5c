# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of black and white squares, such as QR codes: every square gets as many pixels."""

from __future__ import annotations

import cv2
import numpy as np

_MIDDLE = 128
_NEAR = 32  # grey values this near to black or white are black or white
_TWO_TONE = 0.98  # of the pixels, in a picture of black and white
_MARGIN = 1  # squares of the ground around the pattern; a panel that is not full shows more of it
_FEWEST, _MOST = 8, 200  # squares along a side of a pattern


def squares_frame(grey: np.ndarray, width: int, height: int) -> np.ndarray | None:
    """
    Show a picture of squares on a panel, on a ground of the colour of its border.

    Args:
        grey: (H, W) uint8.
        width: of the panel, px.
        height: of the panel, px.

    Returns:
        (height, width) uint8, 0 or 255; none if it is no picture of squares, has more of them than
        the panel has pixels, or has the size of the panel.
    """
    pattern = None if grey.shape == (height, width) else _pattern(grey)
    if pattern is None:
        return None
    cells, ground = pattern
    rows, columns = np.add(cells.shape, 2 * _MARGIN)
    times = min(width // columns, height // rows)
    if times < 1:
        return None
    frame = np.full((height, width), ground, np.uint8)
    drawn = cv2.resize(cells, None, fx=times, fy=times, interpolation=cv2.INTER_NEAREST)
    top, left = (height - drawn.shape[0]) // 2, (width - drawn.shape[1]) // 2
    frame[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    return frame


def is_two_tone(grey: np.ndarray) -> bool:
    """Whether nearly all of a picture (H, W) is black or white."""
    return bool(np.mean((grey < _NEAR) | (grey > 255 - _NEAR)) >= _TWO_TONE)


def _pattern(grey: np.ndarray) -> tuple[np.ndarray, int] | None:
    """The squares, a pixel each, without the border around them, and the value of that."""
    if not is_two_tone(grey):
        return None
    lit = (grey >= _MIDDLE) * np.uint8(255)
    ground = int(lit[0, 0])
    left, top, columns, rows = cv2.boundingRect((lit != ground).astype(np.uint8))
    lit = lit[top : top + rows, left : left + columns]
    side = np.gcd.reduce([rows, columns, *_edges(lit), *_edges(lit.T)])
    if not side or not all(_FEWEST <= length // side <= _MOST for length in lit.shape):
        return None
    return np.ascontiguousarray(lit[::side, ::side]), ground


def _edges(lit: np.ndarray) -> np.ndarray:
    """Rows at which something begins or ends."""
    return 1 + np.flatnonzero((lit[1:] != lit[:-1]).any(axis=1))
