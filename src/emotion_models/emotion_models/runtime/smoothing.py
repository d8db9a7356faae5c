# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Causal smoothing of a signal that is sampled at uneven times."""

import math

import numpy as np

from emotion_models.runtime.stages import Reading


class OneEuroFilter:
    """
    Low-pass whose cut-off rises with the speed of the signal: calm at rest, prompt when it moves.

    Casiez, Roussel, Vogel, "1 € Filter", CHI 2012, for a vector: one cut-off for all components,
    from the length of the smoothed derivative. Each output is a convex combination of inputs, so
    that probabilities stay probabilities. It is a `FaceStage`.

    Args:
        rest_cutoff_hz: cut-off while nothing moves, > 0; its time constant is 1 / (2π f).
        speed_gain: Hz of cut-off for each unit per second.
        speed_cutoff_hz: cut-off of the derivative, > 0.
    """

    def __init__(
        self,
        rest_cutoff_hz: float = 0.8,
        speed_gain: float = 1.0,
        speed_cutoff_hz: float = 1.0,
    ) -> None:
        self.rest_cutoff_hz = rest_cutoff_hz
        self.speed_gain = speed_gain
        self.speed_cutoff_hz = speed_cutoff_hz
        self.reset()

    def reset(self) -> None:
        """Forget all readings: the next one passes unchanged."""
        self._stamp_s: float | None = None
        self._value = np.zeros(0)
        self._speed = np.zeros(0)

    def __call__(self, reading: Reading) -> np.ndarray:
        """
        The smoothed values at the time of a reading.

        Raises:
            ValueError: if the reading is not later than the one before.
        """
        last_s, self._stamp_s = self._stamp_s, reading.stamp_s
        if last_s is None:
            self._value = np.array(reading.values, float)
            self._speed = np.zeros(len(self._value))
            return self._value
        elapsed_s = reading.stamp_s - last_s
        if elapsed_s <= 0:
            raise ValueError(f'readings must follow in time, got one {-elapsed_s:g} s back; reset')
        speed = (reading.values - self._value) / elapsed_s
        self._speed = self._speed + _share(self.speed_cutoff_hz, elapsed_s) * (speed - self._speed)
        cutoff_hz = self.rest_cutoff_hz + self.speed_gain * float(np.linalg.norm(self._speed))
        self._value = self._value + _share(cutoff_hz, elapsed_s) * (reading.values - self._value)
        return self._value


def _share(cutoff_hz: float, elapsed_s: float) -> float:
    """Weight of the newest sample in a first-order low-pass."""
    turn = 2 * math.pi * cutoff_hz * elapsed_s
    return turn / (turn + 1)
