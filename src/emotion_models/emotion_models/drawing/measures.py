# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What can be read from a finished picture of a face, whoever drew it."""

from __future__ import annotations

import cv2
import numpy as np

from emotion_models.drawing.view import HEIGHT, WIDTH

_MOUTH_TOP, _MOUTH_LEFT, _MOUTH_RIGHT = 38, 28, 100  # where the mouth is sought at zoom 1
_CORNER_WIDTH = 3  # columns


def measure_mouth_corner_lift(image: np.ndarray) -> float:
    """
    How far the corners of the mouth stand above its middle: positive for a smile.

    The mouth is the widest connected shape in the lower middle of the picture. Its middle is half
    way between the lips.

    Args:
        image: (64, 128) of a face at a zoom near 1; pixels above half of the largest are lit.

    Returns:
        Pixels.

    Raises:
        ValueError: if the shape is wrong or no mouth is found.
    """
    image = np.asarray(image)
    if image.shape != (HEIGHT, WIDTH):
        raise ValueError(f'expected a picture of shape {(HEIGHT, WIDTH)}, got {image.shape}')
    lit = (image > 0.5 * image.max())[_MOUTH_TOP:, _MOUTH_LEFT:_MOUTH_RIGHT]
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(lit.astype(np.uint8))
    if count < 2:
        raise ValueError('no mouth in the picture: nothing is lit where it should be')
    rows, columns = np.nonzero(labels == 1 + np.argmax(boxes[1:, cv2.CC_STAT_WIDTH]))

    def mean_row(first: int, last: int) -> float:
        chosen = rows[(columns >= first) & (columns <= last)]
        return float(chosen.min() + chosen.max()) / 2.0

    left, right = int(columns.min()), int(columns.max())
    middle = (left + right) // 2
    corners = (
        mean_row(left, left + _CORNER_WIDTH - 1) + mean_row(right - _CORNER_WIDTH + 1, right)
    ) / 2.0
    return mean_row(middle - 1, middle + 1) - corners
