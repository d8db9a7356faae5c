# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How far poses are from each other."""

from collections.abc import Sequence

import numpy as np

DISTANCES = ('per_joint', 'flat')


def pose_distance(
    first: np.ndarray, second: np.ndarray, distance: str = 'per_joint'
) -> np.ndarray:
    """
    The distance of poses, in their unit.

    Args:
        first: joints, shape (..., J, C).
        second: the same joints; leading axes broadcast.
        distance: `per_joint`, the mean over the joints of how far each is from itself; or
            `flat`, the Euclidean norm of all J·C differences, between √J and J times as large.

    Returns:
        float64, shape (...).

    Raises:
        ValueError: for another `distance`.
    """
    check_distance(distance)
    squares = ((np.asarray(first, float) - second) ** 2).sum(-1)
    if distance == 'flat':
        return np.sqrt(squares.sum(-1))
    return np.sqrt(squares).mean(-1)


def bone_lengths(poses: np.ndarray, bones: Sequence[tuple[int, int]]) -> np.ndarray:
    """
    Lengths in the unit of the poses.

    Args:
        poses: joints, shape (..., J, C).
        bones: pairs of joints, K of them.

    Returns:
        float64, shape (..., K).
    """
    starts, ends = np.array(bones).T
    poses = np.asarray(poses, float)
    return np.linalg.norm(poses[..., ends, :] - poses[..., starts, :], axis=-1)


def bone_error(poses: np.ndarray, lengths: np.ndarray, bones: Sequence[tuple[int, int]]) -> float:
    """
    How far bones are from the lengths that they should have: the mean of the absolute differences.

    Args:
        poses: joints, shape (..., J, C).
        lengths: of each bone; leading axes broadcast with those of the poses.
        bones: pairs of joints, K of them.
    """
    return float(np.abs(bone_lengths(poses, bones) - lengths).mean())


def check_distance(distance: str) -> None:
    """Raise `ValueError` unless there is such a distance."""
    if distance not in DISTANCES:
        raise ValueError(f'distance must be per_joint or flat, got {distance!r}')


def describe(values: np.ndarray) -> dict[str, float]:
    """`mean`, unbiased `variance` and `median` of values (N,); nan where N is too small."""
    values = np.asarray(values, float)
    if not len(values):
        return dict.fromkeys(('mean', 'variance', 'median'), np.nan)
    variance = values.var(ddof=1) if len(values) > 1 else np.nan
    return {
        'mean': float(values.mean()),
        'variance': float(variance),
        'median': float(np.median(values)),
    }
