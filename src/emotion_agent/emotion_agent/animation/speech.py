# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The mouth of a face that speaks."""

from __future__ import annotations

from math import inf

import numpy as np

from emotion_agent.animation.config import AnimatorConfig
from emotion_agent.animation.springs import Track, natural_frequency
from emotion_models.drawing.action_units import ActionUnits
from emotion_models.drawing.parts import unit_columns

_MOVED = unit_columns(['jaw_drop', 'lips_part', 'lip_stretcher', 'lip_tightener', 'lip_pressor'])
_SMILE, _STRETCHED = (
    ActionUnits._fields.index(name) for name in ('lip_corner_puller', 'lip_stretcher')
)
# The units of `_MOVED` at the widest opening: of an "ah", an "oh" and an "ee".
_AH = np.array([0.85, 0.9, 0.1, 0.0, 0.0])
_OH = np.array([0.55, 0.3, 0.0, 1.0, 0.6])
_EE = np.array([0.4, 0.9, 0.28, 0.0, 0.0])
_OPENING = np.array([1.0, 1.0, 0.0, 0.0, 0.0])  # of these, what shuts with the voice
_NO_WAVE = 0.28  # of the lip stretcher; more makes waves, which a moving mouth breaks to pieces
_VOWELS = (-0.3, 0.9, -1.0, 0.2, 1.0, -0.7, 0.5)  # roundness of one syllable after the other
_FALL, _RISE = 0.12, 0.08  # of the opening: between them lies the end of a syllable
_LAG = 2.0  # how much longer lips take to become round than to part


class Speech:
    """
    The mouth while somebody speaks, in place of what the expression says.

    Each syllable, a rise of the opening after a fall, has another roundness of the lips. A smile
    stays one. `speech_hold_s` after the last call of `speak` the expression's own mouth comes
    back. Where the mouth is depends on the calls and their times alone.

    Args:
        config: settings.
        now_s: time in seconds.
    """

    def __init__(self, config: AnimatorConfig, now_s: float) -> None:
        self.config = config
        self.stand(now_s)

    def speak(self, opening: float, now_s: float) -> None:
        """Open the mouth so far, in [0, 1]."""
        self._hear(opening, now_s)
        duration_s = self.config.speech_s
        self._ends_s = now_s + self.config.speech_hold_s
        self._track.clear(now_s)
        self._track.pull(np.array([1.0, opening]), natural_frequency(duration_s), now_s)
        self._track.pull(np.array([0.0, opening]), natural_frequency(0.3), self._ends_s)
        roundness = np.array([_VOWELS[self._syllable % len(_VOWELS)]])
        self._roundness.clear(now_s)
        self._roundness.pull(roundness, natural_frequency(_LAG * duration_s), now_s)

    def stand(self, now_s: float) -> None:
        """Be silent, as after a jump of the clock."""
        self._track = Track(np.zeros(2), now_s)  # share of the voice in the mouth, and its opening
        self._roundness = Track(np.zeros(1), now_s)
        self._syllable, self._ends_s = 0, -inf
        self._peak = self._valley = 0.0

    def has_arrived(self, now_s: float) -> bool:
        """Whether nobody speaks."""
        return self._track.has_arrived(now_s)

    def shape(self, units: np.ndarray, now_s: float) -> np.ndarray:
        """Action units (21,) with the mouth that the voice gives them."""
        share, opening = self._track.at(now_s)
        if share <= 0.0:
            return units
        (roundness,) = self._roundness.at(now_s)
        smile = min(1.0, max(0.0, float(units[_SMILE])))
        # A wide open mouth is no vowel but "ah"; that of a smile stays wide.
        roundness *= 1.0 - 0.5 * max(0.0, opening)
        if roundness > 0.0:
            vowel = _AH + (1.0 - 0.5 * smile) * roundness * (_OH - _AH)
        else:
            vowel = _AH - roundness * (_EE - _AH)
        spoken = np.array(units)
        was = spoken[_MOVED]
        spoken[_MOVED] += share * (np.where(_OPENING, opening, 1.0) * vowel - was * _OPENING)
        spoken[_STRETCHED] -= share * max(0.0, spoken[_STRETCHED] - _NO_WAVE)
        return spoken

    def _hear(self, opening: float, now_s: float) -> None:
        """Count syllables."""
        if now_s >= self._ends_s or (
            self._valley < self._peak - _FALL and opening > self._valley + _RISE
        ):
            self._syllable += 1
            self._peak = self._valley = opening
        if opening > self._peak:
            self._peak = self._valley = opening
        self._valley = min(self._valley, opening)
