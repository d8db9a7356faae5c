# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The same linear read-out for every autoencoder: ridge regression with bootstrap intervals."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from emotion_models.levasa.analysis.alignment import skill
from emotion_models.metrics.agreement import bootstrap_intervals

FOLDS = 5
STRENGTHS = np.logspace(-1, 5, 13)
"""Of the ridge; one is chosen by leave-one-out within the faces that it is fitted on."""

DRAWS = 1000


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % bootstrap interval over the faces."""

    value: float
    low: float
    high: float


def make_ridge() -> Pipeline:
    """Standardised ridge regression that chooses its strength, not yet fitted."""
    return make_pipeline(StandardScaler(), RidgeCV(STRENGTHS))


def ridge_predictions(latent: np.ndarray, label: np.ndarray, seed: int = 42) -> np.ndarray:
    """
    A prediction for every face by a ridge that was fitted on the faces of other folds.

    Args:
        latent: shape (N, D).
        label: shape (N,).
        seed: of the folds.

    Returns:
        Shape (N,).
    """
    folds = KFold(FOLDS, shuffle=True, random_state=seed)
    return cross_val_predict(make_ridge(), latent, label, cv=folds)


def estimate(measure: Callable[[np.ndarray], float], count: int) -> Estimate:
    """A measure over indices (count,), for all faces and for resampled ones."""
    intervals = bootstrap_intervals(lambda chosen: {'x': measure(chosen)}, count, DRAWS)
    return Estimate(measure(np.arange(count)), *intervals['x_interval'])


def estimate_skill(prediction: np.ndarray, label: np.ndarray) -> Estimate:
    """Skill (R²) of predictions (N,)."""
    return estimate(lambda chosen: skill(prediction[chosen], label[chosen]), len(label))


def estimate_gain(prediction: np.ndarray, other: np.ndarray, label: np.ndarray) -> Estimate:
    """Skill of predictions (N,) less that of others, on the same resampled faces."""
    return estimate(
        lambda chosen: (
            skill(prediction[chosen], label[chosen]) - skill(other[chosen], label[chosen])
        ),
        len(label),
    )
