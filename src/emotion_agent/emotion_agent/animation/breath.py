# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the whole face does by whole pixels: it breathes, and wanders to spare the panel."""

from __future__ import annotations

from math import inf

import numpy as np

from emotion_agent.animation.config import AnimatorConfig
from emotion_models.latent.easing import smoothstep

_IN_SHARE = 0.45  # of a breath
_AROUSED, _CALM = 1.0 / 3.0, 0.2  # how much faster at arousal 1, how much slower at -1
_ASLEEP = 0.7  # of the pace at rest
_TURN_S = 0.5  # in which a mouth opens for the air, or shuts
_STILL_S = (15.0, 30.0)  # between two steps of the drift
_PATIENCE_S = 10.0  # for a blink that hides a step; longer than their gaps


class Breath:
    """
    The face up by whole pixels, and down again, at a pace that changes without a jump of phase.

    Args:
        config: how far and how often.
        now_s: time in seconds.
    """

    def __init__(self, config: AnimatorConfig, now_s: float):
        self.config = config
        self.next_s = now_s + _IN_SHARE * config.breath_s
        self._is_in, self._turned_s = False, -inf
        self._period_s = config.breath_s

    def pace(self, arousal: float, is_asleep: bool, now_s: float) -> None:
        """Breathe faster or slower from now on, arousal in [-1, 1]."""
        faster = 1.0 + (_AROUSED if arousal > 0.0 else _CALM) * arousal
        period_s = self.config.breath_s / (_ASLEEP if is_asleep else faster)
        if period_s != self._period_s:
            self.next_s = now_s + (self.next_s - now_s) * period_s / self._period_s
            self._period_s = period_s

    def advance(self) -> None:
        """Breathe in or out."""
        self._is_in, self._turned_s = not self._is_in, self.next_s
        self.next_s += (_IN_SHARE if self._is_in else 1.0 - _IN_SHARE) * self._period_s

    def out(self, now_s: float) -> float:
        """How far the air is out at `now_s`, 0 to 1."""
        turned = smoothstep((now_s - self._turned_s) / _TURN_S)
        return 1.0 - turned if self._is_in else turned

    @property
    def shift_y(self) -> int:
        """How far down the face is, px; negative when it has breathed in."""
        return -int(self.config.breath_px + 0.5) if self._is_in else 0


class Drift:
    """
    Single steps of a pixel, hidden by what moves anyway.

    Args:
        config: how far.
        rng: source of the steps.
        now_s: time in seconds.
    """

    def __init__(self, config: AnimatorConfig, rng: np.random.Generator, now_s: float):
        self.config = config
        self._rng = rng
        self._from = self._place = (0, 0)
        self._moved_s = -inf
        self._due_s = now_s + rng.uniform(*_STILL_S)

    def is_due(self, now_s: float, is_hidden_well: bool) -> bool:
        """Whether a step is due that a blink hides well, or a breath where no blink came."""
        return now_s >= self._due_s + (0.0 if is_hidden_well else _PATIENCE_S)

    def step(self, at_s: float) -> None:
        """Be a pixel farther on from `at_s` on."""
        most_x = int(self.config.drift_px)
        most_y = most_x // 2 if most_x > 1 else most_x
        x, y = self._from = self._place
        if self._rng.random() < 0.7:
            x = _stepped(x, most_x, self._rng)
        else:
            y = _stepped(y, most_y, self._rng)
        self._place, self._moved_s = (x, y), at_s
        self._due_s = at_s + self._rng.uniform(*_STILL_S)

    def at(self, now_s: float) -> tuple[int, int]:
        """How far the face is to the right and down at `now_s`, px."""
        return self._place if now_s >= self._moved_s else self._from


def _stepped(place: int, most: int, rng: np.random.Generator) -> int:
    """A pixel to one side, or back where the way ends."""
    step = 1 if rng.random() < 0.5 else -1
    if abs(place + step) > most:
        step = -step
    return place + step if abs(place + step) <= most else 0
