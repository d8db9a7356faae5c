# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How near decoded poses are to real ones, and real ones to what can be decoded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from emotion_models.latent.sampling import sphere_points
from emotion_models.metrics.distances import describe
from emotion_models.metrics.neighbours import nearest

THRESHOLDS = (0.02, 0.05, 0.1)
"""Metres."""


@dataclass(frozen=True)
class Coverage:
    """
    How far the nearest pose of a set is from each of some targets.

    Args:
        distances: shape (N,), metres.
        poses: how many poses the set has.
        distance: `per_joint` or `flat`.
    """

    distances: np.ndarray
    poses: int
    distance: str

    def report(self, thresholds: Sequence[float] = THRESHOLDS) -> dict[str, Any]:
        """`mean`, `variance`, `median`, the part `within` each threshold, and counts."""
        return {
            **describe(self.distances),
            'within': {limit: float((self.distances <= limit).mean()) for limit in thresholds},
            'targets': len(self.distances),
            'poses': self.poses,
            'distance': self.distance,
        }


def cover(targets: np.ndarray, poses: np.ndarray, distance: str = 'per_joint') -> Coverage:
    """
    The distance from each target to the nearest of the poses.

    Real targets and decoded poses: the recall distance, how well the latent space covers the
    data. Decoded targets and real poses: the precision distance, how real is what it holds. Real
    ones twice: the floor of both.

    Args:
        targets: shape (N, J, C), metres.
        poses: shape (M, J, C).
        distance: `per_joint` or `flat`, as in `pose_distance`.
    """
    return Coverage(nearest(targets, poses, distance)[0], len(poses), distance)


def mean_distance(
    interpolations: np.ndarray, poses: np.ndarray, distance: str = 'per_joint'
) -> Coverage:
    """
    How far each pose of decoded interpolations (B, N, J, C) is from the nearest of the poses.

    The mean is the Mean Distance, `1/(BN) Σ_b Σ_n min_q D(x̂_bn, q)`; both ends count.
    """
    interpolations = np.asarray(interpolations)
    return cover(interpolations.reshape(-1, *interpolations.shape[2:]), poses, distance)


def decode_random_codes(
    decode: Callable[[np.ndarray], np.ndarray],
    count: int,
    dimensions: int,
    seed: int,
    batch: int = 4096,
    legacy_reseeding: bool = False,
) -> np.ndarray:
    """
    Poses of codes that are spread evenly over the unit sphere.

    Args:
        decode: codes (n, dimensions), float32, to poses (n, J, C).
        count: number of poses.
        dimensions: of the codes.
        seed: of the codes, which do not depend on `batch`.
        batch: codes that are decoded at a time.
        legacy_reseeding: begin again with the seed for every batch, as the original code did, so
            that there are no more than `batch` different poses.

    Returns:
        Shape (count, J, C).
    """
    generator = np.random.default_rng(seed)
    batches = []
    for first in range(0, count, batch):
        if legacy_reseeding:
            generator = np.random.default_rng(seed)
        codes = sphere_points(min(batch, count - first), dimensions, generator)
        batches.append(np.asarray(decode(codes)))
    return np.concatenate(batches)
