# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Moving averages of predictions, clip by clip."""

from collections.abc import Sequence

import numpy as np

from emotion_models.temporal.measures import set_scores

SEARCHED = range(0, 100, 5)


def centred_average(values: np.ndarray, window: int) -> np.ndarray:
    """
    Each frame becomes the mean of itself and up to `window` frames on each side.

    Args:
        values: shape (L,).
        window: >= 0; 0 leaves them as they are. There are fewer frames at the ends.

    Returns:
        Float64 (L,).

    Raises:
        ValueError: if `window` is below 0.
    """
    return moving_average(values, window, window)


def causal_average(values: np.ndarray, window: int) -> np.ndarray:
    """The mean of each frame and up to `window` frames before it; else like `centred_average`."""
    return moving_average(values, window, 0)


def moving_average(values: np.ndarray, before: int, after: int) -> np.ndarray:
    """The mean of each frame, up to `before` frames before it and up to `after` behind it."""
    if before < 0:
        raise ValueError(f'a window must be >= 0 frames, got {before}')
    places = np.arange(len(values))
    first = np.maximum(0, places - before)
    end = np.minimum(len(values), places + after + 1)
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=float)])
    return (sums[end] - sums[first]) / (end - first)


def best_window(predictions: Sequence[np.ndarray], labels: Sequence[np.ndarray]) -> int:
    """
    The centred window of `SEARCHED` with the greatest CCC; of equal ones the shortest.

    Args:
        predictions: of each clip of the validation part, never of what is reported on.
        labels: as for `set_scores`.
    """
    scores = [
        set_scores([centred_average(clip, window) for clip in predictions], labels)['ccc']
        for window in SEARCHED
    ]
    return SEARCHED[int(np.argmax(scores))]
