# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What all data sets of faces with valence and arousal give."""

import json
import warnings
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import cv2
import numpy as np

from emotion_models.data.data_set import Batch, DataSet, InMemory, Part, Parts
from emotion_models.data.labelled_faces import LabelledFaces
from emotion_models.data.splits import split_groups
from emotion_models.imaging.images import cut_square, fit_square
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.labels.prototypes import (
    AFFECTNET_PROTOTYPES,
    CLASS_OF_EXPRESSION,
    Prototypes,
)
from emotion_models.limits import TABLE_BYTES, read_text
from emotion_models.reading import FileError, reading

FACE_PX = 64

STEPS = 10
"""Annotation files may state valence and arousal in whole steps of -10..10."""

ANNOTATION_FILE = 'a JSON object of valence and arousal, or of classes, by the key of the image'


class VaBatch(NamedTuple):
    """Faces, and what is known about them; arrays of the readers, or tensors for training."""

    images: Any  # uint8 (B, 3, 64, 64) RGB, grey repeated
    affect: Any  # float32 (B, 2) valence and arousal in [-1, 1]
    expression: Any  # int64 (B,) index into the classes, -1 where unknown


class VaFaces(DataSet):
    """
    Faces with valence, arousal and, where it is known, a class; a batch is a `VaBatch`.

    `prototypes` has a row for each of the `classes`.
    """

    classes: ClassVar[tuple[str, ...]] = AFFECTNET_PROTOTYPES.names
    prototypes: ClassVar[Prototypes] = AFFECTNET_PROTOTYPES


class GreyFaces(InMemory):
    """
    Grey faces in memory.

    Args:
        images: uint8 (N, 64, 64).
        affect: valence and arousal in [-1, 1], float32 (N, 2).
        expression: index of the class, -1 where unknown, int64 (N,).
    """

    def __init__(self, images: np.ndarray, affect: np.ndarray, expression: np.ndarray) -> None:
        super().__init__(VaBatch(images[:, None], affect, expression))

    def take(self, rows: np.ndarray) -> Batch:
        """A `VaBatch` with three equal channels."""
        images, affect, expression = super().take(rows)
        return VaBatch(np.repeat(images, 3, 1), affect, expression)


class PictureFaces(Part):
    """
    Faces whose pictures are read when they are asked for.

    Args:
        faces: pictures with their labels.
        affect: valence and arousal of all faces, (N, 2).
        expression: index of the class of all faces, -1 where unknown, (N,).
        rows: which faces belong to the part.
        crop: show the face alone where its place is known; else the whole picture.
    """

    def __init__(
        self,
        faces: LabelledFaces,
        affect: np.ndarray,
        expression: np.ndarray,
        rows: np.ndarray,
        crop: bool,
    ) -> None:
        self.faces, self.rows, self.crop = faces, rows, crop
        self.affect = affect[rows].astype(np.float32)
        self.expression = expression[rows].astype(np.int64)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def groups(self) -> set[str]:
        """Whom or which clips it shows."""
        return {self.faces.groups[row] for row in self.rows}

    def take(self, rows: np.ndarray) -> Batch:
        """
        Read a `VaBatch`.

        Raises:
            ValueError: if a picture cannot be read.
        """
        images = np.empty((len(rows), 3, FACE_PX, FACE_PX), np.uint8)
        for image, row in zip(images, self.rows[rows].tolist(), strict=True):
            image[:] = self._picture(row)
        return VaBatch(images, self.affect[rows], self.expression[rows])

    def _picture(self, row: int) -> np.ndarray:
        """Uint8 (3, 64, 64), RGB."""
        image = self.faces.images[row]
        if image is None:
            raise FileError(f'the picture {self.faces.keys[row]} cannot be read; remove it')
        square = self.faces.squares.get(row) if self.crop else None
        face = (
            fit_square(image, FACE_PX) if square is None else cut_square(image, *square, FACE_PX)
        )
        if face.ndim == 2:
            return np.repeat(face[None], 3, 0)
        return cv2.cvtColor(face, cv2.COLOR_BGR2RGB).transpose(2, 0, 1)


@dataclass(frozen=True)
class RatedPictures:
    """
    Pictures with valence and arousal, as far as they are known.

    Args:
        faces: N pictures with what their data set says about them.
        affect: valence and arousal in [-1, 1], nan where unknown, (N, 2).
        expression: index into the classes, -1 where unknown, (N,).
    """

    faces: LabelledFaces
    affect: np.ndarray
    expression: np.ndarray

    def part(self, rows: np.ndarray, crop: bool = True) -> PictureFaces:
        """Those of the rows whose valence and arousal are known; for `crop` see `PictureFaces`."""
        rated = rows[np.isfinite(self.affect[rows]).all(1)]
        return PictureFaces(self.faces, self.affect, self.expression, rated, crop)

    def split(self, shares: Sequence[float], seed: int) -> list[np.ndarray]:
        """Rows of parts that share no group, or no picture where groups are not known."""
        groups = self.faces.groups or np.arange(len(self.faces)).astype(str)
        return split_groups(np.array(groups), shares, seed)

    def parts(self, held_out: float, tested: float, seed: int) -> Parts:
        """Shares of the groups, or else of the pictures, for validation and test."""
        validation, test, training = self.split([held_out, tested], seed)
        return {
            'training': self.part(training),
            'validation': self.part(validation),
            'test': self.part(test),
        }


class PictureVaFaces(VaFaces):
    """
    Pictures of one of the seven classes, or with rated valence and arousal, or both.

    Where they are not rated, valence and arousal are the mean of the class.
    """

    @abstractmethod
    def load_faces(self, path: Path) -> LabelledFaces:
        """The faces of a file or folder that is there."""

    def rate(self, faces: LabelledFaces) -> RatedPictures:
        """Valence and arousal as rated, or else the mean of the class."""
        expression = class_indices(faces.expression)
        affect = np.array(faces.affect, float)
        lacking = np.isnan(affect[:, 0]) & (expression >= 0)
        affect[lacking] = self.prototypes.mean[expression[lacking]]
        return RatedPictures(faces, affect, expression)

    def read(self, path: str | Path) -> RatedPictures:
        """
        All faces at a path; what was left out is said in a warning.

        Raises:
            FileNotFoundError: if the path or an annotation file is not there.
            ValueError: if it is laid out otherwise.
        """
        try:
            faces = self.load_faces(self.check_path(path))
        except ValueError as error:
            raise ValueError(f'{error}; expected {self.LAYOUT}') from error
        if faces.skipped:
            reasons = ', '.join(f'{count} {why}' for why, count in faces.skipped.items())
            warnings.warn(f'{path}: left out {reasons}', stacklevel=2)
        return self.rate(faces)


def class_indices(expression: np.ndarray) -> np.ndarray:
    """Indices into the seven classes of indices into `EXPRESSIONS`; -1 where there is none."""
    names = AFFECTNET_PROTOTYPES.names
    classes = [
        names.index(CLASS_OF_EXPRESSION[name]) if name in CLASS_OF_EXPRESSION else -1
        for name in EXPRESSIONS
    ]
    return np.array([*classes, -1])[expression]


def read_annotation_file(path: str) -> dict[str, Any]:
    """
    What `emotion-models transfer-annotations` has written, by the key of the image.

    Raises:
        FileNotFoundError: if there is no such file.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(
            f'no file {Path(path).absolute()}; emotion-models transfer-annotations writes it'
        )
    with reading(path, ANNOTATION_FILE):
        entries = json.loads(read_text(Path(path), TABLE_BYTES))
    if not isinstance(entries, dict):
        raise FileError(f'{path} holds a {type(entries).__name__}; expected {ANNOTATION_FILE}')
    return entries


def annotated_affect(path: str, keys: Sequence[str]) -> np.ndarray:
    """
    Valence and arousal of images by an annotation file, (N, 2); nan where it has none.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it has none of the images.
    """
    entries = read_annotation_file(path)
    unknown = (np.nan, np.nan)
    with reading(path, ANNOTATION_FILE):
        affect = np.array([entries.get(key, unknown) for key in keys], float).reshape(-1, 2)
    greatest = np.nanmax(np.abs(affect), initial=0)
    if greatest > STEPS:
        raise FileError(
            f'{path} has values up to {greatest:g}; expected valence and arousal in [-1, 1], or '
            f'in steps of -{STEPS}..{STEPS}'
        )
    if (np.isnan(affect).sum(1) == 1).any():
        raise FileError(f'{path} has values that are no numbers; expected {ANNOTATION_FILE}')
    if np.isnan(affect).all():
        raise FileError(f'{path} has none of the images, for example not {keys[0]}')
    return affect / STEPS if greatest > 1 else affect
