# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Clips of pictures: who or what is seen doing what, in batches of clips of any lengths."""

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from emotion_models.data.data_set import DataSet, Part, Parts
from emotion_models.data.splits import split_groups

IDENTITY, ACTION = 'identity', 'action'
"""The factors that every set has, in the first two columns of the labels."""
CHANNELS = 3
LEAST_FRAMES = 2


class VideoBatch(NamedTuple):
    """
    Clips side by side; behind their ends the last frame is repeated.

    Args:
        frames: RGB, uint8 (B, L, side, side, 3).
        lengths: frames of the P clips of one identity that follow each other, int64 (B, P).
        row: which of all clips of the data set the first of them is, int64 (B,).
        factors: which value each factor has in it, int64 (B, F).
    """

    frames: Any
    lengths: Any
    row: Any
    factors: Any


@dataclass(frozen=True)
class Videos:
    """
    Clips and what is known of them, which no training looks at.

    Args:
        clips: N of uint8 (T, side, side, 3); made when they are asked for, if that is cheap.
        labels: which value each factor has, int64 (N, F).
        factors: numbers of values by name, `identity` and `action` first.
        rate_hz: frames in a second.
    """

    clips: Sequence[np.ndarray]
    labels: np.ndarray
    factors: Mapping[str, int]
    rate_hz: float = 10.0

    def __len__(self) -> int:
        return len(self.clips)


class VideoPart(Part):
    """
    Some of the clips of a data set.

    Args:
        videos: all of them.
        rows: which are meant, int64 (N,).
        partners: further clips of the same identity that follow each, from the same part.
        seed: of the partners.
    """

    def __init__(self, videos: Videos, rows: np.ndarray, partners: int = 0, seed: int = 0) -> None:
        self.videos, self.rows, self.partners = videos, np.asarray(rows, np.int64), partners
        self.seed = seed
        self.factors = videos.factors
        self.rate_hz = videos.rate_hz
        self._identities = videos.labels[self.rows, 0]

    def __len__(self) -> int:
        return len(self.rows)

    def clip(self, place: int) -> np.ndarray:
        """One clip alone, uint8 (T, side, side, 3)."""
        return self.videos.clips[int(self.rows[place])]

    def labels(self) -> np.ndarray:
        """Those of all clips, int64 (N, F)."""
        return self.videos.labels[self.rows]

    def least_frames(self) -> int:
        """Of the shortest clip."""
        lengths = getattr(self.videos.clips, 'lengths', None)
        if lengths is None:
            lengths = [len(self.videos.clips[row]) for row in self.rows]
        return int(min(lengths))

    def take(self, rows: np.ndarray) -> VideoBatch:
        """Clips with these places in the part, each with its partners."""
        groups = [[self.clip(place) for place in self._with_partners(int(row))] for row in rows]
        lengths = np.array([[len(clip) for clip in group] for group in groups])
        longest = int(lengths.sum(1).max())
        frames = np.stack([_padded(np.concatenate(group), longest) for group in groups])
        chosen = self.rows[rows]
        return VideoBatch(frames, lengths, chosen, self.videos.labels[chosen])

    def _with_partners(self, place: int) -> list[int]:
        """Its place and those of other clips of its identity, again and again if they are few."""
        if not self.partners:
            return [place]
        same = np.flatnonzero(self._identities == self._identities[place])
        others = np.random.default_rng([self.seed, place]).permutation(same[same != place])
        repeated = np.resize(others if len(others) else [place], self.partners)
        return [place, *repeated.tolist()]


@dataclass(frozen=True)
class SplitSettings:
    """
    How clips are split, and how large they are.

    Args:
        side: of the frames in pixels.
        held_out: share for the validation.
        tested: share for the test.
        split_by: clip, or identity, so that nobody is in two parts.
        partners: further clips of the same identity that follow each one, for the first phase;
            none = clips stand alone.
    """

    side: int = 64
    held_out: float = 0.1
    tested: float = 0.15
    split_by: Literal['clip', 'identity'] = 'clip'
    partners: int | None = None


class VideoClips(DataSet):
    """Clips of pictures; a batch is a `VideoBatch`. Subclasses have `SplitSettings`."""

    side: int
    held_out: float
    tested: float
    split_by: str
    partners: int | None

    @abstractmethod
    def load_videos(self, seed: int) -> Videos:
        """All clips, whatever part they will be in."""

    def load_parts(self, seed: int) -> Parts:
        """Load, and split."""
        videos = self.load_videos(seed)
        return self.make_parts(videos, self.split(videos, seed), seed)

    def split(self, videos: Videos, seed: int) -> dict[str, np.ndarray]:
        """The rows of each part, disjoint."""
        if self.split_by not in ('clip', 'identity'):
            raise ValueError(f'data_set: split_by must be clip or identity; got {self.split_by!r}')
        groups = videos.labels[:, 0] if self.split_by == 'identity' else np.arange(len(videos))
        parts = split_groups(groups, (self.held_out, self.tested), seed)
        return dict(zip(('validation', 'test', 'training'), parts, strict=True))

    def make_parts(self, videos: Videos, rows: Mapping[str, np.ndarray], seed: int) -> Parts:
        """The parts with these rows."""
        return {
            part: VideoPart(videos, chosen, self.partners or 0, seed)
            for part, chosen in rows.items()
        }


def fit_square(frames: np.ndarray, side: int, crop: int | None = None) -> np.ndarray:
    """
    Frames cropped to the square in their middle, and resized.

    Args:
        frames: uint8 (T, H, W, 3).
        side: of the result.
        crop: side of the square; one that is larger than the frames pads them with black. None =
            the lesser of H and W.

    Returns:
        uint8 (T, side, side, 3).
    """
    import cv2

    height, width = frames.shape[1:3]
    square = min(height, width) if crop is None else crop
    if square < 1:
        raise ValueError(f'data_set: crop must be >= 1 or null, got {crop}')
    cut = np.zeros((len(frames), square, square, CHANNELS), np.uint8)
    rows, into_rows = _middle(height, square)
    columns, into_columns = _middle(width, square)
    cut[:, into_rows, into_columns] = frames[:, rows, columns]
    if square == side:
        return cut
    method = cv2.INTER_AREA if square > side else cv2.INTER_LINEAR
    return np.stack([cv2.resize(frame, (side, side), interpolation=method) for frame in cut])


def _middle(size: int, wanted: int) -> tuple[slice, slice]:
    """What is taken of `size` pixels, and where it stands among `wanted`."""
    count = min(size, wanted)
    first, place = math.floor((size - count) / 2), math.floor((wanted - count) / 2)
    return slice(first, first + count), slice(place, place + count)


def _padded(frames: np.ndarray, length: int) -> np.ndarray:
    missing = length - len(frames)
    return np.concatenate([frames, np.repeat(frames[-1:], missing, 0)]) if missing else frames
