# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Walks through the latent space: between two faces, and over the plane."""

import numpy as np

from emotion_models.latent.interpolation import lerp
from emotion_models.levasa.analysis.models import CHUNKS
from emotion_models.levasa.network import AROUSAL, VALENCE

WHOLE = 'all'


def traverse(start: np.ndarray, end: np.ndarray, part: str, steps: int) -> np.ndarray:
    """
    Latents from one face towards another, evenly spaced, both ends among them.

    Args:
        start: latent of the first face, shape (96,).
        end: latent of the second face, shape (96,).
        part: what moves: a key of `CHUNKS`, the rest staying as in `start`, or `WHOLE`.
        steps: number of latents, >= 2.

    Returns:
        Shape (steps, 96).
    """
    goal = start.copy()
    moved = slice(None) if part == WHOLE else CHUNKS[part]
    goal[moved] = end[moved]
    return np.stack([lerp(start, goal, share) for share in np.linspace(0, 1, steps)])


def plane_grid(rest: np.ndarray, values: np.ndarray) -> np.ndarray:
    """
    Latents whose chunks equal valence and arousal, as continuous supervision trains them.

    Args:
        rest: a latent whose free chunk all share, shape (96,).
        values: K values for valence and for arousal.

    Returns:
        Shape (K, K, 96): arousal in rows, valence in columns, both as in `values`.
    """
    grid = np.tile(rest, (len(values), len(values), 1))
    grid[:, :, VALENCE] = values[None, :, None]
    grid[:, :, AROUSAL] = values[:, None, None]
    return grid


def opposite_pair(affect: np.ndarray) -> tuple[int, int]:
    """The faces with the lowest and highest sum of valence and arousal, from affect (N, 2)."""
    total = affect.sum(1)
    return int(total.argmin()), int(total.argmax())
