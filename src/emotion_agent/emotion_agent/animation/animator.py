# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The face over time: from the emotional state to the next picture of the panel."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from emotion_agent.animation.config import AnimatorConfig
from emotion_agent.animation.life import Life
from emotion_agent.animation.mirror import Mirror
from emotion_agent.animation.one_bit import OneBit
from emotion_agent.animation.walk import Walk
from emotion_models.drawing import HEIGHT, WIDTH, Identity, View
from emotion_models.drawing.parts import FACIAL_UNITS
from emotion_models.labels.emotions import EMOTIONS, check_emotions, emotion_vad
from emotion_models.latent.routes import EvenRoute, Route
from emotion_models.runtime.parametric_decoder import ParametricDecoder

_JITTER_S = 1.0  # stamps that are older by less than this are taken as now
_PAUSE_S = 3600.0  # a longer silence of the caller is a jump of the clock
_SMALL_MOVE_PX = 3.0  # a goal that shifts by less does not need another route
_NOTICED = 0.05  # change of a visible emotion that keeps the face awake
_OPPOSITE = (
    -0.1
)  # cosine of the angle in the plane of valence and arousal from which a way is bent
_MOST_WAITING = 3  # moves that wait for the next picture; an older one is left out
_STARTLED = 0.4  # visible surprise that keeps the eyes open

# How much an emotion leans toward the viewer (1) or away (-1), order of EMOTIONS.
_LEAN = np.array([-1.0, 0.6, 0.1, 0.2, -0.5, 0.2, 0.2])

# The point that walks: latent numbers, visible emotions, zoom, and valence and arousal.
_N_AFFECT = 2
_AFFECT = slice(-_N_AFFECT, None)
_ZOOM = -_N_AFFECT - 1
_VISIBLE = slice(_ZOOM - len(EMOTIONS), _ZOOM)
_LATENT = slice(_VISIBLE.start)

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
class MovesParts(Protocol):
    """What a decoder has besides where the parts of its face can be moved by themselves."""

    def add_action_units(self, latent: np.ndarray, units: np.ndarray, amount: float) -> np.ndarray:
        """The point with so much of a person's facial action units (18,) added to its own."""


def parts_of(decoder: Decoder) -> MovesParts | None:
    """The decoder, where its face can take on action units; others move as one: none."""
    space = getattr(decoder, 'space', None)
    has_parts = getattr(space, 'has_parts', True)
    return decoder if isinstance(decoder, MovesParts) and has_parts else None


class _Goal(NamedTuple):
    """Where to go, and from when on."""

    point: np.ndarray
    set_s: float
    is_startle: bool = False


class FaceAnimator:
    """
    Moves a face to the emotions that it is given, and keeps it alive in between.

    All behaviour is a function of the seed, of the calls and of `now_s`, in seconds on any clock.
    How often a picture is asked for changes the flicker suppression, and of more than three large
    moves between two pictures the first ones are left out; nothing else. When the clock jumps
    back, or ahead by an hour, the expression stays and blinks, gaze and sleep start anew.
    Not to be called from two threads at once.

    Args:
        config: settings.
        seed: of blinks, glances and drift.
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
        self._decoder = decoder or ParametricDecoder()
        self._parts = parts_of(self._decoder)
        self._one_bit = OneBit(self._config.threshold, self._config.hysteresis)
        self._now_s: float | None = None
        self._noticed = np.zeros(len(EMOTIONS))
        self._dominant = 'neutral'
        self._neutral = self._neutral_point()
        self._walk = Walk(self._neutral, 0.0, carried=_N_AFFECT)
        self._life = Life(self._config, seed, 0.0)
        self._mirror = Mirror(self._config, mirror)
        # Moves that have not begun: the goal of the route, then shifts of its end.
        self._waiting: deque[list[_Goal]] = deque(maxlen=_MOST_WAITING)
        self._drawn: Pose | None = None
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
        is_startle = dominant == 'surprise' != self._dominant
        if dominant != self._dominant or np.abs(visible - self._noticed).max() >= _NOTICED:
            self._noticed = visible
            self.wake(now_s)
        self._dominant = dominant
        self._life.arousal = min(1.0, max(-1.0, arousal))
        self._life.is_startled = visible[EMOTIONS.index('surprise')] >= _STARTLED

        goal = self._point(visible, place, self._zoom(visible, arousal, intensity))
        if is_startle:
            self._waiting.append([_Goal(goal, now_s, is_startle=True)])
        else:
            self._head_for(goal, now_s)

    def change_face(self, identity: Identity, now_s: float) -> None:
        """
        Turn into another face while the expression stays or goes on.

        Args:
            identity: whose face it is to be.
            now_s: time in seconds.
        """
        now_s = self._advance(now_s)
        self._decoder.identity = identity
        self._neutral = self._neutral_point()
        goal = self._goal()
        visible = np.clip(goal[_VISIBLE], 0.0, 1.0)
        goal = self._point(visible, goal[_AFFECT], float(goal[_ZOOM]))
        self._waiting.append([_Goal(goal, now_s)])

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
        """Whether the face can mirror somebody."""
        return self._parts is not None

    def set_mirror(self, amount: float, now_s: float) -> None:
        """Say how much, [0, 1], of a person's action units is added to the face."""
        self._mirror.set_amount(amount, self._advance(now_s))

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

    def wake(self, now_s: float) -> None:
        """Something happened that is worth being awake for."""
        if self._life.wake(self._advance(now_s)):
            self._one_bit.reset()

    def plan(self, now_s: float) -> None:
        """
        Leave for the goals that were set.

        The pictures along the way of a large move take about as long as ten frames. No call that
        takes an input decodes them; `pose` and `frame` do where nobody did before. They wait until
        time has gone on: the picture of the instant at which a goal is set does not need them.
        """
        self._advance(now_s)
        while self._waiting:
            first, *shifts = self._waiting[0]
            if first.set_s == now_s and not first.is_startle:
                return
            self._waiting.popleft()
            begin = self._jump if first.is_startle else self._leave
            begin(first)
            for goal in shifts:
                self._nudge(goal)

    def pose(self, now_s: float) -> Pose:
        """What is to be drawn at `now_s`: the latent point (N,) and the view of it."""
        self.plan(now_s)
        return self._pose_at(self._advance(now_s))

    def frame(self, now_s: float) -> np.ndarray:
        """
        The picture of the panel at `now_s`; drawn anew only if something moved.

        Returns:
            uint8 (64, 128) of 0 and 255, read-only; all 0 after long inactivity. While nothing
            moves it is the same array.
        """
        self.plan(now_s)
        now_s = self._advance(now_s)
        if self._life.is_panel_off(now_s):
            self._switch_off()
        elif self._has_moved(pose := self._pose_at(now_s), now_s):
            self._draw(pose, now_s)
        return self._picture

    def _head_for(self, point: np.ndarray, now_s: float) -> None:
        """End the newest move a little elsewhere, or set the goal of another one."""
        goal = _Goal(point, now_s)
        if self._reach(self._goal(), point) >= _SMALL_MOVE_PX:
            self._waiting.append([goal])
        elif self._waiting:
            self._waiting[-1].append(goal)
        else:
            self._nudge(goal)

    def _goal(self) -> np.ndarray:
        return self._waiting[-1][-1].point if self._waiting else self._walk.goal

    def _jump(self, goal: _Goal) -> None:
        self._one_bit.reset()
        route = Route(self._walk.at(goal.set_s), goal.point)
        self._walk.go(route, self._config.startle_s, goal.set_s)

    def _nudge(self, goal: _Goal) -> None:
        self._walk.nudge(goal.point, self._config.transition_s, goal.set_s)

    def _leave(self, goal: _Goal) -> None:
        """Go at a speed that the eye sees as even."""
        even_route = EvenRoute(
            self._route(self._walk.at(goal.set_s), goal.point),
            lambda point: self._decoder.decode(point[_LATENT], View()),
        )
        config = self._config
        self._walk.go(even_route, config.transition_s, goal.set_s, config.change_px_s)

    def _route(self, start: np.ndarray, goal: np.ndarray) -> Route:
        """By way of neutral where valence and arousal are opposite, else straight."""
        a, b = start[_AFFECT], goal[_AFFECT]
        is_opposite = a @ b < _OPPOSITE * np.linalg.norm(a) * np.linalg.norm(b)
        return Route(start, goal, via=self._neutral if is_opposite else None)

    def _pose_at(self, now_s: float) -> Pose:
        point = self._walk.at(now_s)
        latent, added = point[_LATENT], self._mirror.at(now_s)
        if self._parts is not None and added.any():
            latent = self._parts.add_action_units(latent, added, 1.0)
        return latent, self._life.view(now_s, zoom=float(point[_ZOOM]))

    def _has_moved(self, pose: Pose, now_s: float) -> bool:
        if self._drawn is None or (self._stands(now_s) and not self._one_bit.is_settled):
            return True
        return self._displacement(pose, self._drawn) >= self._config.visible_px

    def _stands(self, now_s: float) -> bool:
        has_arrived = self._walk.has_arrived(now_s) and self._mirror.has_arrived(now_s)
        return not self._waiting and has_arrived

    def _draw(self, pose: Pose, now_s: float) -> None:
        self._drawn = pose
        grey = self._decoder.decode(*pose)
        self._picture = self._one_bit(grey, self._stands(now_s))
        self._picture.setflags(write=False)

    def _switch_off(self) -> None:
        if self._drawn is not None:
            self._one_bit.reset()
            self._drawn = None
            self._picture = _dark()

    def _advance(self, now_s: float) -> float:
        """Let life go on until `now_s`; returns the time to use, which never runs backward."""
        if not isfinite(now_s):
            raise ValueError(f'expected a finite time in seconds, got {now_s}')
        last = self._now_s
        if last is None or not last - _JITTER_S <= now_s <= last + _PAUSE_S:
            place, goal = self._walk.goal if last is None else self._walk.at(last), self._goal()
            self._walk.stand(place, now_s)
            self._mirror.stand(now_s if last is None else last, now_s)
            if self._waiting:
                self._waiting.clear()
                self._waiting.append([_Goal(goal, now_s)])
            self._life = Life(self._config, self._seed, now_s)
            last = now_s
        self._now_s = max(now_s, last)
        self._life.advance(self._now_s)
        return self._now_s

    def _neutral_point(self) -> np.ndarray:
        return self._point(np.zeros(len(EMOTIONS)), np.zeros(_N_AFFECT), zoom=1.0)

    def _point(self, visible: np.ndarray, affect: np.ndarray, zoom: float) -> np.ndarray:
        return np.concatenate([self._decoder.encode(visible, affect), visible, [zoom], affect])

    def _reach(self, a: np.ndarray, b: np.ndarray) -> float:
        """How far some line moves between two points, at most, in pixels."""
        ways = np.abs(a[_LATENT] - b[_LATENT]) * self._decoder.pixels_per_unit
        return float(ways.max())

    def _zoom(self, visible: np.ndarray, arousal: float, intensity: float) -> float:
        lean = float(np.clip(visible @ _LEAN, -1.0, 1.0))
        if lean < 0.0:
            return 1.0 + lean * self._config.zoom_out
        eagerness = min(1.0, max(0.0, arousal)) * min(1.0, max(0.0, intensity))
        return 1.0 + lean * self._config.zoom_in * eagerness

    def _displacement(self, pose: Pose, drawn: Pose) -> float:
        """How far some line moves from one pose to the other, at most, in pixels."""
        (latent, view), (old_latent, old_view) = pose, drawn
        ways = np.abs(latent - old_latent) * self._decoder.pixels_per_unit
        return max(float(ways.max()), view.displacement(old_view))


def _check_affect(affect: Sequence[float]) -> np.ndarray:
    place = np.array(affect, float)
    if place.shape != (_N_AFFECT,) or not (np.abs(place) <= 1.0).all():
        raise ValueError(
            f'expected finite valence and arousal of what is visible in [-1, 1], got {affect}'
        )
    return place


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
