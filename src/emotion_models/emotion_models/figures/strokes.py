# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Lines, discs and rounded boxes between the pixels of pictures, drawn by OpenCV."""

import cv2
import numpy as np

from emotion_models.imaging.images import Image

Colour = tuple[int, int, int]
"""Blue, green and red, 0 to 255."""

SHIFT = 4
"""Bits behind the point of the places that OpenCV is given."""
ARC = np.deg2rad(np.arange(0, 91, 10))


def bgr(colour: str) -> Colour:
    """The colour of `#rrggbb`."""
    red, green, blue = bytes.fromhex(colour.removeprefix('#'))
    return blue, green, red


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two, with this share of the other."""
    blue, green, red = (
        round(first + share * (second - first)) for first, second in zip(one, other, strict=True)
    )
    return blue, green, red


def polyline(
    image: Image, points: np.ndarray, colour: Colour, width: float, is_closed: bool = False
) -> None:
    """
    Draw straight lines from point to point.

    Args:
        image: written into.
        points: x and y in pixels, (N, 2).
        colour: of the line.
        width: in pixels, at least one.
        is_closed: the last point is joined with the first.
    """
    places = np.round(points * (1 << SHIFT)).astype(np.int32)
    cv2.polylines(
        image, [places], is_closed, colour, max(1, round(width)), cv2.LINE_AA, shift=SHIFT
    )


def disc(image: Image, centre: np.ndarray, radius: float, colour: Colour) -> None:
    """Draw a filled circle; everything in pixels."""
    x, y, reach = (round(float(value) * (1 << SHIFT)) for value in (*centre, radius))
    cv2.circle(image, (x, y), reach, colour, cv2.FILLED, cv2.LINE_AA, SHIFT)


def circle(image: Image, centre: np.ndarray, radius: float, colour: Colour, width: float) -> None:
    """Draw a circle; everything in pixels."""
    angles = np.linspace(0, 2 * np.pi, 73)[:-1]
    points = centre + radius * np.column_stack((np.cos(angles), np.sin(angles)))
    polyline(image, points, colour, width, is_closed=True)


def rounded_box(box: np.ndarray, radius: float) -> np.ndarray:
    """
    The outline of a box with round corners, (N, 2).

    Args:
        box: x, y, width, height in pixels.
        radius: of the corners; smaller where the box is small.
    """
    x, y, width, height = (float(value) for value in box)
    radius = min(radius, width / 2, height / 2)
    arc = radius * np.column_stack((np.cos(ARC), np.sin(ARC)))
    left, right, top, bottom = x + radius, x + width - radius, y + radius, y + height - radius
    return np.concatenate(
        (
            arc * (1, 1) + (right, bottom),
            arc[::-1] * (-1, 1) + (left, bottom),
            arc * (-1, -1) + (left, top),
            arc[::-1] * (1, -1) + (right, top),
        )
    )


def fill(image: Image, outline: np.ndarray, colour: Colour) -> None:
    """Fill the inside of an outline (N, 2)."""
    places = np.round(outline * (1 << SHIFT)).astype(np.int32)
    cv2.fillPoly(image, [places], colour, cv2.LINE_AA, SHIFT)
