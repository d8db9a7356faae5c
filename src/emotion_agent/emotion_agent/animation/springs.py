# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Damped springs solved in closed form: no step size, so no dependence on any rate."""

from __future__ import annotations

from functools import lru_cache
from math import cos, exp, inf, log, pi, sin, sqrt

import numpy as np

# Critically damped, (1 + x)·exp(−x) is left: 0.01 at x = 6.64, and 0.001 at 9, which counts as
# arrived: of 20 pixels that is a fiftieth.
_ALMOST_THERE, _ARRIVED = 6.64, 9.0
_NO_OVERSHOOT = 1e-4


def natural_frequency(duration_s: float) -> float:
    """ω in 1/s of the critically damped spring that does 99 % of its way in `duration_s`."""
    return _ALMOST_THERE / duration_s


@lru_cache(maxsize=64)
def damping_of_overshoot(overshoot: float) -> float:
    """The damping ratio ζ ≤ 1 of a spring that goes past its goal by a share of its way, once."""
    if overshoot < _NO_OVERSHOOT:
        return 1.0
    decay = log(1.0 / overshoot)
    return decay / sqrt(pi**2 + decay**2)


@lru_cache(maxsize=256)
def frequency_of_rise(rise_s: float, damping: float) -> float:
    """ω in 1/s of the spring from rest that has done 90 % of its way after `rise_s` seconds."""
    low, high = 0.0, pi / sqrt(1.0 - damping**2) if damping < 1.0 else 10.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        value, slope = _response(damping, 1.0, middle)
        is_before = value + damping * slope > 0.1  # what is left of a way of 1 from rest
        low, high = (middle, high) if is_before else (low, middle)
    return high / rise_s


class Spring:
    """
    Numbers pulled to a goal: x″ = ω²(goal − x) − 2ζω·x′.

    With a = x(0) − goal, v = x′(0) and ω′ = ω√(1 − ζ²) that is
    x(t) = goal + exp(−ζωt)·(a·cos ω′t + (v + ζωa)·sin(ω′t)/ω′), and for ζ = 1 its limit
    x(t) = goal + exp(−ωt)·(a + (v + ωa)·t).

    Args:
        position: where it is, (N,).
        now_s: time in seconds.
    """

    def __init__(self, position: np.ndarray, now_s: float) -> None:
        self._stand(position, now_s)

    def _stand(self, position: np.ndarray, now_s: float) -> None:
        self.goal = position
        self._omega, self._damping, self._start_s = 1.0, 1.0, now_s
        self._offset = self._push = np.zeros_like(position)
        self._is_at_rest = True

    def pull(self, goal: np.ndarray, omega: float, now_s: float, damping: float = 1.0) -> None:
        """Make for another goal from the present place with the present velocity."""
        if self._is_at_rest and np.array_equal(goal, self.goal):
            return
        position, velocity = self.at(now_s), self.velocity(now_s)
        self.goal = goal
        self._omega, self._damping, self._start_s = omega, damping, now_s
        self._offset = position - goal
        self._push = velocity + damping * omega * self._offset
        self._is_at_rest = False

    def retarget(self, goal: np.ndarray, omega: float, now_s: float) -> None:
        """Make for another goal as stiff and damped as now, or by ω where it was never pulled."""
        if self._is_at_rest:
            self.pull(goal, omega, now_s)
        else:
            self.pull(goal, self._omega, now_s, self._damping)

    def jump(self, goal: np.ndarray, now_s: float) -> None:
        """Be at rest at another place."""
        self._stand(goal, now_s)

    def has_arrived(self, now_s: float) -> bool:
        """Whether it stands at the goal."""
        decayed = self._damping * self._omega * (now_s - self._start_s)
        return self._is_at_rest or decayed >= _ARRIVED

    def at(self, now_s: float) -> np.ndarray:
        """The place at `now_s`, (N,); exactly the goal once it has arrived."""
        if self.has_arrived(now_s):
            return self.goal
        value, slope = _response(self._damping, self._omega, now_s - self._start_s)
        return self.goal + value * self._offset + slope * self._push

    def velocity(self, now_s: float) -> np.ndarray:
        """The velocity at `now_s`, (N,) per second."""
        if self.has_arrived(now_s):
            return np.zeros_like(self.goal)
        omega, damping, t_s = self._omega, self._damping, now_s - self._start_s
        value, slope = _response(damping, omega, t_s)
        rest = value * self._offset + slope * self._push
        turning = (1.0 - damping**2) * omega**2
        return value * self._push - turning * slope * self._offset - damping * omega * rest


def _response(damping: float, omega: float, t_s: float) -> tuple[float, float]:
    """exp(−ζωt)·cos ω′t and exp(−ζωt)·sin(ω′t)/ω′; for ζ = 1 exp(−ωt) and exp(−ωt)·t."""
    decay = exp(-damping * omega * t_s)
    if damping >= 1.0:
        return decay, decay * t_s
    turn = omega * sqrt(1.0 - damping**2)
    return decay * cos(turn * t_s), decay * sin(turn * t_s) / turn


class Track:
    """
    A spring with pulls that begin later, in the order of their times.

    Where it is depends on the calls and their times alone, not on how often it is asked.

    Args:
        position: where it is, (N,).
        now_s: time in seconds.
    """

    def __init__(self, position: np.ndarray, now_s: float) -> None:
        self._spring = Spring(position, now_s)
        self._later: list[tuple[float, np.ndarray, float, float]] = []  # time, goal, ω, ζ

    @property
    def goal(self) -> np.ndarray:
        """Where it ends."""
        return self._later[-1][1] if self._later else self._spring.goal

    def clear(self, now_s: float) -> None:
        """Forget the pulls that have not begun."""
        self._begin(now_s)
        self._later.clear()

    def pull(self, goal: np.ndarray, omega: float, at_s: float, damping: float = 1.0) -> None:
        """Make for a goal from a time on that is not before those of pulls given before."""
        self._later.append((at_s, goal, omega, damping))

    def jump(self, goal: np.ndarray, at_s: float) -> None:
        """Be at a goal from a time on, without a way there."""
        self._later.append((at_s, goal, inf, 1.0))

    def retarget(self, goal: np.ndarray, omega: float, now_s: float) -> None:
        """End elsewhere; times and stiffness stay, ω is that of what was never pulled."""
        self._begin(now_s)
        if self._later:
            at_s, _, own_omega, damping = self._later[-1]
            self._later[-1] = (at_s, goal, own_omega, damping)
        else:
            self._spring.retarget(goal, omega, now_s)

    def at(self, now_s: float) -> np.ndarray:
        """The place at `now_s`, (N,)."""
        self._begin(now_s)
        return self._spring.at(now_s)

    def has_arrived(self, now_s: float) -> bool:
        """Whether it stands at the end of its last pull."""
        self._begin(now_s)
        return not self._later and self._spring.has_arrived(now_s)

    def _begin(self, now_s: float) -> None:
        while self._later and self._later[0][0] <= now_s:
            at_s, goal, omega, damping = self._later.pop(0)
            if omega == inf:
                self._spring.jump(goal, at_s)
            else:
                self._spring.pull(goal, omega, at_s, damping)
