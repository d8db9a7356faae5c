# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Annotation transfer: from emotion classes to valence and arousal, and back.

A class is an axis-aligned ellipse in the plane: centre the mean, half axes the standard deviations
of a set that has both kinds of labels. After Nath, Udandarao, Shukla, "It's LeVAsa not LevioSA!",
arXiv 2007.10058.
"""

from collections.abc import Sequence

import numpy as np

from emotion_models.labels.prototypes import Prototypes

DISTRIBUTIONS = ('ellipse', 'gaussian', 'prototype')
DISTANCES = ('euclidean', 'mahalanobis')
STEPS = 10
"""Discrete valence and arousal are whole numbers in -10..10."""


def class_indices(classes: Sequence[str], prototypes: Prototypes) -> np.ndarray:
    """
    Places of class names in the table of prototypes, int, shape (N,).

    Raises:
        ValueError: if a name is not in the table.
    """
    places = {name: place for place, name in enumerate(prototypes.names)}
    unknown = sorted(set(classes) - set(places))
    if unknown:
        raise ValueError(
            f'no prototype for the class {", ".join(unknown)}; '
            f'the table has {", ".join(prototypes.names)}'
        )
    return np.array([places[name] for name in classes], int)


def draw_va(
    places: np.ndarray,
    prototypes: Prototypes,
    distribution: str = 'ellipse',
    seed: int = 5230,
) -> np.ndarray:
    """
    Valence and arousal for classes: one independent draw for each, in the order given.

    Args:
        places: of the classes in the table, int, shape (N,), see `class_indices`.
        prototypes: the table.
        distribution: `ellipse` draws uniformly over the area of the ellipse, so that the
            deviation along an axis is half of the table's; `gaussian` draws with the table's
            deviations and cuts at -1 and 1; `prototype` takes the mean itself.
        seed: of the draws.

    Returns:
        Valence and arousal in [-1, 1], shape (N, 2).

    Raises:
        ValueError: if the distribution is not known.
    """
    mean, std = prototypes.mean[places], prototypes.std[places]
    generator = np.random.default_rng(seed)
    if distribution == 'ellipse':
        share, turn = generator.random((2, len(places)))
        return ellipse_points(mean, std, share, 2 * np.pi * turn)
    if distribution == 'gaussian':
        return np.clip(mean + std * generator.standard_normal(mean.shape), -1, 1)
    if distribution == 'prototype':
        return mean.copy()
    raise ValueError(f'no distribution {distribution!r}; one of {", ".join(DISTRIBUTIONS)}')


def ellipse_points(
    centre: np.ndarray, half_axes: np.ndarray, share: np.ndarray, angle: np.ndarray
) -> np.ndarray:
    """
    Points of ellipses, uniform over the area for uniform `share` and `angle`.

    Args:
        centre: shape (N, 2) or (2,).
        half_axes: same shape.
        share: part of the area that lies further in than the point, in [0, 1], shape (N,).
        angle: in radians, shape (N,).

    Returns:
        `centre + half_axes · √share · (cos angle, sin angle)`, shape (N, 2).
    """
    unit = np.sqrt(share)[..., None] * np.stack([np.cos(angle), np.sin(angle)], -1)
    return centre + half_axes * unit


def round_va(va: np.ndarray) -> np.ndarray:
    """Valence and arousal in [-1, 1] as whole numbers in -10..10, halves to the even one."""
    return np.rint(STEPS * np.asarray(va)).astype(int)


def nearest_classes(
    va: np.ndarray, prototypes: Prototypes, distance: str = 'euclidean'
) -> np.ndarray:
    """
    The class whose centre is nearest; the first in the table of several equally near.

    Args:
        va: valence and arousal in [-1, 1], shape (N, 2).
        prototypes: the table.
        distance: `euclidean`, or `mahalanobis`: each axis in deviations of the class.

    Returns:
        Indices into the table, shape (N,).

    Raises:
        ValueError: if the distance is not known, or a class has no extent to measure it in.
    """
    offsets = np.asarray(va)[:, None] - prototypes.mean  # (N, C, 2)
    if distance == 'mahalanobis':
        if not np.all(prototypes.std > 0):
            raise ValueError('mahalanobis needs a deviation above 0 for every class')
        offsets = offsets / prototypes.std
    elif distance != 'euclidean':
        raise ValueError(f'no distance {distance!r}; one of {", ".join(DISTANCES)}')
    return np.square(offsets).sum(2).argmin(1)
