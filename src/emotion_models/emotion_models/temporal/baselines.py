# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Smoothing without learning: what sequence models are compared with."""

import numpy as np

from emotion_models.runtime.smoothing import OneEuroFilter
from emotion_models.runtime.stages import LONGEST_GAP_S, Reading
from emotion_models.temporal.smoothing import moving_average


def one_euro(affect: np.ndarray, expression: np.ndarray, stamps_s: np.ndarray) -> np.ndarray:
    """
    What the filter of the robot makes of readings.

    Args:
        affect: valence and arousal that were read, shape (L, 2).
        expression: probabilities that were read with them, shape (L, 8); all components share a
            cut-off.
        stamps_s: ascending, shape (L,); after a long gap it starts again.

    Returns:
        Valence and arousal, float64 (L, 2).
    """
    values = np.concatenate((affect, expression), 1).astype(float)
    return filtered(values, stamps_s)[:, : affect.shape[1]]


def filtered(values: np.ndarray, stamps_s: np.ndarray) -> np.ndarray:
    """
    The same of valence, arousal and expression side by side, as `Reading.values`.

    Args:
        values: float64 (L, 10).
        stamps_s: as for `one_euro`.

    Returns:
        Float64 (L, 10).
    """
    smooth = OneEuroFilter()
    found, last_s = np.empty_like(values), -np.inf
    for row, (value, stamp_s) in enumerate(zip(values, stamps_s.tolist(), strict=True)):
        if stamp_s - last_s > LONGEST_GAP_S:
            smooth.reset()
        found[row] = smooth(Reading(value, 1.0, stamp_s))
        last_s = stamp_s
    return found


def averaged(affect: np.ndarray, windows: tuple[int, int], ahead: int | None = None) -> np.ndarray:
    """
    Centred means over time.

    Args:
        affect: valence and arousal, shape (L, 2).
        windows: frames on each side, of valence and of arousal.
        ahead: how many frames ahead are known; none = all.

    Returns:
        Float64 (L, 2).
    """
    columns = [
        moving_average(column, window, window if ahead is None else min(window, ahead))
        for column, window in zip(affect.T, windows, strict=True)
    ]
    return np.stack(columns, 1)
