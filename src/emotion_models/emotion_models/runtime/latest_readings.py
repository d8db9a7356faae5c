# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Faces that hardly change from image to image, which need not be read in each."""

from collections.abc import Container
from typing import NamedTuple

import cv2
import numpy as np

from emotion_models.imaging.images import Image

BLOCKS = 8
"""A square is compared in so many blocks along each side: about the size of an eye."""
LARGEST_CHANGE = 8.0
"""Mean change of a block, in grey levels, up to which a face counts as the same. Noise of 10
levels in each pixel of the camera makes 6; a smile that begins makes 20 and more."""


class Read(NamedTuple):
    """
    What the network read from a square, and when that was taken.

    Args:
        square: uint8, (S, S) or (S, S, 3).
        stamp_s: s.
        expression: probabilities in the wild, (8,).
        affect: valence and arousal, (2,).
        embedding: what the heads of the network read, (F,), where it was asked for.
        action_units: facial ones, (18,), where they were asked for and the square shows a face.
        proportions: of the face, (6,), likewise.
    """

    square: Image
    stamp_s: float
    expression: np.ndarray
    affect: np.ndarray
    embedding: np.ndarray | None = None
    action_units: np.ndarray | None = None
    proportions: np.ndarray | None = None


class LatestReadings:
    """
    What was read last from each face.

    Args:
        read_every_s: for so long a reading holds while its face hardly changes, s.
    """

    def __init__(self, read_every_s: float) -> None:
        self._read_every_s = read_every_s
        self._by_face: dict[str, Read] = {}

    def find(self, face_id: str, square: Image, stamp_s: float) -> Read | None:
        """What still holds for a square; none = it is to be read."""
        last = self._by_face.get(face_id)
        if last is None or not 0.0 <= stamp_s - last.stamp_s < self._read_every_s:
            return None
        return last if _change(last.square, square) <= LARGEST_CHANGE else None

    def note(self, face_id: str, read: Read) -> Read:
        """Keep what was read from a face, and return it."""
        self._by_face[face_id] = read
        return read

    def keep(self, face_ids: Container[str]) -> None:
        """Forget all other faces."""
        self._by_face = {name: r for name, r in self._by_face.items() if name in face_ids}


def _change(before: Image, after: Image) -> float:
    """Mean change of the block that changed most, in grey levels."""
    if before.shape != after.shape:
        return np.inf
    change = cv2.absdiff(before, after)
    return float(cv2.resize(change, (BLOCKS, BLOCKS), interpolation=cv2.INTER_AREA).max())
