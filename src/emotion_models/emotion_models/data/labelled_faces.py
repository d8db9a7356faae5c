# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Faces with labels to evaluate on, from several forms of archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from emotion_models.data.fer2013plus import VotedFaces, expected_va
from emotion_models.runtime.expressions import EXPRESSIONS, VA_MEANS

ALIASES = {
    'happiness': 'HAPPY',
    'sadness': 'SAD',
    'surprised': 'SURPRISE',
    'fearful': 'FEAR',
    'disgusted': 'DISGUST',
    'angry': 'ANGER',
}
"""Other names of expressions; our own names count in any case."""

FORMS = (
    'an .npz archive with images and votes and vote_names, with images and label and label_names, '
    'or with images or crops and va'
)
LEAST_VOTES = 4
"""Votes below which neither the most-voted expression nor the mean affect counts as known."""


@dataclass(frozen=True)
class LabelledFaces:
    """
    Faces with what is known about each.

    Args:
        images: N arrays of uint8, (H, W) or (H, W, 3) blue-green-red.
        expression: index into ``EXPRESSIONS``, -1 where unknown, shape (N,).
        affect: valence and arousal in [-1, 1], nan where unknown, shape (N, 2).
    """

    images: Sequence[np.ndarray]
    expression: np.ndarray
    affect: np.ndarray

    def __len__(self) -> int:
        return len(self.images)


def load_labelled_faces(path: str | Path) -> LabelledFaces:
    """
    The faces of an archive whose keys say which form it has.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it has none of the known forms.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f'no file {path.absolute()}; expected {FORMS}')
    with np.load(path) as archive:
        arrays = {key: archive[key] for key in archive.files}
    images = arrays.get('images', arrays.get('crops'))
    for keys, labels in LABELS_BY_KEYS.items():
        if images is not None and keys <= set(arrays):
            expression, affect = labels(images, arrays)
            return LabelledFaces(_to_bgr(images), expression, affect)
    raise ValueError(f'{path} holds {", ".join(sorted(arrays))}; expected {FORMS}')


def _from_votes(images: np.ndarray, arrays: dict) -> tuple[np.ndarray, np.ndarray]:
    """The most-voted of all classes where it is unique; the affect expected under the votes."""
    names = tuple(str(name) for name in arrays['vote_names'])
    faces = VotedFaces(images, arrays['votes'], names)
    votes = faces.expression_votes
    most = faces.votes.max(1)
    is_clear = ((faces.votes == most[:, None]).sum(1) == 1) & (most >= LEAST_VOTES)
    is_expression = votes.max(1) == most
    expression = np.where(is_clear & is_expression, votes.argmax(1), -1)
    affect, counted = expected_va(votes)
    affect[counted < LEAST_VOTES] = np.nan
    return expression, affect


def _from_labels(images: np.ndarray, arrays: dict) -> tuple[np.ndarray, np.ndarray]:
    """The label; the mean affect of its class."""
    indices = np.array([_index_of(str(name)) for name in arrays['label_names']])
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


def _index_of(name: str) -> int:
    ours = ALIASES.get(name.lower(), name.upper())
    return EXPRESSIONS.index(ours) if ours in EXPRESSIONS else -1


def _to_bgr(images: np.ndarray) -> Sequence[np.ndarray]:
    """Grey images as they are; the archives keep colour as red-green-blue."""
    if images.ndim == 3:
        return list(images)
    return [cv2.cvtColor(image, cv2.COLOR_RGB2BGR) for image in images]
