# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Generated courses of valence and arousal that only a look at the past can tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar, Literal, NamedTuple

import numpy as np

from emotion_models.data.clips import TARGETS, Clip, ClipPart, FeatureList
from emotion_models.data.data_set import DataSet, Parts

FRAMES_PER_S = 30
FEATURE = 'mixture'

REGRESSION, INNOVATION = 0.98, 0.2
PAST_FRAMES = 25
"""Frames before the present one over which `smooth` averages."""

PULSE_FRAMES = 5
MEAN_PAUSE_FRAMES = 200
HELD = 0.6
"""What `latch` holds, with the sign of the last pulse."""


class Course(NamedTuple):
    """
    A kind of signals and what is to be said of them.

    Args:
        draw: signals and targets (frames, 2) each, from a number of frames and a generator.
        noise: standard deviation of what is added to each feature.
    """

    draw: Callable[[int, np.random.Generator], tuple[np.ndarray, np.ndarray]]
    noise: float


def smooth(frames: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Squashed autoregressive signals; the target is their mean over present and past."""
    steps = generator.normal(0, INNOVATION, (frames, 2))
    steps[0] /= np.sqrt(1 - REGRESSION**2)  # it begins with the spread of the whole
    signals = np.tanh(list(accumulate(steps, lambda last, step: REGRESSION * last + step)))
    sums = np.concatenate([np.zeros((1, 2)), np.cumsum(signals, 0)])
    ends = np.arange(1, frames + 1)
    starts = np.maximum(0, ends - 1 - PAST_FRAMES)
    return signals, (sums[ends] - sums[starts]) / (ends - starts)[:, None]


def latch(frames: int, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Rare short pulses of either sign, one at the beginning; the target holds the last sign."""
    signals, targets = np.zeros((frames, 2)), np.zeros((frames, 2))
    for column in range(2):
        begins = np.flatnonzero(generator.random(frames) < 1 / MEAN_PAUSE_FRAMES)
        begins = np.union1d([0], begins)
        for first, sign in zip(begins, generator.choice([-1, 1], len(begins)), strict=True):
            signals[first : first + PULSE_FRAMES, column] = sign
            targets[first:, column] = HELD * sign
    return signals, targets


COURSES: Mapping[str, Course] = {'smooth': Course(smooth, 1.0), 'latch': Course(latch, 0.3)}


@dataclass(frozen=True)
class GeneratedCourses(DataSet):
    """
    Clips whose features are a random linear mixture of two signals, and noise.

    Args:
        course: `smooth`: the target is the mean of the present and the past 25 frames of a
            slow signal in strong noise. `latch`: short pulses of either sign, 200 frames apart
            on average; the target holds the sign of the last one.
        training: clips to train on.
        validation: clips that choose the best checkpoint.
        test: clips that are only reported on.
        frames: of each clip.
        width: number of features.
    """

    CONTENT = 'generated courses of valence and arousal that depend on the past, clip by clip'
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'generated courses',
        'source': 'emotion_models.data.generated_courses',
        'terms': 'generated here, Apache-2.0',
    }

    course: Literal['smooth', 'latch'] = 'smooth'
    training: int = 48
    validation: int = 16
    test: int = 16
    frames: int = 600
    width: int = 40

    def load_parts(self, seed: int) -> Parts:
        """Generate."""
        if self.course not in COURSES:
            raise ValueError(
                f'data_set: course must be one of {", ".join(COURSES)}; got {self.course!r}'
            )
        generator = np.random.default_rng(seed)
        mixture = generator.standard_normal((len(TARGETS), self.width))
        features = FeatureList({FEATURE: self.width})
        return {
            part: ClipPart(
                [
                    self._clip(f'{part}_{number:04d}', mixture, generator)
                    for number in range(getattr(self, part))
                ],
                features,
            )
            for part in ('training', 'validation', 'test')
        }

    def _clip(self, name: str, mixture: np.ndarray, generator: np.random.Generator) -> Clip:
        course = COURSES[self.course]
        signals, targets = course.draw(self.frames, generator)
        noise = generator.normal(0, course.noise, (self.frames, self.width))
        return Clip(
            name=name,
            stamps_s=np.arange(self.frames) / FRAMES_PER_S,
            features=(signals @ mixture + noise).astype(np.float32),
            padded=np.zeros(self.frames, bool),
            affect=targets.astype(np.float32),
            group=name,
        )
