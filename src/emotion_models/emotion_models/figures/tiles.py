# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures side by side."""

from collections.abc import Sequence

import cv2
import numpy as np

MARGIN_PX = 4


def tile(
    pictures: Sequence[np.ndarray] | np.ndarray, columns: int, gap: int = 0, ground: float = 0
) -> np.ndarray:
    """
    Pictures in rows from the left to the right.

    Args:
        pictures: N of one size and type, (H, W) or (H, W, 3).
        columns: pictures in a row; the last row may be shorter.
        gap: pixels between them.
        ground: value of the gaps and of empty places.

    Returns:
        One picture of the same type, (R·(H + gap) − gap, columns·(W + gap) − gap, …).
    """
    first = np.asarray(pictures[0])
    height, width = first.shape[0] + gap, first.shape[1] + gap
    rows = -(-len(pictures) // columns)
    size = (rows * height - gap, columns * width - gap, *first.shape[2:])
    sheet = np.full(size, ground, first.dtype)
    for place, picture in enumerate(pictures):
        row, column = divmod(place, columns)
        cell = sheet[row * height :, column * width :]
        cell[: first.shape[0], : first.shape[1]] = picture
    return sheet


def captioned(
    picture: np.ndarray,
    caption: str,
    scale: int = 2,
    ground: int = 110,
    caption_px: int = 12,
    line_type: int = cv2.LINE_AA,
) -> np.ndarray:
    """
    A picture in a frame, with its caption below.

    Args:
        picture: grey, uint8 (H, W).
        caption: one line.
        scale: how many times the pixels are enlarged.
        ground: grey value of the frame.
        caption_px: height of the line.
        line_type: of OpenCV, for the letters.

    Returns:
        uint8, larger by `MARGIN_PX` on every side and by the caption.
    """
    enlarged = np.kron(picture, np.ones((scale, scale), np.uint8))
    border = (MARGIN_PX, MARGIN_PX + caption_px, MARGIN_PX, MARGIN_PX)
    framed = cv2.copyMakeBorder(enlarged, *border, cv2.BORDER_CONSTANT, value=ground)
    at = (MARGIN_PX, framed.shape[0] - MARGIN_PX)
    return cv2.putText(framed, caption, at, cv2.FONT_HERSHEY_SIMPLEX, 0.4, 255, 1, line_type)
