# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The face over time: from what the robot feels to the next picture of the panel."""

from __future__ import annotations

from math import isfinite
from typing import Protocol

import numpy as np

from emotion_agent.animation.config import AnimatorConfig
from emotion_agent.animation.life import Life
from emotion_agent.animation.one_bit import OneBit
from emotion_agent.animation.walk import Walk
from emotion_models.drawing import HEIGHT, WIDTH, Identity, View
from emotion_models.labels.emotions import EMOTIONS, check_emotions, emotion_vad
from emotion_models.latent.interpolation import angle_between
from emotion_models.latent.routes import AnyRoute, EvenRoute, Route, SphericalRoute
from emotion_models.runtime.parametric_decoder import ParametricDecoder

_JITTER_S = 1.0  # stamps that are older by less than this are taken as now
_PAUSE_S = 3600.0  # a longer silence of the caller is a jump of the clock
_SMALL_MOVE_PX = 3.0  # a goal that shifts by less does not need another route
_NOTICED = 0.05  # change of a visible emotion that keeps the face awake
_OPPOSITE_RAD = 3.14  # between directions that no great circle joins better than another
_STARTLED = 0.4  # visible surprise that keeps the eyes open

# How much an emotion leans toward the viewer (1) or away (-1), order of EMOTIONS.
_LEAN = np.array([-1.0, 0.6, 0.1, 0.2, -0.5, 0.2, 0.2])

Pose = tuple[np.ndarray, View]  # latent point (N,) and the view of it


class Decoder(Protocol):
    """What the animator needs of a face."""

    pixels_per_unit: np.ndarray  # the longest way of a line when a number changes by 1, (N,)
    on_sphere: int  # how many latent numbers, the first ones, are a direction
    identity: Identity  # whose face it is; what is drawn from pictures does not heed it

    def encode(self, visible: np.ndarray) -> np.ndarray:
        """Where a mixture of visible emotions (7,) lies in the latent space, (N,)."""

    def decode(self, latent: np.ndarray, view: View) -> np.ndarray:
        """The picture, float32 (64, 128) in [0, 1]."""


class FaceAnimator:
    """
    Moves a face to the emotions it is told, and keeps it alive in between.

    All behaviour is a function of the seed, of what was told and of `now_s`, in seconds on any
    clock; how often a picture is asked for changes nothing but the flicker suppression. When the
    clock jumps back, or ahead by an hour, the expression stays and the life starts anew.
    Not to be called from two threads at once.

    Args:
        config: settings.
        seed: of blinks, glances and drift.
        decoder: what draws; the parametric face by default.
    """

    def __init__(
        self,
        config: AnimatorConfig | None = None,
        seed: int = 0,
        decoder: Decoder | None = None,
    ):
        self._config = config or AnimatorConfig()
        self._seed = seed
        self._decoder = decoder or ParametricDecoder()
        self._one_bit = OneBit(self._config.threshold, self._config.hysteresis)
        self._now_s: float | None = None
        self._noticed = np.zeros(len(EMOTIONS))
        self._dominant = 'neutral'
        # The walked point is the latent point, the visible emotions and the zoom in one vector.
        self._neutral = self._point(self._noticed, zoom=1.0)
        self._walk = Walk(self._neutral, 0.0)
        self._life = Life(self._config, seed, 0.0)
        self._drawn: Pose | None = None
        self._picture = np.zeros((HEIGHT, WIDTH), np.uint8)

    def set_emotion(
        self, visible, arousal: float, intensity: float, dominant: str, now_s: float
    ) -> None:
        """
        Leave for a new expression from wherever the face is.

        Args:
            visible: how much of each emotion is to be seen, (7,) in [0, 1], order of EMOTIONS.
            arousal: [-1, 1].
            intensity: strength of the strongest emotion, [0, 1].
            dominant: its name; when it becomes 'surprise' the face jumps.
            now_s: time in seconds.

        Raises:
            ValueError: if a number is not finite or `visible` is out of its range.
        """
        if not (isfinite(arousal) and isfinite(intensity)):
            raise ValueError(
                f'expected finite numbers, got arousal {arousal}, intensity {intensity}'
            )
        visible = check_emotions(visible).copy()
        now_s = self._advance(now_s)
        is_startle = dominant == 'surprise' != self._dominant
        if dominant != self._dominant or np.abs(visible - self._noticed).max() >= _NOTICED:
            self._noticed = visible
            self.wake(now_s)
        self._dominant = dominant
        self._life.arousal = min(1.0, max(-1.0, arousal))
        self._life.is_startled = visible[EMOTIONS.index('surprise')] >= _STARTLED

        goal = self._point(visible, self._zoom(visible, arousal, intensity))
        if is_startle:
            self._jump(goal, now_s)
        elif self._reach(self._walk.goal, goal) < _SMALL_MOVE_PX:
            self._walk.nudge(goal, self._config.transition_s, now_s)
        else:
            self._move(goal, now_s)

    def change_face(self, identity: Identity, now_s: float) -> None:
        """
        Turn into another face while the expression stays or goes on.

        Args:
            identity: whose face it is to be.
            now_s: time in seconds.
        """
        now_s = self._advance(now_s)
        self._decoder.identity = identity
        self._neutral = self._point(np.zeros(len(EMOTIONS)), zoom=1.0)
        goal = self._walk.goal
        self._move(self._point(self._visible_at(goal), zoom=float(goal[-1])), now_s)

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

    def wake(self, now_s: float) -> None:
        """Something happened that is worth being awake for."""
        if self._life.wake(self._advance(now_s)):
            self._one_bit.reset()

    def pose(self, now_s: float) -> Pose:
        """What is to be drawn at `now_s`: the latent point (N,) and the view of it."""
        now_s = self._advance(now_s)
        point = self._walk.at(now_s)
        return self._latent_at(point), self._life.view(now_s, zoom=float(point[-1]))

    def is_moving(self, now_s: float) -> bool:
        """Whether a drawing made now would differ visibly from the last one."""
        now_s = self._advance(now_s)
        if self._life.is_panel_off(now_s):
            return self._drawn is not None
        if self._drawn is None:
            return True
        if self._walk.has_arrived(now_s) and not self._one_bit.is_settled:
            return True
        return self._displacement(self.pose(now_s), self._drawn) >= self._config.visible_px

    def frame(self, now_s: float) -> np.ndarray:
        """
        The picture of the panel at `now_s`; drawn anew only if something moved.

        Returns:
            uint8 (64, 128) of 0 and 255; all 0 after long inactivity.
        """
        now_s = self._advance(now_s)
        if self.is_moving(now_s):
            self._draw(now_s)
        return self._picture.copy()

    def _jump(self, goal: np.ndarray, now_s: float) -> None:
        self._one_bit.reset()
        self._walk.go(Route(self._walk.at(now_s), goal), self._config.startle_s, now_s)

    def _move(self, goal: np.ndarray, now_s: float) -> None:
        """Leave for a goal at a speed that the eye sees as even."""
        even_route = EvenRoute(
            self._route(self._walk.at(now_s), goal),
            lambda point: self._decoder.decode(self._latent_at(point), View()),
        )
        self._walk.go(even_route, self._config.transition_s, now_s, self._config.change_px_s)

    def _route(self, start: np.ndarray, goal: np.ndarray) -> AnyRoute:
        """By way of neutral between opposite feelings or directions, else the short way."""
        turning = self._decoder.on_sphere
        is_opposite = emotion_vad(self._visible_at(start)) @ emotion_vad(
            self._visible_at(goal)
        ) < 0.0 or (turning and angle_between(start[:turning], goal[:turning]) > _OPPOSITE_RAD)
        if is_opposite:
            return Route(start, goal, via=self._neutral)
        return SphericalRoute(start, goal, turning) if turning else Route(start, goal)

    def _draw(self, now_s: float) -> None:
        if self._life.is_panel_off(now_s):
            self._one_bit.reset()
            self._drawn = None
            self._picture = np.zeros((HEIGHT, WIDTH), np.uint8)
            return
        self._drawn = self.pose(now_s)
        grey = self._decoder.decode(*self._drawn)
        self._picture = self._one_bit(grey, self._walk.has_arrived(now_s))

    def _advance(self, now_s: float) -> float:
        """Let life go on until `now_s`; returns the time to use, which never runs backward."""
        if not isfinite(now_s):
            raise ValueError(f'expected a finite time in seconds, got {now_s}')
        last = self._now_s
        if last is None or not last - _JITTER_S <= now_s <= last + _PAUSE_S:
            place = self._walk.goal if last is None else self._walk.at(last)
            self._walk.stand(place, now_s)
            self._life = Life(self._config, self._seed, now_s)
            last = now_s
        self._now_s = max(now_s, last)
        self._life.advance(self._now_s)
        return self._now_s

    def _point(self, visible: np.ndarray, zoom: float) -> np.ndarray:
        return np.concatenate([self._decoder.encode(visible), visible, [zoom]])

    def _reach(self, a: np.ndarray, b: np.ndarray) -> float:
        """How far some line moves between two points, at most, in pixels."""
        ways = np.abs(self._latent_at(a) - self._latent_at(b)) * self._decoder.pixels_per_unit
        return float(ways.max())

    @staticmethod
    def _latent_at(point: np.ndarray) -> np.ndarray:
        return point[: -1 - len(EMOTIONS)]

    @staticmethod
    def _visible_at(point: np.ndarray) -> np.ndarray:
        return np.clip(point[-1 - len(EMOTIONS) : -1], 0.0, 1.0)

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
