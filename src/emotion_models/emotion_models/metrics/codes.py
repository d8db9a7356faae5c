# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What codes know of classes that they were not told of.

As in Berthelot, Raffel, Roy, Goodfellow, "Understanding and Improving Interpolation in
Autoencoders via an Adversarial Regularizer", ICLR 2019, section 4. Needs scikit-learn.
"""

import numpy as np

CLUSTERINGS = 20
"""Beginnings of k-means, of which the best is kept."""


def probe_accuracy(
    codes: np.ndarray, classes: np.ndarray, tested: np.ndarray, expected: np.ndarray
) -> float:
    """
    How well a linear classifier of the codes does on others.

    Args:
        codes: to train it, shape (N, D).
        classes: of those, int (N,).
        tested: codes, shape (M, D).
        expected: their classes, int (M,).

    Returns:
        Share of right answers, [0, 1].
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    return float(probe.fit(codes, classes).score(tested, expected))


def cluster_accuracy(
    codes: np.ndarray, tested: np.ndarray, expected: np.ndarray, classes: int, seed: int
) -> float:
    """
    How well clusters of whitened codes are the classes, each cluster taken for another class.

    Args:
        codes: of which clusters are made, shape (N, D).
        tested: codes, shape (M, D).
        expected: their classes, int (M,), from 0 on.
        classes: how many there are, as many as clusters.
        seed: of the clusters.

    Returns:
        Share of codes in the cluster of their class, under the best of all assignments, [0, 1].
    """
    from scipy.optimize import linear_sum_assignment
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA

    whitened = PCA(whiten=True, random_state=seed).fit(codes)
    clusters = KMeans(classes, n_init=CLUSTERINGS, random_state=seed)
    clusters.fit(whitened.transform(codes))
    found = clusters.predict(whitened.transform(tested))
    together = np.zeros((classes, classes), int)
    np.add.at(together, (found, expected), 1)
    rows, columns = linear_sum_assignment(-together)
    return float(together[rows, columns].sum() / len(expected))
