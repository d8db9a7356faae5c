# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Faces sorted into a folder for each class."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from emotion_models.data.data_set import Parts
from emotion_models.data.labelled_faces import (
    UNKNOWN_AFFECT,
    FaceFile,
    LabelledFaces,
    expression_index,
    gather,
)
from emotion_models.data.va_faces import PictureVaFaces, RatedPictures, annotated_affect
from emotion_models.imaging.files import is_hidden

PICTURE_ENDINGS = ('.png', '.jpg', '.jpeg')


@dataclass(frozen=True)
class FolderVaFaces(PictureVaFaces):
    """
    Faces sorted into a folder for each class.

    Args:
        path: folder with CLASS/FILE.png.
        annotations: JSON file of valence and arousal by CLASS/FILE.png; none = means of the class.
        held_out: part of the faces for validation.
        tested: part that is only reported on.
    """

    CONTENT = 'faces sorted by class, as FER2013 is often stored'
    LAYOUT = 'a folder with CLASS/FILE.png'
    ORIGIN: ClassVar[dict[str, str]] = {'name': 'faces in folders', 'terms': 'those of its faces'}

    path: str
    annotations: str | None = None
    held_out: float = 0.1
    tested: float = 0.1

    def load_faces(self, path: Path) -> LabelledFaces:
        """Read the names of the files."""
        return load_class_folders(path)

    def rate(self, faces: LabelledFaces) -> RatedPictures:
        """By the annotation file, if one is given."""
        rated = super().rate(faces)
        if self.annotations:
            rated.affect[:] = annotated_affect(self.annotations, faces.keys)
        return rated

    def load_parts(self, seed: int) -> Parts:
        """Split at random, by group where groups are known."""
        return self.read(self.path).parts(self.held_out, self.tested, seed)


def load_class_folders(folder: Path) -> LabelledFaces:
    """
    Pictures as `CLASS/FILE.png`, as FER2013 is often stored; key `CLASS/FILE.png`.

    Raises:
        ValueError: if there is no picture in a folder that has the name of an expression.
    """
    return gather(folder, _read_class_folders(folder))


def _read_class_folders(folder: Path) -> Iterator[FaceFile]:
    visible = (path for path in folder.iterdir() if not is_hidden(path))
    for inner in sorted(path for path in visible if path.is_dir()):
        expression = expression_index(inner.name)
        for path in sorted(inner.iterdir()):
            if path.suffix.lower() in PICTURE_ENDINGS and not is_hidden(path):
                key = f'{inner.name}/{path.name}'
                yield FaceFile(path, expression, UNKNOWN_AFFECT, key=key)
