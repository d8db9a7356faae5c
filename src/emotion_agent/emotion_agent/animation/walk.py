# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Movement of a point of a latent space along routes, however often the goal changes."""

from __future__ import annotations

from math import inf

import numpy as np

from emotion_agent.animation.springs import LeashedSpring, Spring, natural_frequency
from emotion_models.latent.routes import AnyRoute, EvenRoute, Route


class Walk:
    """
    A point that moves to the goal last given, with no jump of position or velocity.

    It is where a ``LeashedSpring`` is on the route, plus where a free ``Spring`` is: this one
    takes up what velocity the point had across the route, and small changes of the goal on the
    way. On a straight route without a limit of speed the sum is the spring from start to goal.

    Args:
        position: where it stands, (N,).
        now: time in seconds.
    """

    def __init__(self, position: np.ndarray, now: float):
        self.stand(position, now)

    def stand(self, position: np.ndarray, now: float) -> None:
        """Be at rest at ``position``, as after a jump of the clock."""
        self.goal = position
        self._route: AnyRoute | EvenRoute = Route(position, position)
        self._along = LeashedSpring(0.0, natural_frequency(1e-9), inf, 0.0, now)
        self._beside = Spring(np.zeros_like(position), now)

    def go(
        self, route: AnyRoute | EvenRoute, duration: float, now: float, top_speed: float = inf
    ) -> None:
        """
        Leave along a route that begins at the present point.

        Args:
            route: from ``at(now)`` to the goal.
            duration: seconds in which the spring alone does 99 % of the way.
            now: time in seconds.
            top_speed: length of route per second that is never exceeded.
        """
        omega = natural_frequency(duration)
        velocity = self._velocity(now)
        direction = route.tangent(0.0) / route.length
        start_speed = min(top_speed, _speed_along(velocity, direction))
        self.goal, self._route = route.goal, route
        self._along = LeashedSpring(route.length, omega, top_speed, start_speed, now)
        self._beside = Spring(
            np.zeros_like(velocity), now, velocity - start_speed * direction, omega
        )

    def nudge(self, goal: np.ndarray, duration: float, now: float) -> None:
        """Keep to the route, but end at a goal that is a little elsewhere."""
        shift = self._beside.goal + (goal - self.goal)
        self._beside.pull(shift, natural_frequency(duration), now)
        self.goal = goal

    def at(self, now: float) -> np.ndarray:
        """The point at ``now``, (N,); exactly the goal once it has arrived."""
        if self.has_arrived(now):
            return self.goal
        place, _ = self._along.at(now)
        return self._route.at(place / self._route.length) + self._beside.at(now)

    def has_arrived(self, now: float) -> bool:
        """Whether the goal is reached and the point stands still."""
        return self._along.has_arrived(now) and self._beside.has_arrived(now)

    def _velocity(self, now: float) -> np.ndarray:
        place, speed = self._along.at(now)
        direction = self._route.tangent(place / self._route.length) / self._route.length
        return speed * direction + self._beside.velocity(now)


def _speed_along(velocity: np.ndarray, direction: np.ndarray) -> float:
    squared = float(direction @ direction)
    return max(0.0, float(velocity @ direction) / squared) if squared > 0.0 else 0.0
