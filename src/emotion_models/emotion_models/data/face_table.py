# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Faces listed in a table (.csv), of one's own or of AffectNet."""

import zipfile
from pathlib import Path

import numpy as np

from emotion_models.data.labelled_faces import (
    FaceFile,
    LabelledFaces,
    Square,
    gather,
    parse_affect,
    parse_expression,
)
from emotion_models.data.tables import read_table
from emotion_models.imaging.framing import Framing
from emotion_models.reading import FileError

FILE_COLUMNS = ('file', 'subdirectory_filepath')
BOX_COLUMNS = ('face_x', 'face_y', 'face_width', 'face_height')
AFFECTNET_IMAGES = 'Manually_Annotated_Images'

EXPECTED = (
    'a table with file,valence,arousal[,expression] separated by commas, or that of AffectNet'
)

BOX_FRAMING = Framing(side=1.0, down=0.0)


def load_table(path: Path) -> LabelledFaces:
    """
    The faces of a table: a file in each row, relative to it, with affect or expression or both.

    The pictures may lie in an archive of the table's name (.zip) beside it.

    The columns are `file,valence,arousal[,expression]`, the expression a name or a code of
    AffectNet, or those of AffectNet's own tables, whose face boxes are used.

    Raises:
        ValueError: if columns are missing or no row has a picture and a label.
    """
    columns, rows = read_table(path, EXPECTED, lower_case=True)
    file_column = next((name for name in FILE_COLUMNS if name in columns), None)
    is_labelled = {'valence', 'arousal'} <= set(columns) or 'expression' in columns
    if file_column is None or not is_labelled:
        raise FileError(
            f'{path} has the columns {", ".join(columns) or "of no header"}; expected {EXPECTED}'
        )
    names = [row[file_column].strip() for row in rows]
    folder = _image_folder(path, names)
    files = (
        FaceFile(
            folder / name,
            parse_expression(row.get('expression')),
            parse_affect(row.get('valence'), row.get('arousal')),
            _box(row),
            name,
        )
        for name, row in zip(names, rows, strict=True)
    )
    return gather(path, files)


def _image_folder(table: Path, names: list[str]) -> Path | zipfile.Path:
    """Where the pictures are: in the table's archive, beside it, or where AffectNet has them."""
    archive = table.with_suffix('.zip')
    if archive.is_file():
        return zipfile.Path(archive)
    here, above = table.parent, table.parent.parent
    for folder in (here, here / AFFECTNET_IMAGES, above / AFFECTNET_IMAGES):
        if any((folder / name).is_file() for name in names[:100]):
            return folder
    return here


def _box(row: dict[str, str]) -> Square | None:
    try:
        return BOX_FRAMING.square_about(np.array([float(row[name]) for name in BOX_COLUMNS]))
    except (KeyError, TypeError, ValueError):
        return None
