# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Sequences of frames of one person: clips, segments, windows, and batches of whole clips."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from emotion_models.data.data_set import Part

TARGETS = ('valence', 'arousal')
"""The columns of `affect`."""

DIMENSIONS: Mapping[str, int] = {
    'affectnet': 342,
    'denseface': 342,
    'vggface2': 2048,
    'FAU_situ': 512,
    'FAU': 35,
    'head_pose': 3,
    'eye_gaze': 120,
    'vggish': 128,
    'wav2vec': 768,
    'compare': 130,
    'egemaps': 23,
}
"""Widths of features that others have published, by name."""


SAMPLED = 20
"""Clips at most whose stamps are looked at to know the rate of all."""

KEPT_BYTES = 1024**3
"""Of the clips of a part that stay in memory once they are read; others are read each time."""


@dataclass(frozen=True)
class Clip:
    """
    A sequence of frames of one person.

    Args:
        name: of the clip, as its predictions are called.
        stamps_s: when each frame was taken, in seconds, float64 (L,), ascending.
        features: what is known of each frame, float32 (L, D).
        padded: frames without an observation of their own, bool (L,).
        affect: valence and arousal in [-1, 1], float32 (L, 2), NaN in rows that are not
            annotated; none = nothing is.
        group: whom or which video it shows, so that parts can be kept apart.

    Raises:
        ValueError: if there is no frame, or the lengths differ.
    """

    name: str
    stamps_s: np.ndarray
    features: np.ndarray
    padded: np.ndarray
    affect: np.ndarray | None = None
    group: str = ''

    def __post_init__(self) -> None:
        """Refuse what is no sequence."""
        if self.features.ndim != 2 or not len(self.features):
            raise ValueError(
                f'{self.name}: expected features (frames, width) of at least one frame, got '
                f'{self.features.shape}'
            )
        for name in ('stamps_s', 'padded', 'affect'):
            rows = getattr(self, name)
            if rows is not None and len(rows) != len(self):
                raise ValueError(
                    f'{self.name}: {name} has {len(rows)} frames, the features {len(self)}'
                )

    def __len__(self) -> int:
        return len(self.features)

    @property
    def nbytes(self) -> int:
        """Of its arrays."""
        arrays = (self.stamps_s, self.features, self.padded, self.affect)
        return sum(array.nbytes for array in arrays if array is not None)

    @property
    def annotated(self) -> np.ndarray:
        """Frames whose valence and arousal are known, bool (L,)."""
        if self.affect is None:
            return np.zeros(len(self), bool)
        return np.isfinite(self.affect).all(1)

    def cut(self, first: int, end: int, name: str | None = None) -> 'Clip':
        """The frames from `first` to before `end`, under another name if one is given."""
        part = slice(first, end)
        affect = None if self.affect is None else self.affect[part]
        return replace(
            self,
            name=self.name if name is None else name,
            stamps_s=self.stamps_s[part],
            features=self.features[part],
            padded=self.padded[part],
            affect=affect,
        )


@dataclass(frozen=True)
class FeatureList:
    """
    Which features stand side by side in a row, and how wide each is.

    Args:
        widths: by name, in order.
    """

    widths: Mapping[str, int]

    @classmethod
    def named(
        cls, names: str | Sequence[str], known: Mapping[str, int] = DIMENSIONS
    ) -> 'FeatureList':
        """
        Features by their names.

        Args:
            names: list, or text separated by commas.
            known: widths by name. A name that is not there has the width of what stands before
                its first underscore: `affectnet_x` that of `affectnet`.

        Raises:
            ValueError: for a name that is not known.
        """
        listed = names.split(',') if isinstance(names, str) else names
        return cls({name: _width(name, known) for name in listed})

    def __len__(self) -> int:
        """The width of a row."""
        return sum(self.widths.values())

    def __str__(self) -> str:
        return ', '.join(f'{name} ({width})' for name, width in self.widths.items())

    @cached_property
    def columns(self) -> dict[str, slice]:
        """Where in a row each feature stands."""
        ends = np.cumsum(list(self.widths.values())).tolist()
        return {
            name: slice(end - width, end)
            for (name, width), end in zip(self.widths.items(), ends, strict=True)
        }

    def feature_of(self, column: int) -> str:
        """The feature that a column of a row belongs to."""
        return next(name for name, part in self.columns.items() if column < part.stop)


class Statistics(NamedTuple):
    """Mean and standard deviation (population) of each column of a feature, float64 (D,)."""

    mean: np.ndarray
    std: np.ndarray


class ClipBatch(NamedTuple):
    """
    Whole clips side by side, filled up with zeros to the longest of them.

    Args:
        features: float32 (B, L, D).
        affect: float32 (B, L, 2), 0 where `valid` is not.
        valid: annotated frames, bool (B, L).
        lengths: frames of each clip, int64 (B,).
        names: of the clips.
    """

    features: Any
    affect: Any
    valid: Any
    lengths: Any
    names: tuple[str, ...]


class ClipPart(Part):
    """
    Clips of one part of a data set.

    Args:
        clips: a sequence; it may read a clip each time it is asked for it.
        features: what a row of the clips holds.
        statistics: of a feature over all training frames, by its name; none = they are computed
            of these clips.
        kept_bytes: of clips that are kept, so that they are asked for and checked once.
    """

    keeps_last = True

    def __init__(
        self,
        clips: Sequence[Clip],
        features: FeatureList,
        statistics: Callable[[str], Statistics] | None = None,
        kept_bytes: int = KEPT_BYTES,
    ) -> None:
        self.clips, self.features = clips, features
        self._statistics = statistics
        self._kept: dict[int, Clip] = {}
        self._bytes_left = kept_bytes

    def __len__(self) -> int:
        return len(self.clips)

    def take(self, rows: np.ndarray) -> ClipBatch:
        """
        These clips as one batch.

        Raises:
            ValueError: if one has other features, or some that are no numbers.
        """
        return collate([self.clip(row) for row in rows])

    def clip(self, row: int) -> Clip:
        """
        One clip, checked.

        Raises:
            ValueError: as for `take`.
        """
        if (kept := self._kept.get(int(row))) is not None:
            return kept
        clip = self._checked(self.clips[int(row)])
        if clip.nbytes <= self._bytes_left:
            self._kept[int(row)] = clip
            self._bytes_left -= clip.nbytes
        return clip

    def rate_hz(self) -> float:
        """Frames in a second: the median over some clips of the median in each; 0 = unknown."""
        some = (self.clips[row] for row in range(0, len(self), 1 + len(self) // SAMPLED))
        steps = [np.median(np.diff(clip.stamps_s)) for clip in some if len(clip) > 1]
        step = float(np.median(steps)) if steps else 0.0
        return 1 / step if step > 0 else 0.0

    def statistics(self, feature: str) -> Statistics:
        """
        Mean and standard deviation of a feature over all frames of the training.

        Raises:
            ValueError: if there is no such feature.
        """
        if feature not in self.features.columns:
            raise ValueError(f'no feature {feature}; there are {self.features}')
        if self._statistics is not None:
            return self._statistics(feature)
        columns = self.features.columns[feature]
        return pooled_statistics(self.clip(row).features[:, columns] for row in range(len(self)))

    def _checked(self, clip: Clip) -> Clip:
        if clip.features.shape[1] != len(self.features):
            raise ValueError(
                f'{clip.name} has features of width {clip.features.shape[1]}; expected '
                f'{len(self.features)}: {self.features}'
            )
        wrong = np.argwhere(~np.isfinite(clip.features))
        if len(wrong):
            frame, column = wrong[0]
            raise ValueError(
                f'{clip.name}: feature {self.features.feature_of(column)} is '
                f'{clip.features[frame, column]} in frame {frame}; expected finite numbers'
            )
        return clip


def pooled_statistics(rows: Any) -> Statistics:
    """
    Statistics of all rows of several arrays together.

    Args:
        rows: arrays (N, D), at least one row in all.
    """
    count, total, squares = 0, np.zeros(1), np.zeros(1)
    for array in rows:
        # Chan, Golub, LeVeque 1979: sums of squares about the means do not cancel.
        new, mean = len(array), array.mean(0, dtype=np.float64)
        spread = ((array - mean) ** 2).sum(0)
        old_mean = total / count if count else mean
        shift = (mean - old_mean) ** 2 * count * new / (count + new)
        count, total, squares = count + new, total + mean * new, squares + spread + shift
    return Statistics(total / count, np.sqrt(squares / count))


def collate(clips: Sequence[Clip]) -> ClipBatch:
    """One batch of clips of any lengths."""
    lengths = np.array([len(clip) for clip in clips])
    shape = len(clips), int(lengths.max())
    features = np.zeros((*shape, clips[0].features.shape[1]), np.float32)
    affect, valid = np.zeros((*shape, len(TARGETS)), np.float32), np.zeros(shape, bool)
    for row, clip in enumerate(clips):
        features[row, : len(clip)] = clip.features
        valid[row, : len(clip)] = known = clip.annotated
        if clip.affect is not None:
            affect[row, : len(clip)][known] = clip.affect[known]
    return ClipBatch(features, affect, valid, lengths, tuple(clip.name for clip in clips))


def segments(length: int, size: int, first: int | None = None) -> Iterator[slice]:
    """
    Consecutive segments that do not overlap; the last one may be shorter.

    Args:
        length: frames in all.
        size: frames of a segment, >= 1.
        first: frames of the first one, from 1 to `size`; none = as many as the others have.
    """
    ends = range(size if first is None else first, length + size, size)
    return (slice(max(0, end - size), min(end, length)) for end in ends)


def windows(clip: Clip, size: int, hop: int) -> list[Clip]:
    """
    Windows of a clip that overlap, named `NAME@FIRST`; the last one ends with the clip.

    Args:
        clip: of any length; one that is not longer than a window is one window.
        size: frames of a window, >= 1.
        hop: frames from one to the next, >= 1.
    """
    last = max(0, len(clip) - size)
    starts = [*range(0, last, hop), last]
    return [clip.cut(first, first + size, f'{clip.name}@{first}') for first in starts]


def _width(name: str, known: Mapping[str, int]) -> int:
    for candidate in (name, name.partition('_')[0]):
        if candidate in known:
            return known[candidate]
    raise ValueError(f'no feature {name!r} is known; known are {", ".join(known)}')
