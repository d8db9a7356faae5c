# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Critically damped springs solved in closed form: no step size, so no dependence on any rate."""

from __future__ import annotations

from math import exp, inf

import numpy as np

# (1 + x)·exp(−x) is 0.01 at x = 6.64 and 8e-5 at x = 12, where a spring counts as arrived.
_ALMOST_THERE, _ARRIVED = 6.64, 12.0


def natural_frequency(duration_s: float) -> float:
    """ω in 1/s of the spring that does 99 % of its way in `duration_s` seconds."""
    return _ALMOST_THERE / duration_s


class Spring:
    """
    A point pulled to a goal: x(t) = goal + (a + (v + ωa)·t)·exp(−ωt), a = x(0) − goal.

    Args:
        position: where it is, (N,).
        now_s: time in seconds.
        velocity: (N,) per second; at rest by default.
        omega: natural frequency in 1/s.
    """

    def __init__(
        self,
        position: np.ndarray,
        now_s: float,
        velocity: np.ndarray | None = None,
        omega: float = 1.0,
    ):
        self.goal = position
        self._omega, self._start_s = omega, now_s
        self._offset = np.zeros_like(position)
        self._push = self._offset if velocity is None else velocity
        self._is_at_rest = velocity is None

    def pull(self, goal: np.ndarray, omega: float, now_s: float) -> None:
        """Make for another goal from the present point with the present velocity."""
        position, velocity = self.at(now_s), self.velocity(now_s)
        self.goal = goal
        self._omega, self._start_s = omega, now_s
        self._offset = position - goal
        self._push = velocity + omega * self._offset
        self._is_at_rest = False

    def has_arrived(self, now_s: float) -> bool:
        """Whether it stands at the goal."""
        return self._is_at_rest or self._omega * (now_s - self._start_s) >= _ARRIVED

    def at(self, now_s: float) -> np.ndarray:
        """The point at `now_s`, (N,); exactly the goal once it has arrived."""
        if self.has_arrived(now_s):
            return self.goal
        t = now_s - self._start_s
        return self.goal + (self._offset + self._push * t) * exp(-self._omega * t)

    def velocity(self, now_s: float) -> np.ndarray:
        """The velocity at `now_s`, (N,)."""
        if self.has_arrived(now_s):
            return np.zeros_like(self.goal)
        t = now_s - self._start_s
        return (self._push * (1.0 - self._omega * t) - self._omega * self._offset) * exp(
            -self._omega * t
        )


class LeashedSpring:
    """
    A spring along a line whose goal runs ahead at a limited speed.

    The goal runs from 2·start_speed/ω to `length` at `top_speed`, and the spring follows:
    x″ = ω²(goal − x) − 2ω·x′ from x = 0. Its speed never exceeds the larger of the two speeds.
    At a steady speed it trails the goal by 2·speed/ω, which is why the goal starts there.

    Args:
        length: where the line ends.
        omega: natural frequency in 1/s.
        top_speed: of the goal, per second; infinite leaves the spring alone.
        start_speed: of the spring, per second.
        now_s: time in seconds.
    """

    def __init__(
        self, length: float, omega: float, top_speed: float, start_speed: float, now_s: float
    ):
        self._length, self._omega = length, omega
        self._top, self._slack = top_speed, top_speed - start_speed
        self._lead = 2.0 * start_speed / omega
        self._start_s = now_s
        self._running_s = max(0.0, (length - self._lead) / top_speed)
        place, speed = (0.0, start_speed) if top_speed == inf else self._leashed(self._running_s)
        self._offset = place - length
        self._push = speed + omega * self._offset

    def has_arrived(self, now_s: float) -> bool:
        """Whether it stands at the end."""
        return self._omega * (now_s - self._start_s - self._running_s) >= _ARRIVED

    def at(self, now_s: float) -> tuple[float, float]:
        """Place and speed at `now_s`; exactly the end once it has arrived."""
        if self.has_arrived(now_s):
            return self._length, 0.0
        t = now_s - self._start_s
        if t < self._running_s:
            return self._leashed(t)
        t -= self._running_s
        decay = exp(-self._omega * t)
        rest = (self._offset + self._push * t) * decay
        return self._length + rest, self._push * decay - self._omega * rest

    def _leashed(self, t: float) -> tuple[float, float]:
        lag = 2.0 / self._omega
        catching_up = self._slack * exp(-self._omega * t)
        place = self._lead + self._top * (t - lag) + catching_up * (lag + t)
        return place, self._top - catching_up * (1.0 + self._omega * t)
