# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How evenly poses change along interpolations."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from emotion_models.metrics.distances import describe, pose_distance

LEAST_CHANGE = 1e-9
"""Change per interval of a pair's ends, below which the pair has no even speed to compare with."""


@dataclass(frozen=True)
class Transitions:
    """
    What each interval of each interpolation changes, relative to an even straight line.

    Args:
        changes: Δ̄, the changes, shape (B, T); all 1 on a straight line at constant speed.
        excluded: pairs that were left out because their ends are alike.
        distance: between poses, `per_joint` or `flat`.
        intervals: by how many the change from end to end was divided.
    """

    changes: np.ndarray
    excluded: int
    distance: str
    intervals: int

    @property
    def curve(self) -> np.ndarray:
        """The mean over the pairs, shape (T,): what the figures of smoothness draw."""
        if not len(self.changes):
            return np.full(self.changes.shape[1], np.nan)
        return self.changes.mean(0)

    @property
    def ratios(self) -> np.ndarray:
        """Largest over smallest change of each pair, shape (B,), >= 1; inf where it ever rests."""
        with np.errstate(divide='ignore'):
            return self.changes.max(1) / self.changes.min(1)

    def report(self) -> dict[str, Any]:
        """
        Both measures as `mean`, `variance` and `median`.

        Returns:
            `anci`, the average normalised change, >= 1, with the variance and the median over
            the T values of the curve; `ratio`, over the pairs with a finite one; and counts.
        """
        is_finite = np.isfinite(self.ratios)
        return {
            'anci': describe(self.curve),
            'ratio': describe(self.ratios[is_finite]),
            'infinite_ratios': int((~is_finite).sum()),
            'pairs': len(self.changes),
            'excluded': self.excluded,
            'intervals': self.intervals,
            'distance': self.distance,
        }


def measure_transitions(
    paths: np.ndarray, distance: str = 'per_joint', legacy_normalisation: bool = False
) -> Transitions:
    """
    Changes Δ_t from pose to pose, over Δ⁰: the change from end to end divided by the intervals.

    Args:
        paths: decoded interpolations of T + 1 poses, shape (B, T + 1, J, C), T >= 1.
        distance: `per_joint` or `flat`, as in `pose_distance`.
        legacy_normalisation: divide by the number of poses instead, as the original code did;
            every value grows by (T + 1) / T.

    Raises:
        ValueError: for other shapes or another `distance`.
    """
    paths = np.asarray(paths)
    if paths.ndim != 4 or paths.shape[1] < 2:
        raise ValueError(
            f'paths must be (pairs, two or more poses, joints, coordinates), got {paths.shape}'
        )
    changes = pose_distance(paths[:, 1:], paths[:, :-1], distance)
    intervals = paths.shape[1] if legacy_normalisation else paths.shape[1] - 1
    even = pose_distance(paths[:, -1], paths[:, 0], distance) / intervals
    is_kept = even >= LEAST_CHANGE
    kept = changes[is_kept] / even[is_kept, None]
    return Transitions(kept, int((~is_kept).sum()), distance, intervals)
