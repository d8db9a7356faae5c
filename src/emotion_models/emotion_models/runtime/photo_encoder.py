# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""From photographs of faces to points of the space in which the robot's face moves."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from emotion_models.drawing.parts import FACIAL_UNITS, PROPORTIONS
from emotion_models.imaging.images import Image
from emotion_models.reading import shown
from emotion_models.runtime.affect import numbers_of, side_of
from emotion_models.runtime.artefact import (
    CARD_NAME,
    Artefact,
    ArtefactError,
    is_number,
    load_artefact,
)
from emotion_models.runtime.latent_space import LinearMap

INPUT, OUTPUTS = 'faces', ['latent', 'confidence']
GREY_SCALE = 1 / 255
"""From grey values to the [0, 1] that the network takes, unless its card says otherwise."""

FEWEST_SURE = 0.3
"""Confidence below which a square shows no face that could be drawn."""


class PhotoReading(NamedTuple):
    """
    What a network makes of N squares.

    Args:
        latent: points of the space of the decoder, float32 (N, Z).
        confidence: how sure it is that each shows a face that can be drawn, float32 (N,) in
            [0, 1]; below `FEWEST_SURE` it is none.
    """

    latent: np.ndarray
    confidence: np.ndarray


class PhotoEncoder:
    """
    An ONNX network that turns grey squares of faces into points, run by its card.

    Its one input `faces` is (N, 1, S, S) float32, grey values in [0, 1] unless the card gives
    another `scale`, `mean` and `std`; its outputs are `latent` (N, Z) and `confidence` (N,). The
    card's `space` has the `id` of the decoder's space, and two linear maps from a point:
    `units` (`names`, `weight`, `bias`) and `proportions` (`weight`, `bias`).

    Attributes:
        name: of the model.
        size_px: sides of the squares.
        space_id: id of the space to which its points belong.

    Args:
        model: name of a shipped model or path of a folder.
        threads: of onnxruntime.

    Raises:
        ArtefactError: if the folder, the card or the file is missing or does not fit.
    """

    def __init__(self, model: str | Path = 'photo_face', threads: int = 1) -> None:
        artefact = load_artefact(model)
        self.name, self.card = artefact.name, artefact.card
        entry = _only_input(artefact)
        self.size_px = side_of(artefact, entry)
        self._scale = numbers_of(artefact, entry, 'scale', GREY_SCALE, is_positive=True)
        self._mean = numbers_of(artefact, entry, 'mean', 0)
        self._std = numbers_of(artefact, entry, 'std', 1, is_positive=True)
        space = _space(artefact)
        self.space_id: str = space['id']
        self._units = _facial(artefact, space['units'])
        self._proportions = _linear(
            artefact, 'proportions', space['proportions'], len(PROPORTIONS)
        )
        self._session = artefact.open_session(threads)
        self._check_run(artefact)

    def __call__(self, squares: Sequence[Image]) -> PhotoReading:
        """
        Where the drawings of faces lie.

        Args:
            squares: uint8 grey (S, S) with S = `size_px`, cut as for the affect network.

        Raises:
            ValueError: if a square has another shape or type.
        """
        for square in squares:
            if square.dtype != np.uint8 or square.shape != (self.size_px, self.size_px):
                raise ValueError(
                    f'expected grey squares of {self.size_px} px as uint8, got '
                    f'{square.shape} of {square.dtype}; cut and convert them first'
                )
        if not squares:
            size = self._units.weight.shape[1]
            return PhotoReading(np.zeros((0, size), np.float32), np.zeros(0, np.float32))
        return self._run(np.stack(squares)[:, None].astype(np.float32))

    def action_units(self, latent: np.ndarray) -> np.ndarray:
        """The facial action units of points (N, Z), float32 (N, 18) in [0, 1]."""
        return _share(self._units(latent))

    def proportions(self, latent: np.ndarray) -> np.ndarray:
        """The proportions of points (N, Z), order of `PROPORTIONS`, float32 (N, 6) in [0, 1]."""
        return _share(self._proportions(latent))

    def _run(self, grey: np.ndarray) -> PhotoReading:
        batch = (grey * self._scale - self._mean) / self._std
        latent, confidence = self._session.run(OUTPUTS, {INPUT: batch})
        return PhotoReading(latent, np.clip(confidence.reshape(-1), 0.0, 1.0))

    def _check_run(self, artefact: Artefact) -> None:
        """One flat square through the network: what it answers is what its card says."""
        try:
            latent, confidence = self._run(np.zeros((1, 1, self.size_px, self.size_px), 'f4'))
        except Exception as error:  # onnxruntime raises a class of its own for each misfit
            cause = str(error).splitlines()[0]
            raise ArtefactError(
                f'{artefact.model_path} does not take the input that its card describes: {cause}'
            ) from error
        size, width = self._units.weight.shape[1], self._proportions.weight.shape[1]
        if latent.shape != (1, size) or size != width or confidence.shape != (1,):
            raise ArtefactError(
                f'{artefact.model_path} answers with points {latent.shape} and confidences '
                f'{confidence.shape}; its card reads units from {size} numbers and proportions '
                f'from {width}'
            )
        if not (np.isfinite(latent).all() and np.isfinite(confidence).all()):
            raise ArtefactError(
                f'{artefact.model_path} answers a black square with numbers that are not finite; '
                'check scale, mean and std of its card'
            )


def _share(values: np.ndarray) -> np.ndarray:
    return np.clip(values, 0.0, 1.0).astype(np.float32)


def _only_input(artefact: Artefact) -> dict[str, Any]:
    inputs = artefact.card['inputs']
    names = [entry['name'] for entry in artefact.card['outputs']]
    is_grey = inputs[0].get('colour', 'grey') == 'grey'
    if len(inputs) != 1 or inputs[0]['name'] != INPUT or not is_grey or names != OUTPUTS:
        raise ArtefactError(
            f'{artefact.name} is no encoder of photographs: its card must describe one input '
            f'{INPUT} of grey squares and the outputs {" and ".join(OUTPUTS)}'
        )
    return inputs[0]


def _space(artefact: Artefact) -> dict[str, Any]:
    space: Any = artefact.card.get('space')
    needed = ('id', 'units', 'proportions')
    missing = [name for name in needed if not isinstance(space, dict) or name not in space]
    if missing:
        raise ArtefactError(f'{artefact.folder / CARD_NAME}: space lacks {", ".join(missing)}')
    if not isinstance(space['id'], str) or not space['id']:
        raise ArtefactError(
            f'{artefact.folder / CARD_NAME}: space.id must be a text, got {shown(space["id"])}'
        )
    return space


def _facial(artefact: Artefact, entry: Any) -> LinearMap:
    """The map to the facial units, in their order, from one to these and perhaps others."""
    names = entry.get('names') if isinstance(entry, dict) else None
    place = f'{artefact.folder / CARD_NAME}: space.units.names'
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ArtefactError(f'{place} must be a list of action units, got {shown(names)}')
    if missing := [name for name in FACIAL_UNITS if name not in names]:
        raise ArtefactError(f'{place} lacks {", ".join(missing)}')
    linear = _linear(artefact, 'units', entry, len(names))
    rows = [names.index(name) for name in FACIAL_UNITS]
    return LinearMap(linear.weight[rows], linear.bias[rows])


def _linear(artefact: Artefact, name: str, entry: Any, rows: int) -> LinearMap:
    """A map of a card with so many rows."""
    weight, bias = (
        (entry.get('weight'), entry.get('bias')) if isinstance(entry, dict) else (None, None)
    )
    place = f'{artefact.folder / CARD_NAME}: space.{name}'
    lists = weight if isinstance(weight, list) else []
    widths = {len(row) if isinstance(row, list) else 0 for row in lists}
    are_numbers = all(
        is_number(number) for row in lists if isinstance(row, list) for number in row
    )
    if len(lists) != rows or len(widths) != 1 or 0 in widths or not are_numbers:
        raise ArtefactError(
            f'{place}.weight must be {rows} equally long lists of numbers, got {shown(weight)}'
        )
    if not isinstance(bias, list) or len(bias) != rows or not all(map(is_number, bias)):
        raise ArtefactError(f'{place}.bias must be {rows} numbers, got {shown(bias)}')
    return LinearMap(np.array(weight, np.float32), np.array(bias, np.float32))
