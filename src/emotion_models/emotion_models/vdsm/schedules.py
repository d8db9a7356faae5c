# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How temperature and weights of the divergences move over a training, epoch by epoch."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy.interpolate import PchipInterpolator, make_interp_spline

LEAST, MOST = 0.005, 80.0
"""Bounds of the weight of the poses."""

Interpolation = Literal['quadratic', 'pchip', 'linear']


def ramp(epochs: int, start: float, end: float, divisor: int) -> np.ndarray:
    """
    Half a cosine from `start` to `end`, reached in the last of the first ⌈epochs/divisor⌉.

    Args:
        epochs: of the training.
        start: a little before the first epoch.
        end: and from there on.
        divisor: the ramp takes this part of the training; >= 1.

    Returns:
        A value for each epoch.

    Raises:
        ValueError: if there is no epoch, or the divisor is below 1.
    """
    if epochs < 1 or divisor < 1:
        raise ValueError(f'a ramp needs epochs and divisor >= 1, got {epochs} and {divisor}')
    rising = -(-epochs // divisor)
    left = np.pi * (rising - 1 - np.arange(rising)) * divisor / epochs
    values = np.full(epochs, float(end))
    values[:rising] = start + (end - start) * (1 + np.cos(left)) / 2
    return values


def pose_weights(
    epochs: int,
    values: Sequence[float],
    fractions: Sequence[float],
    interpolation: Interpolation = 'quadratic',
) -> np.ndarray:
    """
    A curve through four values, clipped to [0.005, 80].

    Args:
        epochs: of the training.
        values: in the first epoch, at both fractions, in the last epoch.
        fractions: of the epochs, where the second and the third value are.
        interpolation: `quadratic`, which undershoots, or `pchip` or `linear`, which do not.

    Returns:
        A value for each epoch.

    Raises:
        ValueError: if the four places are not one after the other.
    """
    places = np.array([0, *(epochs * fraction for fraction in fractions), epochs - 1])
    if len(places) != 4 or len(values) != 4 or not (np.diff(places) > 0).all():
        raise ValueError(
            'the weight of the poses needs four values, at epoch 0, at two fractions of the '
            f'epochs and at the last, in order; got {list(values)} at {places.round(2).tolist()}'
        )
    if interpolation not in ('quadratic', 'pchip', 'linear'):
        raise ValueError(
            f'interpolation must be quadratic, pchip or linear; got {interpolation!r}'
        )
    when = np.arange(epochs)
    if interpolation == 'linear':
        curve = np.interp(when, places, values)
    elif interpolation == 'pchip':
        curve = PchipInterpolator(places, values)(when)
    else:
        curve = make_interp_spline(places, values, k=2)(when)
    return np.clip(curve, LEAST, MOST)
