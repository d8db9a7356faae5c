# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a strong feeling does again and again: laughter, tears, trembling, a heart that beats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import cos, inf, pi, sin
from typing import NamedTuple

import numpy as np

from emotion_agent.animation.config import AnimatorConfig
from emotion_models.drawing.action_units import NEUTRAL, ActionUnits
from emotion_models.drawing.view import TEAR_FALL_PX
from emotion_models.labels.emotions import EMOTIONS
from emotion_models.latent.easing import smoothstep

STRONG = 0.6  # visible emotion from which on it has a loop
_GONE = 0.4  # below it a turn of the loop is broken off, above it the last one ends
_NEUTRAL = 0.2  # no visible emotion is stronger in a face at rest
_BEAT_S = 1.0 / 1.1
_LAUGH_HZ = 4.0
_TREMBLE, _TREMBLE_S = (1, 0, -1, 0), 0.04  # px, and for how long each
_TILT_STEP = 0.015  # radians: a pixel at the ends of the face
_LEAN_S = 1.5


class Effect(NamedTuple):
    """What is added to the view (px, radians, [-1, 1], [0, 1]) and to the action units (21,)."""

    shift_x: int = 0
    shift_y: int = 0
    tilt: float = 0.0
    pupil_size: float = 0.0
    tear_fall: float = 0.0
    closure: float = 0.0
    gaze_y: int = 0
    units: np.ndarray = NEUTRAL

    def plus(self, other: Effect) -> Effect:
        """Both together."""
        return Effect(
            self.shift_x + other.shift_x,
            self.shift_y + other.shift_y,
            self.tilt + other.tilt,
            self.pupil_size + other.pupil_size,
            self.tear_fall + other.tear_fall,
            max(self.closure, other.closure),
            self.gaze_y + other.gaze_y,
            self.units + other.units,
        )


class Turn(NamedTuple):
    """
    One turn of a loop, which ends as it began, whatever the settings become.

    Args:
        start_s: from when.
        length_s: how long.
        chance: what makes it differ from others, [0, 1).
        amount: the setting of its loop.
    """

    start_s: float
    length_s: float
    chance: float
    amount: float


NOTHING = Effect()
Course = Callable[[float, float, float, float], Effect]  # of t_s, length_s, chance and amount


class Loop(NamedTuple):
    """
    Something that comes again while an emotion is strong.

    Args:
        setting: how much of it, the name of a setting in [0, 1]: smaller and rarer.
        emotion: one of EMOTIONS, or 'neutral'.
        first_s: seconds from the emotion to the first turn, least and most.
        length_s: of a turn.
        pause_s: to the next one.
        course: what happens in a turn.
    """

    setting: str
    emotion: str
    first_s: tuple[float, float]
    length_s: tuple[float, float]
    pause_s: tuple[float, float]
    course: Course


def _units(**units: float) -> np.ndarray:
    return np.array(ActionUnits(**units))


def _hump(t_s: float, length_s: float, rise_s: float, fall_s: float) -> float:
    """From 0 to 1 and, at the end, back."""
    return smoothstep(t_s / rise_s) * (1.0 - smoothstep((t_s - length_s + fall_s) / fall_s))


def _laugh(t_s: float, length_s: float, chance: float, amount: float) -> Effect:
    """Shakes of the face with the mouth, of which the last are smaller."""
    if t_s >= int(_LAUGH_HZ * length_s) / _LAUGH_HZ:
        return NOTHING
    wave = 0.5 - 0.5 * cos(2.0 * pi * _LAUGH_HZ * t_s)
    wave *= 1.0 if t_s < 0.6 * length_s else 0.5
    pixels = max(1.0, 2.0 * amount)
    return Effect(shift_y=-round(pixels * wave), units=_units(jaw_drop=0.25 * amount * wave))


def _weep(t_s: float, length_s: float, chance: float, amount: float) -> Effect:
    """The tear falls, is gone, and wells up again."""
    fall_s, well_s = 0.7, 0.5
    if t_s < fall_s:
        way_px = amount * TEAR_FALL_PX * (t_s / fall_s) ** 2
        return Effect(tear_fall=round(way_px) / TEAR_FALL_PX)
    welled = smoothstep((t_s - length_s + well_s) / well_s)
    return Effect(units=_units(tear=welled - 1.0))


def _tremble(t_s: float, length_s: float, chance: float, amount: float) -> Effect:
    return Effect(shift_x=_TREMBLE[int(t_s / _TREMBLE_S) % len(_TREMBLE)])


def _beat(t_s: float, length_s: float, chance: float, amount: float) -> Effect:
    """Lub, and a weaker dub."""
    first = sin(pi * t_s / 0.24) if t_s < 0.24 else 0.0
    second = sin(pi * (t_s - 0.24) / 0.24) if 0.24 <= t_s < 0.48 else 0.0
    return Effect(pupil_size=amount * max(first, 0.6 * second))


def _twitch(t_s: float, length_s: float, chance: float, amount: float) -> Effect:
    is_tight = t_s < 0.08 or (0.16 <= t_s < 0.24 and chance < 0.6)
    return Effect(units=_units(lid_tightener=0.5 * amount)) if is_tight else NOTHING


def _lean(t_s: float, length_s: float, chance: float, amount: float) -> Effect:
    tilt = (1.0 if chance < 0.5 else -1.0) * 0.045 * amount
    tilt *= _hump(t_s, length_s, _LEAN_S, _LEAN_S)
    return Effect(tilt=_TILT_STEP * round(tilt / _TILT_STEP))


def _smirk(t_s: float, length_s: float, chance: float, amount: float) -> Effect:
    raised = 0.5 * amount * _hump(t_s, length_s, 0.12, 0.25)
    return Effect(units=_units(outer_brow_raiser_right=raised))


def is_look_about(loop: Loop, turn: Turn) -> bool:
    """Whether this turn of a face at rest is a look about, and no sigh."""
    return loop.course is _sigh and turn.chance < 0.5


def _sigh(t_s: float, length_s: float, chance: float, amount: float) -> Effect:
    """
    The face rises with raised brows, and sinks, blowing, with falling lids that look down.

    Every other time the eyes look about instead.
    """
    if chance < 0.5:
        return NOTHING
    in_s = 0.27 * length_s
    raised = amount * _hump(t_s, in_s + 0.2, 0.3, 0.2)
    if t_s < in_s:
        return Effect(shift_y=-1, units=_breathing_in(raised))
    out_s, t_s = length_s - in_s, t_s - in_s
    weary = amount * _hump(t_s, out_s, 0.25, 0.3)
    blowing = amount * _hump(t_s - 0.2, 0.6 * out_s, 0.15, 0.15)
    return Effect(
        shift_y=min(1, int(t_s / 0.2) - 1) if t_s < out_s - 0.2 else 0,
        closure=0.5 * weary,
        gaze_y=2 if 0.2 <= t_s < out_s - 0.2 else 0,
        units=_breathing_in(raised)
        + _units(
            inner_brow_raiser=0.45 * weary,
            lip_corner_depressor=0.3 * weary,
            lip_tightener=blowing,
            lip_pressor=0.8 * blowing,
            lips_part=0.4 * blowing,
            jaw_drop=0.22 * blowing,
        ),
    )


def _breathing_in(raised: float) -> np.ndarray:
    return _units(
        outer_brow_raiser_left=0.35 * raised,
        outer_brow_raiser_right=0.35 * raised,
        inner_brow_raiser=0.35 * raised,
        upper_lid_raiser=0.25 * raised,
        lip_pressor=0.6 * raised,
    )


LOOPS = (
    Loop('laughter', 'joy', (0.9, 1.5), (0.9, 1.2), (4.0, 8.0), _laugh),
    Loop('tears', 'sad', (2.0, 3.0), (1.5, 2.4), (0.5, 1.6), _weep),
    Loop('trembling', 'fear', (0.6, 1.0), (0.48, 0.48), (1.0, 2.5), _tremble),
    Loop('heartbeat', 'love', (1.0, 1.0), (_BEAT_S, _BEAT_S), (0.0, 0.0), _beat),
    Loop('scowling', 'mad', (1.5, 3.0), (0.3, 0.3), (3.0, 6.0), _twitch),
    Loop('scowling', 'mad', (1.0, 2.0), (5.0, 8.0), (1.0, 3.0), _lean),
    Loop('smirking', 'power', (1.2, 2.5), (0.8, 1.5), (4.0, 8.0), _smirk),
    Loop('sighing', 'neutral', (20.0, 40.0), (3.0, 3.6), (20.0, 40.0), _sigh),
)


class Loops:
    """
    The turns of all loops.

    Args:
        config: how much of each.
        rng: source of their times.
    """

    def __init__(self, config: AnimatorConfig, rng: np.random.Generator):
        self.config = config
        self._rng = rng
        self._due_s = [inf] * len(LOOPS)
        self._turns: list[Turn | None] = [None] * len(LOOPS)

    @property
    def next_s(self) -> float:
        """When the next turn is due."""
        return min(self._due_s)

    def feel(self, visible: np.ndarray, now_s: float) -> None:
        """Begin the loops of what is strong, end those of what is not; visible (7,)."""
        for k, loop in enumerate(LOOPS):
            strength = _strength(loop.emotion, visible)
            if strength < STRONG or getattr(self.config, loop.setting) == 0.0:
                self._due_s[k] = inf
            elif self._due_s[k] == inf:
                self._due_s[k] = now_s + self._rng.uniform(*loop.first_s)
            if strength < _GONE:
                self._turns[k] = None

    def advance(self) -> bool:
        """Let the turn that is due begin; returns whether the eyes are to look about."""
        k = self._due_s.index(self.next_s)
        loop, start_s = LOOPS[k], self._due_s[k]
        amount = getattr(self.config, loop.setting)
        turn = Turn(start_s, self._rng.uniform(*loop.length_s), self._rng.random(), amount)
        pause_s = self._rng.uniform(*loop.pause_s) / amount
        self._turns[k] = turn
        self._due_s[k] = start_s + turn.length_s + pause_s
        return is_look_about(loop, turn)

    def is_moving(self, now_s: float) -> bool:
        """Whether a turn is under way."""
        return any(True for _ in self._under_way(now_s))

    def effect(self, now_s: float) -> Effect:
        """What all turns under way add."""
        total = NOTHING
        for loop, turn in self._under_way(now_s):
            effect = loop.course(now_s - turn.start_s, turn.length_s, turn.chance, turn.amount)
            total = total.plus(effect)
        return total

    def _under_way(self, now_s: float) -> Iterator[tuple[Loop, Turn]]:
        for loop, turn in zip(LOOPS, self._turns, strict=True):
            if turn and turn.start_s <= now_s < turn.start_s + turn.length_s:
                yield loop, turn


def _strength(emotion: str, visible: np.ndarray) -> float:
    if emotion == 'neutral':
        return float(visible.max() < _NEUTRAL)
    return float(visible[EMOTIONS.index(emotion)])
