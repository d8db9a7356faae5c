# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures as arrays: checked, turned, shrunk, and cut into squares."""

import cv2
import numpy as np

Image = np.ndarray
"""uint8, shape (H, W) grey or (H, W, 3) BGR."""

TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
ROTATIONS = (0, *TURNS)
"""Degrees clockwise by which an image may have to be turned to stand upright."""


def check_image(image: Image) -> None:
    """
    Refuse what is not a picture.

    Raises:
        TypeError: if it is not an array of uint8.
        ValueError: if it is empty or not of shape (H, W) or (H, W, 3).
    """
    if not isinstance(image, np.ndarray):
        raise TypeError(
            f'an image is a uint8 array (H, W) or (H, W, 3), got {type(image).__name__}'
        )
    if image.dtype != np.uint8:
        raise TypeError(f'an image has the dtype uint8, got {image.dtype}; scale and convert it')
    if not (image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)):
        raise ValueError(f'an image has the shape (H, W) or (H, W, 3), got {image.shape}')
    if 0 in image.shape:
        raise ValueError(f'the image is empty: its shape is {image.shape}')


def to_grey(image: Image) -> Image:
    """Grey copy of a colour image; a grey image itself."""
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)


def to_bgr(image: Image) -> Image:
    """Colour copy of a grey image; a colour image itself."""
    return image if image.ndim == 3 else cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)


def shrink_to(image: Image, longest_px: int) -> tuple[Image, float]:
    """
    The image with its longer side at most `longest_px`, and the scale that took it there.

    Returns:
        The image, averaged over the pixels it merges (itself if small enough); scale in (0, 1].
    """
    height, width = image.shape[:2]
    scale = min(1.0, longest_px / max(height, width))
    if scale == 1.0:
        return image, scale
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA), scale


def turn(image: Image, rotation: int) -> Image:
    """The image turned clockwise by one of `ROTATIONS`; itself for 0."""
    return cv2.rotate(image, TURNS[rotation]) if rotation else image


def turn_box_back(box: np.ndarray, rotation: int, turned_shape: tuple[int, ...]) -> np.ndarray:
    """
    Where a box in a turned image lies in the image before.

    Args:
        box: x, y, width, height in pixels of the turned image, shape (4,).
        rotation: degrees clockwise by which it was turned, one of `ROTATIONS`.
        turned_shape: height and width of the turned image.

    Returns:
        x, y, width, height in pixels of the image as it came, shape (4,).
    """
    x, y, width, height = box
    bottom, right = turned_shape[0] - y - height, turned_shape[1] - x - width
    return {
        0: np.array([x, y, width, height]),
        90: np.array([y, right, height, width]),
        180: np.array([right, bottom, width, height]),
        270: np.array([bottom, x, height, width]),
    }[rotation]


def cut_square(image: Image, centre: tuple[float, float], side: float, size_px: int) -> Image:
    """
    A square of the image, resized; what lies outside repeats the border.

    Args:
        image: uint8, (H, W) or (H, W, 3).
        centre: x and y of the square's centre, pixels.
        side: length of the square's sides, pixels.
        size_px: sides of the result.

    Returns:
        uint8, (size_px, size_px) or (size_px, size_px, 3).
    """
    whole = max(1, round(side))
    # getRectSubPix measures from the centre of a pixel, boxes from its corner.
    patch = cv2.getRectSubPix(image, (whole, whole), (centre[0] - 0.5, centre[1] - 0.5))
    shrinks = whole > size_px
    interpolation = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(patch, (size_px, size_px), interpolation=interpolation)


def fit_square(image: np.ndarray, size_px: int) -> np.ndarray:
    """The whole image scaled to fit a square, black above and below or at the sides."""
    height, width = image.shape[:2]
    scale = size_px / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    square = np.zeros((size_px, size_px, *image.shape[2:]), np.uint8)
    top, left = (size_px - size[1]) // 2, (size_px - size[0]) // 2
    inside = np.s_[top : top + size[1], left : left + size[0]]
    square[inside] = cv2.resize(image, size, interpolation=interpolation)
    return square
