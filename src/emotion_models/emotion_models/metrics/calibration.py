# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Calibration: whether the probabilities of a classifier are those of being right."""

from typing import Any

import numpy as np


def reliability(
    confidence: np.ndarray, right: np.ndarray, weight: np.ndarray | None = None, bins: int = 10
) -> list[dict[str, Any]]:
    """
    Predicted and actual frequency of being right, in bins of equal width.

    Args:
        confidence: probability of the class that was chosen, in [0, 1], shape (N,).
        right: whether it was the true one, shape (N,).
        weight: of each sample, > 0, shape (N,); none = all alike.
        bins: number of bins over [0, 1].

    Returns:
        For every bin that holds samples: `n`, `share` of the weight, mean `confidence` and
        `accuracy`.
    """
    weight = np.ones(len(right)) if weight is None else weight
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        {
            'n': int(here.sum()),
            'share': float(weight[here].sum() / weight.sum()),
            'confidence': float(np.average(confidence[here], weights=weight[here])),
            'accuracy': float(np.average(right[here], weights=weight[here])),
        }
        for here in (places == place for place in np.unique(places))
    ]


def calibration_error(rows: list[dict[str, Any]]) -> float:
    """
    Expected calibration error: mean distance of predicted and actual frequency over all samples.

    Naeini, Cooper, Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning",
    AAAI 2015.

    Args:
        rows: of `reliability`.
    """
    return sum(row['share'] * abs(row['confidence'] - row['accuracy']) for row in rows)
