# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Heavy lids, sleep, letters that float up from it, and at last an empty panel."""

from __future__ import annotations

from math import inf

import numpy as np

from emotion_agent.animation.config import AnimatorConfig, differ
from emotion_agent.animation.motion import Letter
from emotion_models.drawing.action_units import ActionUnits
from emotion_models.latent.easing import smoothstep

WAKE_UP_S = 0.3
SLACK = np.array(
    ActionUnits(
        inner_brow_raiser=0.1,
        outer_brow_raiser_left=-0.15,
        outer_brow_raiser_right=-0.15,
        lip_tightener=1.0,
        lip_pressor=0.2,
    )
)
"""What sleep does to the action units, (21,): brows sink, and the mouth becomes small."""
BLOWING = np.array(ActionUnits(lips_part=0.45, jaw_drop=0.22))
"""What it adds where the air is out, (21,)."""
_STARTLED_S = 0.08
_FALL_ASLEEP_S = 1.5
_HEAVY = ((0.5, 0.2), (0.75, 0.35))  # share of the time until sleep, and how far lids are shut
_SINK_S = 1.0  # in which lids grow heavier
_NOD = (0.8, 1.2, 0.5, 0.12)  # how far lids fall in a nod; seconds down, there and up again
_NODS = ((0.8, 0.86), (0.9, 0.95))  # when, shares of the time until sleep
_NOD_S = _NOD[1] + _NOD[2] + _NOD[3]
_LETTER_PX, _LETTER_S = 8, 2.4  # how far a letter floats up, and in what time
_FIRST_LETTER_S, _LETTER_PAUSE_S = (1.5, 3.0), (1.0, 4.0)
_LETTER_X, _LETTER_Y = (94, 112), (46, 54)  # where it begins, below an eye and beside the mouth
_LETTER_SIZES = (5, 7)


class Sleep:
    """
    Closed eyes when nothing happens for a while, and at last an empty panel.

    Args:
        config: times.
        rng: source of nods and letters.
        now_s: time in seconds.
    """

    def __init__(self, config: AnimatorConfig, rng: np.random.Generator, now_s: float):
        self.config = config
        self._rng = rng
        self._last_event_s = now_s
        # What is left of a movement of the lids to where they belong: from when, how far, how long
        self._moved_s, self._way, self._moving_s = -inf, 0.0, WAKE_UP_S
        self._nods_s: tuple[float, ...] = ()
        self._letter, self._letter_s = Letter(0, 0, 0), -inf
        self.is_asleep = False  # lids have fallen
        self.next_s = self._heavy_s

    @property
    def _heavy_s(self) -> float:
        return self._last_event_s + _HEAVY[0][0] * self.config.sleep_after_s

    @property
    def _asleep_s(self) -> float:
        return self._last_event_s + self.config.sleep_after_s + _FALL_ASLEEP_S

    def wake(self, now_s: float) -> bool:
        """Something happened; returns whether it ended a sleep."""
        fallen = self._fallen(now_s)
        was_asleep = self.is_sleeping(now_s)
        if fallen > 0.0:
            self._moved_s, self._way, self._moving_s = now_s, self.closure(now_s), WAKE_UP_S
        self._last_event_s = now_s
        self._nods_s, self.is_asleep, self._letter_s = (), False, -inf
        self.next_s = self._heavy_s
        return was_asleep

    def startle(self) -> None:
        """Open the lids faster, where they open."""
        self._moving_s = _STARTLED_S

    def reconfigure(self, config: AnimatorConfig, now_s: float) -> None:
        """
        Go on by other settings: lids move from where they are to where these have them.

        Where the time until sleep is over already, it is over now.
        """
        if not differ(config, self.config, 'sleep_after_s', 'dozing', 'snoring'):
            self.config = config
            return
        closure, was_sleeping = self.closure(now_s), self.is_sleeping(now_s)
        self.config, self._nods_s = config, ()
        if not was_sleeping:
            self._last_event_s = max(self._last_event_s, now_s - config.sleep_after_s)
        self._moved_s, self._way = now_s, closure - self._fallen(now_s)
        self._moving_s = WAKE_UP_S if self._way > 0.0 else _FALL_ASLEEP_S
        if now_s < self._asleep_s:
            if self.is_asleep:
                self.is_asleep, self._letter_s = False, -inf
            self.next_s = self._heavy_s if now_s < self._heavy_s else self._asleep_s
        elif self.is_asleep:
            is_snoring = config.snoring > 0.0
            self.next_s = now_s + self._rng.uniform(*_FIRST_LETTER_S) if is_snoring else inf
        else:
            self.next_s = min(self.next_s, self._asleep_s)

    def advance(self) -> None:
        """Grow sleepy, fall asleep or let a letter rise."""
        now_s = self.next_s
        if self.is_asleep:
            self._raise_letter(now_s)
        elif now_s >= self._asleep_s:
            self.is_asleep = True
            self.next_s = now_s + self._rng.uniform(*_FIRST_LETTER_S)
        else:
            after_s = self.config.sleep_after_s
            shares = [self._rng.uniform(*share) for share in _NODS]
            self._nods_s = tuple(self._last_event_s + share * after_s for share in shares)
            self.next_s = self._asleep_s
        if self.config.snoring == 0.0 and self.is_asleep:
            self.next_s = inf

    def is_panel_off(self, now_s: float) -> bool:
        """Whether the panel is to stay empty."""
        return now_s - self._last_event_s >= self.config.off_after_s

    def is_sleeping(self, now_s: float) -> bool:
        """Whether the lids are falling or have fallen."""
        return now_s > self._last_event_s + self.config.sleep_after_s

    def is_heavy(self, now_s: float) -> bool:
        """Whether the lids are heavy."""
        return self.config.dozing > 0.0 and now_s >= self._heavy_s

    def is_moving(self, now_s: float) -> bool:
        """Whether the head nods or a letter floats."""
        is_nodding = any(0.0 <= now_s - nod_s < _NOD_S for nod_s in self._nods_s)
        return (is_nodding and self.config.dozing > 0.0) or self.letter(now_s) is not None

    def closure(self, now_s: float) -> float:
        """How far the lids have fallen, 0 to 1."""
        left = self._way * (1.0 - smoothstep((now_s - self._moved_s) / self._moving_s))
        return min(1.0, max(0.0, self._fallen(now_s) + left))

    def letter(self, now_s: float) -> Letter | None:
        """The letter that floats at `now_s`, if there is one."""
        share = (now_s - self._letter_s) / _LETTER_S
        if not 0.0 <= share < 1.0:
            return None
        risen = int(share * (_LETTER_PX + 1))
        x, y, size = self._letter
        return Letter(x + risen // 3, y - risen, size)

    def _fallen(self, now_s: float) -> float:
        if now_s <= self._heavy_s:
            return 0.0
        after_s = self.config.sleep_after_s
        idle_s = now_s - self._last_event_s
        heavy = before = 0.0
        for share, closure in _HEAVY:
            heavy += (closure - before) * smoothstep((idle_s - share * after_s) / _SINK_S)
            before = closure
        heavy = self.config.dozing * max([heavy, *(_nod(now_s - nod_s) for nod_s in self._nods_s)])
        falling = smoothstep((idle_s - after_s) / _FALL_ASLEEP_S)
        return heavy + (1.0 - heavy) * falling

    def _raise_letter(self, now_s: float) -> None:
        x, y = (int(self._rng.integers(*place)) for place in (_LETTER_X, _LETTER_Y))
        self._letter = Letter(x, y, int(self._rng.choice(_LETTER_SIZES)))
        self._letter_s = now_s
        pause_s = self._rng.uniform(*_LETTER_PAUSE_S) / self.config.snoring
        self.next_s = now_s + _LETTER_S + pause_s


def _nod(t_s: float) -> float:
    """How far lids are shut `t_s` after a nod began: slowly down, and up with a jerk."""
    depth, down_s, there_s, up_s = _NOD
    opened = smoothstep((t_s - down_s - there_s) / up_s)
    return depth * smoothstep(t_s / down_s) * (1.0 - opened)
