# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Clips in the published layout of MUG-FED: an archive of clips and one of labels."""

import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np

from emotion_models.data.archives import load_array, load_arrays
from emotion_models.data.data_set import check_file
from emotion_models.data.safe_pickles import ArraysOnly
from emotion_models.data.video_clips import (
    ACTION,
    CHANNELS,
    IDENTITY,
    LEAST_FRAMES,
    SplitSettings,
    VideoClips,
    Videos,
    fit_square,
)
from emotion_models.reading import FileError, reading

KEY = 'arr_0'
CLIPS_LAYOUT = (
    'an .npz archive with arr_0, clips (N, T, H, W, 3) uint8 or N of them in an object array, or '
    'a folder with one .npy file (T, H, W, 3) for each'
)
HIGHEST_LABEL = 9999
LABELS_LAYOUT = 'an .npz archive with arr_0, identity and action of each clip, integers (N, 2)'


@dataclass(frozen=True)
class VideoPairs(SplitSettings, VideoClips):
    """
    Clips and labels in two files, as MUG-FED is passed on; labels filter, no training sees them.

    Args:
        path: the clips.
        labels: the labels.
        allow_pickle: read an object array, which is a pickle; only arrays are taken out of it.
        frame_stride: of how many frames one is taken.
        dropped: actions that are left out; MUG-FED: [2, 5, 6].
        renamed: new numbers of actions, once, after that; MUG-FED: {8: 5, 7: 2}.
        crop: side of the square in the middle that is seen, in pixels; none = all that there is.
        window: frames that a clip must have after the stride.
        short_clips: what is done with those that have fewer: they are left out, with a warning
            that counts them, or the last frame is repeated, or the clip begins again.
    """

    CONTENT = 'clips and labels in the published layout of MUG-FED'
    LAYOUT = f'{CLIPS_LAYOUT}; and {LABELS_LAYOUT}'
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'clips in the layout of MUG-FED',
        'source': 'given by the user',
        'terms': 'those of the files',
    }

    path: str = 'MUG_0-255_OF_112x112_color.npz'
    labels: str = 'labels.npz'
    allow_pickle: bool = False
    frame_stride: int = 2
    dropped: Sequence[int] = ()
    renamed: dict[int, int] = field(default_factory=dict)
    crop: int | None = None
    window: int = LEAST_FRAMES
    short_clips: Literal['drop', 'pad', 'loop'] = 'drop'

    def load_videos(self, seed: int) -> Videos:
        """Read, check, filter and resize."""
        clips = read_clips(self.check_path(self.path), self.allow_pickle)
        labels = read_labels(self.labels, len(clips))
        kept, labels = filter_actions(labels, self.dropped, self.renamed)
        clips = [self._prepare(clips[row]) for row in kept]
        if self.short_clips == 'drop':
            long = [place for place, clip in enumerate(clips) if len(clip) >= self.window]
            self._warn(len(clips) - len(long))
            clips, labels = [clips[place] for place in long], labels[long]
        if not clips:
            raise FileError(f'{self.path} has no clip left of {self.window} frames or more')
        identities, identity = np.unique(labels[:, 0], return_inverse=True)
        factors = {IDENTITY: len(identities), ACTION: int(labels[:, 1].max()) + 1}
        return Videos(clips, np.stack([identity, labels[:, 1]], 1), factors, 16.0)

    def _prepare(self, clip: np.ndarray) -> np.ndarray:
        frames = fit_square(clip[:: self.frame_stride], self.side, self.crop)
        missing = self.window - len(frames)
        if missing <= 0 or self.short_clips == 'drop':
            return frames
        if self.short_clips == 'loop':
            return frames[np.arange(self.window) % len(frames)]
        return np.concatenate([frames, np.repeat(frames[-1:], missing, 0)])

    def _warn(self, count: int) -> None:
        if count:
            warnings.warn(
                f'{self.path}: {count} clips have fewer than {self.window} frames and are left '
                'out; short_clips: loop or pad keeps them',
                stacklevel=2,
            )


def read_clips(path: Path, allow_pickle: bool = False) -> list[np.ndarray]:
    """
    Clips of an archive or a folder, uint8 (T, H, W, 3) each.

    Args:
        path: archive (.npz), or folder of arrays (.npy), in the order of their names.
        allow_pickle: whether an object array is read.

    Raises:
        FileNotFoundError: if there is nothing.
        FileError: for what is no clip; names its number.
    """
    if path.is_dir():
        clips = [load_array(file, CLIPS_LAYOUT) for file in sorted(path.glob('*.npy'))]
    else:
        whole = _read_objects(path) if allow_pickle else None
        if whole is None:
            _refuse_objects(path)
            whole = load_arrays(path, CLIPS_LAYOUT).get(KEY)
        if whole is None:
            raise FileError(f'{path} has no {KEY}; expected {CLIPS_LAYOUT}')
        if not whole.ndim:
            raise FileError(f'{path}: {KEY} is a single object; expected {CLIPS_LAYOUT}')
        clips = list(whole)
    if not clips:
        raise FileError(f'{path} holds no clip; expected {CLIPS_LAYOUT}')
    for number, clip in enumerate(clips):
        _check_clip(path, number, clip)
    return clips


def read_labels(path: str | Path, count: int) -> np.ndarray:
    """
    Identity and action of each clip, int64 (count, 2).

    Raises:
        FileNotFoundError: if there is no such file.
        FileError: if it holds something else, or not a row for each clip.
    """
    labels = load_arrays(path, LABELS_LAYOUT).get(KEY)
    if labels is None or labels.dtype.kind not in 'iu' or labels.shape != (count, 2):
        found = f'no {KEY}' if labels is None else f'{labels.dtype} {labels.shape}'
        raise FileError(
            f'{path} holds {found} for {count} clips; expected {LABELS_LAYOUT}, a row for each'
        )
    wrong = np.flatnonzero((labels < 0) | (labels > HIGHEST_LABEL))
    if len(wrong):
        row, column = divmod(int(wrong[0]), 2)
        raise FileError(
            f'{path}: row {row} has the {(IDENTITY, ACTION)[column]} {labels[row, column]}; '
            f'expected 0 to {HIGHEST_LABEL}'
        )
    return labels.astype(np.int64)


def filter_actions(
    labels: np.ndarray, dropped: Sequence[int], renamed: Mapping[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """
    Rows whose action is kept, and their labels with the actions renamed; nothing in place.

    Args:
        labels: identity and action, (N, 2).
        dropped: actions that are left out.
        renamed: new numbers, all at once.

    Returns:
        Indices (M,), labels (M, 2).
    """
    for new in renamed.values():
        if not 0 <= new <= HIGHEST_LABEL:
            raise ValueError(
                f'data_set: renamed gives an action the number {new}; expected 0 to '
                f'{HIGHEST_LABEL}'
            )
    kept = np.flatnonzero(~np.isin(labels[:, 1], list(dropped)))
    chosen = labels[kept]
    return kept, np.stack([chosen[:, 0], [renamed.get(a, a) for a in chosen[:, 1].tolist()]], 1)


def save_pair(
    clips_path: Path, labels_path: Path, clips: Sequence[np.ndarray], labels: np.ndarray
) -> None:
    """
    Write the pair of archives: a dense array where all clips are equally long, else of objects.

    Args:
        clips_path: of the clips (.npz).
        labels_path: of the labels (.npz).
        clips: uint8 (T, H, W, 3) each.
        labels: identity and action, integers (N, 2).
    """
    lengths = {len(clip) for clip in clips}
    whole: np.ndarray = np.empty(len(clips), object)
    whole[:] = list(clips) if len(lengths) > 1 else [None] * len(clips)
    np.savez_compressed(clips_path, np.stack(clips) if len(lengths) == 1 else whole)
    np.savez_compressed(labels_path, labels)


def _read_objects(path: Path) -> np.ndarray | None:
    """The object array of an archive, without running anything; none if it is a plain one."""
    check_file(path, CLIPS_LAYOUT)
    with reading(path, CLIPS_LAYOUT):
        if not zipfile.is_zipfile(path):
            return None
        with zipfile.ZipFile(path) as archive, archive.open(f'{KEY}.npy') as file:
            if not _header(file).hasobject:
                return None
            return np.asarray(ArraysOnly(file).load())


def _refuse_objects(path: Path) -> None:
    check_file(path, CLIPS_LAYOUT)
    with reading(path, CLIPS_LAYOUT):
        if not zipfile.is_zipfile(path):
            return
        with zipfile.ZipFile(path) as archive:
            if f'{KEY}.npy' not in archive.namelist():
                return
            with archive.open(f'{KEY}.npy') as file:
                if _header(file).hasobject:
                    raise FileError(
                        f'{path} holds an object array, which is a pickle; allow_pickle: true '
                        'takes the arrays out of it, or save clips of one length as one array'
                    )


def _header(file: Any) -> np.dtype:
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0
    if version != (1, 0):
        read = np.lib.format.read_array_header_2_0
    return read(file)[2]


def _check_clip(path: Path, number: int, clip: Any) -> None:
    if not isinstance(clip, np.ndarray) or clip.ndim != 4 or clip.shape[3] != CHANNELS:
        raise FileError(
            f'{path}: clip {number} is {getattr(clip, "shape", type(clip).__name__)}; expected '
            f'(T, H, W, {CHANNELS})'
        )
    if not min(clip.shape[1:3]):
        raise FileError(f'{path}: clip {number} has no pixels: {clip.shape}')
    if clip.dtype != np.uint8:
        raise FileError(f'{path}: clip {number} is {clip.dtype}; expected uint8, 0 to 255')
    if len(clip) < LEAST_FRAMES:
        raise FileError(
            f'{path}: clip {number} has {len(clip)} frames; expected at least {LEAST_FRAMES}'
        )
