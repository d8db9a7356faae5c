# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Drawings as signed distance fields: smooth where the picture jumps from black to white."""

import cv2
import numpy as np

from emotion_models.drawing.view import HEIGHT, WIDTH

_ENLARGED = 4  # a finished drawing is enlarged to so many times the panel
_MEASURED = 2  # distances are measured at twice the resolution of the panel


def distance_field(canvas: np.ndarray) -> np.ndarray:
    """
    How far every pixel of the panel is from the nearest edge of what was drawn.

    Distances come from a copy at twice the resolution of the panel. Where an edge runs through a
    pixel they would be coarse; there the covered share of the pixel gives the place of the edge.

    Args:
        canvas: uint8 drawing of 0 and 255, a multiple of two of the panel's size.

    Returns:
        float32 (64, 128), pixels of the panel: positive inside the lines, negative outside.
    """
    strokes = average(canvas, WIDTH * _MEASURED, HEIGHT * _MEASURED) > 127
    inside = strokes.astype(np.uint8)
    to_outside = cv2.distanceTransform(inside, cv2.DIST_L2, 5)
    to_inside = cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5)
    distance = np.subtract(to_outside, to_inside)
    field = average(distance, WIDTH, HEIGHT) * np.float32(1.0 / _MEASURED)
    share = average(canvas, WIDTH, HEIGHT) * np.float32(1.0 / 255.0) - np.float32(0.5)
    beyond = np.copysign(np.maximum(np.abs(field), np.float32(0.5)), share)
    return np.where(np.abs(share) < 0.5, share, beyond)


def drawing_field(picture: np.ndarray) -> np.ndarray:
    """
    The distance field of a finished drawing, see `distance_field`.

    Args:
        picture: uint8 or float (H, W) of any size, white lines on black; what is above half of
            255, or of 1, is lit.

    Returns:
        float32 (64, 128), pixels of the panel.
    """
    largest = 255.0 if picture.dtype == np.uint8 else 1.0
    size = (WIDTH * _ENLARGED, HEIGHT * _ENLARGED)
    enlarged = cv2.resize(np.asarray(picture, np.float32), size, interpolation=cv2.INTER_CUBIC)
    return distance_field(np.where(enlarged > 0.5 * largest, np.uint8(255), np.uint8(0)))


def field_to_grey(field: np.ndarray) -> np.ndarray:
    """The anti-aliased picture of a distance field in pixels, float32 in [0, 1], same shape."""
    return np.clip(field + np.float32(0.5), 0.0, 1.0)


def average(canvas: np.ndarray, width: int, height: int) -> np.ndarray:
    """The canvas at a smaller size, each pixel the mean of those that it covers."""
    return cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA)
