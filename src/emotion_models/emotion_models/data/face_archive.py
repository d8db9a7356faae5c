# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Faces of one archive (.npz), whose keys say which labels it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np

from emotion_models.data.archives import check_affect, check_rows, check_votes, load_arrays
from emotion_models.data.data_set import Parts
from emotion_models.data.labelled_faces import LabelledFaces, expression_index
from emotion_models.data.va_faces import PictureVaFaces
from emotion_models.data.voted_faces import VOTE_NAMES, VotedFaces, label_by_votes
from emotion_models.labels.expressions import EXPRESSIONS, VA_MEANS
from emotion_models.reading import FileError

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
    arrays = load_arrays(path, ARCHIVE_FORMS)
    images = arrays.get('images', arrays.get('crops'))
    for keys, labels in LABELS_BY_KEYS.items():
        if images is not None and keys <= set(arrays):
            _check_images(path, images)
            expression, affect = labels(path, images, arrays)
            subjects = arrays.get('subject')
            if subjects is not None:
                check_rows(path, ARCHIVE_FORMS, images=images, subject=subjects)
            groups = [] if subjects is None else [str(subject) for subject in subjects]
            return LabelledFaces(_to_bgr(images), expression, affect, groups=groups)
    raise FileError(
        f'{path} holds {", ".join(sorted(arrays)) or "nothing"}; expected {ARCHIVE_FORMS}'
    )


def _check_images(path: Path, images: np.ndarray) -> None:
    is_stack = images.ndim == 3 or (images.ndim == 4 and images.shape[3] == 3)
    if images.dtype != np.uint8 or not is_stack or not images.size:
        raise FileError(
            f'{path} holds images of {images.dtype} {images.shape}; expected uint8 (N, H, W) in '
            'grey or (N, H, W, 3) RGB, at least one'
        )


def _from_votes(path: Path, images: np.ndarray, arrays: dict) -> tuple[np.ndarray, np.ndarray]:
    votes, names = arrays['votes'], tuple(str(name) for name in arrays['vote_names'].ravel())
    check_rows(path, ARCHIVE_FORMS, images=images, votes=votes)
    check_votes(path, votes, names)
    if missing := sorted({*VOTE_NAMES.values()} - {*names}):
        raise FileError(f'{path} has no votes for {", ".join(missing)}; expected {ARCHIVE_FORMS}')
    return label_by_votes(VotedFaces(images, votes, names))


def _from_labels(path: Path, images: np.ndarray, arrays: dict) -> tuple[np.ndarray, np.ndarray]:
    """The label; the mean affect of its class."""
    label, names = arrays['label'], [str(name) for name in arrays['label_names'].ravel()]
    check_rows(path, ARCHIVE_FORMS, images=images, label=label)
    if label.ndim != 1 or label.dtype.kind not in 'iu' or not _are_within(label, len(names)):
        raise FileError(
            f'{path}: label must be whole numbers (N,) from 0 to {len(names) - 1}, the places in '
            f'label_names; got {label.dtype} {label.shape} from {label.min()} to {label.max()}'
        )
    expression = np.array([expression_index(name) for name in names])[label]
    means = np.array([VA_MEANS.get(name, (np.nan, np.nan)) for name in EXPRESSIONS])
    return expression, np.where(expression[:, None] >= 0, means[expression], np.nan)


def _are_within(numbers: np.ndarray, end: int) -> bool:
    return bool(numbers.min() >= 0 and numbers.max() < end)


def _from_affect(path: Path, images: np.ndarray, arrays: dict) -> tuple[np.ndarray, np.ndarray]:
    """Rated affect; no expression."""
    check_rows(path, ARCHIVE_FORMS, images=images, va=arrays['va'])
    return np.full(len(images), -1), check_affect(path, 'va', arrays['va'])


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
