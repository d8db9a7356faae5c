# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which readings, at any times, a model sees that takes a step for each frame of its own rate."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np


class OwnRate:
    """
    The steps of a model since its first reading, each at the frame of its rate that is nearest.

    A reading holds until the next: where several steps are due, all but the last see the reading
    before; where none is, as readings come faster, what was said last holds.

    Args:
        rate_hz: frames a second, above 0.
    """

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._first_s: float | None = None
        self._taken = 0

    def due(self, stamp_s: float) -> int:
        """How many steps a reading makes due, each reading later than the one before."""
        if self._first_s is None:
            self._first_s = stamp_s
        frame = math.floor((stamp_s - self._first_s) * self._rate_hz + 0.5)
        due, self._taken = frame + 1 - self._taken, frame + 1
        return due


class Steps(NamedTuple):
    """
    All steps of a model over a course.

    Args:
        seen: index of the reading that each step sees, (steps,).
        newest: index of the step whose answer holds at each reading, (readings,).
    """

    seen: np.ndarray
    newest: np.ndarray


def steps_over(stamps_s: Iterable[float], rate_hz: float) -> Steps:
    """
    The steps that `OwnRate` makes due at readings one after the other.

    Args:
        stamps_s: of the readings, ascending, at least one, in seconds.
        rate_hz: frames a second, above 0.
    """
    rate = OwnRate(rate_hz)
    seen: list[int] = []
    newest = []
    for reading, stamp_s in enumerate(stamps_s):
        if due := rate.due(float(stamp_s)):
            seen += [reading - 1] * (due - 1) + [reading]
        newest.append(len(seen) - 1)
    return Steps(np.array(seen), np.array(newest))
