# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How good predictions are: over all annotated frames of a set together, not clip by clip."""

from collections.abc import Iterable

import numpy as np

from emotion_models.metrics.agreement import pearson
from emotion_models.metrics.concordance import concordance

EPSILON = 1e-12


def set_scores(
    predictions: Iterable[np.ndarray], labels: Iterable[np.ndarray]
) -> dict[str, float]:
    """
    Scores of one target.

    Args:
        predictions: of each clip, shape (L,).
        labels: of each clip, NaN where a frame is not annotated.

    Returns:
        `ccc`, `pearson`, `mse` and `rmse`. Where all predictions or all labels are one number,
        `ccc` and `pearson` are 0.

    Raises:
        ValueError: if no frame is annotated.
    """
    predicted, label = (
        np.concatenate([np.asarray(clip, float) for clip in clips])
        for clips in (
            predictions,
            labels,
        )
    )
    known = np.isfinite(label)
    if not known.any():
        raise ValueError('no frame is annotated, so nothing can be scored')
    predicted, label = predicted[known], label[known]
    mse = float(np.mean((predicted - label) ** 2))
    varies = np.ptp(predicted) > 0 and np.ptp(label) > 0
    return {
        'ccc': float(concordance(predicted, label, EPSILON)),
        'pearson': pearson(predicted, label) if varies else 0.0,
        'mse': mse,
        'rmse': float(np.sqrt(mse)),
    }
