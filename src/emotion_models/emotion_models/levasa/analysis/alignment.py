# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Whether latents equal valence and arousal: distances, correlation, skill."""

import numpy as np

from emotion_models.metrics.agreement import pearson
from emotion_models.metrics.concordance import concordance

Measures = dict[str, float]
CONSTANTS = ('zero', 'mean')
"""Predictors that do not depend on the image: 0, and the mean of the labels."""


def alignment(latent: np.ndarray, label: np.ndarray) -> Measures:
    """
    Agreement of every dimension of a chunk with one label.

    Args:
        latent: shape (N, D), or (N,) for one reading.
        label: shape (N,).

    Returns:
        `mse` and `mae` over images and dimensions; `pearson` and `ccc` of the mean over
        the dimensions; `skill`, see `skill`, of all dimensions.
    """
    latent = latent.reshape(len(label), -1)
    offsets = latent - label[:, None]
    mean = latent.mean(1)
    mse = float(np.square(offsets).mean())
    return {
        'mse': mse,
        'mae': float(np.abs(offsets).mean()),
        'pearson': pearson(mean, label) if np.ptp(mean) > 0 else float('nan'),
        'ccc': float(concordance(mean, label)),
        'skill': 1 - mse / float(label.var()),
    }


def constant_alignment(kind: str, label: np.ndarray) -> Measures:
    """Agreement of one of `CONSTANTS`; its skill is 0 for the mean, and not above it for 0."""
    value = label.mean() if kind == 'mean' else 0.0
    return alignment(np.full(len(label), value), label)


def skill(prediction: np.ndarray, label: np.ndarray) -> float:
    """
    `1 - MSE / Var(label)`: 1 = perfect, 0 = no better than the mean of the labels.

    For predictions this is the coefficient of determination, R². Both have the shape (N,).
    """
    return 1 - float(np.square(prediction - label).mean() / label.var())


def between_class_share(label: np.ndarray, classes: np.ndarray) -> float:
    """
    The part of a label's variance that lies between the classes.

    No reading of an image can have a larger R² where labels were drawn at random within classes.

    Args:
        label: shape (N,).
        classes: index of the class, -1 where unknown (left out), shape (N,).
    """
    known = classes >= 0
    label, classes = label[known], classes[known]
    names, places = np.unique(classes, return_inverse=True)
    counts = np.bincount(places, minlength=len(names))
    means = np.bincount(places, label, minlength=len(names)) / counts
    return float(means[places].var() / label.var())
