# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Clips of the parametric face: it goes from rest to an expression and back."""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from emotion_models.data.drawings import REACH_PX
from emotion_models.data.video_clips import (
    ACTION,
    CHANNELS,
    IDENTITY,
    SplitSettings,
    VideoClips,
    Videos,
)
from emotion_models.drawing.action_units import blend_action_units
from emotion_models.drawing.face import ParametricFace
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.view import HEIGHT, WIDTH, View
from emotion_models.labels.emotions import EMOTIONS

COURSES = {
    'fear': (0.10, 0.55),
    'mad': (0.25, 0.45),
    'joy': (0.20, 0.35),
    'love': (0.40, 0.20),
    'sad': (0.45, 0.15),
    'surprise': (0.08, 0.30),
    'power': (0.30, 0.30),
}
"""Of each emotion: which part of a clip it takes to come, and for which it stays."""


@dataclass(frozen=True)
class FaceClips(SplitSettings, VideoClips):
    """
    Drawn faces as distance fields, grey in all three channels, letterboxed to a square.

    The identity is one of `identities` sets of proportions, the action one of the seven emotions
    with a course of its own; strength, blinks and gaze vary.

    Args:
        identities: how many faces there are.
        clips_each: clips of each of them with each emotion.
        frames: of each clip.
    """

    CONTENT = 'drawn faces that go through an emotion, split by clip'
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'clips of the parametric face',
        'source': 'emotion_models.data.face_clips',
        'terms': 'made by this package',
    }

    identities: int = 40
    clips_each: int = 4
    frames: int = 16

    def load_videos(self, seed: int) -> Videos:
        """Draw, about a thousand frames a second; identity 0 is the robot's own face."""
        generator = np.random.default_rng(seed)
        faces = [ParametricFace(Identity.default())]
        faces += [ParametricFace(Identity.random(generator)) for _ in range(self.identities - 1)]
        numbers = np.arange(self.identities * len(EMOTIONS) * self.clips_each)
        labels = np.stack(
            [numbers % self.identities, numbers // self.identities % len(EMOTIONS)], 1
        )
        clips = [self._clip(faces[who], what, generator) for who, what in labels.tolist()]
        factors = {IDENTITY: self.identities, ACTION: len(EMOTIONS)}
        return Videos(clips, labels, factors)

    def _clip(self, face: ParametricFace, what: int, generator: np.random.Generator) -> np.ndarray:
        strengths = generator.uniform(0.75, 1.0) * course(EMOTIONS[what], self.frames, generator)
        gaze = 0.5 * np.cumsum(generator.normal(0, 0.12, (self.frames, 2)), 0)
        gaze = np.clip(gaze + generator.normal(0, 0.2, 2), -1, 1)
        blinks = np.zeros(self.frames)
        if generator.random() < 0.3:
            blinks[generator.integers(self.frames)] = 1.0
        frames = []
        for strength, look, blink in zip(strengths, gaze.tolist(), blinks.tolist(), strict=True):
            shares = np.zeros(len(EMOTIONS))
            shares[what] = strength
            view = View(look[0], look[1], blink)
            frames.append(face.render_field(blend_action_units(shares), view))
        return np.stack([letterbox(field, self.side) for field in frames])


def course(emotion: str, frames: int, generator: np.random.Generator) -> np.ndarray:
    """
    How strong an emotion is in each frame, from 0 to 1 and back, (frames,).

    Args:
        emotion: one of `EMOTIONS`.
        frames: of the clip.
        generator: of when it begins.
    """
    onset, hold = COURSES[emotion]
    begin = generator.uniform(0.0, 0.12)
    times = np.arange(frames) / max(1, frames - 1)
    corners = [begin, begin + onset, begin + onset + hold, 1.0]
    line = np.interp(times, corners, [0.0, 1.0, 1.0, 0.0])
    return line * line * (3 - 2 * line)


def letterbox(field: np.ndarray, side: int) -> np.ndarray:
    """
    A distance field as a square picture, uint8 (side, side, 3): 128 at the edges of the lines.

    Args:
        field: in pixels of the panel, (64, 128).
        side: of the picture.
    """
    height = side * HEIGHT // WIDTH
    small = cv2.resize(field, (side, height), interpolation=cv2.INTER_AREA)
    grey = np.rint(127.5 * (1 + np.clip(small / REACH_PX, -1, 1))).astype(np.uint8)
    square = np.zeros((side, side, CHANNELS), np.uint8)
    top = (side - height) // 2
    square[top : top + height] = grey[..., None]
    return square


def panel_field(picture: np.ndarray) -> np.ndarray:
    """
    The distance field of the panel that a square picture stands for.

    Args:
        picture: (side, side, 3) or (side, side), in [0, 1].

    Returns:
        float32 (64, 128), in pixels of the panel, at most `REACH_PX` from 0.
    """
    grey = picture.mean(-1) if picture.ndim == 3 else picture
    side = len(grey)
    height = side * HEIGHT // WIDTH
    top = (side - height) // 2
    share = (2 * grey[top : top + height] - 1).astype(np.float32)
    return REACH_PX * cv2.resize(share, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
