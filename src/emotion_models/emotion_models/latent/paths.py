# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""One way through many points."""

from emotion_models.latent.arrays import as_floats, like, namespace
from emotion_models.latent.interpolation import KINDS, extent


def path(points, shares, kind: str = 'spherical'):
    """
    Where a traveller is who passes all points in order, at the same speed everywhere.

    Args:
        points: what to pass, (K, D) with K >= 2, NumPy array or torch tensor; a loop repeats the
            first one at the end.
        shares: parts of the whole length, each in [0, 1], (N,).
        kind: `spherical` (length in rad), `linear` or `projected`.

    Returns:
        (N, D). If all points are one, that point.

    Raises:
        ValueError: for fewer than two points, or a kind that does not lead from point to point.
    """
    points = as_floats(points)
    if kind not in KINDS or kind == 'circle' or points.ndim != 2 or len(points) < 2:
        raise ValueError(
            'a path needs two or more points (K, D) and spherical, linear or projected steps, '
            f'got shape {tuple(points.shape)} and {kind!r}'
        )
    xp = namespace(points)
    lengths = extent(points[:-1], points[1:], kind)
    reached = lengths.cumsum(0)
    travelled = like(points, shares) * reached[-1]
    leg = xp.clip(xp.searchsorted(reached, travelled, side='right'), 0, len(lengths) - 1)
    length = lengths[leg]
    into = travelled - (reached - lengths)[leg]
    share = into / xp.where(length > 0, length, xp.ones_like(length))
    return KINDS[kind](points[leg], points[leg + 1], share)
