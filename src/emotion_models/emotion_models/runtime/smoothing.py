# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Causal smoothing of a signal that is sampled at uneven times."""

import math

import numpy as np


class OneEuroFilter:
    """
    Low-pass whose cut-off rises with the speed of the signal: calm at rest, prompt when it moves.

    Casiez, Roussel, Vogel, "1 € Filter", CHI 2012, for a vector: one cut-off for all components,
    from the length of the smoothed derivative. Each answer is a convex combination of inputs, so
    that probabilities stay probabilities.

    Args:
        rest_cutoff_hz: cut-off while nothing moves, > 0; its time constant is 1 / (2π f).
        speed_gain: Hz of cut-off for each unit per second.
        speed_cutoff_hz: cut-off of the derivative, > 0.
        longest_gap_s: after a longer pause, or a step back in time, it starts afresh.
    """

    def __init__(
        self,
        rest_cutoff_hz: float = 0.8,
        speed_gain: float = 1.0,
        speed_cutoff_hz: float = 1.0,
        longest_gap_s: float = 1.0,
    ) -> None:
        self.rest_cutoff_hz = rest_cutoff_hz
        self.speed_gain = speed_gain
        self.speed_cutoff_hz = speed_cutoff_hz
        self.longest_gap_s = longest_gap_s
        self._stamp_s = -math.inf
        self._value = np.zeros(0)
        self._speed = np.zeros(0)

    def __call__(self, value: np.ndarray, stamp_s: float) -> np.ndarray:
        """
        The smoothed value at `stamp_s`.

        Args:
            value: newest sample, shape (D,).
            stamp_s: its time in seconds.
        """
        elapsed_s = stamp_s - self._stamp_s
        self._stamp_s = stamp_s
        if not 0 < elapsed_s <= self.longest_gap_s:
            self._value, self._speed = np.array(value, float), np.zeros(len(value))
            return self._value
        speed = (value - self._value) / elapsed_s
        self._speed = self._speed + _share(self.speed_cutoff_hz, elapsed_s) * (speed - self._speed)
        cutoff_hz = self.rest_cutoff_hz + self.speed_gain * float(np.linalg.norm(self._speed))
        self._value = self._value + _share(cutoff_hz, elapsed_s) * (value - self._value)
        return self._value


def _share(cutoff_hz: float, elapsed_s: float) -> float:
    """Weight of the newest sample in a first-order low-pass."""
    turn = 2 * math.pi * cutoff_hz * elapsed_s
    return turn / (turn + 1)
