# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Arrays in files of NumPy."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from emotion_models.data.data_set import check_file
from emotion_models.limits import check_arrays
from emotion_models.reading import FileError, reading


def load_arrays(path: str | Path, layout: str) -> dict[str, np.ndarray]:
    """
    All arrays of an archive (.npz).

    Args:
        path: the file.
        layout: what it should hold, for the error.

    Raises:
        FileNotFoundError: if there is no such file.
        FileError: if it is no archive, or damaged.
    """
    path = check_file(path, layout)
    with reading(path, layout):
        check_arrays(path)
        loaded = np.load(path)
        if isinstance(loaded, np.ndarray):
            raise FileError(f'{path} is one array without names; expected {layout}')
        with loaded as archive:
            return {key: archive[key] for key in archive.files}


def load_array(path: str | Path, layout: str) -> np.ndarray:
    """
    The array of a file (.npy).

    Raises:
        FileNotFoundError: if there is no such file.
        FileError: if it is not one array, or damaged.
    """
    path = check_file(path, layout)
    with reading(path, layout):
        check_arrays(path)
        loaded = np.load(path)
        if not isinstance(loaded, np.ndarray):
            loaded.close()
            raise FileError(f'{path} is an archive, not one array; expected {layout}')
        return loaded


def check_rows(path: str | Path, layout: str, **arrays: np.ndarray) -> None:
    """
    Refuse arrays that do not have a row for each sample, or have none.

    Args:
        path: of the file, for the error.
        layout: what it should hold, for the error.
        arrays: by their names in the file.

    Raises:
        FileError: naming the shapes.
    """
    lengths = {array.shape[0] if array.ndim else None for array in arrays.values()}
    if len(lengths) > 1 or lengths & {0, None}:
        shapes = ', '.join(f'{name} {array.shape}' for name, array in arrays.items())
        fault = 'no rows' if lengths == {0} else 'different numbers of rows'
        raise FileError(f'{path} has {fault}: {shapes}; expected {layout}')


def check_affect(path: str | Path, name: str, affect: np.ndarray) -> np.ndarray:
    """
    Valence and arousal of faces as they stand in a file.

    Args:
        path: of the file, for the error.
        name: of the array, for the error.
        affect: what should be (N, 2) numbers in [-1, 1].

    Returns:
        float64, shape (N, 2).

    Raises:
        FileError: if it has another shape, or a value that is none or out of range.
    """
    if affect.ndim != 2 or affect.shape[1] != 2 or affect.dtype.kind not in 'iuf':
        raise FileError(
            f'{path}: {name} must be numbers (N, 2), valence and arousal; got {affect.dtype} '
            f'{affect.shape}'
        )
    # A comparison with NaN is false.
    wrong = np.flatnonzero(~(np.abs(affect) <= 1).all(1))
    if len(wrong):
        raise FileError(
            f'{path}: {name} must be numbers in [-1, 1]; {len(wrong)} of {len(affect)} rows are '
            f'not, the first is row {wrong[0]} with {affect[wrong[0]].tolist()}; scale or leave '
            'them out'
        )
    return affect.astype(float)


def check_votes(path: str | Path, votes: np.ndarray, names: Sequence[str]) -> None:
    """
    Refuse votes that are none.

    Args:
        path: of the file, for the error.
        votes: what should be (N, C) numbers of at least 0.
        names: of the C classes.

    Raises:
        FileError: if there is not a column for each name, or a vote is none.
    """
    if votes.shape[1:] != (len(names),):
        raise FileError(
            f'{path} holds votes {votes.shape} and {len(names)} vote_names; expected a column for '
            'each name'
        )
    # A comparison with NaN is false.
    if votes.dtype.kind not in 'iuf' or not (votes.min() >= 0 and votes.max() < np.inf):
        raise FileError(
            f'{path}: votes must be numbers of at least 0, got {votes.dtype} from {votes.min()} '
            f'to {votes.max()}'
        )
