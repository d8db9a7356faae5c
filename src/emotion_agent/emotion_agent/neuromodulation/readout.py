# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is read from the modulators: levels, emotions, their visibility, and one point."""

import math
from operator import mul
from typing import NamedTuple

from emotion_agent.neuromodulation.config import EmotionConfig
from emotion_agent.neuromodulation.names import (
    EMOTIONS,
    MODULATORS,
    EmotionVector,
    ModulatorVector,
)

# Lövheim 2012, three monoamines as the axes of a cube: (serotonin, dopamine, noradrenaline) high?
LOVHEIM_CORNERS = {
    (False, False, False): 'shame',
    (False, False, True): 'distress',
    (False, True, False): 'fear',
    (False, True, True): 'anger',
    (True, False, False): 'contempt',
    (True, False, True): 'surprise',
    (True, True, False): 'joy',
    (True, True, True): 'interest',
}


class Reading(NamedTuple):
    """
    The whole state at one instant.

    A `ModulatorVector` follows `MODULATORS`, an `EmotionVector` follows `EMOTIONS`.
    """

    stamp_s: float  # s
    levels: ModulatorVector  # (0, 1), the resting level at rest
    activation: ModulatorVector  # (-1, 1), 0 at rest
    deviation: ModulatorVector  # fast part, within the capacity
    mood: ModulatorVector  # slow part, within the capacity times the mood gain
    emotions: EmotionVector  # [0, 1]
    visible: EmotionVector  # [0, 1], 0 below the threshold
    visible_valence: float  # of the mixture of the visible emotions, [-1, 1]
    visible_arousal: float  # [-1, 1]
    neutral: float  # 1 - intensity
    intensity: float  # the strongest emotion, [0, 1]
    valence: float  # [-1, 1]
    arousal: float  # [-1, 1]
    dominance: float  # [-1, 1]
    dominant: str  # an emotion, or 'neutral'
    dominant_since_s: float  # s
    observation_stamp_s: float | None  # of the newest observed human, s
    last_stimulus: str  # newest delivered stimulus, '' = none yet
    last_source: str  # who sent it
    last_change_stamp_s: float | None  # when it took effect, s

    @property
    def lovheim(self) -> str:
        """Nearest corner of the Lövheim cube: a diagnostic, its validity is unproven."""
        high = dict(zip(MODULATORS, (a > 0.0 for a in self.activation), strict=True))
        return LOVHEIM_CORNERS[high['serotonin'], high['dopamine'], high['noradrenaline']]


class Readout:
    """The constants with which one configuration reads the state."""

    def __init__(self, config: EmotionConfig) -> None:
        self._temperament = tuple(config.modulators[name].temperament for name in MODULATORS)
        self._rest = tuple(config.modulators[name].rest for name in MODULATORS)
        self._weights = tuple(config.emotions[name].weights for name in EMOTIONS)
        self._anchors = tuple(zip(*(config.emotions[name].pad for name in EMOTIONS), strict=True))
        self._visible_from = config.visibility.on
        # A width of zero makes visibility a step.
        self._visible_width = max(config.visibility.full - config.visibility.on, 1e-12)

    def activation(self, y: ModulatorVector, mood: ModulatorVector) -> ModulatorVector:
        """Saturating response of each modulator to its deviation, mood and temperament."""
        tanh = math.tanh
        return tuple([tanh(t + a + b) for t, a, b in zip(self._temperament, y, mood, strict=True)])

    def emotions(self, activation: ModulatorVector) -> EmotionVector:
        """Strength of each emotion, [0, 1]."""
        strengths = [sum(map(mul, weights, activation)) for weights in self._weights]
        return tuple([0.0 if e < 0.0 else 1.0 if e > 1.0 else e for e in strengths])

    def levels(self, activation: ModulatorVector) -> ModulatorVector:
        """Published level of each modulator: activation mapped so that rest stays at rest."""
        return tuple(
            [
                b + (1.0 - b) * a if a >= 0.0 else b * (1.0 + a)
                for a, b in zip(activation, self._rest, strict=True)
            ]
        )

    def visible(self, emotions: EmotionVector) -> EmotionVector:
        """How much of each emotion shows: a smooth step from the threshold to saturation."""
        return tuple([self._smooth_step(e) for e in emotions])

    def _smooth_step(self, emotion: float) -> float:
        x = (emotion - self._visible_from) / self._visible_width
        if x <= 0.0:
            return 0.0
        return 1.0 if x >= 1.0 else x * x * (3.0 - 2.0 * x)

    def pleasure_arousal_dominance(self, emotions: EmotionVector) -> tuple[float, ...]:
        """Mix of the emotions' anchors with the origin, so always inside their hull."""
        share = 1.0 / max(1.0, sum(emotions))
        return tuple(share * sum(map(mul, emotions, axis)) for axis in self._anchors)
