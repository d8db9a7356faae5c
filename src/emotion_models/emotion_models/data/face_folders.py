# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Folders of labelled face pictures: a table, AffectNet's and AFEW-VA's published layouts."""

import csv
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from emotion_models.data.labelled_faces import LabelledFaces, Square, expression_index
from emotion_models.imaging.framing import Framing
from emotion_models.labels.expressions import EXPRESSIONS

UNKNOWN_AFFECT = (math.nan, math.nan)
NOT_ANNOTATED = -2.0
"""What AffectNet writes for valence and arousal that nobody has rated."""

FILE_COLUMNS = ('file', 'subdirectory_filepath')
BOX_COLUMNS = ('face_x', 'face_y', 'face_width', 'face_height')
AFFECTNET_IMAGES = 'Manually_Annotated_Images'

BOX_FRAMING = Framing(side=1.0, down=0.0)
LANDMARK_FRAMING = Framing(side=1.25, down=-0.15)
"""From the box about 68 landmarks, brows to chin and jaw to jaw, to a square with the forehead."""

AFEW_VA_UNIT = 10

NO_IMAGE = 'without their image'
NO_LABEL = 'without a label'
NO_NUMBER = 'whose valence or arousal is no number in range'
NO_ANNOTATION = 'clips without annotation'

FOLDER_FORMS = (
    'a folder with a table (.csv: file,valence,arousal[,expression], or as AffectNet has it), '
    "with AffectNet's images/N.jpg and annotations/N_{exp,val,aro}.npy, or with AFEW-VA's "
    'CLIP/CLIP.json'
)


@dataclass(frozen=True)
class FaceFile:
    """
    A picture and what is known about the face in it.

    Args:
        path: of the picture.
        expression: index into `EXPRESSIONS`, -1 where unknown.
        affect: valence and arousal in [-1, 1], nan where unknown; none if no numbers in range.
        square: where the face lies; none = the picture is the face.
        key: its name in annotation files.
        group: whom or which clip it shows; empty = not known.
    """

    path: Path
    expression: int
    affect: tuple[float, float] | None
    square: Square | None = None
    key: str = ''
    group: str = ''


class Pictures(Sequence):
    """Pictures read from their files when asked for; none for one that is not readable."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = paths

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index):
        return cv2.imread(str(self.paths[index]), cv2.IMREAD_COLOR)


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
    if _find_clips(folder):
        return load_afew_va(folder)
    raise ValueError(f'{folder} holds no labelled faces that are known; expected {FOLDER_FORMS}')


def load_table(path: Path) -> LabelledFaces:
    """
    The faces of a table: a file in each row, relative to it, with affect or expression or both.

    The columns are `file,valence,arousal[,expression]`, the expression a name or a code of
    AffectNet, or those of AffectNet's own tables, whose face boxes are used.

    Raises:
        ValueError: if columns are missing or no row has a picture and a label.
    """
    with path.open(encoding='utf-8-sig', newline='') as table:
        reader = csv.DictReader(table)
        columns = [(name or '').strip().lower() for name in reader.fieldnames or ()]
        reader.fieldnames = columns
        rows = list(reader)
    file_column = next((name for name in FILE_COLUMNS if name in columns), None)
    is_labelled = {'valence', 'arousal'} <= set(columns) or 'expression' in columns
    if file_column is None or not is_labelled:
        raise ValueError(
            f'{path} has the columns {", ".join(columns)}; expected file,valence,arousal'
            '[,expression] or those of AffectNet'
        )
    names = [(row[file_column] or '').strip() for row in rows]
    folder = _image_folder(path, names)
    files = (
        FaceFile(
            folder / name,
            _expression(row.get('expression')),
            _affect(row.get('valence'), row.get('arousal')),
            _box(row),
            name,
        )
        for name, row in zip(names, rows, strict=True)
    )
    return gather(path, files)


def load_affectnet_arrays(folder: Path) -> LabelledFaces:
    """
    AffectNet as `images/N.jpg` with `annotations/N_exp.npy`, `N_val.npy` and `N_aro.npy`.

    Raises:
        ValueError: if no image has a label.
    """
    numbered = [path for path in (folder / 'images').glob('*') if path.stem.isdecimal()]
    numbered.sort(key=lambda path: int(path.stem))
    return gather(folder, (_with_arrays(path, folder) for path in numbered))


def load_afew_va(folder: Path) -> LabelledFaces:
    """
    AFEW-VA as `CLIP/CLIP.json` beside `CLIP/FRAME.png`, clips perhaps one folder deeper.

    Whole film frames; the landmarks of the annotation say where the face is. The ratings, whole
    numbers from -10 to 10, are divided by 10.

    Raises:
        ValueError: if no frame has a label.
    """
    clips = _find_clips(folder)
    annotated = [clip for clip in clips if (clip / f'{clip.name}.json').is_file()]
    files = (file for clip in annotated for file in _read_clip(clip))
    return gather(folder, files, Counter({NO_ANNOTATION: len(clips) - len(annotated)}))


def gather(
    source: Path, files: Iterable[FaceFile], skipped: Counter[str] | None = None
) -> LabelledFaces:
    """
    The files that are there and have a label; the others are counted.

    Args:
        source: where they come from, for the error.
        files: in their order.
        skipped: entries that were left out before, by the reason.

    Raises:
        ValueError: if none is left.
    """
    skipped = skipped or Counter()
    kept = []
    for file in files:
        if file.affect is None:
            skipped[NO_NUMBER] += 1
        elif file.expression < 0 and math.isnan(file.affect[0]):
            skipped[NO_LABEL] += 1
        elif not file.path.is_file():
            skipped[NO_IMAGE] += 1
        else:
            kept.append(file)
    if not kept:
        reasons = ', '.join(f'{count} {reason}' for reason, count in (+skipped).items())
        raise ValueError(f'{source} has no face with a label: {reasons or "it is empty"}')
    return LabelledFaces(
        images=Pictures([file.path for file in kept]),
        expression=np.array([file.expression for file in kept]),
        affect=np.array([file.affect for file in kept]),
        squares={k: file.square for k, file in enumerate(kept) if file.square is not None},
        skipped=dict(+skipped),
        keys=[file.key for file in kept],
        groups=[file.group for file in kept] if kept[0].group else (),
    )


def _with_arrays(path: Path, folder: Path) -> FaceFile:
    expression, valence, arousal = (
        _read_number(folder / 'annotations' / f'{path.stem}_{kind}.npy')
        for kind in ('exp', 'val', 'aro')
    )
    affect = _affect(valence, arousal)
    return FaceFile(path, _expression(expression), affect, key=path.name)


def _find_clips(folder: Path) -> list[Path]:
    """Folders named by three digits, in it or one deeper, by their names."""
    clips = (*folder.glob('[0-9][0-9][0-9]'), *folder.glob('*/[0-9][0-9][0-9]'))
    return sorted((clip for clip in clips if clip.is_dir()), key=lambda clip: clip.name)


def _read_clip(clip: Path) -> Iterator[FaceFile]:
    path = clip / f'{clip.name}.json'
    try:
        frames = json.loads(path.read_text(encoding='utf-8'))['frames']
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f'{path} is no annotation of AFEW-VA: {error!r}') from error
    for name, notes in sorted(frames.items()):
        affect = _affect(notes.get('valence'), notes.get('arousal'), AFEW_VA_UNIT)
        square, key = _about_landmarks(notes), f'{clip.name}_{name}'
        yield FaceFile(clip / f'{name}.png', -1, affect, square, key, clip.name)


def _image_folder(table: Path, names: list[str]) -> Path:
    """Where the pictures of a table are: beside it, or where AffectNet has them."""
    here, above = table.parent, table.parent.parent
    for folder in (here, here / AFFECTNET_IMAGES, above / AFFECTNET_IMAGES):
        if any((folder / name).is_file() for name in names[:100]):
            return folder
    return here


def _affect(
    valence: str | float | None, arousal: str | float | None, unit: float = 1.0
) -> tuple[float, float] | None:
    """Both in [-1, 1]; nan where one is not annotated; none where one is no number in range."""
    if valence in (None, '') or arousal in (None, ''):
        return UNKNOWN_AFFECT
    try:
        pair = (float(valence) / unit, float(arousal) / unit)
    except ValueError:
        return None
    if NOT_ANNOTATED in pair:
        return UNKNOWN_AFFECT
    return pair if all(-1 <= value <= 1 for value in pair) else None


def _expression(value: str | None) -> int:
    """Index of an expression given as a name or as a code of AffectNet; -1 for any other."""
    text = (value or '').strip()
    try:
        code = int(float(text))
    except ValueError:
        return expression_index(text)
    return code if 0 <= code < len(EXPRESSIONS) else -1


def _box(row: dict[str, str]) -> Square | None:
    try:
        return BOX_FRAMING.square_about(np.array([float(row[name]) for name in BOX_COLUMNS]))
    except (KeyError, TypeError, ValueError):
        return None


def _about_landmarks(notes: dict) -> Square | None:
    points = np.array(notes.get('landmarks', ()), float).reshape(-1, 2)
    if len(points) < 2:
        return None
    return LANDMARK_FRAMING.square_about(np.concatenate((points.min(0), np.ptp(points, axis=0))))


def _read_number(path: Path) -> str | None:
    """The one number of a file, which AffectNet stores as text; none where there is no file."""
    return str(np.load(path).ravel()[0]) if path.is_file() else None
