# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""AffectNet: faces from the web whose valence and arousal were rated."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from emotion_models.data.archives import load_array
from emotion_models.data.data_set import Parts
from emotion_models.data.face_table import load_table
from emotion_models.data.labelled_faces import (
    FaceFile,
    LabelledFaces,
    gather,
    parse_affect,
    parse_expression,
)
from emotion_models.data.va_faces import PictureVaFaces, RatedPictures
from emotion_models.reading import FileError


@dataclass(frozen=True)
class AffectNetVaFaces(PictureVaFaces):
    """
    AffectNet: faces of the classes 0 to 6 whose valence and arousal were rated.

    Args:
        path: training.csv, or the folder of the numbered arrays.
        test_path: validation.csv, or the folder of its arrays; only reported on.
        held_out: part of the faces of `path` for validation.
    """

    CONTENT = 'AffectNet, rated faces of the classes 0 to 6'
    LAYOUT = (
        "AffectNet's table (.csv: subDirectory_filePath, face_x, face_y, face_width, face_height, "
        'expression, valence, arousal) beside its pictures or below Manually_Annotated_Images, or '
        'a folder with images/N.jpg and annotations/N_{exp,val,aro}.npy'
    )
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'AffectNet',
        'source': 'Mollahosseini, Hasani, Mahoor, "AffectNet", arXiv 1708.03985',
        'terms': 'non-commercial research',
        'affect': 'rated',
    }

    path: str
    test_path: str
    held_out: float = 0.05

    def load_faces(self, path: Path) -> LabelledFaces:
        """Read a table, or the names of the arrays."""
        return load_affectnet_arrays(path) if path.is_dir() else load_table(path)

    def rate(self, faces: LabelledFaces) -> RatedPictures:
        """Without what has no class or rating of its own."""
        rated = super().rate(faces)
        rated.affect[(rated.expression < 0) | np.isnan(faces.affect[:, 0])] = np.nan
        return rated

    def load_parts(self, seed: int) -> Parts:
        """Split the one, and take the other for the test."""
        pictures, tested = self.read(self.path), self.read(self.test_path)
        validation, training = pictures.split([self.held_out], seed)
        return {
            'training': pictures.part(training),
            'validation': pictures.part(validation),
            'test': tested.part(np.arange(len(tested.faces))),
        }


def load_affectnet_arrays(folder: Path) -> LabelledFaces:
    """
    AffectNet as `images/N.jpg` with `annotations/N_exp.npy`, `N_val.npy` and `N_aro.npy`.

    Raises:
        ValueError: if no image has a label.
    """
    numbered = [path for path in (folder / 'images').glob('*') if path.stem.isdecimal()]
    numbered.sort(key=lambda path: int(path.stem))
    return gather(folder, (_with_arrays(path, folder) for path in numbered))


def _with_arrays(path: Path, folder: Path) -> FaceFile:
    expression, valence, arousal = (
        _read_number(folder / 'annotations' / f'{path.stem}_{kind}.npy')
        for kind in ('exp', 'val', 'aro')
    )
    affect = parse_affect(valence, arousal)
    return FaceFile(path, parse_expression(expression), affect, key=path.name)


def _read_number(path: Path) -> str | None:
    """The one number of a file, which AffectNet stores as text; none where there is no file."""
    if not path.is_file():
        return None
    values = load_array(path, 'one number').ravel()
    if values.size != 1:
        raise FileError(f'{path} holds {values.size} numbers; expected one')
    return str(values[0])
