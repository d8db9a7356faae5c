# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""When the lids close, how far and how fast."""

from __future__ import annotations

from collections import deque
from math import exp, inf, log
from typing import NamedTuple

import numpy as np

from emotion_agent.animation.config import AnimatorConfig, differ
from emotion_models.latent.easing import smoothstep

# Two to three, one to two and three to four frames at 25 Hz.
_DOWN_S, _SHUT_S, _UP_S = (0.08, 0.12), (0.04, 0.08), (0.12, 0.16)
_SLOW_S = (0.28, 0.12, 0.4)  # down, shut and up, before sadness
_OPEN_S = 0.08  # in which the lids open when the face is startled
_AGAIN_S = (0.06, 0.16)  # between the two halves of a double blink
_LONGEST_GAP_S = 7.9
_LONGEST_MEAN_S = 6.7  # of blinks whose gaps are no longer than that
_OF_THE_RATE = ('blink_rate', 'blink_arousal', 'blink_gap_s', 'double_blinks')
_SPREAD = 0.6  # of the logarithm of a gap
_HALF = (0.5, 0.65)  # how far a half blink closes
_HALF_SHARE = 0.6  # of the blinks of somebody who is all sad or all sleepy


class Blink(NamedTuple):
    """One blink: when it begins, how long its parts take in seconds, how far it closes."""

    start_s: float
    down_s: float
    shut_s: float
    up_s: float
    depth: float = 1.0

    @property
    def shuts_s(self) -> float:
        """When the lids have closed."""
        return self.start_s + self.down_s

    @property
    def opens_s(self) -> float:
        """When they begin to open."""
        return self.shuts_s + self.shut_s

    @property
    def end_s(self) -> float:
        """When they are open."""
        return self.opens_s + self.up_s

    def closure(self, now_s: float) -> float:
        """How far the lids are closed, [0, 1]."""
        if not self.start_s < now_s < self.end_s:
            return 0.0
        opened = smoothstep((now_s - self.opens_s) / self.up_s)
        return self.depth * smoothstep((now_s - self.start_s) / self.down_s) * (1.0 - opened)

    def broken_off(self, now_s: float) -> Blink:
        """The blink whose lids open fast from now on, from where they are."""
        if not self.start_s < now_s < self.end_s:
            return self
        return Blink(now_s - _OPEN_S, _OPEN_S, 0.0, _OPEN_S, self.closure(now_s))


class Blinks:
    """
    Blinks at log-normal gaps, whatever else makes the lids close.

    Each blink, also one out of turn, uses up the one that was planned: the rate stays as set.

    Args:
        config: rates.
        rng: source of the gaps.
        now_s: time in seconds.
    """

    def __init__(self, config: AnimatorConfig, rng: np.random.Generator, now_s: float):
        self.config = config
        self.arousal = 0.0  # [-1, 1]: more blinks when higher
        self.heaviness = 0.0  # [0, 1]: of the lids, in sadness and sleepiness
        self.is_startled = False  # eyes stay open
        self._rng = rng
        self._recent: deque[Blink] = deque(maxlen=4)
        self._last_s = -inf
        self._planned_s = self._gap_from_s = now_s
        self._due_s = self._second_s = inf
        self.replan(now_s)

    @property
    def next_s(self) -> float:
        """When the next one is due."""
        return min(self._due_s, self._second_s)

    def replan(self, now_s: float) -> None:
        """Let the next gap begin now."""
        self._planned_s = now_s
        self._plan(now_s)

    def reconfigure(self, config: AnimatorConfig, now_s: float) -> None:
        """Follow other settings; those of the rate alone change the gap that has begun."""
        was_off = self.config.blink_rate == 0.0
        is_other = differ(config, self.config, *_OF_THE_RATE)
        self.config = config
        if was_off or config.blink_rate == 0.0:
            self._second_s = inf
            self.replan(now_s)
        elif is_other:
            self._planned_s = self._gap_from_s
            self._plan(self._gap_from_s)
            self._due_s = max(self._due_s, now_s)

    def advance(self) -> Blink | None:
        """Let the blink that is due happen, unless the face is startled; plan the next."""
        now_s, is_second = self.next_s, self._second_s <= self._due_s
        self._second_s = inf
        if self.is_startled:
            if not is_second:
                self.replan(now_s)
            return None
        if is_second:
            return self._begin(self._ordinary(now_s))
        return self._perhaps_twice(self._begin_turn(self._ordinary(now_s)))

    def startle(self, now_s: float) -> None:
        """Open the eyes and keep them open: no blink begins until told otherwise."""
        begun = [blink for blink in self._recent if blink.start_s <= now_s]
        if not self.is_startled:
            begun = [blink.broken_off(now_s) for blink in begun]
        self.is_startled, self._second_s = True, inf
        self._recent = deque(begun, self._recent.maxlen)

    def is_too_soon(self, now_s: float) -> bool:
        """Whether the last blink is so recent that the next has to wait."""
        return now_s - self._last_s < self.config.blink_gap_s or self._second_s < inf

    def has_just_been(self, now_s: float) -> bool:
        """Whether a blink began less than the gap ago; one that is to come does not count."""
        return 0.0 <= now_s - self._last_s < self.config.blink_gap_s

    def with_glance(self, now_s: float) -> Blink | None:
        """Blink while the eyes jump, where a blink may come."""
        is_off = self.config.blink_rate == 0.0
        if self.is_startled or is_off or self.is_too_soon(now_s):
            return None
        return self._perhaps_twice(self._begin_turn(self._ordinary(now_s)))

    def shut(self, now_s: float) -> Blink:
        """A whole blink that begins now, or the one that is closing now."""
        last = self._recent[-1] if self._recent else None
        if last and last.depth == 1.0 and last.start_s <= now_s <= last.shuts_s:
            return last
        return self._begin_turn(self._ordinary(now_s)._replace(depth=1.0))

    def slowly(self, now_s: float) -> Blink:
        """A whole, slow blink that begins now."""
        return self._begin_turn(Blink(now_s, *_SLOW_S))

    def closure(self, now_s: float) -> float:
        """How far the lids are closed, [0, 1]."""
        return max((blink.closure(now_s) for blink in self._recent), default=0.0)

    def _ordinary(self, now_s: float) -> Blink:
        uniform = self._rng.uniform
        is_half = self._rng.random() < _HALF_SHARE * self.heaviness
        parts = uniform(*_DOWN_S), uniform(*_SHUT_S), uniform(*_UP_S)
        return Blink(now_s, *parts, uniform(*_HALF) if is_half else 1.0)

    def _begin_turn(self, blink: Blink) -> Blink:
        self._second_s = inf
        while self._recent and self._recent[-1].start_s > blink.start_s:
            self._recent.pop()  # that of waking, which has not begun
        self._begin(blink)
        self._plan(blink.start_s)
        return blink

    def _perhaps_twice(self, blink: Blink) -> Blink:
        if self._rng.random() < self.config.double_blinks:
            self._second_s = blink.end_s + self._rng.uniform(*_AGAIN_S)
        return blink

    def _begin(self, blink: Blink) -> Blink:
        self._recent.append(blink)
        self._last_s = blink.start_s
        if self._due_s < inf:
            self._due_s = max(self._due_s, blink.start_s + self.config.blink_gap_s)
        return blink

    def _plan(self, now_s: float) -> None:
        config, self._gap_from_s = self.config, now_s
        rate = config.blink_rate * (1.0 + config.blink_arousal * max(0.0, self.arousal))
        if rate == 0.0:
            self._due_s = inf
            return
        mean_s = 60.0 / rate * (1.0 + config.double_blinks)
        longest_s = _LONGEST_GAP_S if mean_s <= _LONGEST_MEAN_S else 1.6 * mean_s
        self._planned_s = max(self._planned_s, now_s) + self._gap_s(mean_s, longest_s)
        earliest_s = now_s + config.blink_gap_s
        self._due_s = min(max(self._planned_s, earliest_s), now_s + longest_s)
        self._planned_s = min(self._planned_s, now_s + 2.0 * longest_s)

    def _gap_s(self, mean_s: float, longest_s: float) -> float:
        """Log-normal above the least gap, cut off at two standard deviations."""
        least_s = self.config.blink_gap_s
        mean_s = max(1e-3, mean_s - least_s)
        spread = min(_SPREAD, 0.5 * log(max(1.01, (longest_s - least_s) / mean_s)))
        deviation = 3.0
        while abs(deviation) > 2.0:
            deviation = self._rng.standard_normal()
        # 0.77: the variance of a normal number that is cut off at two standard deviations
        return least_s + mean_s * exp(spread * deviation - 0.5 * 0.77 * spread**2)
