# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""IMFDB: faces of Indian films, in tables by actor and film."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from emotion_models.data.class_folders import FolderVaFaces
from emotion_models.data.labelled_faces import (
    UNKNOWN_AFFECT,
    FaceFile,
    LabelledFaces,
    expression_index,
    gather,
)
from emotion_models.limits import TABLE_BYTES, check_size
from emotion_models.reading import reading

FILE_COLUMN, CLASS_COLUMN = 2, 11
"""Of the tables, counted from 0."""

TABLE = 'a table of IMFDB: columns by tabs, the third the file, the twelfth the class'

NO_TABLE = 'folders of a film without its table'
SHORT_ROW = 'rows with too few columns'
NO_CLASS = 'rows of no known class'
REPLACED = 'rows replaced by a later one of the same image'


@dataclass(frozen=True)
class ImfdbVaFaces(FolderVaFaces):
    """
    IMFDB, split by actor.

    Args:
        path: folder with ACTOR/FILM/FILM.txt.
        annotations: IMFDB_va.json, valence and arousal by FILM_FILE; none = means of the class.
        held_out: part of the actors for validation.
        tested: part of the actors that is only reported on.
    """

    CONTENT = 'IMFDB, split by actor'
    LAYOUT = (
        'a folder with ACTOR/FILM/FILM.txt (columns by tabs, ISO-8859-1; the third the file, the '
        'twelfth the class) beside ACTOR/FILM/images/FILE'
    )
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'IMFDB',
        'source': 'Setty et al., "Indian Movie Face Database", NCVPRIPG 2013',
        'terms': 'research use',
        'affect': 'transferred from the classes',
    }

    def load_faces(self, path: Path) -> LabelledFaces:
        """Read the tables of all films."""
        return load_imfdb(path)


def load_imfdb(folder: Path) -> LabelledFaces:
    """
    IMFDB as `ACTOR/FILM/FILM.txt` beside `ACTOR/FILM/images/FILE`; key `FILM_FILE`.

    The tables are separated by tabs and encoded in ISO-8859-1. What cannot be used is counted:
    films without a table, rows that are too short or of no known class, rows whose key comes
    again (the last one counts), and rows without their image. The groups are the actors.

    Raises:
        ValueError: if no image has a class.
    """
    skipped: Counter[str] = Counter()
    files: dict[str, FaceFile] = {}
    for film in sorted(path for path in folder.glob('*/*') if path.is_dir()):
        if not (film / f'{film.name}.txt').is_file():
            skipped[NO_TABLE] += 1
            continue
        for file in _read_film(film, skipped):
            skipped[REPLACED] += file.key in files
            files[file.key] = file
    return gather(folder, files.values(), skipped)


def _read_film(film: Path, skipped: Counter[str]) -> Iterator[FaceFile]:
    path = film / f'{film.name}.txt'
    check_size(path, TABLE_BYTES)
    with reading(path, TABLE), path.open(encoding='iso-8859-1', newline='') as table:
        for row in csv.reader(table, delimiter='\t', quoting=csv.QUOTE_NONE):
            if not row:
                continue
            if len(row) <= CLASS_COLUMN:
                skipped[SHORT_ROW] += 1
                continue
            expression = expression_index(row[CLASS_COLUMN].strip())
            if expression < 0:
                skipped[NO_CLASS] += 1
                continue
            name = row[FILE_COLUMN].strip()
            path, key = film / 'images' / name, f'{film.name}_{name}'
            yield FaceFile(path, expression, UNKNOWN_AFFECT, key=key, group=film.parent.name)
