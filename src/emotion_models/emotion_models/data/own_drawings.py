# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A user's own drawings as training data."""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from emotion_models.data.drawings import DrawingBatch, DrawingSet, as_it_is, make_batch
from emotion_models.data.parts import PartsModule
from emotion_models.drawing.fields import distance_field
from emotion_models.drawing.identity import N_IDENTITY
from emotion_models.drawing.view import HEIGHT, N_LOOK, WIDTH
from emotion_models.labels.emotions import EMOTIONS

TABLE_NAME = 'drawings.csv'
LAYOUT = (
    f'a folder with {TABLE_NAME} (file,valence,arousal and any of {",".join(EMOTIONS)}) and the '
    'drawings, white lines on black'
)
_ENLARGED = 4


ORIGIN = {
    'name': 'drawings of the user',
    'source': 'a folder, see made_by',
    'terms': 'those of the drawings',
}
"""For the cards of models trained on them."""


class OwnDrawings(PartsModule):
    """
    Drawings of a folder, in any size; those of the panel's shape fill it.

    They have no proportions to tell apart: the identity of all is the middle of every range. One
    in ten chooses the checkpoint, one in ten is only reported on.

    Args:
        folder: with `drawings.csv` and the drawings.
        repeats: how often every drawing is seen in an epoch.
        batch_size: drawings in a batch.
        seed: of the split and of the order.
    """

    ORIGIN = ORIGIN
    collate: Callable[[Any], Any] = staticmethod(as_it_is)

    def __init__(
        self, folder: str, repeats: int = 20, batch_size: int = 32, seed: int = 5230
    ) -> None:
        super().__init__(batch_size, seed)
        self.save_hyperparameters()

    def load_parts(self) -> Mapping[str, DrawingSet]:
        """Read and split the drawings."""
        drawings = read_drawings(Path(self.hparams.folder))
        order = np.random.default_rng(self.hparams.seed).permutation(len(drawings.field))
        held = max(1, len(order) // 10)
        parts = {
            'validation': order[:held],
            'test': order[held : 2 * held],
            'training': np.tile(order[2 * held :], self.hparams.repeats),
        }
        return {
            name: DrawingSet(DrawingBatch(*(part[rows] for part in drawings)))
            for name, rows in parts.items()
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
    with table.open(newline='', encoding='utf-8') as file:
        rows = list(csv.DictReader(file))
    missing = {'file', 'valence', 'arousal'} - set(rows[0] if rows else ())
    if missing:
        raise ValueError(f'{table} lacks {", ".join(sorted(missing))}; expected {LAYOUT}')
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
            f'{table}: {name} of {row["file"]} must be a number in [{least:g}, 1], got {text!r}'
        )
    return value


def _read_field(path: Path) -> np.ndarray:
    if not path.is_file():
        raise FileNotFoundError(f'no drawing {path.absolute()}; expected {LAYOUT}')
    drawing = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if drawing is None:
        raise ValueError(f'{path} is no image that OpenCV can read')
    size = (WIDTH * _ENLARGED, HEIGHT * _ENLARGED)
    enlarged = cv2.resize(drawing, size, interpolation=cv2.INTER_CUBIC)
    return distance_field(np.where(enlarged > 127, np.uint8(255), np.uint8(0)))
