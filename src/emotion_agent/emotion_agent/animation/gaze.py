# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Where the eyes look: fixations, and jumps of whole pixels between them."""

from __future__ import annotations

from math import copysign, hypot, inf
from typing import NamedTuple

import numpy as np

from emotion_agent.animation.config import AnimatorConfig, differ
from emotion_agent.animation.timing import FRAME_S
from emotion_models.drawing.geometry import PARALLAX_PX
from emotion_models.drawing.view import VERGENCE_PX

TRAVEL_PX = tuple((3.0 * PARALLAX_PX).tolist())  # of a pupil when the gaze is 1: (6.6, 4.2)
FAR_PX = 0.6 * TRAVEL_PX[0]  # a longer jump may come with a blink
_MOST_X, _MOST_Y = int(TRAVEL_PX[0]), int(TRAVEL_PX[1])
_JUMP_PX = 2.0  # the shortest jump to another point
_BLINKING = 0.7  # share of far jumps that come with a blink
_TREMOR = 0.25  # share of looks that are a pixel beside the last point
_HOME = 0.4  # share of the other looks that go straight ahead
_LATENCY_S = 0.2  # between two jumps after somebody who moves
_SURVEY_S = (0.6, 0.9)  # a look when the face looks about
_HEAD_S = 0.08  # in which the head follows by a pixel
_MOST_HEAD = 9  # px that the head goes, from one side to the other
_NOWHERE = 20  # tries to find a point that is far enough away


class Look(NamedTuple):
    """A direction in whole pixels: of the pupils, of their way inward, and of the head."""

    x: int = 0
    y: int = 0
    vergence: int = 0
    head_x: int = 0
    head_y: int = 0

    def distance(self, other: Look) -> float:
        """How far the pupils have to go, px."""
        return hypot(self.x - other.x, self.y - other.y)


class Gaze:
    """
    Fixations of a point, and jumps to the next one: a person who is there, or anywhere.

    Args:
        config: sizes and times.
        rng: source of the looks.
        now_s: time in seconds.
    """

    def __init__(self, config: AnimatorConfig, rng: np.random.Generator, now_s: float):
        self.config = config
        self._rng = rng
        self._from = self._look = Look()
        self._centre = Look()  # of the fixation; a tremor is beside it
        self._jumped_s = -inf
        self._person: Look | None = None
        self._person_until_s = -inf
        self._is_at_person = self._is_chasing = False
        self._planned: list[Look] = []
        self.next_s = self._later(now_s)

    def look_at(self, x: float, y: float, nearness: float, now_s: float) -> bool:
        """
        Somebody is at a point in [-1, 1]², so near in [0, 1].

        Returns:
            Whether the eyes jump far there.
        """
        is_new = self._person is None or now_s >= self._person_until_s
        self._person = self._towards(x * TRAVEL_PX[0], y * TRAVEL_PX[1], nearness)
        self._person_until_s = now_s + self.config.person_s
        if is_new:
            return self._turn(self._person, now_s)
        is_off = self._is_at_person and self._person.distance(self._centre) >= _JUMP_PX
        if is_off and now_s < self._jumped_s + _LATENCY_S:
            self._chase()
        elif is_off:
            return self._turn(self._person, now_s)
        return False

    def look_about(self) -> None:
        """Nobody is there."""
        self._person = None
        self._is_at_person = self._is_chasing = False

    def survey(self, now_s: float) -> None:
        """Look to one side, to the other and ahead again."""
        side = int(copysign(_MOST_X - 1, self._rng.random() - 0.5))
        self._planned = [self._towards(0, 0), self._towards(-side, 0), self._towards(side, -1)]
        self.next_s = now_s

    def sleep(self, now_s: float) -> None:
        """Look ahead, behind shut lids, and no more."""
        self._planned = []
        self.look_about()
        self._turn(Look(), now_s)
        self.next_s = inf

    def resume(self, now_s: float) -> None:
        """Look about again after sleep, or by other settings; ahead where these say nothing."""
        self.next_s = self._later(now_s)
        if self.next_s == inf and self._look != Look():
            self.next_s = now_s

    def reconfigure(self, config: AnimatorConfig, now_s: float, is_asleep: bool) -> None:
        """Follow other settings; a look that these do not concern lasts as long as it would."""
        concerns = differ(config, self.config, 'glances', 'glance_least_s', 'glance_most_s')
        self.config = config
        if concerns and not is_asleep:
            self.resume(now_s)

    def advance(self, is_blink_too_soon: bool) -> bool:
        """
        Let the jump that is due happen and plan the next.

        Args:
            is_blink_too_soon: a far jump without a person then goes a shorter way.

        Returns:
            Whether a blink is to come with it.
        """
        now_s = self.next_s
        if now_s >= self._person_until_s:
            self.look_about()
        person = self._person
        if self._is_chasing and person:
            return self._turn(person, now_s)
        look = self._choose()
        if not is_blink_too_soon or look.distance(self._look) <= FAR_PX:
            return self._turn(look, now_s)
        self._turn(self._shortened(look), now_s)
        if person and look.distance(person) <= 1.0:
            self._chase()
        return False

    def look(self, now_s: float) -> Look:
        """Where the eyes and the head are at `now_s`."""
        start, goal = self._from, self._look
        t_s = now_s - self._jumped_s
        if t_s >= _MOST_HEAD * _HEAD_S:
            return goal
        head_x, head_y = (
            _stepped(a, b, int(t_s / _HEAD_S)) for a, b in zip(start[3:], goal[3:], strict=True)
        )
        if t_s >= FRAME_S or goal.distance(start) <= FAR_PX:
            return goal._replace(head_x=head_x, head_y=head_y)
        x, y, vergence = (round(a + 0.6 * (b - a)) for a, b in zip(start[:3], goal, strict=False))
        return Look(x, y, vergence, head_x, head_y)

    def _chase(self) -> None:
        """Go on to the person soon."""
        self._is_chasing = True
        self.next_s = min(self.next_s, self._jumped_s + _LATENCY_S)

    def _choose(self) -> Look:
        """Where to look next; the same point if nothing is to happen."""
        if self._planned:
            return self._planned.pop()
        person = self._centre if self._is_at_person else self._person
        if self.config.glances == 0.0:
            return person or self._towards(0, 0)
        if person and self._rng.random() < self.config.at_person:
            stays = self._look == person and self._rng.random() >= _TREMOR
            return person if stays else self._tremor(person)
        if not person and self._rng.random() < _TREMOR:
            return self._tremor(self._centre)
        is_away = self._look.distance(Look()) >= _JUMP_PX
        if is_away and not person and self._rng.random() < _HOME:
            return self._towards(0, 0)
        return self._elsewhere()

    def _elsewhere(self) -> Look:
        size = self.config.glances
        for _ in range(_NOWHERE):
            x, y = (self._rng.triangular(-most, 0.0, most) for most in (_MOST_X, _MOST_Y))
            look = self._towards(size * x, size * y)
            away = min(look.distance(self._look), look.distance(self._person or self._look))
            if away >= _JUMP_PX:
                return look
        return self._look

    def _tremor(self, centre: Look) -> Look:
        """A pixel beside a point, or the point from anywhere else."""
        if self._look != centre:
            return centre
        side = 1 if self._rng.random() < 0.5 else -1
        return centre._replace(x=centre.x + (side if abs(centre.x + side) <= _MOST_X else -side))

    def _shortened(self, look: Look) -> Look:
        share = FAR_PX / look.distance(self._look)
        x = self._look.x + int(share * (look.x - self._look.x))
        y = self._look.y + int(share * (look.y - self._look.y))
        return self._towards(x, y)

    def _towards(self, x: float, y: float, nearness: float = 0.0) -> Look:
        column = min(_MOST_X, max(-_MOST_X, round(x)))
        row = min(_MOST_Y, max(-_MOST_Y, round(y)))
        head = self.config.head_px
        return Look(
            column,
            row,
            round(VERGENCE_PX * nearness),
            _whole(head * column / _MOST_X),
            _whole(0.5 * head * row / _MOST_Y),
        )

    def _turn(self, look: Look, now_s: float) -> bool:
        """Jump; returns whether a blink is to come with it."""
        distance = look.distance(self._look)
        self._is_chasing = False
        person = self._person
        self._is_at_person = person is not None and look.distance(person) < _JUMP_PX
        self.next_s = self._later(now_s)
        if look == self._look:
            return False
        if distance > 1.0 or look.distance(self._centre) > 1.0:
            self._centre = look
        self._from, self._look, self._jumped_s = self._look, look, now_s
        return distance > FAR_PX and self._rng.random() < _BLINKING

    def _later(self, now_s: float) -> float:
        config = self.config
        if self._planned:
            return now_s + self._rng.uniform(*_SURVEY_S)
        if config.glances == 0.0:
            return self._person_until_s if self._person else inf
        least_s, most_s = config.glance_least_s, config.glance_most_s
        return now_s + least_s + (most_s - least_s) * self._rng.beta(1.5, 1.8)


def _stepped(start: int, goal: int, most: int) -> int:
    """So many pixels on the way, at most."""
    return start + min(most, max(-most, goal - start))


def _whole(pixels: float) -> int:
    """Rounded, halves away from 0."""
    return int(copysign(int(abs(pixels) + 0.5), pixels))
