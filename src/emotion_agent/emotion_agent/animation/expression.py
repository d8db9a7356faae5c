# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The expression over time: what it shows, and how it changes into another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from emotion_agent.animation.config import AnimatorConfig
from emotion_agent.animation.springs import Track, natural_frequency
from emotion_agent.animation.timing import (
    DELAYS,
    FRAME_S,
    SETTLED_AFTER,
    SIGNS_AFTER,
    SIGNS_COME,
    SIGNS_LEAVE,
    SUDDEN,
    Timing,
    pull_of,
)
from emotion_models.drawing.action_units import (
    N_ACTION_UNITS,
    UNITS_HIGH,
    UNITS_LOW,
)
from emotion_models.drawing.identity import N_IDENTITY
from emotion_models.drawing.parts import PARTS, unit_columns

_SWITCHED = ('pupils', 'blush')  # parts that are exchanged and never in between
_SIGNS = ('blush', 'tear')  # the heart is a pupil
_UNITS = slice(N_ACTION_UNITS)
_SIGN_SEEN = 0.05  # from which on a sign has to leave before another expression comes


class Shut(NamedTuple):
    """A blink: when the lids are shut, and when they begin to open, s."""

    shut_s: float
    open_s: float


class FacePoint(NamedTuple):
    """
    What an expression consists of.

    Args:
        units: action units, (21,); of a face without parts its latent point, (N,).
        affect: valence and arousal of what is visible, (2,).
        identity: whose face it is, (16,) in [0, 1].
        zoom: size of the face.
    """

    units: np.ndarray
    affect: np.ndarray
    identity: np.ndarray
    zoom: float

    def as_vector(self) -> np.ndarray:
        """All numbers in this order, (M,)."""
        return np.concatenate([self.units, self.affect, self.identity, [self.zoom]])

    @classmethod
    def from_vector(cls, vector: np.ndarray) -> FacePoint:
        """The way back."""
        n_units = len(vector) - 1 - N_IDENTITY - 2
        units, affect, identity, zoom = np.split(
            vector, [n_units, n_units + 2, n_units + 2 + N_IDENTITY]
        )
        return cls(units, affect, identity, float(zoom[0]))


class Expression:
    """
    Numbers of a face that move to the goal last given, each part with its own delay and spring.

    A face without parts moves as one, critically damped, with nothing before and after it. Where
    everything is depends on the calls and their times alone, not on how often it is asked.

    Args:
        config: settings.
        point: where it stands.
        has_parts: whether its first numbers are action units.
        now_s: time in seconds.
    """

    def __init__(
        self, config: AnimatorConfig, point: FacePoint, has_parts: bool, now_s: float
    ) -> None:
        self.config = config
        vector = point.as_vector()
        self._size = len(vector)
        self._columns = _columns_of_parts() if has_parts else {'whole': np.arange(self._size)}
        self._has_parts = has_parts
        self._stand(vector, now_s)

    def _stand(self, vector: np.ndarray, now_s: float) -> None:
        self._tracks = {
            part: Track(vector[columns], now_s) for part, columns in self._columns.items()
        }
        self._over_s = now_s  # when the present change is over

    @property
    def goal(self) -> FacePoint:
        """Where it ends."""
        return FacePoint.from_vector(self._gather(lambda track: track.goal))

    def at(self, now_s: float) -> FacePoint:
        """Where it is at `now_s`."""
        return FacePoint.from_vector(self._gather(lambda track: track.at(now_s)))

    def has_arrived(self, now_s: float) -> bool:
        """Whether the goal is reached and nothing moves."""
        return all(track.has_arrived(now_s) for track in self._tracks.values())

    def is_changing(self, now_s: float) -> bool:
        """Whether a change that was begun by `change` or `exchange` is still going on."""
        return now_s < self._over_s

    def stand(self, was_s: float, now_s: float) -> None:
        """Be as it was and go on to its goal, as after a jump of the clock."""
        place, goal = self.at(was_s).as_vector(), self.goal.as_vector()
        self._stand(place, now_s)
        self._follow(goal, now_s)

    def switches(self, goal: FacePoint) -> bool:
        """Whether hearts or blush would come or go on the way there."""
        vector = goal.as_vector()
        return any(
            not np.array_equal(self._tracks[part].goal, vector[self._columns[part]])
            for part in _SWITCHED
            if part in self._tracks
        )

    def glide(self, goal: FacePoint, now_s: float, switch_s: float | None = None) -> None:
        """
        Go there as one; during a change, end it there, in its time.

        Args:
            goal: where.
            now_s: time in seconds.
            switch_s: when hearts and blush come or go, s; none = now.
        """
        self._follow(goal.as_vector(), now_s, switch_s, goes_on=self.is_changing(now_s))

    def change(self, goal: FacePoint, timing: Timing, kind: str, now_s: float) -> None:
        """Go there part by part, as a row of the table says."""
        vector = goal.as_vector()
        if not self._has_parts:
            self._change_as_one(vector, timing, now_s)
            return
        leaving_s = max(
            self._let_leave(sign, vector, now_s, is_sudden=kind in SUDDEN) for sign in _SIGNS
        )
        swing_s = self._seconds(timing.swing) if self.config.anticipation else 0.0
        start_s = now_s + leaving_s + swing_s
        for part, track in self._tracks.items():
            if part in _SIGNS:
                continue
            aim = vector[self._columns[part]]
            track.clear(now_s)
            if part == 'pupils':
                track.jump(aim, start_s)
                continue
            if swing_s and (back := self._swing(part, timing, track.at(now_s), aim)) is not None:
                track.pull(
                    back, pull_of(timing.swing, 0.0, self.config.tempo)[0], start_s - swing_s
                )
            delay, rise, overshoot = _course(part, timing)
            omega, damping = pull_of(rise, overshoot * self.config.overshoot, self.config.tempo)
            track.pull(aim, omega, start_s + self._seconds(delay), damping)
        stands_s = start_s + self._seconds(timing.rise)
        for sign in _SIGNS:
            self._let_come(sign, vector, stands_s + self._seconds(SIGNS_AFTER))
        self._over_s = stands_s + self._seconds(SETTLED_AFTER)

    def exchange(self, goal: FacePoint, blink: Shut, now_s: float) -> None:
        """Go there behind shut lids: pupils, lids and mouth are others when they open."""
        vector = goal.as_vector()
        self._let_leave('tear', vector, now_s, is_sudden=False)
        omega, _ = pull_of((blink.open_s - now_s) / FRAME_S, 0.0, 1.0)
        for part, track in self._tracks.items():
            if part == 'tear':
                continue
            aim = vector[self._columns[part]]
            track.clear(now_s)
            if part in ('brows', 'head', 'shading'):
                track.pull(aim, omega, now_s)
            else:
                track.jump(aim, blink.shut_s)
        self._let_come('tear', vector, blink.open_s + self._seconds(SIGNS_COME))
        self._over_s = blink.open_s + self._seconds(SETTLED_AFTER)

    def _follow(
        self,
        vector: np.ndarray,
        now_s: float,
        switch_s: float | None = None,
        goes_on: bool = False,
    ) -> None:
        """All go there as one: anew, or where a change goes on in the time that it has."""
        omega = natural_frequency(self.config.glide_s)
        for part, track in self._tracks.items():
            aim = vector[self._columns[part]]
            if part in _SWITCHED:
                _switch(track, aim, now_s if switch_s is None else switch_s, now_s)
            elif goes_on:
                track.retarget(aim, omega, now_s)
            else:
                track.clear(now_s)
                track.pull(aim, omega, now_s)

    def _change_as_one(self, vector: np.ndarray, timing: Timing, now_s: float) -> None:
        omega, _ = pull_of(timing.rise, 0.0, self.config.tempo)
        track = self._tracks['whole']
        track.clear(now_s)
        track.pull(vector, omega, now_s)
        self._over_s = now_s + self._seconds(timing.rise + SETTLED_AFTER)

    def _swing(
        self, part: str, timing: Timing, start: np.ndarray, aim: np.ndarray
    ) -> np.ndarray | None:
        """Where a part swings to before it starts; none = it waits."""
        amount = self.config.anticipation
        if part == 'head' and timing.shrinking:
            return start - amount * timing.shrinking
        if part not in timing.swung:
            return None
        columns = self._columns[part]
        back = start - amount * timing.swung[part] * (aim - start)
        return np.clip(back, UNITS_LOW[columns], UNITS_HIGH[columns])

    def _let_leave(self, sign: str, vector: np.ndarray, now_s: float, is_sudden: bool) -> float:
        """Let a sign go that the goal has not; seconds that the pose waits for that."""
        track, aim = self._tracks[sign], vector[self._columns[sign]]
        track.clear(now_s)
        if aim[0] >= _SIGN_SEEN or track.at(now_s)[0] <= _SIGN_SEEN:
            return 0.0
        leaving_s = self._seconds(SIGNS_LEAVE)
        if is_sudden or sign in _SWITCHED:
            track.jump(aim, now_s)
            return 0.0 if is_sudden else leaving_s
        track.pull(aim, pull_of(1.0, 0.0, self.config.tempo)[0], now_s)
        track.jump(aim, now_s + leaving_s)
        return leaving_s

    def _let_come(self, sign: str, vector: np.ndarray, at_s: float) -> None:
        track, aim = self._tracks[sign], vector[self._columns[sign]]
        if sign in _SWITCHED:
            track.jump(aim, at_s)
        else:
            track.pull(aim, pull_of(SIGNS_COME, 0.0, self.config.tempo)[0], at_s)

    def _seconds(self, frames: float) -> float:
        return frames * FRAME_S / self.config.tempo

    def _gather(self, of_track) -> np.ndarray:
        vector = np.empty(self._size)
        for part, track in self._tracks.items():
            vector[self._columns[part]] = of_track(track)
        return vector


def _switch(track: Track, aim: np.ndarray, at_s: float, now_s: float) -> None:
    """Exchange a part that is to be another one; what is about to happen anyway stays."""
    if not np.array_equal(track.goal, aim):
        track.clear(now_s)
        track.jump(aim, at_s)


def _course(part: str, timing: Timing) -> tuple[float, float, float]:
    """Frames that a part waits and in which it rises, and its overshoot."""
    rise = timing.rise - DELAYS['mouth']
    delay = max(0.0, DELAYS[part] - timing.sooner)
    if timing.last:
        rise /= 2.0
        if part == timing.last:
            return timing.rise - rise, rise, timing.overshoot
        return delay, rise, 0.0
    return delay, rise, 0.0 if part == 'shading' else timing.overshoot


def _columns_of_parts() -> Mapping[str, np.ndarray]:
    """Where the numbers of each part are in a `FacePoint` with action units."""
    after = N_ACTION_UNITS + 2 + N_IDENTITY
    return {
        'pupils': unit_columns(['heart']),
        **{part: unit_columns(PARTS[part]) for part in ('brows', 'eyes', 'mouth')},
        **{sign: unit_columns([sign]) for sign in _SIGNS},
        'shading': np.arange(N_ACTION_UNITS, after),
        'head': np.array([after]),
    }
