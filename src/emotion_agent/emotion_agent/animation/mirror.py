# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What of a person's action units the robot's face takes on, over time."""

from __future__ import annotations

from math import inf

import numpy as np

from emotion_agent.animation.config import AnimatorConfig
from emotion_agent.animation.springs import Spring, natural_frequency
from emotion_models.drawing.parts import FACIAL_UNITS

_NONE = np.zeros(len(FACIAL_UNITS))
_NONE.setflags(write=False)


class Mirror:
    """
    A spring that follows the units that are seen, times how much of them is wanted.

    A unit that changes by no more than `mirror_dead_band` is left where it is, so that noise of a
    still face moves nothing. When nothing was seen for `mirror_hold_s` all units go back to 0.
    Where they are is a function of the calls and their times alone, not of how often it is asked.

    Args:
        config: of the animation.
        amount: how much of them, [0, 1].
    """

    def __init__(self, config: AnimatorConfig, amount: float = 0.0):
        self.config = config
        self._amount = amount
        self._seen, self._seen_s = _NONE, inf  # what is held of what was seen, and when
        self._spring = Spring(_NONE, 0.0)

    def set_amount(self, amount: float, now_s: float) -> None:
        """Take on another share, [0, 1], of what is seen."""
        self._lapse(now_s)
        self._amount = amount
        duration_s = self.config.mirror_s if amount else self.config.mirror_fade_s
        self._pull(duration_s, now_s)

    def reconfigure(self, config: AnimatorConfig, now_s: float) -> None:
        """Follow other settings; whom they would have let go of before, they let go of now."""
        self._lapse(now_s)
        self.config = config
        self._seen_s = max(self._seen_s, now_s - config.mirror_hold_s)

    def see(self, units: np.ndarray, now_s: float) -> bool:
        """Follow the units (18,) of a person; whether the face has to move for that."""
        self._lapse(now_s)
        self._seen_s = now_s
        has_changed = np.abs(units - self._seen) > self.config.mirror_dead_band
        if not has_changed.any():
            return False
        self._seen = np.where(has_changed, units, self._seen)
        self._pull(self.config.mirror_s, now_s)
        return self._amount > 0.0

    def stand(self, was_s: float, now_s: float) -> None:
        """Stay as it was, as after a jump of the clock."""
        self._spring, goal = Spring(self.at(was_s), now_s), self._amount * self._seen
        self._spring.pull(goal, natural_frequency(self.config.mirror_s), now_s)
        self._seen_s = now_s if self._seen.any() else inf

    def at(self, now_s: float) -> np.ndarray:
        """What is to be added to the face, (18,)."""
        self._lapse(now_s)
        return self._spring.at(now_s)

    def has_arrived(self, now_s: float) -> bool:
        """Whether nothing moves."""
        self._lapse(now_s)
        return self._spring.has_arrived(now_s)

    def _lapse(self, now_s: float) -> None:
        """Let go of somebody who was not seen for a while, from the end of that while on."""
        end_s = self._seen_s + self.config.mirror_hold_s
        if now_s >= end_s:
            self._seen, self._seen_s = _NONE, inf
            self._pull(self.config.mirror_fade_s, end_s)

    def _pull(self, duration_s: float, now_s: float) -> None:
        self._spring.pull(self._amount * self._seen, natural_frequency(duration_s), now_s)
