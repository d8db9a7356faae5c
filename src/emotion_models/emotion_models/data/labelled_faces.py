# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Faces with labels to evaluate on, and the archives that hold them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from emotion_models.data.fer2013plus import VotedFaces, expected_va
from emotion_models.labels.expressions import EXPRESSIONS, VA_MEANS

ALIASES = {
    'happiness': 'HAPPY',
    'sadness': 'SAD',
    'surprised': 'SURPRISE',
    'fearful': 'FEAR',
    'disgusted': 'DISGUST',
    'angry': 'ANGER',
}
"""Other names of expressions; our own names count in any case."""

ARCHIVE_FORMS = (
    'an .npz archive with images and votes and vote_names, with images and label and label_names, '
    'or with images or crops and va'
)
LEAST_VOTES = 4
"""Votes below which neither the most-voted expression nor the mean affect counts as known."""


Square = tuple[tuple[float, float], float]
"""Centre (x, y) and sides, in pixels."""


@dataclass(frozen=True)
class LabelledFaces:
    """
    Faces with what is known about each.

    Args:
        images: N arrays of uint8, (H, W) or (H, W, 3) blue-green-red; none where a file turns out
            not to be readable.
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


def load_archive(path: Path) -> LabelledFaces:
    """
    The faces of an archive whose keys say which form it has.

    Raises:
        ValueError: if it has none of the known forms.
    """
    with np.load(path) as archive:
        arrays = {key: archive[key] for key in archive.files}
    images = arrays.get('images', arrays.get('crops'))
    for keys, labels in LABELS_BY_KEYS.items():
        if images is not None and keys <= set(arrays):
            expression, affect = labels(images, arrays)
            groups = [str(subject) for subject in arrays.get('subject', ())]
            return LabelledFaces(_to_bgr(images), expression, affect, groups=groups)
    raise ValueError(f'{path} holds {", ".join(sorted(arrays))}; expected {ARCHIVE_FORMS}')


def expression_index(name: str) -> int:
    """Index into `EXPRESSIONS` of a name, ours or another usual one; -1 if it is none."""
    ours = ALIASES.get(name.lower(), name.upper())
    return EXPRESSIONS.index(ours) if ours in EXPRESSIONS else -1


def label_by_votes(faces: VotedFaces) -> tuple[np.ndarray, np.ndarray]:
    """
    What the votes say about each face.

    Returns:
        Index into `EXPRESSIONS` of the most-voted of all classes, -1 where it is not unique or
        no expression, (N,); valence and arousal expected under the votes, nan where fewer than
        `LEAST_VOTES` are for an expression that has a mean, (N, 2).
    """
    votes = faces.expression_votes
    most = faces.votes.max(1)
    is_clear = ((faces.votes == most[:, None]).sum(1) == 1) & (most >= LEAST_VOTES)
    is_expression = votes.max(1) == most
    expression = np.where(is_clear & is_expression, votes.argmax(1), -1)
    affect, counted = expected_va(votes)
    affect[counted < LEAST_VOTES] = np.nan
    return expression, affect


def _from_votes(images: np.ndarray, arrays: dict) -> tuple[np.ndarray, np.ndarray]:
    names = tuple(str(name) for name in arrays['vote_names'])
    return label_by_votes(VotedFaces(images, arrays['votes'], names))


def _from_labels(images: np.ndarray, arrays: dict) -> tuple[np.ndarray, np.ndarray]:
    """The label; the mean affect of its class."""
    indices = np.array([expression_index(str(name)) for name in arrays['label_names']])
    expression = indices[arrays['label']]
    means = np.array([VA_MEANS.get(name, (np.nan, np.nan)) for name in EXPRESSIONS])
    return expression, np.where(expression[:, None] >= 0, means[expression], np.nan)


def _from_affect(images: np.ndarray, arrays: dict) -> tuple[np.ndarray, np.ndarray]:
    """Rated affect; no expression."""
    return np.full(len(images), -1), arrays['va'].astype(float)


LABELS_BY_KEYS = {
    frozenset({'votes', 'vote_names'}): _from_votes,
    frozenset({'label', 'label_names'}): _from_labels,
    frozenset({'va'}): _from_affect,
}


def _to_bgr(images: np.ndarray) -> Sequence[np.ndarray]:
    """Grey images as they are; the archives keep colour as red-green-blue."""
    if images.ndim == 3:
        return list(images)
    return [cv2.cvtColor(image, cv2.COLOR_RGB2BGR) for image in images]
