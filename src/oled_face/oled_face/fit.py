# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Fits any picture to a panel: to its size and to one bit per pixel."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

THRESHOLD, ORDERED, FLOYD_STEINBERG = 'threshold', 'ordered', 'floyd_steinberg'
METHODS = (THRESHOLD, ORDERED, FLOYD_STEINBERG)
CONTAIN, COVER, STRETCH = 'contain', 'cover', 'stretch'
PLACEMENTS = (CONTAIN, COVER, STRETCH)

# B. E. Bayer, "An optimum method for two-level rendition of continuous-tone pictures", 1973.
_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]])
_MIDDLE = 128

LARGEST_SCALED = 1_000_000  # pixels to which a picture is scaled before it is cut


def fit(
    image: np.ndarray,
    width: int,
    height: int,
    *,
    method: str = THRESHOLD,
    threshold: int = _MIDDLE,
    placement: str = CONTAIN,
) -> np.ndarray:
    """
    Fit a picture to a panel.

    Args:
        image: (H, W) grey or (H, W, 3) BGR, uint8.
        width: of the panel, px.
        height: of the panel, px.
        method: how grey becomes one bit: 'threshold' for line art, 'ordered' (Bayer 4x4) for
            shaded pictures that move, 'floyd_steinberg' for stills.
        threshold: grey value from which a pixel is lit, 1..255; a dither is shifted by it.
        placement: 'contain' shows all of the picture, 'cover' fills the panel, 'stretch' does
            both and distorts.

    Returns:
        (height, width) uint8, 0 or 255.

    Raises:
        ValueError: if the image has another shape or type, or an option is unknown.
    """
    grey = grey_of(image)
    return to_one_bit(_place(grey, width, height, placement), method, threshold)


def grey_of(image: np.ndarray) -> np.ndarray:
    """
    Return a picture (H, W) or (H, W, 3) BGR in grey, (H, W) uint8.

    Raises:
        ValueError: if the image has another shape or type.
    """
    if image.dtype != np.uint8 or image.ndim not in (2, 3) or image.shape[2:] not in ((), (3,)):
        raise ValueError(
            f'image: expected uint8 of shape (H, W) or (H, W, 3), '
            f'got {image.dtype} of shape {image.shape}'
        )
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)


def to_one_bit(grey: np.ndarray, method: str = THRESHOLD, threshold: int = _MIDDLE) -> np.ndarray:
    """
    Turn grey into one bit.

    Args:
        grey: (H, W) uint8.
        method: see `fit`.
        threshold: see `fit`.

    Returns:
        (H, W) uint8, 0 or 255.

    Raises:
        ValueError: if the method is unknown.
    """
    if method == THRESHOLD:
        return (grey >= threshold) * np.uint8(255)
    if method == ORDERED:
        return (grey >= _bayer_thresholds(grey.shape, threshold)) * np.uint8(255)
    if method == FLOYD_STEINBERG:
        shifted = np.clip(grey.astype(np.int16) + (_MIDDLE - threshold), 0, 255)
        dithered = Image.fromarray(shifted.astype(np.uint8)).convert('1')
        return np.asarray(dithered) * np.uint8(255)
    raise ValueError(f'method: expected one of {", ".join(METHODS)}; got {method!r}')


def _bayer_thresholds(shape: tuple[int, ...], threshold: int) -> np.ndarray:
    height, width = shape
    tile = 256 * (_BAYER + 0.5) / _BAYER.size + (threshold - _MIDDLE)
    tiles = np.tile(tile, (-(-height // 4), -(-width // 4)))
    return np.clip(tiles[:height, :width], 1, 255)


def _place(grey: np.ndarray, width: int, height: int, placement: str) -> np.ndarray:
    if placement not in PLACEMENTS:
        raise ValueError(f'placement: expected one of {", ".join(PLACEMENTS)}; got {placement!r}')
    if grey.shape == (height, width):
        return grey
    if placement == STRETCH:
        return _resize(grey, width, height)
    ratios = width / grey.shape[1], height / grey.shape[0]
    ratio = min(ratios) if placement == CONTAIN else max(ratios)
    scaled_width = max(1, round(grey.shape[1] * ratio))
    scaled_height = max(1, round(grey.shape[0] * ratio))
    if scaled_width * scaled_height > LARGEST_SCALED:  # of which nearly all would be cut off
        middle = _middle(grey, max(1, round(width / ratio)), max(1, round(height / ratio)))
        return _place(middle, width, height, placement)
    return _centre(_resize(grey, scaled_width, scaled_height), width, height)


def _middle(grey: np.ndarray, width: int, height: int) -> np.ndarray:
    """At most so many columns and rows about the middle of a picture."""
    left, top = max(0, grey.shape[1] - width) // 2, max(0, grey.shape[0] - height) // 2
    return grey[top : top + height, left : left + width]


def _resize(grey: np.ndarray, width: int, height: int) -> np.ndarray:
    smaller = width * height < grey.size
    interpolation = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return cv2.resize(grey, (width, height), interpolation=interpolation)


def _centre(grey: np.ndarray, width: int, height: int) -> np.ndarray:
    """Put `grey` into the middle of a black panel; what does not fit is cut off."""
    left, top = (width - grey.shape[1]) // 2, (height - grey.shape[0]) // 2
    panel = np.zeros((height, width), np.uint8)
    target = panel[max(top, 0) :, max(left, 0) :]
    source = grey[max(-top, 0) :, max(-left, 0) :]
    rows, columns = np.minimum(target.shape, source.shape)
    target[:rows, :columns] = source[:rows, :columns]
    return panel
