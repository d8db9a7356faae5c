# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The pictures of `watch`: the video, and beneath or beside it what was seen in it."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from emotion_models.figures.strokes import Colour, fill, polyline, rounded_box
from emotion_models.imaging.images import Image
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.temporal.charts import (
    GREY,
    GROUND,
    INK,
    OF_FACES,
    ORANGE,
    RAW,
    SKY,
    WINDOW_S,
    Curve,
    CurveChart,
    Letters,
    Plane,
    Rect,
)
from emotion_models.temporal.watched import WatchedFace

LEAST_PX, MOST_PX, MOST_TALL_PX = 640, 1280, 960
"""Widths of videos that lie, and heights of those that stand, to which others are scaled."""
SCALES = (('valence', ('pleasant', 'unpleasant')), ('arousal', ('excited', 'calm')))
LONGEST_NAME = 24


class Layout(NamedTuple):
    """
    Where everything is in a picture.

    Args:
        size: width and height of the picture, even.
        video: of the video.
        panel: of everything else.
        unit: pixels to one of a picture that is 640 wide.
    """

    size: tuple[int, int]
    video: Rect
    panel: Rect
    unit: float

    @classmethod
    def of(cls, size: tuple[int, int]) -> 'Layout':
        """For a video of this width and height: beneath one that lies, beside one that stands."""
        width, height = size
        if width >= height:
            shown = float(np.clip(width, LEAST_PX, MOST_PX))
            video = Rect(0, 0, _even(shown), _even(shown * height / width))
            unit = video.width / LEAST_PX
            panel = Rect(0, video.height, video.width, _even(240 * unit))
            return cls(_whole(video.width, video.height + panel.height), video, panel, unit)
        shown = float(np.clip(height, LEAST_PX, MOST_TALL_PX))
        video = Rect(0, 0, _even(shown * width / height), _even(shown))
        panel = Rect(video.width, 0, _even(0.75 * shown), video.height)
        whole = _whole(video.width + panel.width, video.height)
        return cls(whole, video, panel, max(1.0, whole[0] / LEAST_PX))

    def charts(self) -> tuple[list[Rect], Rect]:
        """The areas of valence and arousal, and that of their plane."""
        unit, panel = self.unit, self.panel
        margin, head = 14 * unit, 28 * unit
        if self.video.x == panel.x:
            side = panel.height - 2 * margin
            plane = Rect(panel.x + panel.width - margin - side, panel.y + margin, side, side)
            top, right = panel.y + head, plane.x - 18 * unit
        else:
            side = min(panel.width - 2 * margin, 0.45 * panel.height)
            left = panel.x + (panel.width - side) / 2
            plane = Rect(left, panel.y + margin, side, side)
            top, right = plane.y + side + head, panel.x + panel.width - margin
        left, title, below = panel.x + 34 * unit, 20 * unit, 20 * unit
        each = (panel.y + panel.height - below - top) / 2
        areas = [
            Rect(left, top + row * each + title, right - left, each - title) for row in (0, 1)
        ]
        return areas, plane


class Screen:
    """
    Draws the pictures of a video.

    Args:
        size: width and height of its frames.
        stamps_s: of its frames, (L,).
        faces: that were seen, in their order.
        model: name of the sequence model; none = there is none.
        all_faces: each face has a colour; else each way to smooth has one.
    """

    def __init__(
        self,
        size: tuple[int, int],
        stamps_s: np.ndarray,
        faces: Sequence[WatchedFace],
        model: str | None = None,
        all_faces: bool = False,
    ) -> None:
        self._layout = Layout.of(size)
        self._scale = self._layout.video.width / size[0]
        self._stamps_s, self._faces, self._all_faces = stamps_s, faces, all_faces
        self._model = model
        unit = self._layout.unit
        self._letters = Letters.of(unit)
        areas, plane = self._layout.charts()
        window_s = float(np.clip(stamps_s[-1], 1.0, WINDOW_S))
        self._charts = [
            CurveChart(area, unit, *scale, window_s)
            for area, scale in zip(areas, SCALES, strict=True)
        ]
        self._plane = Plane(plane, unit)
        self._holes_s = _holes(stamps_s, faces)
        self._ground = self._draw_ground()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the pictures."""
        return self._layout.size

    def draw(self, frame: int, image: Image) -> Image:
        """
        The picture of a frame.

        Args:
            frame: its number.
            image: uint8 (H, W, 3) BGR.
        """
        picture, now_s = self._ground.copy(), float(self._stamps_s[frame])
        video = self._layout.video
        shrinks = self._scale < 1
        picture[video.slices] = cv2.resize(
            image,
            (round(video.width), round(video.height)),
            interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC,
        )
        curves: list[list[Curve]] = [[], []]
        value = None
        oldest = int(np.searchsorted(self._stamps_s, now_s - WINDOW_S)) - 1
        for number, face in enumerate(self._faces):
            lately = face.between(oldest, frame)
            if not len(lately.frames):
                continue
            times_s, best = self._stamps_s[lately.frames], lately.best
            for axis in (0, 1):
                curves[axis] += self._curves(lately, times_s, best, axis, number)
            self._plane.draw_path(picture, now_s, times_s, best, self._colour(number))
            if lately.frames[-1] == frame:
                value = best[-1]
                self._draw_face(picture[video.slices], lately, number)
        for axis, chart in enumerate(self._charts):
            chart.draw(picture, now_s, curves[axis], self._holes_s)
            if not self._all_faces:
                now = None if value is None else float(value[axis])
                chart.write_value(picture, now, self._colour(0))
        self._charts[-1].write_times(picture, now_s)
        return picture

    def _draw_ground(self) -> Image:
        width, height = self._layout.size
        ground = np.full((height, width, 3), GROUND, np.uint8)
        for chart in self._charts:
            chart.draw_ground(ground)
        self._plane.draw_ground(ground)
        self._draw_legend(ground)
        return ground

    def _draw_legend(self, ground: Image) -> None:
        area, unit = self._charts[0].area, self._layout.unit
        x, y = area.x, area.y - 31 * unit
        letters = self._letters.usual
        if self._all_faces:
            who = f'by model {self._model}' if self._model else 'smoothed'
            letters.write(ground, f'a colour for each face, {who}', (x, y), GREY)
            return
        entries = [('each frame', RAW, 1.2), ('smoothed', SKY, 2.2)]
        if self._model:
            name = self._model
            name = name if len(name) <= LONGEST_NAME else f'{name[: LONGEST_NAME - 1]}…'
            entries.append((f'model {name}', ORANGE, 2.2))
        for name, colour, line in entries:
            ends = np.array([(x, y), (x + 16 * unit, y)])
            polyline(ground, ends, colour, line * unit)
            letters.write(ground, name, (x + 21 * unit, y), INK)
            x += 21 * unit + letters.width(name) + 16 * unit

    def _curves(
        self, face: WatchedFace, times_s: np.ndarray, best: np.ndarray, axis: int, number: int
    ) -> list[Curve]:
        """Those of one face, with breaks where it was not seen."""
        kinds: list[tuple[np.ndarray, Colour, float, str | None]]
        if self._all_faces:
            kinds = [(best, self._colour(number), 2.2, str(number + 1))]
        else:
            kinds = [(face.raw, RAW, 1.2, None)]
            kinds.append((face.smoothed, SKY, 2.2, None if face.said is not None else ''))
            if face.said is not None:
                kinds.append((face.said, ORANGE, 2.2, ''))
        breaks = np.flatnonzero(np.diff(face.frames) > 1) + 1
        times_s = np.insert(times_s, breaks, times_s[breaks])
        return [
            Curve(times_s, np.insert(values[:, axis].astype(float), breaks, np.nan), *look)
            for values, look in ((kind[0], kind[1:]) for kind in kinds)
        ]

    def _draw_face(self, view: Image, face: WatchedFace, number: int) -> None:
        """The box and the expression in the last of its frames."""
        unit, box = self._layout.unit, face.boxes[-1] * self._scale
        colour = self._colour(number) if self._all_faces else INK
        outline = rounded_box(box, 8 * unit)
        polyline(view, outline, GROUND, 4 * unit, is_closed=True)
        polyline(view, outline, colour, 2 * unit, is_closed=True)
        likeliest = int(face.expression[-1].argmax())
        text = f'{EXPRESSIONS[likeliest].lower()} {face.expression[-1, likeliest]:.0%}'
        self._draw_tag(view, box, f'{number + 1}  {text}' if self._all_faces else text, colour)

    def _draw_tag(self, view: Image, box: np.ndarray, text: str, colour: Colour) -> None:
        unit, letters = self._layout.unit, self._letters.title
        width, height = letters.width(text) + 14 * unit, 20 * unit
        left = float(np.clip(box[0], 2 * unit, max(2 * unit, view.shape[1] - width - 2 * unit)))
        above = float(box[1]) - height - 5 * unit
        top = above if above >= 2 * unit else float(box[1]) + 5 * unit
        top = float(np.clip(top, 2 * unit, max(2 * unit, view.shape[0] - height - 2 * unit)))
        fill(view, rounded_box(np.array((left, top, width, height)), 5 * unit), GROUND)
        letters.write(view, text, (left + 7 * unit, top + height / 2), colour)

    def _colour(self, number: int) -> Colour:
        if self._all_faces:
            return OF_FACES[number % len(OF_FACES)]
        return ORANGE if self._model else SKY


def _holes(stamps_s: np.ndarray, faces: Sequence[WatchedFace]) -> np.ndarray:
    """When no face was seen: from the first frame without one to the next one with it, (N, 2)."""
    empty = np.ones(len(stamps_s), bool)
    for face in faces:
        empty[face.frames] = False
    steps = np.flatnonzero(np.diff(empty.astype(int), prepend=0, append=0)).reshape(-1, 2)
    ends_s = np.append(stamps_s, np.inf)
    return np.column_stack((stamps_s[steps[:, 0]], ends_s[steps[:, 1]])).reshape(-1, 2)


def _even(value: float) -> int:
    return max(2, 2 * round(value / 2))


def _whole(width: float, height: float) -> tuple[int, int]:
    return round(width), round(height)
