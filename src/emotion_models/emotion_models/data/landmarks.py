# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Points in faces, and what they say about an expression."""

from pathlib import Path

import numpy as np

from emotion_models.data.archives import load_arrays
from emotion_models.reading import FileError, reading

LAYOUT = (
    'an .npz archive with points (P, 3, N), group (P,) with the names lips, left_eye and '
    'right_eye among others, and found (N,), in the order of the faces'
)


def corner_heights(path: str | Path) -> np.ndarray:
    """
    How high the corners of the mouth stand above its middle in each face of an archive.

    Along the line between the eyes the outermost points of the lips are the corners; across it the
    middle lies halfway between the highest and the lowest point of the lips. The mean height of
    the corners above it is given in distances between the eyes, so that neither the size of a face
    nor a tilted head counts.

    Args:
        path: archive of points (x to the right, y down).

    Returns:
        float64, shape (N,); nan where no face was found.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is laid out otherwise.
    """
    archive = load_arrays(path, LAYOUT)
    if missing := {'points', 'group', 'found'} - set(archive):
        raise FileError(f'{path} has no {", ".join(sorted(missing))}; expected {LAYOUT}')
    points, group, found = (archive[name] for name in ('points', 'group', 'found'))
    with reading(path, LAYOUT):
        return _heights(points, group, found)


def _heights(points: np.ndarray, group: np.ndarray, found: np.ndarray) -> np.ndarray:
    """The heights of `corner_heights` of points (P, 3, N), their groups (P,), found (N,)."""
    flat = points[:, :2].astype(float).transpose(2, 0, 1)  # (N, P, 2)
    with np.errstate(invalid='ignore', divide='ignore'):
        left, right = (flat[:, group == f'{side}_eye'].mean(1) for side in ('left', 'right'))
        between = left - right  # the person's left is on the right of the picture
        distance = np.linalg.norm(between, axis=1)
        across = between / distance[:, None]
        up = np.stack((across[:, 1], -across[:, 0]), 1)
        lips = flat[:, group == 'lips']
        lips = lips - lips.mean(1, keepdims=True)  # keeps the numbers small
        along = np.einsum('npd,nd->np', lips, across)
        height = np.einsum('npd,nd->np', lips, up)
        rows = np.arange(len(flat))
        corners = (height[rows, along.argmin(1)] + height[rows, along.argmax(1)]) / 2
        middle = (height.min(1) + height.max(1)) / 2
        return np.where(found & (distance > 0), (corners - middle) / distance, np.nan)
