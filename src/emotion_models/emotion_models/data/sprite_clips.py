# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The Sprites videos, composed from the sheets of the Liberated Pixel Cup."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, overload

import cv2
import numpy as np

from emotion_models.data.data_set import Parts
from emotion_models.data.video_clips import (
    ACTION,
    IDENTITY,
    SplitSettings,
    VideoClips,
    Videos,
    fit_square,
)
from emotion_models.imaging.limits import check_encoded
from emotion_models.limits import PICTURE_BYTES, read_bytes
from emotion_models.reading import FileError, reading

LAYERS = ('body', 'bottomwear', 'topwear', 'hair', 'shoes')
"""From below to above."""
VARIED = LAYERS[:4]
SHOES = 1
KINDS = 6
CELL, COLUMNS, ROWS = 64, 13, 21
FRAMES = 8

WALK = (7, 0, 1, 2, 3, 4, 5, 6)
SPELLCARD = (0, 1, 2, 3, 4, 5, 4, 6)
SLASH = (0, 1, 2, 3, 4, 5, 4, 0)
_KINDS_OF_ACTION = {
    'walk': ((131, 118, 144), WALK),
    'spellcard': ((26, 13, 39), SPELLCARD),
    'slash': ((182, 169, 195), SLASH),
}
ACTIONS = {
    f'{name}_{direction}': (first, frames)
    for name, (cells, frames) in _KINDS_OF_ACTION.items()
    for direction, first in zip(('front', 'left', 'right'), cells, strict=True)
}
"""First cell of each, counted row by row, and the frames from there."""

ORDER_SEED = 423
TRAINING_CHARACTERS = 1000
"""Of the published split; the others are its test."""

Cells = dict[str, list[np.ndarray]]


@dataclass(frozen=True)
class SpriteClips(SplitSettings, VideoClips):
    """
    Characters of 6 bodies, bottomwears, topwears and hairs each, in nine actions of 8 frames.

    The test is that of the published split (Li, Mandt, "Disentangled Sequential Autoencoder", ICML
    2018), the validation a share of the other characters. Clips are composed when they are taken.

    Args:
        path: folder with the sheets.
        characters: how many of the published training are used; all 1000, or the first.
        test_characters: how many of the published test; all 296, or the first.
    """

    CONTENT = 'Sprites: small game characters in 9 actions, split by character as published'
    LAYOUT = (
        'a folder with body/0.png … 5.png, bottomwear/, topwear/ and hair/ likewise, and '
        'shoes/1.png: sheets of 832×1344 pixels with alpha'
    )
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'Sprites, composed from the sheets of the Liberated Pixel Cup',
        'source': 'github.com/YingzhenLi/Sprites',
        'terms': 'GPL-3.0 and CC-BY-SA-3.0',
    }

    path: str = '../shared/data/lpc_sprites'
    characters: int = TRAINING_CHARACTERS
    test_characters: int = KINDS**4 - TRAINING_CHARACTERS

    def load_videos(self, seed: int) -> Videos:
        """Read the sheets."""
        cells = read_cells(self.check_path(self.path))
        numbers = np.repeat(np.arange(KINDS**4), len(ACTIONS))
        kinds = np.stack(np.unravel_index(numbers, [KINDS] * len(VARIED)), 1)
        actions = np.tile(np.arange(len(ACTIONS)), KINDS**4)
        labels = np.concatenate([numbers[:, None], actions[:, None], kinds], 1)
        factors = {IDENTITY: KINDS**4, ACTION: len(ACTIONS), **dict.fromkeys(VARIED, KINDS)}
        return Videos(ComposedClips(cells, labels, self.side), labels, factors)

    def load_parts(self, seed: int) -> Parts:
        """The published test, and the rest split by character."""
        videos = self.load_videos(seed)
        order = np.random.RandomState(ORDER_SEED).permutation(KINDS**4)  # as published
        known = order[:TRAINING_CHARACTERS][: self.characters]
        test = order[TRAINING_CHARACTERS:][: self.test_characters]
        held_out = round(self.held_out * len(known))
        chosen = np.random.default_rng(seed).permutation(known)
        parts = {'training': chosen[held_out:], 'validation': chosen[:held_out], 'test': test}
        rows = {name: _rows_of(np.sort(numbers)) for name, numbers in parts.items()}
        return self.make_parts(videos, rows, seed)


class ComposedClips(Sequence[np.ndarray]):
    """
    Clips that are composed when they are asked for.

    Args:
        cells: of each layer and kind those of the actions, uint8 (9, 8, 64, 64, 4), RGBA.
        labels: identity, action and kinds of each clip, (N, 6).
        side: of the frames.
    """

    def __init__(self, cells: Cells, labels: np.ndarray, side: int) -> None:
        self.cells, self.labels, self.side = cells, labels, side
        self.lengths = (FRAMES,)

    def __len__(self) -> int:
        return len(self.labels)

    @overload
    def __getitem__(self, row: int) -> np.ndarray: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[np.ndarray]: ...
    def __getitem__(self, row):
        """One clip, uint8 (8, side, side, 3)."""
        _, action, *kinds = self.labels[row].tolist()
        picture = np.zeros((FRAMES, CELL, CELL, 3))
        for layer, kind in zip(LAYERS, (*kinds, 0), strict=True):
            cells = self.cells[layer][kind][action]
            alpha = cells[..., 3:] / 255
            picture = picture * (1 - alpha) + cells[..., :3] * alpha
        frames = np.rint(picture).astype(np.uint8)
        return frames if self.side == CELL else fit_square(frames, self.side)


def read_cells(folder: Path) -> Cells:
    """
    The cells of all actions, of all sheets that are used.

    Raises:
        FileNotFoundError: if a sheet is missing; names it.
        FileError: if one is not of the expected size, or has no alpha.
    """
    kinds = {layer: range(KINDS) for layer in VARIED} | {'shoes': range(SHOES, SHOES + 1)}
    return {
        layer: [_read_sheet(folder / layer / f'{kind}.png') for kind in kinds[layer]]
        for layer in LAYERS
    }


def _read_sheet(path: Path) -> np.ndarray:
    if not path.is_file():
        raise FileNotFoundError(f'no sheet {path.absolute()}; expected {SpriteClips.LAYOUT}')
    with reading(path, SpriteClips.LAYOUT):
        data = read_bytes(path, PICTURE_BYTES)
        check_encoded(data)
        sheet = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    expected = (ROWS * CELL, COLUMNS * CELL, 4)
    if sheet is None or sheet.shape != expected or sheet.dtype != np.uint8:
        found = 'no picture' if sheet is None else f'{sheet.dtype} {sheet.shape}'
        raise FileError(f'{path} is {found}; expected a sheet, uint8 {expected}')
    cells = sheet.reshape(ROWS, CELL, COLUMNS, CELL, 4).swapaxes(1, 2).reshape(-1, CELL, CELL, 4)
    places = np.array([first + np.array(frames) for first, frames in ACTIONS.values()])
    return cells[places][..., [2, 1, 0, 3]]


def _rows_of(characters: np.ndarray) -> np.ndarray:
    """The clips of characters: one for each action."""
    return (characters[:, None] * len(ACTIONS) + np.arange(len(ACTIONS))).ravel()
