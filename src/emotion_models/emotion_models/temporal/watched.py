# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What `watch` draws of a face."""

from typing import NamedTuple

import numpy as np


class WatchedFace(NamedTuple):
    """
    A face in those frames of a video in which it was seen.

    Args:
        frames: their indices, ascending, shape (N,).
        boxes: x, y, width, height in pixels of the video, (N, 4).
        expression: smoothed probabilities in the order of `EXPRESSIONS`, (N, 8).
        raw: valence and arousal as they were read, (N, 2).
        smoothed: by the one-euro filter, (N, 2).
        said: by the sequence model, (N, 2), NaN where it says nothing; none = there is none.
    """

    frames: np.ndarray
    boxes: np.ndarray
    expression: np.ndarray
    raw: np.ndarray
    smoothed: np.ndarray
    said: np.ndarray | None = None

    @property
    def best(self) -> np.ndarray:
        """Valence and arousal by the sequence model, where it says them, else smoothed."""
        if self.said is None:
            return self.smoothed
        return np.where(np.isfinite(self.said), self.said, self.smoothed)

    def between(self, first: int, last: int) -> 'WatchedFace':
        """The same face in the frames from `first` to `last` alone."""
        rows = slice(*np.searchsorted(self.frames, (first, last + 1)).tolist())
        return WatchedFace(
            self.frames[rows],
            self.boxes[rows],
            self.expression[rows],
            self.raw[rows],
            self.smoothed[rows],
            None if self.said is None else self.said[rows],
        )
