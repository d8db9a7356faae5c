# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The parametric face: lines drawn at four times the resolution of the panel, then averaged."""

from __future__ import annotations

import cv2
import numpy as np

from emotion_models.drawing.action_units import as_action_units
from emotion_models.drawing.fields import average, distance_field
from emotion_models.drawing.geometry import (
    Eye,
    brow_outline,
    eye_curves,
    face_shift,
    lid_lines,
    marks,
    mouth_curves,
    mouth_line,
    tear_drop,
    teeth,
)
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.specks import find_specks
from emotion_models.drawing.view import HEIGHT, WIDTH, View

SUPERSAMPLING = 4
THRESHOLD = 0.42  # grey above which a pixel is lit: a line of 2 px stays 2 px wide
_HEART = 0.5  # how much of one makes a pupil a heart
_FRACTION_BITS = 4  # OpenCV takes coordinates as integers with this many fractional bits
_BLACK, _WHITE = 0, 255
_THRESHOLD_8_BIT = int(THRESHOLD * 255.0)
_NARROWEST = np.ones((7, 7), np.uint8)  # of the enlarged canvas: less than two pixels


class _Pen:
    """Draws shapes given in face coordinates on the enlarged canvas."""

    def __init__(self, view: View):
        self.canvas: np.ndarray = np.zeros(
            (HEIGHT * SUPERSAMPLING, WIDTH * SUPERSAMPLING), np.uint8
        )
        matrix = view.matrix() * SUPERSAMPLING
        matrix[:, 2] += matrix[:, :2] @ face_shift(view)
        matrix[:, 2] -= 0.5  # OpenCV counts from the centre of the first pixel
        matrix *= 1 << _FRACTION_BITS
        self._linear, self._offset = matrix[:, :2].T.copy(), matrix[:, 2] + 0.5  # to the nearest
        self._is_flipped = False
        # Lines grow less than the face, so that they stay lines when it comes near.
        self._line_scale = SUPERSAMPLING * np.sqrt(view.zoom)

    def _fixed_point(self, points: np.ndarray) -> np.ndarray:
        return (np.dot(points, self._linear) + self._offset).astype(np.int32)

    def flip(self) -> None:
        """Turn the canvas left to right, so that left halves are drawn as right ones are."""
        self.canvas = cv2.flip(self.canvas, 1)
        self._linear[:, 0] *= -1.0
        last = (self.canvas.shape[1] - 1) << _FRACTION_BITS
        self._offset[0] = last + 1.0 - self._offset[0]
        self._is_flipped = not self._is_flipped

    def line(self, points: np.ndarray, weight: float, closed: bool = False) -> None:
        """An open or closed line, `weight` pixels wide at zoom 1, with round ends."""
        width = max(1, round(weight * self._line_scale))
        cv2.polylines(
            self.canvas,
            [self._fixed_point(points[::-1] if self._is_flipped else points)],
            closed,
            _WHITE,
            width,
            cv2.LINE_8,
            _FRACTION_BITS,
        )

    def fill(self, points: np.ndarray, colour: int) -> None:
        """A filled shape."""
        cv2.fillPoly(self.canvas, [self._fixed_point(points)], colour, cv2.LINE_8, _FRACTION_BITS)

    def close_gaps(self) -> None:
        """Fill what is too narrow to stay dark on the panel."""
        cv2.morphologyEx(self.canvas, cv2.MORPH_CLOSE, _NARROWEST, self.canvas)

    def picture(self) -> np.ndarray:
        """
        What was drawn, averaged to the resolution of the panel, float32 (64, 128) in [0, 1].

        What would be a speck of one or two pixels on the panel is taken away, here and on the
        canvas.
        """
        grey = average(self.canvas, WIDTH, HEIGHT)
        _, lit = cv2.threshold(grey, _THRESHOLD_8_BIT, 1, cv2.THRESH_BINARY)
        for specks, colour in zip(find_specks(lit), (_BLACK, _WHITE), strict=True):
            for row, column in specks:
                grey[row, column] = colour
                y, x = SUPERSAMPLING * row, SUPERSAMPLING * column
                self.canvas[y : y + SUPERSAMPLING, x : x + SUPERSAMPLING] = colour
        return grey * np.float32(1.0 / 255.0)


class ParametricFace:
    """
    Draws a face from action units.

    Args:
        identity: its proportions.
    """

    def __init__(self, identity: Identity | None = None):
        self.identity = identity or Identity.default()

    def render(self, action_units, view: View | None = None) -> np.ndarray:
        """
        The face as anti-aliased white lines on black.

        Args:
            action_units: (N_ACTION_UNITS,) in [0, 1], see `ActionUnits`.
            view: gaze, blink and framing; looks straight ahead at zoom 1 by default.

        Returns:
            float32 (64, 128) in [0, 1].

        Raises:
            ValueError: if `action_units` has another length.
        """
        return self._draw(action_units, view or View()).picture()

    def render_field(self, action_units, view: View | None = None) -> np.ndarray:
        """
        The same drawing as a signed distance field, see `distance_field`.

        Returns:
            float32 (64, 128), pixels of the panel: positive inside the lines, negative outside.

        Raises:
            ValueError: if `action_units` has another length.
        """
        pen = self._draw(action_units, view or View())
        pen.picture()  # takes the specks away
        return distance_field(pen.canvas)

    def _draw(self, action_units, view: View) -> _Pen:
        units, identity = as_action_units(action_units), self.identity
        pen = _Pen(view)
        mouth = mouth_curves(units, identity, view)
        eyes = {side: eye_curves(units, identity, view, side) for side in (1, -1)}
        eyes = _with_equal_light(eyes)
        for side, eye in eyes.items():
            _draw_eye(pen, eye, identity)
            if side > 0:
                pen.flip()
        if any(eye.dark is not None for eye in eyes.values()):
            pen.close_gaps()
        lines = marks(units, identity, mouth, view)
        smile, lip_weight = teeth(mouth, units, identity), mouth_line(units, identity)
        lips = np.concatenate([mouth.upper_lip, mouth.lower_lip[::-1]])
        for side in (-1, 1):
            if side > 0:
                pen.flip()
            _draw_hole(pen, eyes[side])  # after the gaps, whose squares would make it square
            if smile is not None:
                pen.fill(smile, _WHITE)
            pen.line(lips, lip_weight, closed=True)
            pen.fill(brow_outline(units, identity, side, view), _WHITE)
            for line in lines:
                pen.line(line, identity.line_weight)
        drop = tear_drop(units, identity, view)
        if drop is not None:
            pen.fill(drop, _WHITE)
        return pen


def to_one_bit(grey: np.ndarray) -> np.ndarray:
    """The picture as the panel shows it: uint8 of 0 and 255, same shape."""
    return np.where(grey > THRESHOLD, np.uint8(255), np.uint8(0))


def _with_equal_light(eyes: dict[int, Eye]) -> dict[int, Eye]:
    """Highlights in both pupils, or in none."""
    if any(eye.glint is None for eye in eyes.values()):
        eyes = {side: eye._replace(glint=None) for side, eye in eyes.items()}
    if any(eye.dark is not None and eye.hole is None for eye in eyes.values()):
        eyes = {
            side: eye._replace(hole=None) if eye.dark is not None else eye
            for side, eye in eyes.items()
        }
    return eyes


def _draw_eye(pen: _Pen, eye: Eye, identity: Identity) -> None:
    if eye.fill > 0.0:
        pen.fill(np.concatenate([eye.upper_lid, eye.lower_lid[::-1]]), _WHITE)
        if eye.dark is not None:
            pen.fill(eye.dark, _BLACK)
    if eye.dark is not None and eye.heart < _HEART:
        pen.fill(eye.pupil, _WHITE)
    if eye.dark is not None:
        for lid, edge in (
            (eye.upper_lid, min(eye.pupil[:, 1].min(), eye.upper_lid[:, 1].min()) - 1.0),
            (eye.lower_lid, max(eye.pupil[:, 1].max(), eye.lower_lid[:, 1].max()) + 1.0),
        ):
            beyond = np.array([[lid[-1, 0], edge], [lid[0, 0], edge]])
            pen.fill(np.concatenate([lid, beyond]), _BLACK)
    upper, lower = lid_lines(identity)
    pen.line(eye.lower_lid, lower)
    pen.line(eye.upper_lid, upper)


def _draw_hole(pen: _Pen, eye: Eye) -> None:
    if eye.dark is not None and eye.heart >= _HEART:
        pen.fill(eye.pupil, _WHITE)
    if eye.hole is not None:
        pen.fill(eye.hole, _BLACK)
    if eye.glint is not None:
        pen.fill(eye.glint, _WHITE)
