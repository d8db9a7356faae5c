# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The plane of valence and arousal in pixels, and the trail of a point in it."""

from collections import deque
from typing import NamedTuple

MARGIN = 1.06  # shown range of the plane, so that a mark at ±1 is whole


class Affect(NamedTuple):
    """A point of the plane."""

    valence: float  # [-1, 1]
    arousal: float  # [-1, 1]


class Plane:
    """The largest square in the middle of a picture: valence to the right, arousal upwards."""

    def __init__(self, width: float, height: float):
        """
        Args:
            width: of the picture, px.
            height: of the picture, px.
        """
        self.x0, self.y0 = width / 2.0, height / 2.0
        self.radius = max(min(width, height) / 2.0, 1.0) / MARGIN  # of the unit circle, px

    def to_pixels(self, point: Affect) -> tuple[float, float]:
        """Where a point lies: px to the right, px down."""
        return (
            self.x0 + self.radius * point.valence,
            self.y0 - self.radius * point.arousal,
        )

    def to_affect(self, x: float, y: float) -> Affect:
        """The point at a pixel, clipped to the plane."""
        return Affect(_clipped((x - self.x0) / self.radius), _clipped((self.y0 - y) / self.radius))


class Trail:
    """
    The last positions of a point.

    A time earlier than the last one begins a new trail, as the clock was set back.
    """

    def __init__(self, length_s: float = 30.0, step_s: float = 0.1):
        """
        Args:
            length_s: age up to which a point is kept, s.
            step_s: of points closer in time than this only the newest is kept, s.
        """
        self._length_s, self._step_s = length_s, step_s
        self._points: deque[tuple[float, Affect]] = deque()

    def add(self, time_s: float, point: Affect) -> None:
        """Move on to `point`."""
        points = self._points
        if points and time_s < points[-1][0]:
            points.clear()
        if len(points) > 1 and time_s - points[-2][0] < self._step_s:
            points.pop()
        points.append((time_s, point))
        while time_s - points[0][0] > self._length_s:
            points.popleft()

    def points(self) -> list[tuple[float, Affect]]:
        """Each point with its age as a share of the length, oldest (1) to newest (0)."""
        return [
            ((self._points[-1][0] - time_s) / self._length_s, point)
            for time_s, point in self._points
        ]

    def clear(self) -> None:
        """Forget everything."""
        self._points.clear()


def _clipped(value: float) -> float:
    return max(-1.0, min(1.0, value))
