# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A scripted load to measure by: 600 frames of a face that changes its expression and blinks."""

import numpy as np

from emotion_models.drawing import ParametricFace, View, blend_action_units, to_one_bit
from emotion_models.labels.emotions import EMOTIONS

FRAMES = 600
RATE_HZ = 25
VISIBLE = 0.8
CHANGE_EVERY = 20  # frames
CHANGE_S = 0.5
# Lids on the way down, closed, and up again.
BLINK = (0.33, 0.67, 1.0, 1.0, 0.75, 0.5, 0.25)
BLINKS_PER_S = 16 / 60


def scripted_frames(seed: int = 0) -> np.ndarray:
    """Return (600, 64, 128) uint8, 0 or 255: every 20 frames a new emotion, and blinks."""
    generator = np.random.default_rng(seed)
    face = ParametricFace()
    blinks = _blinks(generator)
    frames = []
    start = goal = blend_action_units(np.zeros(len(EMOTIONS)))
    for number in range(FRAMES):
        if number % CHANGE_EVERY == 0:
            start, goal = goal, _random_emotion(generator)
        progress = min(1.0, (number % CHANGE_EVERY + 1) / (CHANGE_S * RATE_HZ))
        units = start + (goal - start) * progress**2 * (3 - 2 * progress)  # smoothstep
        frames.append(to_one_bit(face.render(units, View(blink=blinks[number]))))
    return np.array(frames)


def _random_emotion(generator: np.random.Generator) -> np.ndarray:
    visible = np.zeros(len(EMOTIONS))
    visible[generator.integers(len(EMOTIONS))] = VISIBLE
    return blend_action_units(visible)


def _blinks(generator: np.random.Generator) -> np.ndarray:
    """Return how far the lids are closed in each frame."""
    closed = np.zeros(FRAMES + len(BLINK))
    frame = 0
    while frame < FRAMES:
        closed[frame : frame + len(BLINK)] = BLINK
        frame += len(BLINK) + round(RATE_HZ * (1 + generator.exponential(1 / BLINKS_PER_S)))
    return closed
