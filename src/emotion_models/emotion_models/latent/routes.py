# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Routes between two points of a latent space, parametrised by the share of them that is done."""

from __future__ import annotations

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
