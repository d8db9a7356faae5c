# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Grey to black and white without flicker."""

from __future__ import annotations

import cv2
import numpy as np

_STILL_FRAMES = 3  # still frames before the threshold sharpens
_SETTLE_FRAMES = 4  # frames in which the hysteresis shrinks to nothing
_SMALLEST_PX = 3  # a smaller shape is a speck


class OneBit:
    """
    A threshold with memory: a pixel changes only when its grey leaves a band about the threshold.

    The band leaves ghosts of the movement behind. Shapes of fewer than three pixels among them
    are removed at once. The others go once after each movement: when the expression has stood for
    three frames, the band shrinks to nothing over four frames: the picture is then what the
    threshold alone makes of the last drawing. One instance per output.

    Args:
        threshold: grey in [0, 1] above which a pixel is lit.
        hysteresis: half the width of the band.
    """

    def __init__(self, threshold: float, hysteresis: float):
        self._threshold = threshold
        self._hysteresis = hysteresis
        self.reset()

    def reset(self) -> None:
        """Forget the last picture, as at a cut."""
        self._lit: np.ndarray | None = None
        self._still = 0

    @property
    def is_settled(self) -> bool:
        """Whether the ghosts of the last movement are gone."""
        return self._still >= _STILL_FRAMES + _SETTLE_FRAMES

    def __call__(self, grey: np.ndarray, is_still: bool) -> np.ndarray:
        """
        The next picture.

        Args:
            grey: float32 (H, W) in [0, 1].
            is_still: whether the expression stands; blinks, gaze and breathing do not count.

        Returns:
            uint8 (H, W) of 0 and 255.
        """
        band = self._hysteresis * self._remaining_band(is_still)
        if self._lit is None:
            self._lit = grey > self._threshold
        else:
            lit = grey > np.where(self._lit, self._threshold - band, self._threshold + band)
            self._lit = _without_specks(lit, grey > self._threshold)
        return self._lit.astype(np.uint8) * np.uint8(255)

    def _remaining_band(self, is_still: bool) -> float:
        if not is_still:
            self._still = 0
            return 1.0
        if self.is_settled:
            return 1.0
        self._still += 1
        return 1.0 - max(0, self._still - _STILL_FRAMES) / _SETTLE_FRAMES


def _without_specks(lit: np.ndarray, sharp: np.ndarray) -> np.ndarray:
    """A picture without the specks that the threshold alone does not make, bool (H, W)."""
    if (lit == sharp).all():
        return lit
    specks = _specks(lit)
    return lit ^ (specks & ~_specks(sharp)) if specks.any() else lit


def _specks(lit: np.ndarray) -> np.ndarray:
    """Pixels of small shapes: lit ones (8-connected) and dark ones (4-connected), bool (H, W)."""
    small = np.zeros(lit.shape, bool)
    for shapes, connectivity in ((lit, 8), (~lit, 4)):
        _, labels, stats, _ = cv2.connectedComponentsWithStats(
            shapes.astype(np.uint8), connectivity=connectivity
        )
        small |= (stats[:, cv2.CC_STAT_AREA] < _SMALLEST_PX)[labels]
    return small
