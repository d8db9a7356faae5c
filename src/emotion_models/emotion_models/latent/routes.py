# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Routes between two points of a latent space, parametrised by the share of them that is done."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from emotion_models.latent.interpolation import lerp


class Route:
    """
    A straight line, or a bend pulled toward a third point.

    The bend is the quadratic Bézier curve (1−s)²·start + 2s(1−s)·via + s²·goal, drawn as a line
    between two points that move along lines. It has no corner, and half way it is at
    via/2 + start/4 + goal/4, which for a neutral `via` is both ends at a quarter of their
    strength.

    Args:
        start: where the route begins, (N,).
        goal: where it ends, (N,).
        via: the point that pulls it, (N,); without one the route is straight.
    """

    length = 1.0

    def __init__(self, start: np.ndarray, goal: np.ndarray, via: np.ndarray | None = None):
        self.goal = goal
        self._start = start
        self._via = lerp(start, goal, 0.5) if via is None else via

    def at(self, share: float) -> np.ndarray:
        """The point at `share` of the route, (N,)."""
        leaving = lerp(self._start, self._via, share)
        arriving = lerp(self._via, self.goal, share)
        return lerp(leaving, arriving, share)

    def tangent(self, share: float) -> np.ndarray:
        """The derivative by `share`, (N,)."""
        return 2.0 * lerp(self._via - self._start, self.goal - self._via, share)


class EvenRoute:
    """
    A route on which equal shares change the picture by equal amounts.

    Pictures at evenly spaced points give the length of each piece, Σ |change of a pixel|; the
    share is then read off the cumulative length, straight between the points.

    Args:
        route: the way.
        picture: point (N,) to picture, grey in [0, 1]; lines should move less than their own
            width from one point to the next, or the length is underestimated.
        pieces: into how many pieces the route is cut.
    """

    def __init__(self, route: Route, picture: Callable[[np.ndarray], np.ndarray], pieces: int = 8):
        self.goal = route.goal
        self._route = route
        self._shares = np.linspace(0.0, 1.0, pieces + 1)
        pictures = np.array([picture(route.at(share)) for share in self._shares])
        lengths = np.abs(np.diff(pictures, axis=0)).sum(axis=(1, 2), dtype=float)
        # A piece in which nothing seems to happen is passed at no more than five times the speed.
        lengths = np.maximum(lengths, max(0.2 * lengths.mean(), 1e-9))
        self.length = float(lengths.sum())  # pixels that turn from black to white or back
        self._done = np.append(0.0, np.cumsum(lengths)) / self.length

    def at(self, share: float) -> np.ndarray:
        """The point at `share` of the length, (N,)."""
        return self._route.at(self._inner_share(share))

    def tangent(self, share: float) -> np.ndarray:
        """The derivative by `share`, (N,)."""
        piece = int(
            np.clip(np.searchsorted(self._done, share, 'right') - 1, 0, len(self._done) - 2)
        )
        stretch = (self._shares[piece + 1] - self._shares[piece]) / (
            self._done[piece + 1] - self._done[piece]
        )
        return self._route.tangent(self._inner_share(share)) * stretch

    def _inner_share(self, share: float) -> float:
        return float(np.interp(share, self._done, self._shares))
