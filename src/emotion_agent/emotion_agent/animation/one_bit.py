# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Grey to black and white without flicker."""

from __future__ import annotations

import numpy as np

from emotion_models.drawing.specks import find_specks

_STILL_FRAMES = 3  # still frames before the threshold sharpens
_SETTLE_FRAMES = 4  # frames in which the hysteresis shrinks to nothing


class OneBit:
    """
    A threshold with memory: a pixel changes only when its grey leaves a band about the threshold.

    The band leaves ghosts of the movement behind. Specks of fewer than three pixels among them
    are removed at once. The others go once after each movement: when the expression has stood for
    three frames, the band shrinks to nothing over four frames: the picture is then what the
    threshold alone makes of the last drawing. One instance per output.

    Args:
        threshold: grey in [0, 1] above which a pixel is lit.
        hysteresis: half the width of the band.
        keeps_specks: specks that the threshold alone makes stay, as in pictures that somebody
            drew; else all go, since no line is as short.
    """

    def __init__(self, threshold: float, hysteresis: float, keeps_specks: bool = False):
        self._threshold = threshold
        self._keeps_specks = keeps_specks
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
            grey: float32 (64, 128) in [0, 1].
            is_still: whether the expression stands; blinks, gaze and breathing do not count.

        Returns:
            uint8 (64, 128) of 0 and 255.
        """
        band = self._hysteresis * self._remaining_band(is_still)
        sharp = lit = grey > self._threshold
        if self._lit is not None:
            lit = grey > np.where(self._lit, self._threshold - band, self._threshold + band)
        specks = _specks(lit)
        if self._keeps_specks and specks:
            specks -= _specks(sharp)
        for place in specks:
            lit[place] = not lit[place]
        self._lit = lit
        return lit.astype(np.uint8) * np.uint8(255)

    def _remaining_band(self, is_still: bool) -> float:
        if not is_still:
            self._still = 0
            return 1.0
        if self.is_settled:
            return 1.0
        self._still += 1
        return 1.0 - max(0, self._still - _STILL_FRAMES) / _SETTLE_FRAMES


def _specks(lit: np.ndarray) -> set[tuple[int, int]]:
    """Rows and columns of the lit and dark ones."""
    bright, dark = find_specks(lit.view(np.uint8))
    return {*bright, *dark}
