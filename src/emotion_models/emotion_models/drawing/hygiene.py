# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Faults of single pixels in a one-bit picture of a face, counted.

A picture is uint8 (64, 128) of 0 and 255 as `to_one_bit` makes it. Where a rule is about a part
of the face, the drawing that the picture shows is given too: `Drawn`. Counts are 0 in a picture
without faults.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from emotion_models.drawing.action_units import ActionUnits
from emotion_models.drawing.geometry import (
    Eye,
    brow_outline,
    cheek_strokes,
    eye_curves,
    face_shift,
    marks,
    mouth_curves,
)
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.view import HEIGHT, WIDTH, View

SMALLEST_PX = 3  # area of the smallest shape that is no speck
BAR_PX = 4  # a line has no square of so many lit pixels in each direction


class Drawn(NamedTuple):
    """What a picture shows."""

    units: ActionUnits
    identity: Identity
    view: View = View()

    def on_panel(self, points: np.ndarray) -> np.ndarray:
        """Face coordinates (N, 2) to pixels of the panel (N, 2), x and y, float."""
        matrix = self.view.matrix()
        return (points + face_shift(self.view)) @ matrix[:, :2].T + matrix[:, 2]

    def eye(self, side: int) -> Eye:
        """The eye at the left (-1) or right (1) of the picture, in face coordinates."""
        return eye_curves(self.units, self.identity, self.view, side)


def _areas(lit: np.ndarray, connectivity: int) -> np.ndarray:
    """Pixels of every shape, (N,)."""
    stats = cv2.connectedComponentsWithStats(lit.astype(np.uint8), connectivity=connectivity)[2]
    return stats[1:, cv2.CC_STAT_AREA]


def count_lit_specks(picture: np.ndarray) -> int:
    """Lit shapes of fewer than 3 pixels, joined also over corners (8-connected)."""
    return int((_areas(picture > 0, 8) < SMALLEST_PX).sum())


def count_dark_specks(picture: np.ndarray) -> int:
    """Dark shapes and holes of fewer than 3 pixels, not joined over corners (4-connected)."""
    return int((_areas(picture == 0, 4) < SMALLEST_PX).sum())


def mirror_difference(
    picture: np.ndarray, shift_x: int = 0, left_out: np.ndarray | None = None
) -> int:
    """
    Pixels in which the left half, mirrored, differs from the right half.

    Args:
        picture: uint8 (64, 128).
        shift_x: whole pixels from the middle of the panel to the axis of the face, to the right.
        left_out: bool (64, 128), pixels that do not count, such as `highlight_mask`.
    """
    differs = np.zeros((HEIGHT, WIDTH), bool)
    mirrored = np.roll(picture[:, ::-1], 2 * shift_x, axis=1)
    differs = (picture > 0) != (mirrored > 0)
    if left_out is not None:
        differs &= ~(left_out | np.roll(left_out[:, ::-1], 2 * shift_x, axis=1))
    return int(differs.sum()) // 2


def highlight_mask(drawn: Drawn) -> np.ndarray:
    """Where the light in the pupils is, which comes from one side: bool (64, 128)."""
    covered = np.zeros((HEIGHT, WIDTH), bool)
    for side in (-1, 1):
        eye = drawn.eye(side)
        light = eye.hole if eye.dark is not None else None
        for shape in (light, eye.glint):
            if shape is not None:
                corners = drawn.on_panel(shape)
                low, high = corners.min(axis=0) - 1.0, corners.max(axis=0) + 2.0
                covered[_span(low[1], high[1]), _span(low[0], high[0])] = True
    return covered


def _span(low: float, high: float) -> slice:
    return slice(max(0, int(np.floor(low))), max(0, int(np.floor(high))))


def _labels_at(labels: np.ndarray, pixels: np.ndarray) -> set[int]:
    """Numbers of the shapes at positions (N, 2), x and y; without the ground."""
    x, y = np.floor(pixels).astype(int).T
    inside = (x >= 0) & (x < WIDTH) & (y >= 0) & (y < HEIGHT)
    return set(labels[y[inside], x[inside]].tolist()) - {0}


def count_merged_parts(picture: np.ndarray, drawn: Drawn) -> dict[str, int]:
    """Parts that touch though they should not: `brow_eye`, `eye_mouth` and `nose_mouth`."""
    _, labels = cv2.connectedComponents((picture > 0).astype(np.uint8), connectivity=8)
    mouth = mouth_curves(drawn.units, drawn.identity, drawn.view)
    lips = _labels_at(labels, drawn.on_panel(np.concatenate(mouth)))
    merged = {'brow_eye': 0, 'eye_mouth': 0, 'nose_mouth': 0}
    for side in (-1, 1):
        eye = drawn.eye(side)
        lids = _labels_at(labels, drawn.on_panel(np.concatenate([eye.upper_lid, eye.lower_lid])))
        brow = brow_outline(drawn.units, drawn.identity, side, drawn.view)
        half = len(brow) // 2
        middle = (brow[:half] + brow[: half - 1 : -1]) / 2.0
        merged['brow_eye'] += bool(_labels_at(labels, drawn.on_panel(middle)) & lids)
        merged['eye_mouth'] += bool(lips & lids)
    if drawn.identity.nose >= 0.25:
        nose = marks(drawn.units, drawn.identity, mouth, drawn.view)[0]
        merged['nose_mouth'] = int(bool(_labels_at(labels, drawn.on_panel(nose)) & lips))
    return merged


def count_mouth_faults(picture: np.ndarray, drawn: Drawn) -> int:
    """
    What makes a mouth neither one line nor an open one: a filled bar, dark in several pieces.

    A mouth without dark in it is a line: without a lit square of 4 x 4 pixels (times the zoom).
    An open one has one dark shape between the lips; pieces beyond the first count.
    """
    mouth = mouth_curves(drawn.units, drawn.identity, drawn.view)
    shape, inside = _shape_of(picture, drawn.on_panel(np.concatenate(mouth)))
    pieces = len(_areas(inside, 4))
    if pieces:
        return pieces - 1
    if shape[[0, -1]].any() or shape[:, [0, -1]].any():
        return 0  # cut by the edge of the panel
    square = np.ones((round(BAR_PX * max(1.0, np.sqrt(drawn.view.zoom))),) * 2, np.uint8)
    return int(cv2.erode(shape, square, borderValue=0).any())


def _shape_of(picture: np.ndarray, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lit shapes at these positions, uint8, and the dark that they enclose, bool."""
    _, labels = cv2.connectedComponents((picture > 0).astype(np.uint8), connectivity=8)
    shape = np.isin(labels, list(_labels_at(labels, pixels))).astype(np.uint8)
    padded = np.pad(1 - shape, 1, constant_values=1)
    _, ground = cv2.connectedComponents(padded, connectivity=4)
    return shape, ((ground != ground[0, 0]) & (padded > 0))[1:-1, 1:-1]


def count_blush_faults(picture: np.ndarray, drawn: Drawn) -> int:
    """Strokes of blush that are missing on a cheek, or joined to something, where it is shown."""
    _, labels = cv2.connectedComponents((picture > 0).astype(np.uint8), connectivity=8)
    faults = 0
    for side in (-1, 1):
        strokes = cheek_strokes(drawn.units, drawn.view, side)
        found = [_labels_at(labels, drawn.on_panel(s.mean(axis=0)[None])) for s in strokes]
        faults += len(strokes) - len(set().union(*found))
    return faults


def heart_notches(picture: np.ndarray, drawn: Drawn) -> list[int]:
    """
    How deep the notch at the top of every heart is, in pixels; empty where there is none.

    A heart is dark in a filled eye and lit in an outlined one.
    """
    depths = []
    for side in (-1, 1):
        eye = drawn.eye(side)
        heart = eye.hole if eye.dark is None else eye.pupil
        if eye.heart < 0.9 or heart is None:
            continue
        shape = drawn.on_panel(heart)
        low, high = np.floor(shape.min(axis=0)), np.ceil(shape.max(axis=0))
        colour = picture[_span(low[1] - 1, high[1] + 1), _span(low[0], high[0])] > 0
        if eye.dark is None:
            colour = ~colour
        tops = _tops(colour)
        half = len(tops) // 2
        middle = tops[half - 1 : half + 1 + len(tops) % 2].max()
        depths.append(int(middle - max(tops[:half].min(), tops[half:].min())))
    return depths


def _tops(shape: np.ndarray) -> np.ndarray:
    """First row of the largest shape in every column, its height where it is not."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(shape.astype(np.uint8), connectivity=4)
    if len(stats) < 2:
        return np.full(shape.shape[1], shape.shape[0])
    largest = labels == 1 + np.argmax(stats[1:, cv2.CC_STAT_AREA])
    return np.where(largest.any(axis=0), largest.argmax(axis=0), shape.shape[0])


def lower_lid_curves(picture: np.ndarray, drawn: Drawn) -> list[int]:
    """By how many rows the lower edge of each eye changes from its corners to its middle."""
    changes = []
    for side in (-1, 1):
        eye = drawn.eye(side)
        lids = drawn.on_panel(np.concatenate([eye.upper_lid, eye.lower_lid]))
        shape, _ = _shape_of(picture, lids)
        columns = np.nonzero(shape.any(axis=0))[0]
        columns = columns[(columns >= lids[:, 0].min() - 2) & (columns <= lids[:, 0].max() + 2)]
        last = HEIGHT - 1 - shape[::-1].argmax(axis=0)[columns]
        middle = last[len(last) // 2 - 1 : len(last) // 2 + 2]
        corners = np.concatenate([last[1:5], last[-5:-1]])
        changes.append(int(abs(np.median(middle) - corners.max())))
    return changes


def count_gap_faults(picture: np.ndarray, drawn: Drawn) -> int:
    """
    Dark between a white pupil and a lid that is neither whole nor gone.

    Counted are pieces of dark that pupil and lids enclose between them: along the arc where a
    pupil touches a lid there is no dark at all, and where it does not, the dark is one piece.
    """
    faults = 0
    for side in (-1, 1):
        eye = drawn.eye(side)
        if eye.dark is None:
            continue
        pupil = drawn.on_panel(eye.pupil)
        left, right = pupil[:, 0].min(), pupil[:, 0].max()
        _, inside = _shape_of(
            picture, drawn.on_panel(np.concatenate([eye.upper_lid, eye.lower_lid]))
        )
        inside |= _enclosed(picture, drawn, eye)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(
            inside.astype(np.uint8), connectivity=4
        )
        light = set()
        if eye.hole is not None:
            light = _labels_at(labels, drawn.on_panel(eye.hole.mean(axis=0)[None]))
        for number in range(1, count):
            first, width = stats[number, cv2.CC_STAT_LEFT], stats[number, cv2.CC_STAT_WIDTH]
            within = first >= left - 0.5 and first + width <= right + 0.5
            faults += within and number not in light
    return faults


def _enclosed(picture: np.ndarray, drawn: Drawn, eye: Eye) -> np.ndarray:
    """The dark pixels between the lids of an eye, bool (64, 128)."""
    outline = drawn.on_panel(np.concatenate([eye.upper_lid, eye.lower_lid[::-1]]))
    between = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillPoly(between, [np.floor(outline).astype(np.int32)], 1)
    return (between > 0) & (picture == 0)


def count_faults(picture: np.ndarray, drawn: Drawn) -> dict[str, int]:
    """All counts of a picture by the name of the rule, without those of mirror and lids of joy."""
    return {
        'lit_specks': count_lit_specks(picture),
        'dark_specks': count_dark_specks(picture),
        **count_merged_parts(picture, drawn),
        'mouth': count_mouth_faults(picture, drawn),
        'blush': count_blush_faults(picture, drawn),
        'heart': sum(depth < 1 for depth in heart_notches(picture, drawn)),
        'gap': count_gap_faults(picture, drawn) if drawn.identity.eye_fill == 0.0 else 0,
    }
