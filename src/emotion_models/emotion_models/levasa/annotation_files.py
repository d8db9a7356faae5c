# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The annotation files: JSON objects with one key for each image.

`NAME_labels.json` has class names, `NAME_va.json` pairs of valence and arousal as fractions in
-1..1 or in steps of -10..10, `NAME_va_discrete.json` pairs of whole numbers in -10..10.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from emotion_models.data.afew_va import load_afew_va
from emotion_models.data.archives import check_rows, load_arrays
from emotion_models.data.class_folders import load_class_folders
from emotion_models.data.imfdb import load_imfdb
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.labels.prototypes import CLASS_OF_EXPRESSION
from emotion_models.levasa.transfer import STEPS
from emotion_models.limits import TABLE_BYTES, read_text
from emotion_models.reading import FileError, reading

CLIP_ARRAYS = ('clip', 'frame', 'valence', 'arousal')
ENDINGS = ('_va_discrete', '_va', '_labels')
SOURCES = (
    'a JSON file of class names or of pairs of valence and arousal by image, an .npz archive with '
    'clip, frame, valence and arousal, or the folder of AFEW-VA, of IMFDB or with CLASS/FILE.png'
)


@dataclass(frozen=True)
class Annotations:
    """
    The labels of a data set: classes, or valence and arousal.

    Args:
        name: of the data set, the beginning of file names.
        keys: one for each of N images.
        classes: names of their classes, N of them or none.
        va: valence and arousal in [-1, 1], shape (N, 2) or none.
        in_steps: whether the data set states them in steps of -10..10.
        skipped: how many entries were left out, by the reason.
    """

    name: str
    keys: Sequence[str]
    classes: Sequence[str] | None = None
    va: np.ndarray | None = None
    in_steps: bool = False
    skipped: Mapping[str, int] = field(default_factory=dict)


def read_annotations(source: Path) -> Annotations:
    """
    Annotations of a JSON file, an archive or the folder of a data set.

    Raises:
        FileNotFoundError: if there is nothing at that path.
        ValueError: if it is none of these.
    """
    if not source.exists():
        raise FileNotFoundError(f'no file or folder {source.absolute()}; expected {SOURCES}')
    if source.is_dir():
        return read_folder(source)
    if source.suffix == '.json':
        return read_json(source)
    if source.suffix == '.npz':
        return read_clips(source)
    raise ValueError(f'{source} is not {SOURCES}')


def read_json(path: Path) -> Annotations:
    """
    Annotations of one JSON file; pairs beyond 1 anywhere are taken for steps of -10..10.

    Raises:
        ValueError: if it is not an object of class names or of pairs in -10..10.
    """
    with reading(path, 'a JSON file'):
        entries = json.loads(read_text(path, TABLE_BYTES))
    name, keys = name_of(path), list(entries) if isinstance(entries, dict) else []
    values = [entries[key] for key in keys]
    if values and all(isinstance(value, str) for value in values):
        return Annotations(name, keys, classes=values)
    pairs = _as_pairs(values)
    if pairs is None:
        raise FileError(
            f'{path}: expected one object with class names, or with pairs of valence and arousal '
            f'in -{STEPS}..{STEPS}'
        )
    in_steps = path.stem.endswith('_discrete') or np.abs(pairs).max() > 1
    return Annotations(name, keys, None, pairs / STEPS if in_steps else pairs, in_steps)


def read_clips(path: Path) -> Annotations:
    """
    Annotations of the frames of film clips, in steps, from an archive.

    Raises:
        ValueError: if a key is missing.
    """
    arrays = load_arrays(path, SOURCES)
    if missing := sorted({*CLIP_ARRAYS} - set(arrays)):
        raise FileError(f'{path} lacks {", ".join(missing)}; expected {SOURCES}')
    clip, frame, valence, arousal = (arrays[name] for name in CLIP_ARRAYS)
    check_rows(path, SOURCES, clip=clip, frame=frame, valence=valence, arousal=arousal)
    with reading(path, SOURCES):
        keys = [f'{int(c):03}_{int(f):05}' for c, f in zip(clip, frame, strict=True)]
        steps = np.stack([valence, arousal], 1).astype(float).reshape(-1, 2)
    if not (np.abs(steps) <= STEPS).all():
        raise FileError(f'{path}: expected valence and arousal in steps of -{STEPS}..{STEPS}')
    return Annotations('AFEW', keys, None, steps / STEPS, in_steps=True)


def read_folder(folder: Path) -> Annotations:
    """
    Annotations of the pictures of AFEW-VA, of IMFDB, or of folders named by their class.

    Raises:
        ValueError: if there is no labelled picture, or none of a class that has a prototype.
    """
    if any(path.stem == path.parent.name for path in folder.rglob('*.json')):
        faces = load_afew_va(folder)
        return Annotations('AFEW', faces.keys, None, faces.affect, True, faces.skipped)
    is_imfdb = any(path.stem == path.parent.name for path in folder.glob('*/*/*.txt'))
    faces = load_imfdb(folder) if is_imfdb else load_class_folders(folder)
    names = [CLASS_OF_EXPRESSION.get(EXPRESSIONS[place], '') for place in faces.expression]
    keys = [key for key, name in zip(faces.keys, names, strict=True) if name]
    if not keys:
        raise ValueError(f'{folder} has no picture of {", ".join(CLASS_OF_EXPRESSION.values())}')
    skipped = {**faces.skipped, 'of a class without prototype': len(names) - len(keys)}
    name = 'IMFDB' if is_imfdb else folder.resolve().name
    return Annotations(name, keys, list(filter(None, names)), skipped=skipped)


def write_json(path: Path, keys: Sequence[str], values: Sequence) -> None:
    """One object with a line for each key."""
    entries = (
        f'{json.dumps(key)}: {json.dumps(value)}' for key, value in zip(keys, values, strict=True)
    )
    path.write_text('{\n' + ',\n'.join(entries) + '\n}\n', encoding='utf-8')


def name_of(path: Path) -> str:
    """The name of the data set in a file name."""
    for ending in ENDINGS:
        if path.stem.endswith(ending):
            return path.stem.removesuffix(ending)
    return path.stem


def _as_pairs(values: Sequence) -> np.ndarray | None:
    try:
        pairs = np.array(values, float)
    except (TypeError, ValueError):
        return None
    is_pairs = pairs.ndim == 2 and pairs.shape[1] == 2
    return pairs if is_pairs and np.all(np.abs(pairs) <= STEPS) else None
