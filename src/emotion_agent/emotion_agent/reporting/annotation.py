# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The camera image with boxes and readings drawn on it, for setting up a robot."""

from collections.abc import Sequence

import cv2
import numpy as np

from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime import Face

# BGR; from displeasure over neutral to pleasure.
_RED, _YELLOW, _GREEN = (60, 60, 230), (60, 210, 240), (80, 200, 80)
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def annotate(image: np.ndarray, faces: Sequence[Face]) -> np.ndarray:
    """
    Draw the box, the expression and a valence-arousal pad for each face.

    Args:
        image: uint8, (height, width) grey or (height, width, 3) BGR; left as it is.
        faces: as read from it.

    Returns:
        uint8, (height, width, 3), BGR.
    """
    drawn = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR) if image.ndim == 2 else image.copy()
    scale = max(0.4, image.shape[0] / 720)
    for face in faces:
        _draw_face(drawn, face, scale)
    return drawn


def _draw_face(drawn: np.ndarray, face: Face, scale: float) -> None:
    x, y, width, height = (round(value) for value in face.box)
    colour = _valence_colour(face.valence)
    cv2.rectangle(drawn, (x, y), (x + width, y + height), colour, max(1, round(2 * scale)))
    best = int(np.argmax(face.expression))
    lines = (
        f'{face.id}: {EXPRESSIONS[best].lower()} {face.expression[best]:.0%}',
        f'V {face.valence:+.2f}  A {face.arousal:+.2f}  confidence {face.confidence:.2f}',
    )
    line_px = round(26 * scale)
    for number, line in enumerate(lines):
        _write(drawn, line, (x, y - round(8 * scale) - (1 - number) * line_px), scale)
    pad_px = max(32, width // 2)
    _draw_pad(drawn, (x + width - pad_px, y + height + round(6 * scale)), pad_px, face, colour)


def _draw_pad(drawn: np.ndarray, corner: tuple[int, int], side: int, face: Face, colour) -> None:
    """Draw valence to the right and arousal upwards as a point in a square."""
    x, y = corner
    middle = side // 2
    cv2.rectangle(drawn, corner, (x + side, y + side), _BLACK, cv2.FILLED)
    cv2.rectangle(drawn, corner, (x + side, y + side), _WHITE, 1)
    cv2.line(drawn, (x, y + middle), (x + side, y + middle), _WHITE, 1)
    cv2.line(drawn, (x + middle, y), (x + middle, y + side), _WHITE, 1)
    point = x + round(middle * (1 + face.valence)), y + round(middle * (1 - face.arousal))
    cv2.circle(drawn, point, max(2, side // 12), colour, cv2.FILLED, cv2.LINE_AA)


def _write(drawn: np.ndarray, text: str, corner: tuple[int, int], scale: float) -> None:
    """Write white text with a black edge, readable on any background, inside the image."""
    (width, height), _ = cv2.getTextSize(text, _FONT, 0.7 * scale, 1)
    x = max(0, min(corner[0], drawn.shape[1] - width))
    y = max(height, corner[1])
    for colour, thickness in ((_BLACK, 3), (_WHITE, 1)):
        cv2.putText(drawn, text, (x, y), _FONT, 0.7 * scale, colour, thickness, cv2.LINE_AA)


def _valence_colour(valence: float) -> tuple[int, ...]:
    other = np.array(_GREEN if valence > 0 else _RED)
    mixed = np.array(_YELLOW) + min(1.0, abs(valence) / 0.6) * (other - np.array(_YELLOW))
    return tuple(int(value) for value in mixed)
