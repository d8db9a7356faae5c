# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Running curves over the last seconds, and the plane of valence and arousal, on dark ground."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from emotion_models.figures.lettering import Lettering
from emotion_models.figures.strokes import (
    Colour,
    bgr,
    circle,
    disc,
    fill,
    mix,
    polyline,
    rounded_box,
)
from emotion_models.imaging.images import Image

GROUND, FIELD, HOLE = bgr('#12161c'), bgr('#1b212a'), bgr('#2a323e')
GRID, ZERO, FAINT = bgr('#303947'), bgr('#566171'), bgr('#7f8b9b')
INK, GREY, RAW = bgr('#eef1f5'), bgr('#a9b4c2'), bgr('#c3cad4')
# The palette of Okabe and Ito, which colour-blind people tell apart, without its dark blue.
SKY, ORANGE, GREEN = bgr('#56b4e9'), bgr('#e69f00'), bgr('#009e73')
YELLOW, VERMILION, PURPLE = bgr('#f0e442'), bgr('#d55e00'), bgr('#cc79a7')
OF_FACES = (SKY, ORANGE, GREEN, PURPLE, YELLOW, VERMILION)

WINDOW_S = 10.0
"""Seconds that the curves show."""
PATH_S, SHADES = 3.0, 16
"""Seconds of the path in the plane, and how many steps it fades in."""
FINER = 3
"""Curves are drawn so many times as large: their short pieces would show as beads."""
STEPS_S = (0.1, 0.2, 0.5, 1.0, 2.0)
CORNERS = (('tense', -1, 1), ('excited', 1, 1), ('gloomy', -1, -1), ('calm', 1, -1))


class Rect(NamedTuple):
    """A part of a picture, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns of it."""
        x, y = round(self.x), round(self.y)
        return slice(y, y + round(self.height)), slice(x, x + round(self.width))


class Curve(NamedTuple):
    """
    A curve up to now.

    Args:
        times_s: ascending, (N,).
        values: in [-1, 1], (N,), NaN where there is none.
        colour: of the line.
        width: of the line, in units.
        mark: written at its end, if it reaches up to now; none = no end is marked.
    """

    times_s: np.ndarray
    values: np.ndarray
    colour: Colour
    width: float
    mark: str | None = None

    def reaches(self, now_s: float) -> bool:
        """Whether it has a value now."""
        return bool(self.times_s[-1] == now_s and np.isfinite(self.values[-1]))


class Letters(NamedTuple):
    """Sizes of text."""

    usual: Lettering
    small: Lettering
    title: Lettering

    @classmethod
    def of(cls, unit: float) -> 'Letters':
        """For pictures so many times as large as one of 640 pixels."""
        return cls(Lettering(12 * unit), Lettering(10.5 * unit), Lettering(12.5 * unit, True))


class CurveChart:
    """
    Curves over the last seconds; what is now stands at the right end as soon as they are full.

    Args:
        area: of the curves; the title is above, the scale to the left.
        unit: pixels of the picture to one of a picture of 640.
        title: name of what is drawn.
        ends: what the greatest and the least value mean.
        window_s: seconds from the left to the right.
    """

    def __init__(
        self, area: Rect, unit: float, title: str, ends: tuple[str, str], window_s: float
    ) -> None:
        self.area, self.unit, self.title, self.ends = area, unit, title, ends
        self.window_s = window_s
        self._letters = Letters.of(unit)

    def draw_ground(self, image: Image) -> None:
        """Draw what does not change."""
        area, unit = self.area, self.unit
        fill(image, rounded_box(np.array(area), 4 * unit), FIELD)
        for value, name in ((1, '+1'), (0, '0'), (-1, '−1')):
            y = area.y + self._down(value)
            ends = np.array([(area.x, y), (area.x + area.width, y)])
            polyline(image, ends, ZERO if value == 0 else GRID, unit)
            at = area.x - 6 * unit, y
            self._letters.small.write(image, name, at, GREY, 'right')
        above = area.y - 9 * unit
        self._letters.title.write(image, self.title, (area.x, above), INK)
        width = self._letters.title.width(self.title)
        meaning = f'{self.ends[1]} to {self.ends[0]}'
        self._letters.small.write(image, meaning, (area.x + width + 8 * unit, above), FAINT)

    def draw(
        self,
        image: Image,
        now_s: float,
        curves: Sequence[Curve],
        holes_s: np.ndarray,
    ) -> None:
        """
        Draw the curves.

        Args:
            image: written into.
            now_s: the time of the picture.
            curves: those that are drawn last lie above.
            holes_s: beginnings and ends of the times without a face, (N, 2).
        """
        view = image[self.area.slices]
        self._draw_holes(view, now_s, holes_s)
        large = cv2.resize(view, None, fx=FINER, fy=FINER, interpolation=cv2.INTER_NEAREST)
        for curve in curves:
            self._draw_curve(large, now_s, curve)
        view[:] = cv2.resize(large, view.shape[1::-1], interpolation=cv2.INTER_AREA)
        self._mark_ends(view, now_s, curves)

    def write_value(self, image: Image, value: float | None, colour: Colour) -> None:
        """Write what it is now, above the right end."""
        text = '–' if value is None else f'{value:+.2f}'.replace('-', '−')
        at = self.area.x + self.area.width, self.area.y - 9 * self.unit
        self._letters.title.write(image, text, at, GREY if value is None else colour, 'right')

    def write_times(self, image: Image, now_s: float) -> None:
        """Write the times below, and draw the lines above them."""
        begin_s = self._begins(now_s)
        step_s = next((s for s in STEPS_S if self.window_s / s <= 7), STEPS_S[-1])
        view = image[self.area.slices]
        below = self.area.y + self.area.height + 9 * self.unit
        for number in range(
            int(np.ceil(begin_s / step_s - 1e-6)),
            int((begin_s + self.window_s) / step_s + 1e-6) + 1,
        ):
            x = self._across(number * step_s, begin_s)
            polyline(view, np.array([(x, self.area.height - 4 * self.unit),
                                     (x, self.area.height)]), ZERO, self.unit)  # fmt: skip
            name = clock(number * step_s, step_s)
            reach = self._letters.small.width(name) / 2
            at = np.clip(x, reach - 4 * self.unit, self.area.width - reach)
            self._letters.small.write(image, name, (self.area.x + at, below), GREY, 'centre')

    def _draw_holes(self, view: Image, now_s: float, holes_s: np.ndarray) -> None:
        begin_s = self._begins(now_s)
        for first_s, end_s in holes_s[(holes_s[:, 1] > begin_s) & (holes_s[:, 0] <= now_s)]:
            left, right = (self._across(min(s, now_s), begin_s) for s in (first_s, end_s))
            left = max(left, 0.0)
            view[:, round(left) : max(round(right), round(left) + 1)] = HOLE
            if right - left > 52 * self.unit:
                at = (left + right) / 2, self._down(0)
                self._letters.small.write(view, 'no face', at, GREY, 'centre')

    def _draw_curve(self, view: Image, now_s: float, curve: Curve) -> None:
        begin_s = self._begins(now_s)
        first = max(0, int(np.searchsorted(curve.times_s, begin_s)) - 1)
        times_s, values = curve.times_s[first:], curve.values[first:]
        points = np.column_stack((self._across(times_s, begin_s), self._down(values)))
        for part in np.split(points, np.flatnonzero(np.isnan(values))):
            inside = part[np.isfinite(part[:, 1])]
            if len(inside):
                width = FINER * curve.width * self.unit
                polyline(view, FINER * inside, curve.colour, width)

    def _mark_ends(self, view: Image, now_s: float, curves: Sequence[Curve]) -> None:
        """A disc where a curve is now, and its mark beside it, the marks below each other."""
        ending = [c for c in curves if c.mark is not None and c.reaches(now_s)]
        x = min(self._across(now_s, self._begins(now_s)), self.area.width - 4 * self.unit)
        lowest = -np.inf
        for curve in sorted(ending, key=lambda curve: -curve.values[-1]):
            y = self._down(curve.values[-1])
            disc(view, np.array((x, y)), 4.4 * self.unit, FIELD)
            disc(view, np.array((x, y)), 3.2 * self.unit, curve.colour)
            if curve.mark:
                lowest = max(y - 8 * self.unit, lowest + 11 * self.unit, 6 * self.unit)
                at = x - 7 * self.unit, lowest
                self._letters.small.write(view, curve.mark, at, curve.colour, 'right')

    def _begins(self, now_s: float) -> float:
        return max(0.0, now_s - self.window_s)

    def _across(self, time_s, begin_s: float):
        return (time_s - begin_s) / self.window_s * self.area.width

    def _down(self, value):
        margin = 6 * self.unit
        return margin + (1 - value) / 2 * (self.area.height - 2 * margin)


class Plane:
    """
    Valence to the right and arousal upwards, with the path of the last seconds.

    Args:
        area: a square.
        unit: as of a `CurveChart`.
    """

    def __init__(self, area: Rect, unit: float) -> None:
        self.area, self.unit = area, unit
        self._letters = Letters.of(unit)
        self._reach = area.width / 2 - 8 * unit

    def draw_ground(self, image: Image) -> None:
        """Draw what does not change."""
        area, unit = self.area, self.unit
        fill(image, rounded_box(np.array(area), 6 * unit), FIELD)
        for name, right, up in CORNERS:
            at = self._place(np.array((0.98 * right, 0.93 * up)))
            align = 'left' if right < 0 else 'right'
            self._letters.small.write(image, name, (at[0], at[1]), FAINT, align)
        circle(image, self._place(np.zeros(2)), self._reach, GRID, unit)
        for end in ((1, 0), (0, 1)):
            ends = self._place(np.array((end, (-end[0], -end[1]))))
            polyline(image, ends, ZERO, unit)
        x, y = self._place(np.array((1.0, 0.0)))
        self._letters.small.write(image, 'valence', (x - 2 * unit, y + 9 * unit), GREY, 'right')
        x, y = self._place(np.array((0.0, 1.0)))
        self._letters.small.write(image, 'arousal', (x + 5 * unit, y + 5 * unit), GREY)
        x, y = self._place(np.array((0.0, -1.0)))
        path = f'last {PATH_S:g} s'
        self._letters.small.write(image, path, (x + 5 * unit, y - 5 * unit), FAINT)

    def draw_path(
        self, image: Image, now_s: float, times_s: np.ndarray, values: np.ndarray, colour: Colour
    ) -> None:
        """
        Draw where a face was in the last seconds, the older the fainter.

        Args:
            image: written into.
            now_s: the time of the picture.
            times_s: up to now, (N,).
            values: valence and arousal, (N, 2).
            colour: of the face.
        """
        since = int(np.searchsorted(times_s, now_s - PATH_S))
        times_s, points = times_s[since:], self._place(values[since:])
        if not len(times_s):
            return
        usual_s = np.median(np.diff(times_s)) if len(times_s) > 1 else 0.0
        is_break = np.append(np.diff(times_s) > 3 * usual_s, True)
        shades = ((now_s - times_s) / PATH_S * SHADES).astype(int)
        ends = np.flatnonzero(is_break | (np.diff(shades, append=-1) != 0)) + 1
        for begin, end in zip([0, *ends], ends, strict=False):
            piece = points[begin : end if is_break[end - 1] else end + 1]
            polyline(image, piece, mix(colour, FIELD, 0.9 * shades[begin] / SHADES), 2 * self.unit)
        if times_s[-1] == now_s:
            disc(image, points[-1], 6.5 * self.unit, FIELD)
            disc(image, points[-1], 5 * self.unit, colour)

    def _place(self, values: np.ndarray) -> np.ndarray:
        area = self.area
        middle = np.array((area.x + area.width / 2, area.y + area.height / 2))
        return middle + values * (self._reach, -self._reach)


def clock(time_s: float, step_s: float) -> str:
    """A time as it stands below an axis with ticks so far apart."""
    if step_s < 1:
        return f'{time_s:.1f} s'
    minutes, seconds = divmod(round(time_s), 60)
    return f'{minutes}:{seconds:02d}'
