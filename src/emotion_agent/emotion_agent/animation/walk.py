# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Movement along a route by a critically damped spring, solved in closed form."""

from __future__ import annotations

from math import exp

import numpy as np

from emotion_models.latent.routes import Route

# (1 + x)·exp(−x) is 0.01 at x = 6.64 and 0.0005 at x = 10, where the spring counts as arrived.
_ALMOST_THERE, _ARRIVED = 6.64, 10.0


class Walk:
    """
    A point that moves to the goal last given, smoothly however often the goal changes.

    With ω = 6.64 / duration and τ = time since the goal was given, the share s of the route and
    the point x are

        s(τ) = 1 − (1 + ωτ)·exp(−ωτ)
        x(τ) = route(s(τ)) + v·τ·exp(−ωτ)

    where v is the velocity at τ = 0. On a straight route this is exactly the critically damped
    spring that starts with velocity v, so that giving the same goal again changes nothing; on any
    route position and velocity have no jump. No step size exists: the point at an instant does
    not depend on how often it was asked for.

    Args:
        position: where it stands, (N,).
        now: time in seconds.
    """

    def __init__(self, position: np.ndarray, now: float):
        self.stand(position, now)

    @property
    def goal(self) -> np.ndarray:
        """Where it is going, (N,)."""
        return self._route.goal

    def stand(self, position: np.ndarray, now: float) -> None:
        """Be at rest at ``position``, as after a jump of the clock."""
        position = np.asarray(position, dtype=float)
        self._route = Route(position, position)
        self._velocity = np.zeros_like(position)
        self._start, self._omega = now, 1.0

    def go(
        self, goal: np.ndarray, duration: float, now: float, via: np.ndarray | None = None
    ) -> None:
        """
        Leave for ``goal`` from the present point with the present velocity.

        Args:
            goal: (N,).
            duration: seconds in which 99 % of the way is done.
            now: time in seconds.
            via: the point toward which the way bends, (N,); without one it is straight.
        """
        position, velocity = self.at(now), self._velocity_at(now)
        self._route = Route(position, np.asarray(goal, dtype=float), via)
        self._velocity = velocity
        self._start, self._omega = now, _ALMOST_THERE / duration

    def at(self, now: float) -> np.ndarray:
        """The point at ``now``, (N,); exactly the goal once it has arrived."""
        if self.has_arrived(now):
            return self._route.goal
        x = self._omega * (now - self._start)
        decay = exp(-x)
        return self._route.at(1.0 - (1.0 + x) * decay) + self._velocity * (x / self._omega * decay)

    def has_arrived(self, now: float) -> bool:
        """Whether the goal is reached and the point stands still."""
        at_rest = not self._velocity.any() and np.array_equal(self._route.at(0.0), self.goal)
        return at_rest or self._omega * (now - self._start) >= _ARRIVED

    def _velocity_at(self, now: float) -> np.ndarray:
        if self.has_arrived(now):
            return np.zeros_like(self._velocity)
        x = self._omega * (now - self._start)
        decay = exp(-x)
        pull = self._route.tangent(1.0 - (1.0 + x) * decay) * (self._omega * x * decay)
        return pull + self._velocity * ((1.0 - x) * decay)
