# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Faces sorted into folders by their class, and IMFDB with its tables."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from emotion_models.data.face_folders import UNKNOWN_AFFECT, FaceFile, gather
from emotion_models.data.labelled_faces import LabelledFaces, expression_index

PICTURE_ENDINGS = ('.png', '.jpg', '.jpeg')

IMFDB_FILE, IMFDB_CLASS = 2, 11
"""Columns of IMFDB's tables, counted from 0."""

NO_TABLE = 'folders of a film without its table'
SHORT_ROW = 'rows with too few columns'
NO_CLASS = 'rows of no known class'
REPLACED = 'rows replaced by a later one of the same image'


def load_class_folders(folder: Path) -> LabelledFaces:
    """
    Pictures as `CLASS/FILE.png`, as FER2013 is often stored; key `CLASS/FILE.png`.

    Raises:
        ValueError: if there is no picture in a folder that has the name of an expression.
    """
    return gather(folder, _read_class_folders(folder))


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


def _read_class_folders(folder: Path) -> Iterator[FaceFile]:
    for inner in sorted(path for path in folder.iterdir() if path.is_dir()):
        expression = expression_index(inner.name)
        for path in sorted(inner.iterdir()):
            if path.suffix.lower() in PICTURE_ENDINGS:
                key = f'{inner.name}/{path.name}'
                yield FaceFile(path, expression, UNKNOWN_AFFECT, key=key)


def _read_film(film: Path, skipped: Counter[str]) -> Iterator[FaceFile]:
    with (film / f'{film.name}.txt').open(encoding='iso-8859-1', newline='') as table:
        for row in csv.reader(table, delimiter='\t', quoting=csv.QUOTE_NONE):
            if not row:
                continue
            if len(row) <= IMFDB_CLASS:
                skipped[SHORT_ROW] += 1
                continue
            expression = expression_index(row[IMFDB_CLASS].strip())
            if expression < 0:
                skipped[NO_CLASS] += 1
                continue
            name = row[IMFDB_FILE].strip()
            path, key = film / 'images' / name, f'{film.name}_{name}'
            yield FaceFile(path, expression, UNKNOWN_AFFECT, key=key, group=film.parent.name)
