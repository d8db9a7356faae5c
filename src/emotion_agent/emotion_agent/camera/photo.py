# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A photo fitted into an image, as it stands or with a slow motion."""

import math
from collections.abc import Generator
from itertools import count

import cv2
import numpy as np

from emotion_models.imaging.images import shrink_to

LARGEST_SHARE = 4  # sides of a photo that is moved, relative to the image

# How far a photo moves: to each side as a share of the image, towards the camera, and about it.
SWAY, NEARER, TILT_DEG = (0.03, 0.02), 0.05, 3.0
# How far off its place a corner may be, and how far a photo is shifted by whole pixels.
LARGEST_LAG_PX, AROUND_PX = 2.0, 8


def moving_photo(
    photo: np.ndarray, size: tuple[int, int], rate_hz: float
) -> Generator[np.ndarray, None, None]:
    """
    Yield `photo` for ever with a slow motion, as of a person in front of a camera.

    It is turned and scaled anew when a corner would else be more than `LARGEST_LAG_PX` off its
    place, a few times a second; in between it is shifted by whole pixels, which takes a tenth.
    """
    photo, _ = shrink_to(photo, LARGEST_SHARE * max(size))  # once, not for every image
    # Its edge is repeated once: for every sheet, that would take as long as the warp itself.
    margins = _margins(photo.shape, size)
    right, down = margins
    padded = cv2.copyMakeBorder(photo, down, down, right, right, cv2.BORDER_REPLICATE)
    sheet: _Sheet | None = None
    for index in count():
        matrix = _moved(photo.shape, size, index / rate_hz)
        matrix[:, 2] -= matrix[:, :2] @ margins
        if sheet is None or not sheet.reaches(matrix):
            sheet = _Sheet(padded, matrix, size)
        yield sheet.picture(matrix)


class _Sheet:
    """
    An image of a photo with what surrounds it, from which the next images are cut.

    Args:
        photo: uint8, (h, w, 3).
        matrix: from pixels of the photo to those of the image, (2, 3).
        size: (width, height) of the image, pixels.
    """

    def __init__(self, photo: np.ndarray, matrix: np.ndarray, size: tuple[int, int]) -> None:
        width, height = self._size = size
        self._corners = np.array([(x, y) for x in (0.0, width) for y in (0.0, height)]).T
        on_photo = cv2.invertAffineTransform(matrix) @ np.vstack([self._corners, np.ones(4)])
        self._on_photo = np.vstack([on_photo, np.ones(4)])
        self._pixels = _warp(
            photo,
            matrix + np.array([0.0, 0.0, AROUND_PX]),
            (width + 2 * AROUND_PX, height + 2 * AROUND_PX),
        )

    def reaches(self, matrix: np.ndarray) -> bool:
        """Whether an image can be cut from it where the photo is placed by `matrix`, (2, 3)."""
        ways, shift = self._ways(matrix)
        lags = ways - shift[:, None]
        return bool((lags**2).sum(0).max() <= LARGEST_LAG_PX**2 and abs(shift).max() <= AROUND_PX)

    def picture(self, matrix: np.ndarray) -> np.ndarray:
        """That image, uint8 (height, width, 3)."""
        left, top = (AROUND_PX - self._ways(matrix)[1]).astype(int)
        width, height = self._size
        return self._pixels[top : top + height, left : left + width].copy()

    def _ways(self, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How far the corners move (2, 4), and the image as a whole (2,), in whole pixels."""
        ways = matrix @ self._on_photo - self._corners
        return ways, np.rint(ways.mean(1))


def _moved(photo_shape: tuple[int, ...], size: tuple[int, int], time_s: float) -> np.ndarray:
    """Where the moving photo is, as of `_placing`."""
    return _placing(
        photo_shape,
        size,
        shift=(SWAY[0] * math.sin(0.9 * time_s), SWAY[1] * math.sin(1.3 * time_s + 1.0)),
        zoom=1.0 + NEARER * math.sin(0.5 * time_s),
        angle_deg=TILT_DEG * math.sin(0.7 * time_s),
    )


def _margins(photo_shape: tuple[int, ...], size: tuple[int, int]) -> tuple[int, int]:
    """Pixels (x, y) by which a sheet reaches beyond the photo, where it moves the furthest."""
    width, height = (
        (0.5 + sway) * side + AROUND_PX for sway, side in zip(SWAY, size, strict=True)
    )
    scale = (1.0 - NEARER) * min(size[0] / photo_shape[1], size[1] / photo_shape[0])
    tilt = math.sin(math.radians(TILT_DEG))
    reach_x, reach_y = (width + tilt * height) / scale, (height + tilt * width) / scale
    return (
        max(0, math.ceil(reach_x - photo_shape[1] / 2)),
        max(0, math.ceil(reach_y - photo_shape[0] / 2)),
    )


def place(
    photo: np.ndarray,
    size: tuple[int, int],
    shift: tuple[float, float] = (0.0, 0.0),
    zoom: float = 1.0,
    angle_deg: float = 0.0,
) -> np.ndarray:
    """
    Fit a whole photo into an image of another size; its edge pixels are repeated around it.

    Args:
        photo: uint8, (h, w, 3).
        size: (width, height) of the result, pixels.
        shift: (x, y) as a share of the width and height.
        zoom: 1 = as large as fits.
        angle_deg: rotation, anticlockwise.

    Returns:
        uint8, (height, width, 3).
    """
    # OpenCV warps no side of 2**15 pixels, and leaves out what lies between far pixels.
    photo, _ = shrink_to(photo, LARGEST_SHARE * max(size))
    return _warp(photo, _placing(photo.shape, size, shift, zoom, angle_deg), size)


def _placing(
    photo_shape: tuple[int, ...],
    size: tuple[int, int],
    shift: tuple[float, float],
    zoom: float,
    angle_deg: float,
) -> np.ndarray:
    """From pixels of the photo to those of the image, float64 (2, 3); arguments as of `place`."""
    width, height = size
    photo_height, photo_width = photo_shape[:2]
    scale = zoom * min(width / photo_width, height / photo_height)
    matrix = cv2.getRotationMatrix2D((photo_width / 2, photo_height / 2), angle_deg, scale)
    matrix[0, 2] += width / 2 - photo_width / 2 + shift[0] * width
    matrix[1, 2] += height / 2 - photo_height / 2 + shift[1] * height
    return matrix


def _warp(photo: np.ndarray, matrix: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    return cv2.warpAffine(
        photo, matrix, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )
