# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Generated clips of coloured shapes that move, each in one of five ways."""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from emotion_models.data.video_clips import (
    ACTION,
    CHANNELS,
    IDENTITY,
    SplitSettings,
    VideoClips,
    Videos,
)

SHAPES = ('circle', 'square', 'triangle', 'cross')
COLOURS = {
    'red': (230, 60, 50),
    'green': (60, 200, 80),
    'blue': (70, 110, 240),
    'yellow': (240, 210, 60),
}
ACTIONS = ('horizontal', 'vertical', 'circular', 'pulsing', 'static')
RADIUS, SWING = 0.17, 0.27
"""Of the shape, and of its way, relative to the side."""
SUPERSAMPLING = 4
ROUNDS = (1.0, 2.0)
"""Least and greatest number of rounds in a clip."""


@dataclass(frozen=True)
class ShapeClips(SplitSettings, VideoClips):
    """
    Coloured shapes on black: the identity is shape and colour, the action the way they move.

    Phase and speed are random.

    Args:
        clips: in all.
        frames: of each.
    """

    CONTENT = 'generated clips of 16 coloured shapes that move in 5 ways, split by clip'
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'moving shapes',
        'source': 'emotion_models.data.shape_clips',
        'terms': 'generated here, Apache-2.0',
    }

    clips: int = 1600
    frames: int = 16

    def load_videos(self, seed: int) -> Videos:
        """Draw."""
        generator = np.random.default_rng(seed)
        count = len(SHAPES) * len(COLOURS)
        labels = np.stack(
            [np.arange(self.clips) % count, np.arange(self.clips) // count % len(ACTIONS)], 1
        )
        factors = {
            IDENTITY: count,
            ACTION: len(ACTIONS),
            'shape': len(SHAPES),
            'colour': len(COLOURS),
        }
        labels = np.concatenate(
            [labels, labels[:, :1] // len(COLOURS), labels[:, :1] % len(COLOURS)], 1
        )
        drawn = [self._draw(identity, action, generator) for identity, action, *_ in labels]
        return Videos(drawn, labels, factors)

    def _draw(self, identity: int, action: int, generator: np.random.Generator) -> np.ndarray:
        shape, colour = divmod(int(identity), len(COLOURS))
        rounds = generator.uniform(*ROUNDS) * generator.choice([-1, 1])
        begin = generator.uniform(0, 2 * np.pi)
        angles = begin + 2 * np.pi * rounds * np.arange(self.frames) / self.frames
        return draw_course(shape, colour, ACTIONS[action], angles, self.side)


def draw_course(shape: int, colour: int, action: str, angles: np.ndarray, side: int) -> np.ndarray:
    """
    A shape on its way, uint8 (T, side, side, 3).

    Args:
        shape: index into `SHAPES`.
        colour: index into `COLOURS`.
        action: one of `ACTIONS`.
        angles: phase of each frame in rad; `static` stands where the first one says.
        side: of the frames.
    """
    swing = SWING * np.stack([np.cos(angles), np.sin(angles)], 1)
    radii = np.full(len(angles), RADIUS)
    if action == 'horizontal':
        swing[:, 1] = 0
    elif action == 'vertical':
        swing[:, 0] = 0
    elif action == 'pulsing':
        swing, radii = np.zeros_like(swing), RADIUS * (1 + 0.45 * np.sin(angles))
    elif action == 'static':
        swing = np.repeat(swing[:1], len(angles), 0)
    tint = list(COLOURS.values())[colour]
    return np.stack(
        [
            _draw_shape(SHAPES[shape], tint, 0.5 + place, radius, side)
            for place, radius in zip(swing, radii, strict=True)
        ]
    )


def _draw_shape(
    shape: str, tint: tuple[int, int, int], place: np.ndarray, radius: float, side: int
) -> np.ndarray:
    size = side * SUPERSAMPLING
    canvas = np.zeros((size, size, CHANNELS), np.uint8)
    outline = np.rint(size * (place + radius * OUTLINES[shape])).astype(np.int32)
    cv2.fillPoly(canvas, [outline], tint)
    return cv2.resize(canvas, (side, side), interpolation=cv2.INTER_AREA)


def _polygon(corners: int, turn: float = 0.0) -> np.ndarray:
    angles = turn + 2 * np.pi * np.arange(corners) / corners
    return np.stack([np.cos(angles), np.sin(angles)], 1)


def _cross() -> np.ndarray:
    thin = 0.36
    arm = np.array([(thin, 1), (-thin, 1), (-thin, thin)])
    turns = [np.array([[c, -s], [s, c]]) for c, s in ((1, 0), (0, 1), (-1, 0), (0, -1))]
    return np.concatenate([arm @ turn.T for turn in turns])


OUTLINES = {
    'circle': _polygon(48),
    'square': 1.15 * _polygon(4, np.pi / 4),
    'triangle': 1.25 * _polygon(3, -np.pi / 2),
    'cross': 1.1 * _cross(),
}
"""About the middle, for a radius of 1."""
