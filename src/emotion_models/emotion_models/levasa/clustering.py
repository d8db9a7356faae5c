# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Clusters of the valence and arousal of a data set, for inspection: no labels are made of them.

Mixture of round Gaussians and k-means by scikit-learn, on steps of -10..10.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

CLUSTERS = 7
"""As many as there are emotion classes."""


@dataclass(frozen=True)
class Clusters:
    """
    One clustering, in ascending order of the first coordinate of the centres.

    Args:
        centres: shape (K, D) with D = 2 for valence and arousal, 1 for one of them.
        deviation: of each cluster along every axis, shape (K,).
        assigned: cluster of each point, shape (N,).
    """

    centres: np.ndarray
    deviation: np.ndarray
    assigned: np.ndarray


def cluster_va(steps: np.ndarray, clusters: int = CLUSTERS, seed: int = 0) -> dict[str, Clusters]:
    """
    Cluster points of the plane, and each of their coordinates alone.

    Args:
        steps: valence and arousal in -10..10, shape (N, 2).
        clusters: number of clusters K.
        seed: of the first centres.

    Returns:
        `mixture` and `means` in the plane, `valence` and `arousal` for k-means of one.

    Raises:
        ValueError: if a coordinate has fewer different values than there are clusters.
    """
    different = min(len(np.unique(steps[:, column])) for column in (0, 1))
    if different < clusters:
        raise ValueError(
            f'{clusters} clusters need as many different values of valence and of arousal; '
            f'there are {different}'
        )
    mixture = GaussianMixture(clusters, covariance_type='spherical', random_state=seed).fit(steps)
    found = _in_order(mixture.means_, mixture.predict(steps), np.sqrt(mixture.covariances_))
    return {
        'mixture': found,
        'means': _k_means(steps, clusters, seed),
        'valence': _k_means(steps[:, :1], clusters, seed),
        'arousal': _k_means(steps[:, 1:], clusters, seed),
    }


def _k_means(points: np.ndarray, clusters: int, seed: int) -> Clusters:
    means = KMeans(clusters, n_init=10, random_state=seed).fit(points)
    squares = np.square(points - means.cluster_centers_[means.labels_]).mean(1)
    counts = np.bincount(means.labels_, minlength=clusters)
    variance = np.bincount(means.labels_, squares, minlength=clusters) / counts
    return _in_order(means.cluster_centers_, means.labels_, np.sqrt(variance))


def _in_order(centres: np.ndarray, assigned: np.ndarray, deviation: np.ndarray) -> Clusters:
    order = np.argsort(centres[:, 0])
    return Clusters(centres[order], deviation[order], np.argsort(order)[assigned])
