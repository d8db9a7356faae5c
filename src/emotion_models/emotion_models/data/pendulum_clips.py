# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Clips of a pendulum, integrated from its equation of motion."""

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from emotion_models.data.shape_clips import COLOURS, OUTLINES, SUPERSAMPLING
from emotion_models.data.video_clips import (
    ACTION,
    CHANNELS,
    IDENTITY,
    SplitSettings,
    VideoClips,
    Videos,
)

LENGTHS = (0.38, 0.52)
"""From pivot to bob, relative to the side."""
BOBS = ('circle', 'square')
AMPLITUDES_RAD = (0.35, 0.9, 1.5)
PIVOTS = (0.35, 0.65)
"""Where the pivot is, from the left."""
PHASES = ('released', 'pushed')
"""A clip begins where the pendulum stands still, or at its lowest point."""

GRAVITY, DAMPING = 9.81, 0.12
STEP_S, FRAME_S = 0.005, 0.05
ROD = (120, 120, 130)


@dataclass(frozen=True)
class PendulumClips(SplitSettings, VideoClips):
    """
    A damped pendulum: the identity is colour, length and bob; the action how far it swings, how it
    begins, and on which side its pivot is.

    Args:
        clips: in all.
        frames: of each, 20 in a second.
    """

    CONTENT = 'generated clips of 16 pendulums that swing in 12 ways, split by clip'
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'pendulums',
        'source': 'emotion_models.data.pendulum_clips',
        'terms': 'generated here, Apache-2.0',
    }

    clips: int = 960
    frames: int = 60

    def load_videos(self, seed: int) -> Videos:
        """Integrate and draw."""
        generator = np.random.default_rng(seed)
        factors = {
            IDENTITY: len(COLOURS) * len(LENGTHS) * len(BOBS),
            ACTION: len(AMPLITUDES_RAD) * len(PHASES) * len(PIVOTS),
            'colour': len(COLOURS),
            'length': len(LENGTHS),
            'bob': len(BOBS),
            'amplitude': len(AMPLITUDES_RAD),
            'phase': len(PHASES),
            'pivot': len(PIVOTS),
        }
        numbers = np.arange(self.clips)
        identity = numbers % factors[IDENTITY]
        action = numbers // factors[IDENTITY] % factors[ACTION]
        colour, rest = np.divmod(identity, len(LENGTHS) * len(BOBS))
        amplitude, begin = np.divmod(action, len(PHASES) * len(PIVOTS))
        columns = (identity, action, colour, *np.divmod(rest, len(BOBS)))
        labels = np.stack([*columns, amplitude, *np.divmod(begin, len(PIVOTS))], 1)
        clips = [self._clip(row, generator) for row in labels]
        return Videos(clips, labels, factors, 1 / FRAME_S)

    def _clip(self, label: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        _, _, colour, length, bob, amplitude, phase, pivot = label.tolist()
        size = AMPLITUDES_RAD[amplitude] * generator.uniform(0.9, 1.1)
        sign = generator.choice([-1, 1])
        is_pushed = PHASES[phase] == 'pushed'
        pull = GRAVITY / LENGTHS[length]
        speed = 2 * np.sqrt(pull) * np.sin(size / 2) if is_pushed else 0.0
        angles = swing(0.0 if is_pushed else sign * size, sign * speed, pull, self.frames)
        tint = list(COLOURS.values())[colour]
        return np.stack(
            [_draw(a, LENGTHS[length], BOBS[bob], tint, PIVOTS[pivot], self.side) for a in angles]
        )


def swing(angle: float, speed: float, pull: float, frames: int) -> np.ndarray:
    """
    Angles of a damped pendulum: θ'' = -pull·sin θ - damping·θ', by a symplectic step.

    Args:
        angle: in the first frame, in rad from the vertical.
        speed: in the first frame, in rad/s.
        pull: gravity over length, in 1/s².
        frames: `FRAME_S` apart.

    Returns:
        float64 (frames,).
    """
    angles = []
    steps = round(FRAME_S / STEP_S)
    for _ in range(frames):
        angles.append(angle)
        for _ in range(steps):
            speed += STEP_S * (-pull * np.sin(angle) - DAMPING * speed)
            angle += STEP_S * speed
    return np.array(angles)


def _draw(
    angle: float,
    length: float,
    bob: str,
    tint: tuple[int, int, int],
    pivot: float,
    side: int,
) -> np.ndarray:
    size = side * SUPERSAMPLING
    canvas = np.zeros((size, size, CHANNELS), np.uint8)
    hung = np.array([pivot, 0.3])
    end = hung + length * np.array([np.sin(angle), np.cos(angle)])
    points = [tuple(np.rint(size * point).astype(int).tolist()) for point in (hung, end)]
    cv2.line(canvas, points[0], points[1], ROD, max(1, size // 48))
    outline = np.rint(size * (end + 0.085 * OUTLINES[bob])).astype(np.int32)
    cv2.fillPoly(canvas, [outline], tint)
    return cv2.resize(canvas, (side, side), interpolation=cv2.INTER_AREA)
