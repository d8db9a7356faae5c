# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pairs of poses, what they decode to and what lies between."""

import numpy as np
from matplotlib.figure import Figure

from emotion_models.acai.plots.skeletons import plot_grid


def choose_pairs(count: int, total: int, kind: str = 'uniform', seed: int = 0) -> np.ndarray:
    """
    Which samples to join: indices, int, shape (count, 2).

    Args:
        count: pairs.
        total: samples to choose from, at least 2·count, so that none is chosen twice.
        kind: `uniform`, evenly spaced and joined with the one half of the data further on, the
            same for every model; or `random`.
        seed: of the random ones.

    Raises:
        ValueError: for too few samples or another kind.
    """
    if total < 2 * count or kind not in ('uniform', 'random'):
        raise ValueError(
            f'{count} pairs need {2 * count} samples and kind uniform or random, '
            f'got {total} and {kind!r}'
        )
    if kind == 'random':
        return np.random.default_rng(seed).choice(total, (count, 2), replace=False)
    return np.linspace(0, total - 1, 2 * count).astype(int).reshape(2, count).T


def plot_pairs(originals: np.ndarray, paths: np.ndarray, title: str = '') -> Figure:
    """
    A pair in each row: A, A decoded, what is decoded on the way, B decoded, B.

    Args:
        originals: both poses of each pair, metres, y up, shape (B, 2, 17, 3).
        paths: decoded interpolations with both ends, shape (B, N, 17, 3).
        title: of the figure.
    """
    originals, paths = np.asarray(originals), np.asarray(paths)
    poses = np.concatenate([originals[:, :1], paths, originals[:, 1:]], 1)
    shares = [f'{share:.2g}' for share in np.linspace(0, 1, paths.shape[1])[1:-1]]
    columns = ['A', 'A decoded', *shares, 'B decoded', 'B']
    rows = [f'pair {number + 1}' for number in range(len(poses))]
    return plot_grid(poses, rows, columns, title)
