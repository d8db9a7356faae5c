# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Between two points: along the straight line, along the great circle, or around it.

Everything takes NumPy arrays or torch tensors, keeps their type, and is differentiable with
values and gradients that stay finite where the two points are equal, nearly equal or opposite.
`share` is the part of the second point: a number, or one for each vector. Slerp is from
Shoemake, "Animating Rotation with Quaternion Curves", SIGGRAPH 1985.
"""

from typing import Any, NamedTuple

import numpy as np

from emotion_models.latent.arrays import as_floats, like, namespace

NEARLY = 1e-4
"""rad; ends this close to equal or opposite have no difference or sum to take a direction from."""
NO_LENGTH = 1e-12
"""Shorter vectors have no direction; they take that of the other end."""
UNIT_TOLERANCE = 1e-4


class Interpolation(NamedTuple):
    """
    Points between two ends, and how far those are from each other.

    Args:
        points: both ends and what lies between, (..., points, D).
        extent: angle in rad (spherical, circle) or distance (linear, projected), (...,).
    """

    points: Any
    extent: Any


def lerp(start, goal, share):
    """
    The straight line: `(1 − share)·start + share·goal`.

    Args:
        start: where share is 0, any shape.
        goal: where share is 1, same shape.
        share: a number, or an array over the leading axes of `start`.
    """
    start, goal, share = _matched(start, goal, share)
    return (1 - share) * start + share * goal


def slerp(start, goal, share, strict: bool = False):
    """
    The shorter arc of the great circle, at even speed.

    `[sin((1−s)θ)·start + sin(sθ)·goal] / sin θ` for unit vectors. Of others the direction
    follows the arc and the length changes linearly. Exactly opposite vectors are joined through
    a direction that is at right angles to both and always the same one.

    Args:
        start: where share is 0, (..., D) with D >= 2.
        goal: where share is 1, same shape.
        share: a number, or an array over the leading axes of `start`.
        strict: refuse vectors whose length is not 1.

    Raises:
        ValueError: if D is 1, or with `strict` a length is off by more than 1e-4.
    """
    start, goal, share = _matched(start, goal, share)
    x, y = _directions(start, goal, strict)
    return lerp(_length(start), _length(goal), share) * _on_arc(x, y, share)


def projected_lerp(start, goal, share, strict: bool = False):
    """
    The straight line between the directions, put back onto the sphere: fastest in the middle.

    Args and errors are those of `slerp`; lengths change linearly here too.
    """
    start, goal, share = _matched(start, goal, share)
    x, y = _directions(start, goal, strict)
    return lerp(_length(start), _length(goal), share) * _on_chord(x, y, share)


def circle(start, toward, share, strict: bool = False):
    """
    The whole great circle from `start` through `toward` and round to `start` again.

    `[sin(θ−φ)·start + sin φ·toward] / sin θ` with φ = 2π·share. Its radius is the length of
    `start`. Where `toward` is nearly equal or opposite to `start`, it leaves in a direction
    at right angles that is always the same one.

    Args and errors are those of `slerp`.
    """
    start, toward, share = _matched(start, toward, share)
    x, y = _directions(start, toward, strict)
    return _length(start) * _on_circle(x, y, share)


def angle_between(start, goal):
    """
    The angle between vectors, in [0, π] rad: (..., D) twice to (...,).

    `2·atan2(|x − y|, |x + y|)` of the directions: exact for small angles and near π, where the
    arc cosine of a float32 product is 0 or nan. With a vector of length 0 it is 0.
    """
    start, goal = as_floats(start), as_floats(goal)
    return _angle(*_directions(start, goal, strict=False))[..., 0]


KINDS = {'spherical': slerp, 'linear': lerp, 'projected': projected_lerp, 'circle': circle}


def interpolate(start, goal, points: int = 11, kind: str = 'spherical') -> Interpolation:
    """
    Evenly spaced points from `start` to `goal`, ends included.

    Args:
        start: (..., D).
        goal: same shape.
        points: how many, >= 2.
        kind: `spherical`, `linear`, `projected` or `circle` (ends where it starts).

    Raises:
        ValueError: for an unknown kind or fewer than two points.
    """
    if kind not in KINDS or points < 2:
        raise ValueError(
            f'kind must be one of {", ".join(KINDS)} and points >= 2, got {kind!r} and {points}'
        )
    start, goal = as_floats(start), as_floats(goal)
    shares = np.linspace(0.0, 1.0, points).reshape((1,) * (start.ndim - 1) + (points,))
    between = KINDS[kind](start[..., None, :], goal[..., None, :], shares)
    return Interpolation(between, extent(start, goal, kind))


def extent(start, goal, kind: str):
    """How far two ends are from each other: the angle on the sphere, else the distance."""
    if kind in ('spherical', 'circle'):
        return angle_between(start, goal)
    return _length(goal - start)[..., 0]


def _matched(start, goal, share):
    """Floats, with the axes of `share` in front and one-sized ones for the rest."""
    start, goal = as_floats(start), as_floats(goal)
    share = like(start, share)
    return start, goal, share.reshape(tuple(share.shape) + (1,) * (start.ndim - share.ndim))


def _directions(start, goal, strict: bool):
    """Unit vectors for any input: a vector without length points where the other one does."""
    if start.shape[-1] < 2:
        raise ValueError('a sphere needs vectors of at least two components, got one')
    if strict:
        _require_unit(start, goal)
    first_axis = like(start, np.eye(1, start.shape[-1])[0])
    x = _unit(start, NO_LENGTH, otherwise=_unit(goal, NO_LENGTH, otherwise=first_axis))
    return x, _unit(goal, NO_LENGTH, otherwise=x)


def _require_unit(*ends) -> None:
    for end in ends:
        worst = abs(_length(end) - 1).max().item() if len(end) else 0.0
        if not worst <= UNIT_TOLERANCE:
            raise ValueError(
                f'strict interpolation needs unit vectors, got a length that is off by {worst:.2g}'
            )


def _on_arc(x, y, share):
    # The chord, and what bulges it out onto the arc. Along the sum and the difference of the ends
    # nothing is divided by sin θ, and both ends are met whatever direction stands in for them.
    xp = namespace(x)
    angle, middle, ahead = _frame(x, y)
    half = angle / 2
    turn = (2 * share - 1) * half
    bulge = (xp.cos(turn) - xp.cos(half)) * middle
    lead = (xp.sin(turn) - (2 * share - 1) * xp.sin(half)) * ahead
    return _unit(lerp(x, y, share[..., 0]) + bulge + lead, NO_LENGTH, otherwise=x)


def _on_circle(x, y, share):
    xp = namespace(x)
    angle, middle, ahead = _frame(x, y)
    turn = 2 * np.pi * share - angle / 2
    return _unit(xp.cos(turn) * middle + xp.sin(turn) * ahead, NO_LENGTH, otherwise=x)


def _on_chord(x, y, share):
    return _unit(lerp(x, y, share[..., 0]), NEARLY, otherwise=_aside(x))


def _frame(x, y):
    """The angle between unit vectors, and the directions of their sum and their difference."""
    aside = _aside(x)
    return _angle(x, y), _unit(x + y, NEARLY, aside), _unit(y - x, NEARLY, aside)


def _angle(x, y):
    return 2 * namespace(x).arctan2(_length(y - x), _length(x + y))


def _aside(x):
    """A unit vector at right angles to unit vectors: from the axis they have least of."""
    axes = like(x, np.eye(x.shape[-1]))
    axis = axes[abs(x).argmin(-1)]
    aside = axis - (axis * x).sum(-1)[..., None] * x
    return aside / _length(aside)


def _unit(vector, least: float, otherwise):
    """The direction of `vector`, or `otherwise` where it is shorter than `least`."""
    xp = namespace(vector)
    length = _length(vector)
    is_short = length < least
    # Both branches of `where` pass gradients on, so neither may divide by zero.
    return xp.where(is_short, otherwise, vector / xp.where(is_short, xp.ones_like(length), length))


def _length(vector):
    return namespace(vector).linalg.norm(vector, axis=-1, keepdims=True)
