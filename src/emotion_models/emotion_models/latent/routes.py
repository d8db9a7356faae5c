# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Routes between two points of a latent space, parametrised by s from 0 to 1."""

from __future__ import annotations

import numpy as np


class Route:
    """
    A straight line, or a bend pulled toward a third point.

    The bend is the quadratic Bézier curve (1−s)²·start + 2s(1−s)·via + s²·goal: it has no corner,
    and half way it is at via/2 + start/4 + goal/4, which for a neutral ``via`` is both ends at
    a quarter of their strength.

    Args:
        start: where the route begins, (N,).
        goal: where it ends, (N,).
        via: the point that pulls it, (N,); without one the route is straight.
    """

    def __init__(self, start: np.ndarray, goal: np.ndarray, via: np.ndarray | None = None):
        self.goal = goal
        self._start = start
        if via is None:
            via = 0.5 * (start + goal)
        self._slope = 2.0 * (via - start)
        self._bend = start - 2.0 * via + goal

    def at(self, s: float) -> np.ndarray:
        """The point at ``s``, (N,)."""
        return self._start + s * (self._slope + s * self._bend)

    def tangent(self, s: float) -> np.ndarray:
        """The derivative by ``s``, (N,)."""
        return self._slope + 2.0 * s * self._bend
