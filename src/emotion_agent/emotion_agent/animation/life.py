# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a face does while nothing happens: blinks, glances, breath, and sleep."""

from __future__ import annotations

from math import inf, pi, sin

import numpy as np

from emotion_agent.animation.config import AnimatorConfig
from emotion_agent.animation.springs import Spring, natural_frequency
from emotion_models.drawing.view import View
from emotion_models.latent.easing import smoothstep

_CLOSING_S, _OPENING_S = 0.12, 0.16  # three and four frames at 25 Hz
_CLOSED_S = (0.04, 0.08)  # one to two frames
_FALL_ASLEEP_S, _WAKE_UP_S = 1.5, 0.3
_WANDER_SHARE = 0.3  # of the saccades of an idle gaze; the others are micro-saccades


class Blinks:
    """
    Blinks at random times, at least a gap apart.

    Args:
        config: rates.
        rng: source of the intervals.
        now_s: time in seconds.
    """

    def __init__(self, config: AnimatorConfig, rng: np.random.Generator, now_s: float):
        self._config = config
        self._rng = rng
        self._start_s, self._closed_s = -inf, 0.0
        self.next_s = self._schedule(now_s, arousal=0.0)

    def advance(self, arousal: float, is_suppressed: bool) -> None:
        """Let the scheduled blink happen, or skip it, and schedule the next."""
        if not is_suppressed:
            self._begin(self.next_s)
        self.next_s = self._schedule(self.next_s, arousal)

    def blink(self, now_s: float, arousal: float) -> None:
        """Blink out of turn, unless the last one is too recent."""
        if now_s - self._start_s >= self._config.blink_gap_s:
            self._begin(now_s)
            self.next_s = self._schedule(now_s, arousal)

    def closure(self, now_s: float) -> float:
        """How far the lids are closed, 0 to 1."""
        t_s = now_s - self._start_s
        opens_s = _CLOSING_S + self._closed_s
        return smoothstep(t_s / _CLOSING_S) * (1.0 - smoothstep((t_s - opens_s) / _OPENING_S))

    def _begin(self, now_s: float) -> None:
        self._start_s, self._closed_s = now_s, self._rng.uniform(*_CLOSED_S)

    def _schedule(self, now_s: float, arousal: float) -> float:
        config = self._config
        rate = config.blink_rate_per_min * (1.0 + config.blink_arousal_gain * max(0.0, arousal))
        if rate == 0.0:
            return inf
        return now_s + config.blink_gap_s + self._rng.exponential(60.0 / rate - config.blink_gap_s)


class Gaze:
    """
    Where the eyes look: at a point that was given, else wandering; never quite still.

    Args:
        config: times and sizes.
        rng: source of the saccades.
        now_s: time in seconds.
    """

    def __init__(self, config: AnimatorConfig, rng: np.random.Generator, now_s: float):
        self._config = config
        self._rng = rng
        self._fixation: np.ndarray | None = None
        self._fixated_until_s = -inf
        self._rest = np.zeros(2)
        self._spring = Spring(np.zeros(3), now_s)  # x, y, vergence
        self.next_s = self._schedule(now_s)

    def look_at(self, x: float, y: float, nearness: float, now_s: float) -> float:
        """Fixate a point in [-1, 1]², how near in [0, 1]; returns how far the eyes have to go."""
        is_new = self._fixation is None
        self._fixation = np.array([x, y, nearness])
        self._fixated_until_s = now_s + self._config.gaze_hold_s
        shift = self._shift_to(x, y)
        if is_new or shift > 2.0 * self._config.saccade_size:
            self._turn(x, y, nearness, now_s)
        return shift

    def release(self) -> None:
        """Look about again."""
        self._fixation = None

    def advance(self) -> float:
        """Let the scheduled saccade happen and schedule the next; returns how far the eyes go."""
        now_s = self.next_s
        if now_s >= self._fixated_until_s:
            self.release()
        if self._fixation is None and self._rng.random() < _WANDER_SHARE:
            self._rest = self._rng.uniform(-1.0, 1.0, 2) * self._config.wander_size * (1.0, 0.5)
        centre = np.append(self._rest, 0.0) if self._fixation is None else self._fixation
        x, y = self._rng.normal(centre[:2], self._config.saccade_size)
        shift = self._shift_to(x, y)
        self._turn(x, y, centre[2], now_s)
        self.next_s = self._schedule(now_s)
        return shift

    def at(self, now_s: float) -> np.ndarray:
        """Gaze at `now_s` in [-1, 1] and vergence in [0, 1], (3,)."""
        return np.clip(self._spring.at(now_s), (-1.0, -1.0, 0.0), 1.0)

    def _shift_to(self, x: float, y: float) -> float:
        return float(np.hypot(*(self._spring.goal[:2] - (x, y))))

    def _turn(self, x: float, y: float, vergence: float, now_s: float) -> None:
        omega = natural_frequency(self._config.gaze_s)
        self._spring.pull(np.clip((x, y, vergence), -1.0, 1.0), omega, now_s)

    def _schedule(self, now_s: float) -> float:
        return now_s + self._rng.uniform(self._config.saccade_min_s, self._config.saccade_max_s)


class Sleep:
    """
    Closed eyes when nothing happens for a while, and at last an empty panel.

    Args:
        config: times.
        now_s: time in seconds.
    """

    def __init__(self, config: AnimatorConfig, now_s: float):
        self._config = config
        self._last_event_s = now_s
        self._woken_s, self._woken_from = -inf, 0.0

    def wake(self, now_s: float) -> bool:
        """Something happened; returns whether it ended a sleep."""
        closure = self.closure(now_s)
        was_asleep = closure > 0.0 and self._sleeping_s(now_s) > 0.0
        if was_asleep:
            self._woken_s, self._woken_from = now_s, closure
        self._last_event_s = now_s
        return was_asleep

    def is_panel_off(self, now_s: float) -> bool:
        """Whether the panel is to stay empty."""
        return now_s - self._last_event_s >= self._config.off_after_s

    def closure(self, now_s: float) -> float:
        """How far the lids have fallen, 0 to 1."""
        falling = smoothstep(self._sleeping_s(now_s) / _FALL_ASLEEP_S)
        waking = self._woken_from * (1.0 - smoothstep((now_s - self._woken_s) / _WAKE_UP_S))
        return max(falling, waking)

    def _sleeping_s(self, now_s: float) -> float:
        return now_s - self._last_event_s - self._config.sleep_after_s


class Life:
    """
    Everything that moves by itself, as a function of time, seed and what happened.

    Its events carry their own times, so that what it does does not depend on how often it is
    asked. Two faces with the same seed and the same inputs move alike.

    Args:
        config: settings.
        seed: of the random times and sizes.
        now_s: time in seconds.
    """

    def __init__(self, config: AnimatorConfig, seed: int, now_s: float):
        blink_rng, gaze_rng, drift_rng = (
            np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(3)
        )
        self._config = config
        self._birth_s = now_s
        self._blinks = Blinks(config, blink_rng, now_s)
        self._gaze = Gaze(config, gaze_rng, now_s)
        self._sleep = Sleep(config, now_s)
        self._drift_phases = drift_rng.uniform(0.0, 2.0 * pi, 2)
        self.arousal = 0.0  # [-1, 1]: blinks more when higher
        self.is_startled = False  # does not blink

    def advance(self, now_s: float) -> None:
        """Let everything happen that was due by `now_s`."""
        while min(self._blinks.next_s, self._gaze.next_s) <= now_s:
            if self._blinks.next_s <= self._gaze.next_s:
                self._blinks.advance(self.arousal, self.is_startled)
            else:
                due_s = self._gaze.next_s
                self._blink_on_large_shift(self._gaze.advance(), due_s)

    def look_at(self, x: float, y: float, nearness: float, now_s: float) -> None:
        """Fixate a point in [-1, 1]² of the panel, how near in [0, 1]."""
        self._blink_on_large_shift(self._gaze.look_at(x, y, nearness, now_s), now_s)

    def look_about(self) -> None:
        """Nothing to fixate."""
        self._gaze.release()

    def wake(self, now_s: float) -> bool:
        """Something happened; returns whether it ended a sleep, which it does with a blink."""
        was_asleep = self._sleep.wake(now_s)
        if was_asleep:
            self._blinks.blink(now_s + _WAKE_UP_S, self.arousal)
        return was_asleep

    def is_panel_off(self, now_s: float) -> bool:
        """Whether nothing happened for so long that the panel is to stay empty."""
        return self._sleep.is_panel_off(now_s)

    def view(self, now_s: float, zoom: float) -> View:
        """How the face is seen at `now_s`, around the `zoom` that its expression has."""
        config = self._config
        t_s = now_s - self._birth_s
        drift = 2.0 * pi * t_s / config.drift_period_s
        # 0.618: the two directions never repeat together, so no pixel is favoured
        shift_x = config.drift_px * sin(drift + self._drift_phases[0])
        shift_y = 0.5 * config.drift_px * sin(0.618 * drift + self._drift_phases[1])
        breath = 1.0 + config.breathing * sin(2.0 * pi * t_s / config.breathing_period_s)
        gaze_x, gaze_y, vergence = self._gaze.at(now_s).tolist()
        return View(
            gaze_x=gaze_x,
            gaze_y=gaze_y,
            blink=max(self._blinks.closure(now_s), self._sleep.closure(now_s)),
            vergence=vergence,
            zoom=zoom * breath,
            shift_x=shift_x,
            shift_y=shift_y,
        )

    def _blink_on_large_shift(self, shift: float, now_s: float) -> None:
        if shift >= self._config.gaze_blink_shift and not self.is_startled:
            self._blinks.blink(now_s, self.arousal)
