# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Clips in HDF5 files: a group for each clip, with its features or its targets, or both.

A group of features holds `fts` (L, D) and perhaps `pad` (L,), 1 = copied from another frame; one
of targets `length`, and where they are known `valence` and `arousal` (L,). So far the files of the
challenge's entry. Ours also have `stamps` (L,), in seconds, and as attribute of the file
`features`: JSON of the names and widths of the features that stand side by side in `fts`.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np

from emotion_models.data.clips import TARGETS, Clip, Statistics
from emotion_models.data.hdf5 import column_of, dataset_of, group_of, opened
from emotion_models.data.own_neutral import base_of, from_own_neutral
from emotion_models.data.va_annotations import UNANNOTATED
from emotion_models.reading import FileError

if TYPE_CHECKING:
    import h5py

FEATURES_LAYOUT = (
    'an HDF5 file with a group for each clip that holds fts (frames, width), and perhaps pad and '
    'stamps (frames)'
)
TARGETS_LAYOUT = (
    'an HDF5 file with a group for each clip that holds length, and valence and arousal (frames) '
    'where they are known'
)
STATISTICS_LAYOUT = 'an HDF5 file with a group train that holds mean and std (width)'
RATE = 30.0
"""Frames a second of clips without stamps."""
AFFECT_NETWORK = 'affect_network'
"""Attribute of a file, and entry of an origin: SHA-256 of the network whose features they are."""


class Source(NamedTuple):
    """
    Where a feature of all clips stands: a file, its columns of `fts` there, and whether it is how
    far these are from the person's own neutral.
    """

    feature: str
    path: Path
    columns: slice = slice(None)
    from_neutral: bool = False

    def of(self, rows: np.ndarray, stamps_s: np.ndarray, padded: np.ndarray) -> np.ndarray:
        """What the feature is where its columns hold these rows, (L, D)."""
        return from_own_neutral(rows, stamps_s, padded) if self.from_neutral else rows


class StoredClips(Sequence[Clip]):
    """
    Clips that are read from files each time they are asked for.

    Args:
        sources: of the features, in the order in which they stand side by side.
        targets: file with lengths, valence and arousal; none = they are not known, and the clips
            are those of the first source.
        names: of the clips; none = all, by name.

    Raises:
        FileNotFoundError: if a file is not there.
        FileError: if one is damaged, lacks a clip, or has another length; names clip and feature.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        targets: Path | None = None,
        names: Sequence[str] | None = None,
    ) -> None:
        self.sources, self.targets = tuple(sources), targets
        listed_in = targets or sources[0].path
        self.names = clip_names(listed_in) if names is None else list(names)
        self.widths = self._check()

    def __len__(self) -> int:
        return len(self.names)

    @overload
    def __getitem__(self, index: int) -> Clip: ...

    @overload
    def __getitem__(self, index: slice) -> list[Clip]: ...

    def __getitem__(self, index: int | slice) -> Clip | list[Clip]:
        """Read a clip, or several."""
        if isinstance(index, slice):
            return [self[row] for row in range(*index.indices(len(self)))]
        return self._read(self.names[index])

    def _check(self) -> dict[str, int]:
        """The width of each feature; refuses clips whose lengths differ."""
        lengths = read_lengths(self.targets, self.names) if self.targets else {}
        widths: dict[str, int] = {}
        for source in self.sources:
            with opened(source.path, FEATURES_LAYOUT) as file:
                for name in self.names:
                    shape = dataset_of(
                        source.path, group_of(source.path, file, name), 'fts', 2
                    ).shape
                    length = lengths.setdefault(name, shape[0])
                    if shape[0] != length:
                        raise FileError(
                            f'{source.path}: the feature {source.feature} of {name} has {shape[0]}'
                            f' frames; expected {length}, as {self.targets or "other features"}'
                            ' of it'
                        )
                    width = len(range(*source.columns.indices(shape[1])))
                    if widths.setdefault(source.feature, width) != width:
                        raise FileError(
                            f'{source.path}: the feature {source.feature} of {name} has the width '
                            f'{width}; expected {widths[source.feature]}, as in the clips before'
                        )
        return widths

    def _read(self, name: str) -> Clip:
        parts, padded, stamps_s = [], None, None
        for source in self.sources:
            with opened(source.path, FEATURES_LAYOUT) as file:
                group = group_of(source.path, file, name)
                rows = dataset_of(source.path, group, 'fts', 2)[:, source.columns]
                parts.append(rows.astype(np.float32))
                if 'pad' in group:
                    own = column_of(source.path, group, 'pad', len(rows)) != 0
                    padded = own if padded is None else padded | own
                if stamps_s is None and 'stamps' in group:
                    stamps_s = column_of(source.path, group, 'stamps', len(rows)).astype(float)
        length = len(parts[0])
        stamps_s = np.arange(length) / RATE if stamps_s is None else stamps_s
        padded = np.zeros(length, bool) if padded is None else padded
        pairs = zip(self.sources, parts, strict=True)
        return Clip(
            name,
            stamps_s,
            np.concatenate([source.of(rows, stamps_s, padded) for source, rows in pairs], 1),
            padded,
            read_affect(self.targets, name) if self.targets else None,
            name,
        )


def clip_names(path: str | Path) -> list[str]:
    """
    The clips of a file, by name.

    Raises:
        FileError: if it has none.
    """
    with opened(path, FEATURES_LAYOUT) as file:
        names = sorted(file)
    if not names:
        raise FileError(f'{path} has no clip; expected {FEATURES_LAYOUT}')
    return names


def features_of(path: str | Path) -> dict[str, int] | None:
    """The names and widths of the features side by side in a file; none where it names none."""
    with opened(path, FEATURES_LAYOUT) as file:
        noted = file.attrs.get('features')
        if noted is None:
            return None
        return {str(name): int(width) for name, width in json.loads(noted).items()}


def sources_in(path: str | Path, features: Sequence[str]) -> list[Source]:
    """
    Where features stand in a file that holds several.

    Args:
        path: of the file. One that does not name its features holds one, whatever it is called.
        features: their names. With `FROM_NEUTRAL` behind the name of one that it holds: how far
            that is from the person's own neutral.

    Raises:
        FileError: if it does not have one of them.
    """
    path = Path(path)
    widths = features_of(path)
    if widths is None:
        if len(features) == 1:
            return [Source(features[0], path)]
        raise FileError(
            f'{path} does not name its features, so that it holds one; asked for '
            f'{", ".join(features)}'
        )
    ends = dict(zip(widths, np.cumsum(list(widths.values())).tolist(), strict=True))
    bases = {name: name if name in widths else base_of(name) for name in features}
    if missing := [name for name, base in bases.items() if base not in widths]:
        raise FileError(f'{path} has no feature {", ".join(missing)}; it has {", ".join(widths)}')
    return [
        Source(name, path, slice(ends[base] - widths[base], ends[base]), base != name)
        for name, base in bases.items()
    ]


def read_lengths(path: Path, names: Sequence[str]) -> dict[str, int]:
    """
    How many frames clips have by a file of targets.

    Raises:
        FileError: if it lacks a clip, or its own lengths differ.
    """
    with opened(path, TARGETS_LAYOUT) as file:
        return {name: _length(path, group_of(path, file, name)) for name in names}


def read_affect(path: Path, name: str) -> np.ndarray | None:
    """
    Valence and arousal of a clip, float32 (L, 2), NaN where not annotated; none = not known.

    Raises:
        FileError: if they are no numbers in [-1, 1].
    """
    with opened(path, TARGETS_LAYOUT) as file:
        group = group_of(path, file, name)
        if not set(TARGETS) <= set(group):
            return None
        length = _length(path, group)
        affect = np.stack([column_of(path, group, target, length) for target in TARGETS], 1)
    affect = affect.astype(np.float32)
    affect[(affect == UNANNOTATED).all(1)] = np.nan
    wrong = np.flatnonzero((abs(affect) > 1).any(1))  # a comparison with NaN is false
    if len(wrong):
        raise FileError(
            f'{path}: valence and arousal of {name} are {affect[wrong[0]].tolist()} in frame '
            f'{wrong[0]}; expected numbers in [-1, 1], or {UNANNOTATED:g} twice where unknown'
        )
    return affect


def read_notes(path: str | Path) -> dict[str, dict[str, Any]]:
    """The attributes of all clips of a file."""
    with opened(path, FEATURES_LAYOUT) as file:
        return {name: dict(file[name].attrs) for name in sorted(file)}


def noted_network(paths: Sequence[str | Path]) -> dict[str, str]:
    """
    The affect network whose features stand in files, as `affect_network` its SHA-256.

    Args:
        paths: of files of one data set; those that name none have features of something else.

    Returns:
        The entry for the origin of a data set; empty where no file names a network.

    Raises:
        FileError: if they name different ones.
    """
    found: dict[str, str | Path] = {}
    for path in paths:
        with opened(path, FEATURES_LAYOUT) as file:
            if (noted := file.attrs.get(AFFECT_NETWORK)) is not None:
                found.setdefault(str(noted), path)
    if len(found) > 1:
        first, second, *_ = found.values()
        raise FileError(
            f'{first} and {second} have features of different affect networks; extract them '
            'again with one'
        )
    return {AFFECT_NETWORK: next(iter(found))} if found else {}


def read_statistics(path: str | Path) -> Statistics:
    """
    Mean and standard deviation of a feature over all training frames.

    Raises:
        FileNotFoundError: if there is no such file.
        FileError: if it holds something else.
    """
    path = Path(path)
    with opened(path, STATISTICS_LAYOUT) as file:
        group = group_of(path, file, 'train')
        mean, std = (dataset_of(path, group, key, 1)[:].astype(float) for key in ('mean', 'std'))
    if mean.shape != std.shape or not np.isfinite([mean, std]).all():
        raise FileError(
            f'{path}: mean has the shape {mean.shape}, std {std.shape}; expected finite numbers '
            'of one shape'
        )
    return Statistics(mean, std)


def write_clip(
    file: 'h5py.File', name: str, arrays: Mapping[str, Any], notes: Mapping[str, Any]
) -> None:
    """
    Write the group of a clip.

    Args:
        file: open for writing.
        name: of the clip.
        arrays: its datasets, by name.
        notes: its attributes.
    """
    group = file.create_group(name)
    for key, array in arrays.items():
        group[key] = array
    group.attrs.update(notes)


def write_features(file: 'h5py.File', widths: Mapping[str, int]) -> None:
    """Note the names and widths of the features side by side in a file."""
    file.attrs['features'] = json.dumps(dict(widths))


def _length(path: Path, group: 'h5py.Group') -> int:
    """As noted, a number or an array of one; else that of the valence, or of the features."""
    if 'length' in group:
        noted = np.ravel(group['length'][()])
        if len(noted) != 1 or noted.dtype.kind not in 'iuf' or noted[0] < 1:
            raise FileError(f'{path}: length of {group.name.strip("/")} is {noted.tolist()}')
        return int(noted[0])
    for key in (*TARGETS, 'fts'):
        if key in group:
            return int(group[key].shape[0])
    raise FileError(f'{path}: {group.name.strip("/")} has no length; expected {TARGETS_LAYOUT}')
