# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Zoom, tilt and shift of a face that is given as a picture."""

import cv2
import numpy as np

from emotion_models.drawing.view import HEIGHT, WIDTH, View

_UPRIGHT = View().matrix()


def frame_picture(picture: np.ndarray, view: View, outside: float) -> np.ndarray:
    """
    A face that fills the panel at zoom 1, framed by `view`; its gaze and blink are ignored.

    Args:
        picture: float32 (64, 128).
        view: zoom, tilt and shift.
        outside: value of what lies beyond the picture.

    Returns:
        float32 (64, 128).
    """
    matrix = view.matrix()
    if np.array_equal(matrix, _UPRIGHT):
        return picture
    # From pixel to pixel: OpenCV counts from the centre of the first one.
    matrix[:, 2] += matrix[:, :2] @ (0.5 - _UPRIGHT[:, 2]) - 0.5
    return cv2.warpAffine(
        picture, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_CONSTANT, borderValue=outside
    )
