# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Labelled faces by name or path."""

import os
from pathlib import Path

from emotion_models.data.afew_va import find_clips, load_afew_va
from emotion_models.data.affectnet import load_affectnet_arrays
from emotion_models.data.face_archive import ARCHIVE_FORMS, load_archive
from emotion_models.data.face_table import load_table
from emotion_models.data.labelled_faces import LabelledFaces

REPORTED_PARTS = ('test', 'valid')
"""Endings of the archives, the best first, that a folder with several is evaluated on."""

FOLDER_FORMS = (
    'a folder with a table (.csv: file,valence,arousal[,expression], or as AffectNet has it), '
    "with AffectNet's images/N.jpg and annotations/N_{exp,val,aro}.npy, or with AFEW-VA's "
    'CLIP/CLIP.json'
)


def load_labelled_faces(data: str | Path) -> LabelledFaces:
    """
    Faces to evaluate on.

    Args:
        data: archive (.npz), table (.csv), folder, or the name of one in the folder of shared data
            (see `find_data`).

    Raises:
        FileNotFoundError: if there is nothing of that name.
        ValueError: if it has none of the known forms.
    """
    path = find_data(data)
    if path.is_dir():
        archive = _choose_archive(path)
        return load_folder(path) if archive is None else load_archive(archive)
    return load_table(path) if path.suffix.lower() == '.csv' else load_archive(path)


def load_folder(folder: Path) -> LabelledFaces:
    """
    The faces of a folder whose content says which layout it has.

    Raises:
        ValueError: if it has none of the known layouts, or no labelled face.
    """
    if (folder / 'annotations').is_dir():
        return load_affectnet_arrays(folder)
    tables = sorted(folder.glob('*.csv'))
    if len(tables) == 1:
        return load_table(tables[0])
    if tables:
        names = ', '.join(table.name for table in tables)
        raise ValueError(f'{folder} holds several tables: {names}; name one of them')
    if find_clips(folder):
        return load_afew_va(folder)
    raise ValueError(f'{folder} holds no labelled faces that are known; expected {FOLDER_FORMS}')


def find_data(data: str | Path) -> Path:
    """
    The file or folder of a path, or of a name below `$EMOTION_AGENT_SHARED/data`.

    Where that variable is not set, `../shared/data` is looked into.

    Raises:
        FileNotFoundError: if there is none.
    """
    shared = Path(os.environ.get('EMOTION_AGENT_SHARED', '../shared')) / 'data'
    named = [shared / data, *sorted(shared.glob(f'*/{Path(data).stem}.npz'))]
    for path in (Path(data), *named):
        if path.exists():
            return path
    raise FileNotFoundError(
        f'no file or folder {Path(data).absolute()}, and none of that name in '
        f'{shared.absolute()}; expected {ARCHIVE_FORMS}, or {FOLDER_FORMS}'
    )


def _choose_archive(folder: Path) -> Path | None:
    """The archive of a folder to evaluate on, never the one to train on; none if it has none."""
    archives = sorted(folder.glob('*.npz'))
    for ending in REPORTED_PARTS:
        for archive in archives:
            if archive.stem.endswith(ending):
                return archive
    if len(archives) > 1:
        names = ', '.join(archive.name for archive in archives)
        raise ValueError(f'{folder} holds several archives: {names}; name one of them')
    return archives[0] if archives else None
