# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""HDF5 files: read with what is wrong in one line, and written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotion_models.data.data_set import check_file
from emotion_models.limits import ARCHIVE_BYTES
from emotion_models.reading import FileError, reading

if TYPE_CHECKING:
    import h5py


@contextmanager
def replacing(path: Path) -> 'Iterator[h5py.File]':
    """A new HDF5 file that is at `path` as soon as it is whole, and never in part."""
    import h5py

    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f'{path.name}.unfinished')
    try:
        with h5py.File(unfinished, 'w') as file:
            yield file
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def opened(path: str | Path, layout: str) -> 'Iterator[h5py.File]':
    """
    An HDF5 file to read from.

    Raises:
        FileNotFoundError: if there is no such file; says what was expected.
        FileError: for whatever cannot be read of it.
    """
    import h5py

    path = check_file(path, layout)
    with reading(path, layout), h5py.File(path, 'r') as file:
        yield file


def group_of(path: Path, file: 'h5py.File', name: str) -> 'h5py.Group':
    """
    A group of a file.

    Raises:
        FileError: if it has none of that name.
    """
    import h5py

    group = file.get(name)
    if not isinstance(group, h5py.Group):
        raise FileError(
            f'{path} has no group {name!r}, one of {len(file)} that it has is '
            f'{next(iter(file), "none")!r}'
        )
    return group


def dataset_of(path: Path, group: 'h5py.Group', key: str, axes: int) -> 'h5py.Dataset':
    """
    The numbers of a group, not read yet.

    Args:
        path: of the file, for the error.
        group: of it.
        key: name of the dataset.
        axes: how many it has.

    Raises:
        FileError: if there are none, or they have another number of axes.
    """
    import h5py

    where = f'{path}: {key} of {group.name.strip("/")}'
    found = group.get(key)
    if not isinstance(found, h5py.Dataset) or found.dtype.kind not in 'iufb':
        raise FileError(f'{where} is not there, or holds no numbers; it has {", ".join(group)}')
    if found.ndim != axes or not prod(found.shape):
        raise FileError(f'{where} has the shape {found.shape}; expected {axes} axes, none empty')
    if prod(found.shape) * found.dtype.itemsize > ARCHIVE_BYTES:
        raise FileError(f'{where} says that it is {found.shape}; at most {ARCHIVE_BYTES} bytes')
    return found


def column_of(path: Path, group: 'h5py.Group', key: str, length: int) -> np.ndarray:
    """
    A number for each frame; a second axis of width 1 is passed over.

    Raises:
        FileError: as for `dataset_of`, or if there are not `length`.
    """
    found = group.get(key)
    axes = 2 if getattr(found, 'ndim', 1) == 2 and found.shape[1] == 1 else 1
    values = dataset_of(path, group, key, axes)[...].reshape(-1)
    if len(values) != length:
        raise FileError(
            f'{path}: {key} of {group.name.strip("/")} has {len(values)} frames; expected {length}'
        )
    return values
