# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A user's own drawings as training data."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from emotion_models.data.data_set import DataSet, InMemory, Parts
from emotion_models.data.drawings import DrawingBatch, make_batch
from emotion_models.data.splits import random_parts
from emotion_models.data.tables import read_table
from emotion_models.drawing.fields import drawing_field
from emotion_models.drawing.identity import N_IDENTITY
from emotion_models.drawing.view import N_LOOK
from emotion_models.imaging.files import read_grey
from emotion_models.labels.emotions import EMOTIONS
from emotion_models.reading import FileError, shown

TABLE_NAME = 'drawings.csv'
LAYOUT = (
    f'a folder with {TABLE_NAME} (file,valence,arousal and any of {",".join(EMOTIONS)}) and the '
    'drawings, white lines on black'
)
LEAST = 3


@dataclass(frozen=True)
class OwnDrawings(DataSet):
    """
    Drawings of a folder, in any size; those of the panel's shape fill it.

    They have no proportions to tell apart: the identity of all is the middle of every range. One
    in ten chooses the checkpoint, one in ten is only reported on.

    Args:
        folder: with `drawings.csv` and the drawings.
        repeats: how often every drawing is seen in an epoch.
    """

    CONTENT = "a user's own drawings"
    LAYOUT = LAYOUT
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'drawings of the user',
        'source': 'a folder, see made_by',
        'terms': 'those of the drawings',
    }

    folder: str
    repeats: int = 20

    def load_parts(self, seed: int) -> Parts:
        """Read and split the drawings."""
        drawings = InMemory(read_drawings(Path(self.folder)))
        if len(drawings) < LEAST:
            raise FileError(
                f'{self.folder} has {len(drawings)} drawings; expected at least {LEAST}: to train '
                'on, to choose by and to report on'
            )
        tenth = max(1, len(drawings) // 10)
        validation, test, training = random_parts(len(drawings), [tenth, tenth], seed)
        return {
            'training': InMemory(drawings.take(np.tile(training, self.repeats))),
            'validation': InMemory(drawings.take(validation)),
            'test': InMemory(drawings.take(test)),
        }


def read_drawings(folder: Path) -> DrawingBatch:
    """
    The drawings of a folder with what its table says about them.

    Raises:
        FileNotFoundError: if there is no table, or a drawing that it names is missing.
        ValueError: if the table lacks a column, a number is none or out of range, or a drawing
            cannot be read.
    """
    table = folder / TABLE_NAME
    if not table.is_file():
        raise FileNotFoundError(f'no {table.absolute()}; expected {LAYOUT}')
    columns, rows = read_table(table, LAYOUT)
    if missing := sorted({'file', 'valence', 'arousal'} - set(columns)):
        raise FileError(f'{table} lacks {", ".join(missing)}; expected {LAYOUT}')
    count = len(rows)
    return make_batch(
        [_read_field(folder / row['file']) for row in rows],
        [[_number(table, row, name, -1.0) for name in ('valence', 'arousal')] for row in rows],
        [[_number(table, row, name, 0.0) for name in EMOTIONS] for row in rows],
        np.full((count, N_IDENTITY), 0.5),
        np.zeros((count, N_LOOK)),
    )


def _number(table: Path, row: Mapping[str, str], name: str, least: float) -> float:
    text = row.get(name) or '0'
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not least <= value <= 1.0:
        raise ValueError(
            f'{table}: {name} of {row["file"]} must be a number in [{least:g}, 1], '
            f'got {shown(text)}'
        )
    return value


def _read_field(path: Path) -> np.ndarray:
    if not path.is_file():
        raise FileNotFoundError(f'no drawing {path.absolute()}; expected {LAYOUT}')
    return drawing_field(read_grey(path))
