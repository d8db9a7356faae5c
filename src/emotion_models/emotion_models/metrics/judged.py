# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a classifier says of generated samples: how clear, how diverse, how far from real ones."""

from typing import NamedTuple

import numpy as np


class Entropies(NamedTuple):
    """
    Of what a classifier says of samples, in nats.

    Args:
        inter: of its mean answer, H(y): high where samples are diverse.
        intra: mean of its answers, H(y given x): low where they are clear.
        kl: mean divergence of the answers from their mean: `inter - intra`, the logarithm of the
            inception score.
    """

    inter: float
    intra: float
    kl: float


def entropies(probabilities: np.ndarray) -> Entropies:
    """
    Inter-entropy, intra-entropy and their difference.

    Args:
        probabilities: of the classes for each sample, (N, C), rows sum to 1.
    """
    shares = np.asarray(probabilities, float)
    inter, intra = _entropy(shares.mean(0)), _entropy(shares).mean()
    return Entropies(float(inter), float(intra), float(inter - intra))


def frechet_distance(first: np.ndarray, second: np.ndarray) -> float:
    """
    Fréchet distance of two sets of features, as if each were normal.

    Heusel et al., "GANs Trained by a Two Time-Scale Update Rule", NeurIPS 2017. Distances of
    features of different extractors cannot be compared.

    Args:
        first: features (N, D) of one set, N >= 2.
        second: features (M, D) of the other.
    """
    means = first.mean(0), second.mean(0)
    spreads = (np.atleast_2d(np.cov(part, rowvar=False)) for part in (first, second))
    return frechet_of_moments(*means, *spreads)


def frechet_of_moments(
    first_mean: np.ndarray, second_mean: np.ndarray, first: np.ndarray, second: np.ndarray
) -> float:
    """
    `‖μ₁ - μ₂‖² + Tr(Σ₁ + Σ₂ - 2 (Σ₁ Σ₂)^½)`.

    Args:
        first_mean: μ₁, (D,).
        second_mean: μ₂.
        first: Σ₁, (D, D).
        second: Σ₂.
    """
    # The eigenvalues of Σ₁ Σ₂ are those of S Σ₂ S with S = Σ₁^½, which is symmetric.
    values, vectors = np.linalg.eigh(first)
    root = vectors * np.sqrt(np.clip(values, 0, None)) @ vectors.T
    common = np.sqrt(np.clip(np.linalg.eigvalsh(root @ second @ root), 0, None)).sum()
    offset = np.square(np.asarray(first_mean) - second_mean).sum()
    return float(offset + np.trace(first) + np.trace(second) - 2 * common)


def _entropy(shares: np.ndarray) -> np.ndarray:
    logs = np.log(np.where(shares > 0, shares, 1))
    return -(shares * logs).sum(-1)
