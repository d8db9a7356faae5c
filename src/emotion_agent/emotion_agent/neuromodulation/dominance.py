# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Which emotion gives the state its name, with hysteresis.

Between two events the course of every emotion is known in advance, so the instant at which the
name changes is a property of the course and not of how often somebody looks: the course is
searched on cells anchored at the last event, and the instant is bisected inside its cell. Readers
at 5 Hz and at 200 Hz find the same name since the same time.
"""

import math
from collections.abc import Callable

from emotion_agent.neuromodulation.config import EmotionConfig
from emotion_agent.neuromodulation.names import EMOTIONS, NEUTRAL, Seven

NAMES = (*EMOTIONS, NEUTRAL)
NO_EMOTION = NAMES.index(NEUTRAL)

CELLS_PER_HALF_LIFE = 30  # of the fastest modulator; an excursion shorter than a cell is missed
CELL_GROWTH = 0.05  # cells widen with the time since the last event: decay is smooth in its log
RESOLUTION_S = 1e-6


class DominanceRule:
    """The thresholds of one configuration."""

    def __init__(self, config: EmotionConfig) -> None:
        self._limits = config.dominant
        self.min_hold_s = config.dominant.min_hold_s
        fastest = min(modulator.half_life_s for modulator in config.modulators.values())
        self.cell_s = fastest * config.time_scale / CELLS_PER_HALF_LIFE

    def choose(self, emotions: Seven, current: int) -> int:
        """
        The name that `emotions` deserve after `current`, leaving the hold time aside.

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


class Naming:
    """The name along one stretch without events; asked at times that never go back."""

    def __init__(
        self,
        rule: DominanceRule,
        emotions_at: Callable[[float], Seven],
        start: float,
        name: int,
        since_s: float,
        hold_until_s: float,
    ) -> None:
        """
        Args:
            rule: thresholds and cell size.
            emotions_at: the course of the emotions from `start` on.
            start: beginning of the stretch, s.
            name: index into `NAMES` at the start.
            since_s: when it got its name, s.
            hold_until_s: no change before this time, s.
        """
        self._rule = rule
        self._emotions_at = emotions_at
        self._start = start
        self._name, self._since, self._hold_until = name, since_s, hold_until_s
        self._cell_end = start
        self._next: tuple[int, float] | None = None

    def at(self, stamp_s: float) -> tuple[int, float, float]:
        """The name at `stamp_s`, since when, and until when it is held."""
        while self._cell_end <= stamp_s:
            self._take_next()
            self._open_cell()
        if self._next and self._next[1] <= stamp_s:
            self._take_next()
        return self._name, self._since, self._hold_until

    def _take_next(self) -> None:
        if self._next:
            self._name, self._since = self._next
            self._hold_until = self._since + self._rule.min_hold_s
            self._next = None

    def _open_cell(self) -> None:
        """Look ahead over one more cell for the next change of name."""
        begin = self._cell_end
        widths = self._rule.cell_s, CELL_GROWTH * (begin - self._start), math.ulp(begin)
        self._cell_end = begin + max(widths)
        if self._due(self._cell_end) != self._name:
            self._next = self._bisected(begin, self._cell_end)

    def _due(self, stamp_s: float) -> int:
        if stamp_s < self._hold_until:
            return self._name
        return self._rule.choose(self._emotions_at(stamp_s), self._name)

    def _bisected(self, before: float, after: float) -> tuple[int, float]:
        while after - before > max(RESOLUTION_S, 2.0 * math.ulp(after)):
            middle = 0.5 * (before + after)
            if self._due(middle) == self._name:
                before = middle
            else:
                after = middle
        return self._due(after), after
