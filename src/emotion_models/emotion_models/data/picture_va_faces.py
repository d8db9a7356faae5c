# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Face pictures in files, with valence and arousal rated or transferred to them."""

import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch.utils.data import Dataset

from emotion_models.data.catalogue import DataSet
from emotion_models.data.fer_va_faces import class_indices
from emotion_models.data.labelled_faces import LabelledFaces
from emotion_models.data.va_faces import FACE_PX, Batch, VaFaces
from emotion_models.imaging.images import cut_square, fit_square
from emotion_models.labels.prototypes import AFFECTNET_PROTOTYPES

STEPS = 10
"""Annotation files may state valence and arousal in whole steps of -10..10."""


class PictureSet(Dataset[Batch]):
    """
    Some of the faces of a data set, read when they are asked for.

    Args:
        faces: all of them.
        affect: valence and arousal of all, (N, 2).
        expression: index of the class of all, -1 where unknown, (N,).
        chosen: which belong to the set.
        crop: show the face alone where it is known where it lies; else the whole picture.
    """

    def __init__(
        self,
        faces: LabelledFaces,
        affect: np.ndarray,
        expression: np.ndarray,
        chosen: np.ndarray,
        crop: bool,
    ) -> None:
        self.faces, self.chosen, self.crop = faces, chosen, crop
        self.affect = torch.as_tensor(affect[chosen], dtype=torch.float32)
        self.expression = torch.as_tensor(expression[chosen], dtype=torch.int64)

    def __len__(self) -> int:
        return len(self.chosen)

    def __getitems__(self, indices: Sequence[int]) -> Batch:
        """A whole batch at once."""
        rows = torch.as_tensor(indices)
        images = np.stack([self._picture(int(self.chosen[index])) for index in indices])
        return torch.from_numpy(images), self.affect[rows], self.expression[rows]

    def _picture(self, index: int) -> np.ndarray:
        """Uint8 (3, 64, 64), red-green-blue."""
        image = self.faces.images[index]
        if image is None:
            raise ValueError(f'the picture {self.faces.keys[index]} cannot be read; remove it')
        square = self.faces.squares.get(index) if self.crop else None
        face = (
            fit_square(image, FACE_PX) if square is None else cut_square(image, *square, FACE_PX)
        )
        if face.ndim == 2:
            return np.repeat(face[None], 3, 0)
        return cv2.cvtColor(face, cv2.COLOR_BGR2RGB).transpose(2, 0, 1)


class PictureVaFaces(VaFaces):
    """
    Pictures of one of the seven classes, or with rated valence and arousal, or both.

    Where they are not rated, valence and arousal come from an annotation file that
    `emotion-models transfer-annotations` has written, or else are the mean of the class.
    """

    classes = AFFECTNET_PROTOTYPES.names
    prototypes = AFFECTNET_PROTOTYPES
    DATA_SET: DataSet

    def load_faces(self, path: Path) -> LabelledFaces:
        """The faces of a file or folder that is there."""
        raise NotImplementedError

    def split(self, faces: LabelledFaces) -> Mapping[str, np.ndarray]:
        """Indices of the faces of each part: by group, or by image where none is known."""
        groups = np.array(faces.groups or np.arange(len(faces)).astype(str))
        names = np.random.default_rng(self.hparams.seed).permutation(np.unique(groups))
        shares = self.hparams.held_out, self.hparams.get('tested', 0.0)
        held, tested = (round(share * len(names)) for share in shares)
        return {
            'training': np.flatnonzero(np.isin(groups, names[held + tested :])),
            'validation': np.flatnonzero(np.isin(groups, names[:held])),
            'test': np.flatnonzero(np.isin(groups, names[held : held + tested])),
        }

    def load_parts(self) -> Mapping[str, PictureSet]:
        """Read the labels, and split them."""
        faces, affect, expression = self.read(self.hparams.path)
        rated = np.isfinite(affect[:, 0])
        crop = self.hparams.get('crop', True)
        return {
            part: PictureSet(faces, affect, expression, chosen[rated[chosen]], crop)
            for part, chosen in self.split(faces).items()
        }

    def read(self, path: str | Path) -> tuple[LabelledFaces, np.ndarray, np.ndarray]:
        """
        Faces, valence and arousal (N, 2) with nan where they are not known, and classes (N,).

        Raises:
            FileNotFoundError: if the path or an annotation file is not there.
            ValueError: if it is laid out otherwise.
        """
        try:
            faces = self.load_faces(self.DATA_SET.check_path(path))
        except ValueError as error:
            raise ValueError(f'{error}; expected {self.DATA_SET.layout}') from error
        if faces.skipped:
            reasons = ', '.join(f'{count} {why}' for why, count in faces.skipped.items())
            warnings.warn(f'{path}: left out {reasons}', stacklevel=2)
        expression = class_indices(faces.expression)
        if annotations := self.hparams.get('annotations'):
            return faces, _look_up(annotations, faces.keys), expression
        affect = np.array(faces.affect, float)
        lacking = np.isnan(affect[:, 0]) & (expression >= 0)
        affect[lacking] = self.prototypes.mean[expression[lacking]]
        return faces, affect, expression


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
    return json.loads(Path(path).read_text(encoding='utf-8'))


def _look_up(path: str, keys: Sequence[str]) -> np.ndarray:
    """Valence and arousal of the keys by a file, (N, 2); nan for those it does not have."""
    entries = read_annotation_file(path)
    affect = np.array([entries.get(key, (np.nan, np.nan)) for key in keys], float)
    if np.isnan(affect).all():
        raise ValueError(f'{path} has none of the images, for example not {keys[0]}')
    return affect / STEPS if np.nanmax(np.abs(affect)) > 1 else affect
