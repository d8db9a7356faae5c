# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a picture of the panel shows of a reaction: how far it has gone, and blinks."""

from collections.abc import Sequence

import numpy as np

STILL = {
    f'life.{name}': 0.0
    for name in ('blink_rate', 'glances', 'breath_px', 'drift_px', 'sighing', 'dozing')
}
"""Parameters of a face that moves for its feelings alone."""
_EYES = slice(15, 44), slice(14, 114)
_MOUTH = slice(44, 64), slice(44, 84)
_LEAST_PX = 2.0  # what moves less says nothing of the time
_SETTLED_S = 0.7  # the goal is where it is then


def pixels(image) -> np.ndarray:
    """The picture of a message, (64, 128)."""
    return np.frombuffer(bytes(image.data), np.uint8).reshape(image.height, image.width)


def places(picture: np.ndarray) -> np.ndarray:
    """Top of the brows, and top and bottom of the mouth, px (3,)."""
    lit = picture > 0
    rows = np.flatnonzero(lit.any(axis=1))
    mouth = _MOUTH[0].start + np.flatnonzero(lit[_MOUTH].any(axis=1))
    return np.array([rows[0], mouth[0], mouth[-1]] if len(mouth) else [rows[0], 54, 54], float)


def seconds_to(share: float, at_s: Sequence[float], shown: Sequence[np.ndarray]) -> float:
    """
    When every place that moves has gone so much of its way.

    Args:
        share: of the way, (0, 1].
        at_s: when pictures came, seconds after the stimulus; before it = the start.
        shown: the pictures.

    Raises:
        ValueError: if nothing moves, or no picture came in time.
    """
    times, course = np.array(at_s), np.stack([places(picture) for picture in shown])
    start = course[times <= 0.0][-1]
    goal = course[times <= _SETTLED_S][-1]
    way = goal - start
    moving = np.abs(way) >= _LEAST_PX
    if not moving.any():
        raise ValueError(f'expected a movement of {_LEAST_PX} px, got {way}')
    done = (course[:, moving] - start[moving]) / way[moving]
    # A place of whole pixels stands for those that are nearer to it than to the next.
    near = done >= share - 0.5 / np.abs(way[moving])
    return float(max(times[(times > 0.0) & column][0] for column in near.T))


def blink_starts(at_s: Sequence[float], shown: Sequence[np.ndarray]) -> np.ndarray:
    """When the eyes begin to be shut, s: their lit area falls below the half of the usual."""
    area = np.array([float((picture[_EYES] > 0).sum()) for picture in shown])
    shut = area < 0.6 * np.median(area)
    return np.array(at_s)[1:][shut[1:] & ~shut[:-1]]
