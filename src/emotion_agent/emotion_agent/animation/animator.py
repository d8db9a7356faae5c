# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The face over time: from the emotional state to the next picture of the panel."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Protocol, runtime_checkable

import numpy as np

from emotion_agent.animation.config import AnimatorConfig
from emotion_agent.animation.expression import Expression, FacePoint, Shut
from emotion_agent.animation.highlights import LEAST_FILL, equalise_highlights
from emotion_agent.animation.life import Life
from emotion_agent.animation.mirror import Mirror
from emotion_agent.animation.motion import Letter
from emotion_agent.animation.one_bit import OneBit
from emotion_agent.animation.overlay import draw_letter
from emotion_agent.animation.speech import Speech
from emotion_agent.animation.timing import NEUTRAL, may_be_exchanged, timing_of
from emotion_agent.animation.whole import SWITCHED, Signs, with_clear_lips, with_whole_hearts
from emotion_models.drawing import HEIGHT, WIDTH, Identity, View
from emotion_models.drawing.action_units import (
    N_ACTION_UNITS,
    UNITS_HIGH,
    UNITS_LOW,
    cancel_opposing,
)
from emotion_models.drawing.parts import FACIAL_UNITS, unit_columns
from emotion_models.labels.emotions import EMOTIONS, check_emotions, emotion_vad
from emotion_models.runtime.parametric_decoder import ParametricDecoder

_JITTER_S = 1.0  # stamps that are older by less than this are taken as now
_PAUSE_S = 3600.0  # a longer silence of the caller is a jump of the clock
_LATEST_S = 1e11  # farther from 0 a float holds no milliseconds: nanoseconds, most likely
_SMALL_MOVE_PX = 3.0  # a goal that shifts by less needs no change of expression
_VISIBLE_PX = 0.25  # movement that makes a new drawing worth while
_NOTICED = 0.05  # change of a visible emotion that keeps the face awake
_SHOWN = 0.15  # visible emotion that counts as an expression
_UNIT_PX = np.full(N_ACTION_UNITS, 20.0)  # the longest way of a line when a unit goes from 0 to 1
_UNIT_PX[unit_columns(SWITCHED)] = 0.0  # signs that come and go by themselves
_FACIAL = unit_columns(FACIAL_UNITS)
_N_AFFECT = 2

# How much an emotion leans toward the viewer (1) or away (-1), order of EMOTIONS.
_LEAN = np.array([-1.0, 0.6, 0.1, 0.2, -0.5, 0.2, 0.2])

Pose = tuple[np.ndarray, View]  # latent point (N,) and the view of it


class Decoder(Protocol):
    """What the animator needs of a face."""

    pixels_per_unit: np.ndarray  # the longest way of a line when a number changes by 1, (N,)
    identity: Identity  # whose face it is; a folder of pictures ignores it

    def encode(self, visible: np.ndarray, affect: np.ndarray | None = None) -> np.ndarray:
        """Where visible emotions (7,) with a valence and arousal (2,) of their own lie, (N,)."""

    def decode(self, latent: np.ndarray, view: View) -> np.ndarray:
        """The picture, float32 (64, 128) in [0, 1]."""


@runtime_checkable
class HasParts(Protocol):
    """What a decoder has besides where the parts of its face can be moved by themselves."""

    def action_units_of(self, visible: np.ndarray, affect: np.ndarray) -> np.ndarray:
        """Action units (21,) of visible emotions (7,) with valence and arousal (2,)."""

    def place(self, units: np.ndarray, affect: np.ndarray, identity: np.ndarray) -> np.ndarray:
        """The point (N,) of action units (21,), valence and arousal (2,), and identity (16,)."""


def parts_of(decoder: Decoder) -> HasParts | None:
    """The decoder, where the parts of its face move by themselves; others move as one: none."""
    space = getattr(decoder, 'space', None)
    has_parts = getattr(space, 'has_parts', True)
    return decoder if isinstance(decoder, HasParts) and has_parts else None


class FaceAnimator:
    """
    Moves a face to the emotions that it is given, and keeps it alive in between.

    All behaviour is a function of the seed, of the calls and of `now_s`, in seconds on any clock.
    How often a picture is asked for changes the flicker suppression and nothing else. When the
    clock jumps back, or ahead by an hour, the expression stays and blinks, gaze and sleep start
    anew. Not to be called from two threads at once.

    Args:
        config: settings.
        seed: of blinks, glances, loops and drift.
        decoder: what draws; the parametric face by default.
        mirror: as `set_mirror`.
    """

    def __init__(
        self,
        config: AnimatorConfig | None = None,
        seed: int = 0,
        decoder: Decoder | None = None,
        mirror: float = 0.0,
    ):
        self._config = config or AnimatorConfig()
        self._seed = seed
        self._chance = np.random.default_rng([seed, 1])  # of an exchange behind shut lids
        self._decoder = decoder or ParametricDecoder()
        self._parts = parts_of(self._decoder)
        self._one_bit = self._make_one_bit()
        self._now_s: float | None = None
        self._visible, self._affect = np.zeros(len(EMOTIONS)), np.zeros(_N_AFFECT)
        self._arousal = 0.0
        self._noticed = self._visible
        self._dominant = self._shown = NEUTRAL
        self._signs = Signs()
        self._expression = Expression(
            self._config, self._point(zoom=1.0), self._parts is not None, 0.0
        )
        self._life = Life(self._config, seed, 0.0)
        self._mirror = Mirror(self._config, _check_share(mirror))
        self._speech = Speech(self._config, 0.0)
        self._drawn: tuple[Pose, Letter | None] | None = None
        self._picture = _dark()

    def set_emotion(
        self,
        visible,
        arousal: float,
        intensity: float,
        dominant: str,
        now_s: float,
        affect: Sequence[float] | None = None,
    ) -> None:
        """
        Leave for a new expression from wherever the face is.

        Args:
            visible: how much of each emotion is to be seen, (7,) in [0, 1], order of EMOTIONS.
            arousal: of the whole state, [-1, 1]: how often the face blinks.
            intensity: strength of the strongest emotion, [0, 1].
            dominant: its name; when it becomes 'surprise' the face jumps.
            now_s: time in seconds.
            affect: valence and arousal of what is visible, (2,) in [-1, 1]; none = those of the
                default anchors.

        Raises:
            ValueError: if a number is not finite or `visible` is out of its range.
        """
        if not (isfinite(arousal) and isfinite(intensity)):
            raise ValueError(
                f'expected finite numbers, got arousal {arousal}, intensity {intensity}'
            )
        visible = check_emotions(visible).copy()
        place = emotion_vad(visible)[:2] if affect is None else _check_affect(affect)
        now_s = self._advance(now_s)
        if dominant != self._dominant or np.abs(visible - self._noticed).max() >= _NOTICED:
            self._noticed = visible
            self.wake(now_s)
        is_startle = dominant == 'surprise' != self._dominant
        self._dominant = dominant
        self._visible, self._affect = visible, place
        self._arousal = min(1.0, max(-1.0, arousal))
        self._life.feel(visible, self._arousal, now_s)
        goal = self._point(self._zoom(visible, arousal, intensity))
        self._head_for(goal, 'surprise' if is_startle else _shown(visible), now_s)

    def change_face(self, identity: Identity, now_s: float) -> None:
        """
        Turn into another face while the expression stays or goes on.

        Args:
            identity: whose face it is to be.
            now_s: time in seconds.
        """
        now_s = self._advance(now_s)
        self._decoder.identity = identity
        self._glide(self._point(self._expression.goal.zoom), now_s)

    def reconfigure(self, config: AnimatorConfig, now_s: float) -> None:
        """Follow other settings from now on; what is under way ends as it began."""
        now_s = self._advance(now_s)
        self._config = config
        for room in (self._expression, self._speech):
            room.config = config
        self._mirror.reconfigure(config, now_s)
        self._life.reconfigure(config, now_s)
        self._one_bit = self._make_one_bit()
        self._drawn = None

    def look_at(
        self, x: float | None, y: float | None, now_s: float, nearness: float = 0.0
    ) -> None:
        """
        Look at a point of the panel's plane, or about.

        Args:
            x: [-1, 1], to the right as one looks at the panel; None to look about.
            y: [-1, 1], down; None to look about.
            now_s: time in seconds.
            nearness: [0, 1]; 1 = so near that both eyes turn inward.

        Raises:
            ValueError: if a number is not finite.
        """
        now_s = self._advance(now_s)
        if x is None or y is None:
            self._life.look_about()
            return
        if not (isfinite(x) and isfinite(y) and isfinite(nearness)):
            raise ValueError(f'expected a finite gaze, got {x}, {y}, nearness {nearness}')
        self.wake(now_s)
        x, y, nearness = np.clip((x, y, nearness), (-1.0, -1.0, 0.0), 1.0).tolist()
        self._life.look_at(x, y, nearness, now_s)

    @property
    def has_parts(self) -> bool:
        """Whether the face can mirror somebody, and speak."""
        return self._parts is not None

    def set_mirror(self, amount: float, now_s: float) -> None:
        """
        Say how much of a person's action units is added to the face.

        Args:
            amount: share of them, [0, 1].
            now_s: time in seconds.

        Raises:
            ValueError: if it is not in [0, 1].
        """
        self._mirror.set_amount(_check_share(amount), self._advance(now_s))

    def mirror(self, units, now_s: float) -> None:
        """
        Take on what is seen in a face, as much as `set_mirror` says, if this face has parts.

        Args:
            units: facial action units of a person, (18,) in [0, 1], left and right being those of
                the panel.
            now_s: time in seconds.

        Raises:
            ValueError: if these are not 18 numbers in [0, 1].
        """
        seen = _check_units(units)
        now_s = self._advance(now_s)
        if self._mirror.see(seen, now_s):
            self.wake(now_s)

    def speak(self, opening: float, now_s: float) -> None:
        """
        Open the mouth as a voice does, if this face has parts; it outranks the mirror.

        Args:
            opening: of the mouth, 0 = shut, 1 = wide open; given again and again while it speaks.
            now_s: time in seconds.

        Raises:
            ValueError: if it is not in [0, 1].
        """
        if not 0.0 <= opening <= 1.0:
            raise ValueError(f'expected an opening of the mouth in [0, 1], got {opening}')
        self.wake(now_s)
        self._speech.speak(opening, self._advance(now_s))

    def wake(self, now_s: float) -> None:
        """Something happened that is worth being awake for."""
        now_s = self._advance(now_s)  # first: a jump of the clock begins another life
        if self._life.wake(now_s):
            self._one_bit.reset()

    def pose(self, now_s: float) -> Pose:
        """What is to be drawn at `now_s`: the latent point (N,) and the view of it."""
        return self._pose_at(self._advance(now_s))[0]

    def frame(self, now_s: float) -> np.ndarray:
        """
        The picture of the panel at `now_s`; drawn anew only if something moved.

        Returns:
            uint8 (64, 128) of 0 and 255, read-only; all 0 after long inactivity. While nothing
            moves it is the same array.
        """
        now_s = self._advance(now_s)
        if self._life.is_panel_off(now_s):
            self._switch_off()
            return self._picture
        pose, letter = self._pose_at(now_s)
        if self._has_moved(pose, letter, now_s):
            self._draw(pose, letter, now_s)
        return self._picture

    def _make_one_bit(self) -> OneBit:
        config = self._config
        return OneBit(config.threshold, config.hysteresis, keeps_specks=self._parts is None)

    def _head_for(self, goal: FacePoint, shown: str, now_s: float) -> None:
        """Begin a change of expression where another one is to be seen, else glide."""
        was_shown, self._shown = self._shown, shown
        is_small = self._reach(self._expression.goal, goal) < _SMALL_MOVE_PX
        goes_on = shown == was_shown and self._expression.is_changing(now_s)
        if is_small or goes_on:
            self._glide(goal, now_s)
            return
        if shown == 'surprise' != was_shown:
            self._one_bit.reset()
        may_blink = self._life.may_blink(now_s)
        is_exchangeable = self._parts is not None and may_be_exchanged(was_shown, shown)
        if is_exchangeable and may_blink and self._chance.random() < self._config.exchange:
            self._expression.exchange(goal, Shut(*self._life.shut(now_s)), now_s)
            return
        if shown == 'sad' != was_shown and self._config.anticipation and may_blink:
            self._life.blink_slowly(now_s)
        timing = timing_of(shown, was_shown)
        if shown == was_shown:
            timing = timing._replace(swing=0.0)
        self._expression.change(goal, timing, shown, now_s)

    def _glide(self, goal: FacePoint, now_s: float) -> None:
        """Go there as one; hearts and blush come or go behind shut lids, where a blink may be."""
        switch_s = now_s
        if self._expression.switches(goal) and self._life.may_blink(now_s):
            switch_s, _ = self._life.shut(now_s)
        self._expression.glide(goal, now_s, switch_s)

    def _pose_at(self, now_s: float) -> tuple[Pose, Letter | None]:
        point = self._expression.at(now_s)
        # A feeling that fades glides all the time; its loops go on meanwhile, but not over speech.
        has_loops = self._speech.has_arrived(now_s) and not self._expression.is_changing(now_s)
        motion = self._life.motion(now_s, has_loops)
        view = motion.view._replace(zoom=motion.view.zoom * point.zoom)
        if self._parts is None:
            return (point.units, view), motion.letter
        units = point.units + motion.units
        if (mirrored := self._mirror.at(now_s)).any():
            units[_FACIAL] += mirrored
            units = cancel_opposing(units)
        units = np.clip(self._speech.shape(units, now_s), UNITS_LOW, UNITS_HIGH)
        # A change that is turned back in full swing goes past what a face can be.
        identity = np.clip(point.identity, 0.0, 1.0)
        units = with_clear_lips(units, identity)
        affect = np.clip(point.affect, -1.0, 1.0)
        view = with_whole_hearts(view, units)
        return (self._parts.place(units, affect, identity), view), motion.letter

    def _has_moved(self, pose: Pose, letter: Letter | None, now_s: float) -> bool:
        if self._drawn is None or letter != self._drawn[1]:
            return True
        if self._stands(now_s) and not self._one_bit.is_settled:
            return True
        return self._displacement(pose, self._drawn[0]) >= _VISIBLE_PX

    def _stands(self, now_s: float) -> bool:
        return all(
            room.has_arrived(now_s) for room in (self._expression, self._mirror, self._speech)
        )

    def _draw(self, pose: Pose, letter: Letter | None, now_s: float) -> None:
        self._drawn = pose, letter
        grey = self._decoder.decode(*pose)
        picture = self._one_bit(grey, self._stands(now_s))
        if self._parts is not None and self._decoder.identity.eye_fill >= LEAST_FILL:
            equalise_highlights(picture)
        if letter is not None:
            draw_letter(picture, letter)
        self._picture = picture
        self._picture.setflags(write=False)

    def _switch_off(self) -> None:
        if self._picture.any():
            self._picture = _dark()
        self._one_bit.reset()
        self._drawn = None

    def _advance(self, now_s: float) -> float:
        """Let life go on until `now_s`; returns the time to use, which never runs backward."""
        if not abs(now_s) <= _LATEST_S:
            raise ValueError(
                f'expected a finite time in seconds within {_LATEST_S:g} of 0, got {now_s}'
            )
        last = self._now_s
        if last is None or not last - _JITTER_S <= now_s <= last + _PAUSE_S:
            was_s = now_s if last is None else last
            self._expression.stand(was_s, now_s)
            self._mirror.stand(was_s, now_s)
            self._speech.stand(now_s)
            self._life = Life(self._config, self._seed, now_s)
            self._life.feel(self._visible, self._arousal, now_s)
            last = now_s
        self._now_s = max(now_s, last)
        self._life.advance(self._now_s)
        return self._now_s

    def _point(self, zoom: float) -> FacePoint:
        """Where the present emotions lie."""
        if self._parts is None:
            units = self._decoder.encode(self._visible, self._affect)
        else:
            units = self._signs.whole(self._parts.action_units_of(self._visible, self._affect))
        return FacePoint(units, self._affect, self._decoder.identity.as_vector(), zoom)

    def _reach(self, a: FacePoint, b: FacePoint) -> float:
        """How far some line moves between two points, at most, in pixels, about."""
        per_unit = _UNIT_PX if self._parts is not None else self._decoder.pixels_per_unit
        return float((np.abs(a.units - b.units) * per_unit).max())

    def _zoom(self, visible: np.ndarray, arousal: float, intensity: float) -> float:
        lean = float(np.clip(visible @ _LEAN, -1.0, 1.0))
        if lean < 0.0:
            return 1.0 + lean * self._config.lean_back
        eagerness = min(1.0, max(0.0, arousal)) * min(1.0, max(0.0, intensity))
        return 1.0 + lean * self._config.lean_in * eagerness

    def _displacement(self, pose: Pose, drawn: Pose) -> float:
        """How far some line moves from one pose to the other, at most, in pixels."""
        (latent, view), (old_latent, old_view) = pose, drawn
        ways = np.abs(latent - old_latent) * self._decoder.pixels_per_unit
        return max(float(ways.max()), view.displacement(old_view))


def _shown(visible: np.ndarray) -> str:
    """The expression that these emotions make."""
    strongest = int(np.argmax(visible))
    return EMOTIONS[strongest] if visible[strongest] >= _SHOWN else NEUTRAL


def _check_affect(affect: Sequence[float]) -> np.ndarray:
    place = np.array(affect, float)
    if place.shape != (_N_AFFECT,) or not (np.abs(place) <= 1.0).all():
        raise ValueError(
            f'expected finite valence and arousal of what is visible in [-1, 1], got {affect}'
        )
    return place


def _check_share(amount: float) -> float:
    if not 0.0 <= amount <= 1.0:
        raise ValueError(f'expected a share to mirror in [0, 1], got {amount}')
    return amount


def _check_units(units) -> np.ndarray:
    values = np.array(units, float)
    if values.shape != (len(FACIAL_UNITS),) or not ((values >= 0.0) & (values <= 1.0)).all():
        # What somebody's face does is not told to the log.
        got = f'got {values.size}' if values.shape != (len(FACIAL_UNITS),) else 'some are not'
        raise ValueError(f'expected {len(FACIAL_UNITS)} action units in [0, 1], {got}')
    return values


def _dark() -> np.ndarray:
    picture = np.zeros((HEIGHT, WIDTH), np.uint8)
    picture.setflags(write=False)
    return picture
