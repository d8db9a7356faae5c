# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Faces of one archive (.npz), whose keys say which labels it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np

from emotion_models.data.data_set import Parts
from emotion_models.data.labelled_faces import LabelledFaces, expression_index
from emotion_models.data.va_faces import PictureVaFaces
from emotion_models.data.voted_faces import VotedFaces, label_by_votes
from emotion_models.labels.expressions import EXPRESSIONS, VA_MEANS

ARCHIVE_FORMS = (
    'an .npz archive with images and votes and vote_names, with images and label and label_names, '
    'or with images or crops and va'
)


@dataclass(frozen=True)
class ArchiveVaFaces(PictureVaFaces):
    """
    The faces of one archive (.npz), split by subject where it names them.

    Args:
        path: archive with images and va, label or votes.
        held_out: part of the subjects, or else of the faces, for validation.
        tested: part that is only reported on.
    """

    CONTENT = 'faces of one archive, split by subject where it names them'
    LAYOUT = (
        'an .npz archive with images or crops and with va (N, 2), or with label and label_names, '
        'or with votes and vote_names; perhaps with subject (N,)'
    )
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'an archive of faces',
        'terms': 'those of its faces',
    }

    path: str
    held_out: float = 0.1
    tested: float = 0.1

    def load_faces(self, path: Path) -> LabelledFaces:
        """Read the archive."""
        return load_archive(path)

    def load_parts(self, seed: int) -> Parts:
        """Split at random, by subject where they are known."""
        return self.read(self.path).parts(self.held_out, self.tested, seed)


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
    """Grey images as they are; the archives keep colour as RGB."""
    if images.ndim == 3:
        return list(images)
    return [cv2.cvtColor(image, cv2.COLOR_RGB2BGR) for image in images]
