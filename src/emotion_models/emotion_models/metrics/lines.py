# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
How line-like and how even interpolations of lines are.

Berthelot, Raffel, Roy, Goodfellow, "Understanding and Improving Interpolation in Autoencoders via
an Adversarial Regularizer", ICLR 2019.
"""

from typing import Any

import numpy as np

from emotion_models.metrics.distances import describe

LEAST_TURN = 1e-4
"""rad from the first to the last image, below which no evenness is defined."""
LEAST_LENGTH = 1e-12
BATCH = 1024


class LineBank:
    """
    Lines at many angles, to find the one that an image resembles most.

    Args:
        angles: of the lines in rad, in [0, 2π), shape (M,).
        templates: their images, background -1 and line 1, shape (M, side, side).
    """

    def __init__(self, angles: np.ndarray, templates: np.ndarray):
        self.angles, self._templates = angles, templates

    def match(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """
        The angle of the nearest template, and the cosine distance to it.

        Args:
            images: shape (..., side, side), background -1 and line 1.

        Returns:
            Angles in rad, in [0, 2π), and distances in [0, 2], float64, each of shape (...).
        """
        images = np.asarray(images)
        shape = images.shape[:-2]
        images = images.reshape(-1, *images.shape[-2:])
        found = np.empty(len(images), int)
        least = np.empty(len(images))
        for first in range(0, len(images), BATCH):
            part = slice(first, first + BATCH)
            distances = cosine_distances(images[part], self._templates)
            found[part] = distances.argmin(1)
            least[part] = distances.min(1)
        return self.angles[found].reshape(shape), least.reshape(shape)


def cosine_distances(images: np.ndarray, templates: np.ndarray) -> np.ndarray:
    """`1 − cos` of the angle between every image (N, …) and every template (M, …): (N, M)."""
    return 1 - _directions(images) @ _directions(templates).T


def unevenness(angles: np.ndarray) -> np.ndarray:
    """
    How far the largest step exceeds an even one: the paper's "smoothness", 0 for even steps.

    `max |steps| / |last − first| − 1/(N − 1)` of the unwrapped angles.

    Args:
        angles: rad, shape (B, N), N >= 2.

    Returns:
        Shape (B,); nan where the turn from first to last is less than 1e-4 rad.
    """
    angles = np.unwrap(np.asarray(angles, float), axis=-1)
    turn = np.abs(angles[..., -1] - angles[..., 0])
    largest = np.abs(np.diff(angles, axis=-1)).max(-1)
    with np.errstate(divide='ignore', invalid='ignore'):
        scores = largest / turn - 1 / (angles.shape[-1] - 1)
    return np.where(turn < LEAST_TURN, np.nan, scores)


def measure_lines(interpolations: np.ndarray, bank: LineBank) -> dict[str, Any]:
    """
    Both scores of the benchmark, the smaller the better.

    Args:
        interpolations: decoded, shape (B, N, side, side), background -1 and line 1.
        bank: templates of the same side.

    Returns:
        `mean_distance`, the cosine distance to the nearest line over all images, and
        `smoothness`, over the pairs that have one, each with mean, variance and median; and the
        numbers of `pairs` and of pairs `undefined`.
    """
    angles, distances = bank.match(interpolations)
    scores = unevenness(angles)
    is_defined = np.isfinite(scores)
    return {
        'mean_distance': describe(distances.ravel()),
        'smoothness': describe(scores[is_defined]),
        'pairs': len(scores),
        'undefined': int((~is_defined).sum()),
    }


def _directions(images: np.ndarray) -> np.ndarray:
    # Neighbours in the bank differ by less than sums of float32 can tell.
    vectors = np.asarray(images, float).reshape(len(images), -1)
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), LEAST_LENGTH)
