# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The mouth of a face that speaks."""

from __future__ import annotations

import numpy as np

from emotion_agent.animation.config import AnimatorConfig
from emotion_agent.animation.springs import Track, natural_frequency
from emotion_models.drawing.action_units import ActionUnits
from emotion_models.drawing.parts import unit_columns

_OPENING = unit_columns(['jaw_drop', 'lips_part'])
_WIDE_OPEN = np.array([0.85, 0.9])  # jaw and lips of a vowel that is shouted
_STRETCHED = ActionUnits._fields.index('lip_stretcher')
_NO_WAVE = 0.3  # of the lip stretcher; more makes waves, which a moving mouth breaks to pieces


class Speech:
    """
    How far the mouth is open, in place of what the expression says, while somebody speaks.

    `speech_hold_s` after the last call of `speak` the expression's own opening comes back. Where
    the mouth is depends on the calls and their times alone.

    Args:
        config: settings.
        now_s: time in seconds.
    """

    def __init__(self, config: AnimatorConfig, now_s: float) -> None:
        self.config = config
        self._track = Track(np.zeros(2), now_s)  # share of the voice in the mouth, and its opening

    def speak(self, opening: float, now_s: float) -> None:
        """Open the mouth so far, in [0, 1]."""
        omega = natural_frequency(self.config.speech_s)
        ends_s = now_s + self.config.speech_hold_s
        self._track.clear(now_s)
        self._track.pull(np.array([1.0, opening]), omega, now_s)
        self._track.pull(np.array([0.0, opening]), natural_frequency(0.3), ends_s)

    def stand(self, now_s: float) -> None:
        """Be silent, as after a jump of the clock."""
        self._track = Track(np.zeros(2), now_s)

    def has_arrived(self, now_s: float) -> bool:
        """Whether nobody speaks."""
        return self._track.has_arrived(now_s)

    def shape(self, units: np.ndarray, now_s: float) -> np.ndarray:
        """Action units (21,) with the opening of the mouth that the voice gives them."""
        share, opening = self._track.at(now_s)
        if share <= 0.0:
            return units
        spoken = np.array(units)
        spoken[_OPENING] += share * (opening * _WIDE_OPEN - spoken[_OPENING])
        spoken[_STRETCHED] -= share * max(0.0, spoken[_STRETCHED] - _NO_WAVE)
        return spoken
