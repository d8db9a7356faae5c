# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of faces with what is known about each, as all readers of faces give them."""

import math
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from emotion_models.imaging.files import is_hidden, is_picture, read_colour
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.reading import FileError

ALIASES = {
    'happiness': 'HAPPY',
    'sadness': 'SAD',
    'surprised': 'SURPRISE',
    'fearful': 'FEAR',
    'disgusted': 'DISGUST',
    'angry': 'ANGER',
}
"""Other names of expressions; our own names count in any case."""

UNKNOWN_AFFECT = (math.nan, math.nan)
NOT_ANNOTATED = -2.0
"""What AffectNet writes for valence and arousal that nobody has rated."""

NO_IMAGE = 'without their image'
NO_PICTURE = 'whose file is hidden or not a picture that can be read'
NO_LABEL = 'without a label'
NO_NUMBER = 'whose valence or arousal is not a number in range'

Square = tuple[tuple[float, float], float]
"""Centre (x, y) and sides, in pixels."""


@dataclass(frozen=True)
class LabelledFaces:
    """
    Faces with what is known about each.

    Args:
        images: N arrays of uint8, (H, W) or (H, W, 3) BGR; none where a file turns out not to be
            readable.
        expression: index into `EXPRESSIONS`, -1 where unknown, shape (N,).
        affect: valence and arousal in [-1, 1], nan where unknown, shape (N, 2).
        squares: by index, where the face lies in an image that shows more than the face.
        skipped: how many entries were left out, by the reason.
        keys: names of the N images in annotation files; none where they have no names.
        groups: whom or which clip each image shows, for splits; none where that is not known.
    """

    images: Sequence[np.ndarray | None]
    expression: np.ndarray
    affect: np.ndarray
    squares: Mapping[int, Square] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    keys: Sequence[str] = ()
    groups: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.images)

    def choose(self, rows: np.ndarray) -> 'LabelledFaces':
        """
        Some of the faces, in this order.

        Args:
            rows: their indices, shape (M,).
        """
        chosen = [int(row) for row in rows]
        return replace(
            self,
            images=Chosen(self.images, chosen),
            expression=self.expression[rows],
            affect=self.affect[rows],
            squares={
                new: self.squares[old] for new, old in enumerate(chosen) if old in self.squares
            },
            keys=[self.keys[row] for row in chosen] if self.keys else (),
            groups=[self.groups[row] for row in chosen] if self.groups else (),
        )


class Chosen(Sequence):
    """Some of the items of a sequence, each taken when it is asked for."""

    def __init__(self, items: Sequence, rows: Sequence[int]) -> None:
        self.items, self.rows = items, rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index):
        return self.items[self.rows[index]]


@dataclass(frozen=True)
class FaceFile:
    """
    A picture and what is known about the face in it.

    Args:
        path: of the picture, perhaps in an archive.
        expression: index into `EXPRESSIONS`, -1 where unknown.
        affect: valence and arousal in [-1, 1], nan where unknown; none if no numbers in range.
        square: where the face lies; none = the picture is the face.
        key: its name in annotation files.
        group: whom or which clip it shows; empty = not known.
    """

    path: Path | zipfile.Path
    expression: int
    affect: tuple[float, float] | None
    square: Square | None = None
    key: str = ''
    group: str = ''


class Pictures(Sequence):
    """Pictures read from their files when asked for; none for one that is not readable."""

    def __init__(self, paths: Sequence[Path | zipfile.Path]) -> None:
        self.paths = paths

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index):
        try:
            return read_colour(self.paths[index])
        except (FileError, OSError):
            return None


def gather(
    source: Path, files: Iterable[FaceFile], skipped: Counter[str] | None = None
) -> LabelledFaces:
    """
    The files that are there and have a label; the others are counted.

    Args:
        source: where they come from, for the error.
        files: in their order.
        skipped: entries that were left out before, by the reason.

    Raises:
        ValueError: if none is left.
    """
    skipped = skipped or Counter()
    kept = []
    for file in files:
        if file.affect is None:
            skipped[NO_NUMBER] += 1
        elif file.expression < 0 and math.isnan(file.affect[0]):
            skipped[NO_LABEL] += 1
        elif not file.path.is_file():
            skipped[NO_IMAGE] += 1
        elif is_hidden(file.path) or not is_picture(file.path):
            skipped[NO_PICTURE] += 1
        else:
            kept.append(file)
    if not kept:
        reasons = ', '.join(f'{count} {reason}' for reason, count in (+skipped).items())
        raise FileError(f'{source} has no face with a label: {reasons or "it is empty"}')
    return LabelledFaces(
        images=Pictures([file.path for file in kept]),
        expression=np.array([file.expression for file in kept]),
        affect=np.array([file.affect for file in kept]),
        squares={k: file.square for k, file in enumerate(kept) if file.square is not None},
        skipped=dict(+skipped),
        keys=[file.key for file in kept],
        groups=[file.group for file in kept] if kept[0].group else (),
    )


def expression_index(name: str) -> int:
    """Index into `EXPRESSIONS` of a name, ours or another usual one; -1 if it is none."""
    ours = ALIASES.get(name.lower(), name.upper())
    return EXPRESSIONS.index(ours) if ours in EXPRESSIONS else -1


def parse_expression(value: str | None) -> int:
    """Index of an expression given as a name or as a code of AffectNet; -1 for any other."""
    text = (value or '').strip()
    try:
        code = int(float(text))
    except ValueError:
        return expression_index(text)
    return code if 0 <= code < len(EXPRESSIONS) else -1


def parse_affect(
    valence: str | float | None, arousal: str | float | None, unit: float = 1.0
) -> tuple[float, float] | None:
    """Both in [-1, 1]; nan where one is not annotated; none where one is not a number in range."""
    if valence in (None, '') or arousal in (None, ''):
        return UNKNOWN_AFFECT
    try:
        pair = (float(valence) / unit, float(arousal) / unit)
    except ValueError:
        return None
    if NOT_ANNOTATED in pair:
        return UNKNOWN_AFFECT
    return pair if all(-1 <= value <= 1 for value in pair) else None
