# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Files of clips that are made part by part; what is done outlives a kill."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emotion_models.data.clip_files import FEATURES_LAYOUT, write_clip, write_features
from emotion_models.data.hdf5 import opened, replacing
from emotion_models.reading import FileError

if TYPE_CHECKING:
    import h5py

BY_FEATURE = '{feature}'
"""In the name of a file: one file for each feature."""


class PartFiles:
    """
    Clips on their way into files: the parts lie in the folder `TO.parts` until all are done.

    Args:
        to: file of the features, perhaps with `BY_FEATURE` in its name.
        widths: of the features side by side, by name.
        targets: file of the targets alone; none = not wanted.

    Raises:
        FileExistsError: if a file is there that is no unfinished work.
    """

    def __init__(self, to: Path, widths: Mapping[str, int], targets: Path | None = None) -> None:
        self._widths, self._targets = widths, targets
        self._files = {to: dict(widths)}
        if BY_FEATURE in to.name:
            self._files = {
                to.with_name(to.name.replace(BY_FEATURE, name)): {name: width}
                for name, width in widths.items()
            }
        self._parts = to.with_name(f'{to.name}.parts')
        if not self._parts.exists():
            for path in self.paths:
                if path.exists():
                    raise FileExistsError(f'{path} is there already; remove it, or choose another')

    @property
    def paths(self) -> list[Path]:
        """All files that are written in the end."""
        return [*self._files, *([self._targets] if self._targets else [])]

    def has(self, part: str, made_from: str) -> bool:
        """
        Whether a part is done.

        Args:
            part: its name.
            made_from: what it is made of, and how; one that was made of something else counts not.
        """
        try:
            noted, _ = self._read(part)
        except (FileNotFoundError, FileError):
            return False
        return noted.get('made_from') == made_from

    @contextmanager
    def writing(self, part: str, made_from: str) -> 'Iterator[h5py.File]':
        """An HDF5 file for the clips of a part, which counts as soon as it is whole."""
        with replacing(self._path_of(part)) as file:
            file.attrs['made_from'] = made_from
            yield file

    def join(self, parts: Sequence[str], notes: Mapping[str, Any]) -> None:
        """
        Write the files, and remove the parts.

        Args:
            parts: their names; all are done.
            notes: attributes of the files.
        """
        end = 0
        for path, widths in self._files.items():
            first, end = end, end + sum(widths.values())
            self._write(path, parts, {**notes}, widths, slice(first, end))
        if self._targets:
            self._write(self._targets, parts, {**notes}, {}, None)
        shutil.rmtree(self._parts)

    def _write(
        self,
        path: Path,
        parts: Sequence[str],
        notes: Mapping[str, Any],
        widths: Mapping[str, int],
        columns: slice | None,
    ) -> None:
        """All clips of all parts with these columns of features; none = with no features."""
        with replacing(path) as file:
            file.attrs.update(notes)
            if widths:
                write_features(file, widths)
            for part in parts:
                for name, arrays, noted in self._read(part)[1]:
                    rows, padded = arrays.pop('fts'), arrays.pop('pad', None)
                    if columns is not None:
                        arrays['fts'] = rows[:, columns]
                        if padded is not None:
                            arrays['pad'] = padded
                    write_clip(file, name, arrays, noted)

    def _read(self, part: str) -> tuple[dict[str, Any], list[tuple[str, dict, dict]]]:
        """The attributes of a part, and the names, arrays and attributes of its clips."""
        with opened(self._path_of(part), FEATURES_LAYOUT) as file:
            clips = [
                (name, {key: value[()] for key, value in group.items()}, dict(group.attrs))
                for name, group in file.items()
            ]
            return dict(file.attrs), clips

    def _path_of(self, part: str) -> Path:
        return self._parts / f'{part}.h5'
