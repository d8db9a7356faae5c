# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The light in dark pupils: in both of them, or in none."""

from __future__ import annotations

import cv2
import numpy as np

from emotion_models.drawing.view import WIDTH

LEAST_FILL = 0.4
"""Eyes that are less filled have pupils without light in them, see `Identity.eye_fill`."""
_MOST_PX = 20  # of the area of a highlight
_NEAR_PX = 14  # from a highlight to the white of the eye, at most
_APART_PX = 14  # from the middle of the panel to the nearest place of a pupil


def equalise_highlights(picture: np.ndarray) -> None:
    """
    Take the highlight of an eye away, in place, where the other eye has none.

    A highlight is a small lit shape with something lit near it in all four directions.

    Args:
        picture: of a face with dark pupils, uint8 (64, 128) of 0 and 255.
    """
    _, labels, stats, centres = cv2.connectedComponentsWithStats(picture, connectivity=8)
    beside = np.abs(centres[:, 0] - (WIDTH - 1) / 2.0) >= _APART_PX
    small = np.flatnonzero(beside & (stats[:, cv2.CC_STAT_AREA] <= _MOST_PX))
    sides: dict[bool, list[int]] = {False: [], True: []}
    for label in small.tolist():
        if label > 0 and _is_in_an_eye(picture, *stats[label, :4].tolist()):
            sides[bool(centres[label, 0] > WIDTH / 2.0)].append(label)
    if bool(sides[False]) != bool(sides[True]):
        for label in (*sides[False], *sides[True]):
            picture[labels == label] = 0


def _is_in_an_eye(picture: np.ndarray, left: int, top: int, width: int, height: int) -> bool:
    """Whether something lit is near in all four directions."""
    row, column = top + height // 2, left + width // 2
    right, bottom = left + width, top + height
    return bool(
        picture[row, max(0, left - _NEAR_PX) : left].any()
        and picture[row, right : right + _NEAR_PX].any()
        and picture[max(0, top - _NEAR_PX) : top, column].any()
        and picture[bottom : bottom + _NEAR_PX, column].any()
    )
