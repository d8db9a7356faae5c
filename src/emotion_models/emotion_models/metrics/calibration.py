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


def calibration_error_by_chance(
    probabilities: np.ndarray,
    true: np.ndarray,
    weight: np.ndarray | None = None,
    draws: int = 200,
    seed: int = 0,
) -> dict[str, Any]:
    """
    What `calibration_error` would be if the probabilities were exactly right.

    It is never 0 on a finite sample, and large where a few samples of rare classes have much of
    the weight. The parametric bootstrap: samples are drawn anew for each class, as often as it
    occurs and as probable as the probabilities say, so that these are right by construction.

    Args:
        probabilities: of N samples and C classes, shape (N, C).
        true: the class of each, shape (N,).
        weight: of each sample, > 0, the same within a class, shape (N,); none = all alike.
        draws: number of such samples.
        seed: of the draws.

    Returns:
        `mean` and 95 % `interval` of the error.
    """
    generator = np.random.default_rng(seed)
    weight = np.ones(len(true)) if weight is None else weight
    classes, first, counts = np.unique(true, return_index=True, return_counts=True)
    drawn_true = np.repeat(classes, counts)
    drawn_weight = np.repeat(weight[first], counts)
    shares = probabilities[:, classes] * weight[:, None]
    shares = shares / shares.sum(0)
    errors = []
    for _ in range(draws):
        rows = np.concatenate(
            [
                generator.choice(len(true), count, p=share)
                for count, share in zip(counts, shares.T, strict=True)
            ]
        )
        drawn = probabilities[rows]
        right = drawn.argmax(1) == drawn_true
        errors.append(calibration_error(reliability(drawn.max(1), right, drawn_weight)))
    low, high = np.quantile(errors, (0.025, 0.975))
    return {'mean': float(np.mean(errors)), 'interval': [float(low), float(high)]}
