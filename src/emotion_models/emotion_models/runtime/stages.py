# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is made of the readings of each face over time: one stage with a state for each face."""

from collections.abc import Callable, Container
from typing import NamedTuple, Protocol

import numpy as np

LONGEST_GAP_S = 1.0
"""After a longer pause, or a step back in time, a stage starts again from nothing."""


class Reading(NamedTuple):
    """
    What the affect network reads from one image of a face.

    Args:
        values: valence and arousal in [-1, 1], then the probabilities in the wild in the order of
            `EXPRESSIONS`, float64, shape (10,).
        confidence: score of the detector times the highest of these probabilities, in [0, 1].
        stamp_s: when the image was taken, in seconds.
        embedding: what the heads of the network read, float32 (F,); none where no model over time
            asks for it.
    """

    values: np.ndarray
    confidence: float
    stamp_s: float
    embedding: np.ndarray | None = None


class FaceStage(Protocol):
    """
    Turns the readings of one face into its values over time.

    A stage is made when its face appears, called with every reading of that face, each later than
    the one before, reset when time jumps, and dropped when the face leaves. Its state is that of
    this face alone.
    """

    def __call__(self, reading: Reading) -> np.ndarray:
        """The values at the time of the newest reading, in the form of `Reading.values`."""
        ...

    def reset(self) -> None:
        """Forget all readings: the next one is the first."""
        ...


class FaceStages:
    """
    The stages of all faces that are followed.

    Args:
        make_stage: makes the stage of a face that appears.
    """

    def __init__(self, make_stage: Callable[[], FaceStage]) -> None:
        self._make_stage = make_stage
        self._stages: dict[str, FaceStage] = {}
        self._stamps_s: dict[str, float] = {}

    def __call__(self, face_id: str, reading: Reading) -> np.ndarray:
        """What the stage of this face, made or reset where it must be, makes of a reading."""
        if face_id not in self._stages:
            self._stages[face_id] = self._make_stage()
        elif not 0 < reading.stamp_s - self._stamps_s[face_id] <= LONGEST_GAP_S:
            self._stages[face_id].reset()
        self._stamps_s[face_id] = reading.stamp_s
        return self._stages[face_id](reading)

    def keep(self, face_ids: Container[str]) -> None:
        """Drop the stages of all other faces."""
        for face_id in [name for name in self._stages if name not in face_ids]:
            del self._stages[face_id], self._stamps_s[face_id]
