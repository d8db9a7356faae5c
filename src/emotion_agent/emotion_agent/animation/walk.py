# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Movement of a point of a latent space along routes, however often the goal changes."""

from __future__ import annotations

from math import inf

import numpy as np

from emotion_agent.animation.springs import LeashedSpring, Spring, natural_frequency
from emotion_models.latent.routes import EvenRoute, Route


class Walk:
    """
    A point that moves to the goal last given, with no jump of position or velocity.

    It is where a `LeashedSpring` is on the route, plus where a free `Spring` is: this one
    takes up what velocity the point had across the route, and small changes of the goal on the
    way. On a straight route without a limit of speed the sum is the spring from start to goal.

    Args:
        position: where it stands, (N,).
        now_s: time in seconds.
        carried: how many numbers, the last ones, come along but do not count for the speed.
    """

    def __init__(self, position: np.ndarray, now_s: float, carried: int = 0):
        self._counting = slice(len(position) - carried)
        self.stand(position, now_s)

    def stand(self, position: np.ndarray, now_s: float) -> None:
        """Be at rest at `position`, as after a jump of the clock."""
        self.goal = position
        self._route: Route | EvenRoute = Route(position, position)
        self._along = LeashedSpring(0.0, natural_frequency(1e-9), inf, 0.0, now_s)
        self._beside = Spring(np.zeros_like(position), now_s)

    def go(
        self, route: Route | EvenRoute, duration_s: float, now_s: float, top_speed: float = inf
    ) -> None:
        """
        Leave along a route that begins at the present point.

        Args:
            route: from `at(now)` to the goal.
            duration_s: seconds in which the spring alone does 99 % of the way.
            now_s: time in seconds.
            top_speed: length of route per second that is never exceeded.
        """
        omega = natural_frequency(duration_s)
        velocity = self._velocity(now_s)
        direction = route.tangent(0.0) / route.length
        counting = self._counting
        start_speed = min(top_speed, _speed_along(velocity[counting], direction[counting]))
        self.goal, self._route = route.goal, route
        self._along = LeashedSpring(route.length, omega, top_speed, start_speed, now_s)
        self._beside = Spring(
            np.zeros_like(velocity), now_s, velocity - start_speed * direction, omega
        )

    def nudge(self, goal: np.ndarray, duration_s: float, now_s: float) -> None:
        """Keep to the route, but end at a goal that is a little elsewhere."""
        shift = self._beside.goal + (goal - self.goal)
        self._beside.pull(shift, natural_frequency(duration_s), now_s)
        self.goal = goal

    def at(self, now_s: float) -> np.ndarray:
        """The point at `now_s`, (N,); exactly the goal once it has arrived."""
        if self.has_arrived(now_s):
            return self.goal
        place, _ = self._along.at(now_s)
        return self._route.at(place / self._route.length) + self._beside.at(now_s)

    def has_arrived(self, now_s: float) -> bool:
        """Whether the goal is reached and the point stands still."""
        return self._along.has_arrived(now_s) and self._beside.has_arrived(now_s)

    def _velocity(self, now_s: float) -> np.ndarray:
        place, speed = self._along.at(now_s)
        direction = self._route.tangent(place / self._route.length) / self._route.length
        return speed * direction + self._beside.velocity(now_s)


def _speed_along(velocity: np.ndarray, direction: np.ndarray) -> float:
    squared = float(direction @ direction)
    return max(0.0, float(velocity @ direction) / squared) if squared > 0.0 else 0.0
