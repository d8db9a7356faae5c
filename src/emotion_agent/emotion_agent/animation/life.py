# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a face does by itself: blinks, glances, breath, loops of strong feelings, and sleep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from emotion_agent.animation.blinks import Blink, Blinks
from emotion_agent.animation.breath import Breath, Drift
from emotion_agent.animation.config import AnimatorConfig
from emotion_agent.animation.gaze import TRAVEL_PX, Gaze
from emotion_agent.animation.loops import NOTHING, Loops
from emotion_agent.animation.motion import Motion
from emotion_agent.animation.sleep import BLOWING, SLACK, WAKE_UP_S, Sleep
from emotion_models.drawing.view import VERGENCE_PX, View
from emotion_models.labels.emotions import EMOTIONS

STARTLED = 0.4  # visible surprise that keeps the eyes open
_SAD, _SURPRISE = EMOTIONS.index('sad'), EMOTIONS.index('surprise')


class _Room(Protocol):
    config: AnimatorConfig

    @property
    def next_s(self) -> float:
        """When something happens in it."""


class Life:
    """
    Everything that moves by itself, as a function of time, seed and what happened.

    Its events carry their own times, so that what it does does not depend on how often it is
    asked. Two faces with the same seed and the same inputs move alike. Between the events its
    numbers are the same to the bit. Times are in seconds on any clock and never run backward.

    Args:
        config: settings.
        seed: of the random times and sizes.
        now_s: time in seconds.
    """

    def __init__(self, config: AnimatorConfig, seed: int, now_s: float):
        seeds = np.random.SeedSequence(seed).spawn(5)
        blinks, gaze, drift, sleep, loops = (np.random.default_rng(s) for s in seeds)
        self._blinks = Blinks(config, blinks, now_s)
        self._gaze = Gaze(config, gaze, now_s)
        self._breath = Breath(config, now_s)
        self._drift = Drift(config, drift, now_s)
        self._sleep = Sleep(config, sleep, now_s)
        self._loops = Loops(config, loops)
        self._visible = np.zeros(len(EMOTIONS))
        self._arousal = 0.0
        self._loops.feel(self._visible, now_s)
        self._happens: tuple[tuple[_Room, Callable[[], None]], ...] = (
            (self._sleep, self._fall_asleep),
            (self._blinks, self._blink),
            (self._gaze, self._glance),
            (self._breath, self._breathe),
            (self._loops, self._turn),
        )

    def reconfigure(self, config: AnimatorConfig, now_s: float) -> None:
        """Go on by other settings from now on."""
        self.advance(now_s)
        self._drift.config = self._breath.config = self._loops.config = config
        self._blinks.reconfigure(config, now_s)
        was_asleep = self._sleep.is_asleep
        self._sleep.reconfigure(config, now_s)
        self._gaze.reconfigure(config, now_s, self._sleep.is_asleep)
        if was_asleep and not self._sleep.is_asleep:
            self._gaze.resume(now_s)
        self.feel(self._visible, self._arousal, now_s)

    def feel(self, visible: np.ndarray, arousal: float, now_s: float) -> None:
        """
        Say what the face expresses from now on.

        Args:
            visible: how much of each emotion is to be seen, (7,) in [0, 1], order of EMOTIONS.
            arousal: of the whole state, [-1, 1]: more blinks and a faster breath.
            now_s: time in seconds.
        """
        self.advance(now_s)
        self._visible, self._arousal = visible, arousal
        self._blinks.arousal = arousal
        if visible[_SURPRISE] >= STARTLED:
            self._startle(now_s)
        else:
            self._blinks.is_startled = False
        self._breath.pace(arousal, self._sleep.is_asleep, now_s)
        self._loops.feel(visible, now_s)

    def advance(self, now_s: float) -> None:
        """Let everything happen that was due by `now_s`, in its order."""
        while True:
            room, happen = min(self._happens, key=lambda entry: entry[0].next_s)
            if room.next_s > now_s:
                return
            happen()

    def look_at(self, x: float, y: float, nearness: float, now_s: float) -> None:
        """Somebody is at a point in [-1, 1]² of the panel's plane, how near in [0, 1]."""
        self.advance(now_s)
        if self._gaze.look_at(x, y, nearness, now_s):
            self._blink_with_glance(now_s)

    def look_about(self) -> None:
        """Nobody is there."""
        self._gaze.look_about()

    def wake(self, now_s: float) -> bool:
        """Something happened; returns whether it ended a sleep, which it does with a blink."""
        self.advance(now_s)
        has_slept = self._sleep.wake(now_s)
        if has_slept:
            self._breath.pace(self._arousal, False, now_s)
            self._gaze.resume(now_s)
            if not self._blinks.is_startled and self._blinks.config.blink_rate:
                self._blinks.shut(now_s + WAKE_UP_S)
        return has_slept

    def is_panel_off(self, now_s: float) -> bool:
        """Whether nothing happened for so long that the panel is to stay empty."""
        return self._sleep.is_panel_off(now_s)

    def may_blink(self, now_s: float) -> bool:
        """Whether a blink out of turn may come: there are some, none just was, no startle."""
        self.advance(now_s)
        blinks = self._blinks
        has_blinks = blinks.config.blink_rate > 0.0 and not blinks.is_startled
        return has_blinks and not blinks.has_just_been(now_s)

    def shut(self, now_s: float) -> tuple[float, float]:
        """
        Blink out of turn, so that something is exchanged behind shut lids.

        Returns:
            When the lids are shut whole, and when they begin to open, in seconds.
        """
        self.advance(now_s)
        return self._hide_drift(self._blinks.shut(now_s))

    def blink_slowly(self, now_s: float) -> tuple[float, float]:
        """Blink out of turn and slowly, as before sadness; returns as `shut`."""
        self.advance(now_s)
        return self._hide_drift(self._blinks.slowly(now_s))

    def is_looping(self, now_s: float) -> bool:
        """Whether a loop of a feeling, a nod or a letter of sleep moves at `now_s`."""
        self.advance(now_s)
        if self._sleep.is_moving(now_s):
            return True
        return self._loops.is_moving(now_s) and not self._sleep.is_sleeping(now_s)

    def motion(self, now_s: float, is_settled: bool) -> Motion:
        """
        What is added to the expression at `now_s`.

        Args:
            now_s: time in seconds.
            is_settled: whether the expression stands; loops are not seen before.
        """
        self.advance(now_s)
        has_loops = is_settled and not self._sleep.is_sleeping(now_s)
        effect = self._loops.effect(now_s) if has_loops else NOTHING
        look = self._gaze.look(now_s)
        drift_x, drift_y = self._drift.at(now_s)
        asleep, opened = self._sleep.closure(now_s), 1.0
        for closure in (self._blinks.closure(now_s), asleep, effect.closure):
            opened *= 1.0 - closure
        view = View(
            gaze_x=look.x / TRAVEL_PX[0],
            gaze_y=min(1.0, (look.y + effect.gaze_y) / TRAVEL_PX[1]),
            blink=1.0 - opened,
            vergence=look.vergence / VERGENCE_PX,
            pupil_size=effect.pupil_size,
            tear_fall=effect.tear_fall,
            tilt=effect.tilt,
            shift_x=float(look.head_x + drift_x + effect.shift_x),
            shift_y=float(look.head_y + drift_y + self._breath.shift_y + effect.shift_y),
        )
        units = effect.units
        if asleep:
            units = units + asleep * (SLACK + self._breath.out(now_s) * BLOWING)
        return Motion(view, units, self._sleep.letter(now_s))

    def _startle(self, now_s: float) -> None:
        if not self._blinks.is_startled:
            self._sleep.startle()
        self._blinks.startle(now_s)

    def _fall_asleep(self) -> None:
        now_s, was_asleep = self._sleep.next_s, self._sleep.is_asleep
        self._sleep.advance()
        if self._sleep.is_asleep and not was_asleep:
            self._gaze.sleep(now_s)
            self._breath.pace(self._arousal, True, now_s)

    def _blink(self) -> None:
        self._blinks.heaviness = self._heaviness(self._blinks.next_s)
        blink = self._blinks.advance()
        if blink:
            self._hide_drift(blink)

    def _glance(self) -> None:
        now_s = self._gaze.next_s
        is_free = self._blinks.is_startled or not self._blinks.is_too_soon(now_s)
        if self._gaze.advance(is_blink_too_soon=not is_free):
            self._blink_with_glance(now_s)

    def _blink_with_glance(self, now_s: float) -> None:
        self._blinks.heaviness = self._heaviness(now_s)
        blink = self._blinks.with_glance(now_s)
        if blink:
            self._hide_drift(blink)

    def _breathe(self) -> None:
        now_s = self._breath.next_s
        self._breath.advance()
        if self._drift.is_due(now_s, is_hidden_well=False):
            self._drift.step(now_s)

    def _turn(self) -> None:
        now_s = self._loops.next_s
        if self._loops.advance() and not self._sleep.is_sleeping(now_s):
            self._gaze.survey(now_s)

    def _hide_drift(self, blink: Blink) -> tuple[float, float]:
        """Let a step of the drift happen behind the shut lids, where one is due."""
        is_seen = not self._sleep.is_sleeping(blink.start_s) and blink.depth == 1.0
        if is_seen and self._drift.is_due(blink.start_s, is_hidden_well=True):
            self._drift.step(blink.shuts_s)
        return blink.shuts_s, blink.opens_s

    def _heaviness(self, now_s: float) -> float:
        return max(float(self._visible[_SAD]), float(self._sleep.is_heavy(now_s)))
