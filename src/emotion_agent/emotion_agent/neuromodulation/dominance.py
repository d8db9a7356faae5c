# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Which emotion is dominant and so gives the state its name, with hysteresis.

Between two events the course of every emotion is known in advance, so the instant at which the
name changes is a property of the course and not of how often it is read: the course is
searched on cells anchored at the last event, and the instant is bisected inside its cell. Readers
at 5 Hz and at 200 Hz see the same name since the same time.

Most of the time no emotion comes near a threshold. How far the strengths may still move before
the name can change is known from the last time that they were computed, and how far they have
moved at most from the deviations; until that is used up nothing need be searched.
"""

import math
from collections.abc import Callable
from operator import mul, sub

from emotion_agent.neuromodulation.config import EmotionConfig
from emotion_agent.neuromodulation.names import (
    EMOTIONS,
    NEUTRAL,
    EmotionVector,
    ModulatorVector,
)

NAMES = (*EMOTIONS, NEUTRAL)
NO_EMOTION = NAMES.index(NEUTRAL)

CELLS_PER_HALF_LIFE = 30  # of the fastest modulator; an excursion shorter than a cell is missed
CELL_GROWTH = 0.05  # cells widen with the time since the last event: decay is smooth in its log
RESOLUTION_S = 1e-6
ROUNDING = 1e-6  # of strengths, far above that of thousands of steps


class DominanceRule:
    """The thresholds of one configuration."""

    def __init__(self, config: EmotionConfig) -> None:
        self._limits = config.dominant
        self.min_hold_s = config.dominant.min_hold_s
        fastest = min(modulator.half_life_s for modulator in config.modulators.values())
        self.cell_s = fastest * config.time_scale / CELLS_PER_HALF_LIFE
        weights = [tuple(map(abs, emotion.weights)) for emotion in config.emotions.values()]
        self._steepest = tuple(map(max, zip(*weights, strict=True)))
        mood_rate = math.log(2.0) / (config.mood.half_life_s * config.time_scale)
        self._mood_drift = (
            2.0 * mood_rate * config.mood.gain * config.capacity * max(map(sum, weights))
        )

    def choose(self, emotions: EmotionVector, current: int) -> int:
        """
        The name for `emotions` after the name `current`, without regard to the hold time.

        Args:
            emotions: strengths in the order of `EMOTIONS`; of equals the first one wins.
            current: index into `NAMES`.

        Returns:
            Index into `NAMES`.
        """
        limits = self._limits
        strongest = max(emotions)
        challenger = emotions.index(strongest) if strongest >= limits.on else NO_EMOTION
        if current == NO_EMOTION or emotions[current] < limits.off:
            return challenger
        if challenger != NO_EMOTION and strongest > emotions[current] + limits.margin:
            return challenger
        return current

    def calm(self, emotions: EmotionVector, current: int) -> float:
        """
        How far every emotion may move with `choose` still giving the name `current`.

        Args:
            emotions: strengths for which it gives it now.
            current: index into `NAMES`.
        """
        limits = self._limits
        if current == NO_EMOTION:
            return limits.on - max(emotions) - ROUNDING
        strength = emotions[current]
        rival = max(emotions[:current] + emotions[current + 1 :])
        to_be_overtaken = max(limits.on - rival, 0.5 * (strength + limits.margin - rival))
        return min(strength - limits.off, to_be_overtaken) - ROUNDING

    def farthest(self, elapsed_s: float, before: ModulatorVector, after: ModulatorVector) -> float:
        """
        How far any emotion moves at most over a stretch without events.

        Args:
            elapsed_s: length of the stretch, s.
            before: deviations at its start; each goes one way only.
            after: deviations at its end.
        """
        moved = map(abs, map(sub, after, before))
        return self._mood_drift * elapsed_s + sum(map(mul, self._steepest, moved))


class Naming:
    """The name over a stretch without events; to be asked at ascending times."""

    def __init__(
        self,
        rule: DominanceRule,
        emotions_at: Callable[[float], EmotionVector],
        start_s: float,
        name: int,
        since_s: float,
        hold_until_s: float,
    ) -> None:
        """
        Args:
            rule: thresholds and cell size.
            emotions_at: the course of the emotions from `start_s` on.
            start_s: beginning of the stretch, s.
            name: index into `NAMES` at the start.
            since_s: when it got its name, s.
            hold_until_s: no change before this time, s.
        """
        self._rule = rule
        self._emotions_at = emotions_at
        self._start_s = start_s
        self._name, self._since_s, self._hold_until_s = name, since_s, hold_until_s
        self._cell_end_s = start_s
        self._next: tuple[int, float] | None = None

    def at(self, stamp_s: float) -> tuple[int, float, float]:
        """The name at `stamp_s`, since when, and until when it is held."""
        while self._cell_end_s <= stamp_s:
            self._take_next()
            self._open_cell()
        if self._next and self._next[1] <= stamp_s:
            self._take_next()
        return self._name, self._since_s, self._hold_until_s

    def _take_next(self) -> None:
        if self._next:
            self._name, self._since_s = self._next
            self._hold_until_s = self._since_s + self._rule.min_hold_s
            self._next = None

    def _open_cell(self) -> None:
        """Look ahead over one more cell for the next change of name."""
        begin_s = self._cell_end_s
        widths = self._rule.cell_s, CELL_GROWTH * (begin_s - self._start_s), math.ulp(begin_s)
        self._cell_end_s = begin_s + max(widths)
        if self._due(self._cell_end_s) != self._name:
            self._next = self._bisected(begin_s, self._cell_end_s)

    def _due(self, stamp_s: float) -> int:
        if stamp_s < self._hold_until_s:
            return self._name
        return self._rule.choose(self._emotions_at(stamp_s), self._name)

    def _bisected(self, before_s: float, after_s: float) -> tuple[int, float]:
        while after_s - before_s > max(RESOLUTION_S, 2.0 * math.ulp(after_s)):
            middle_s = 0.5 * (before_s + after_s)
            if self._due(middle_s) == self._name:
                before_s = middle_s
            else:
                after_s = middle_s
        return self._due(after_s), after_s
