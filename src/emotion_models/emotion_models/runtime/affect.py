# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The affect network as its card describes it: face crops in, expression and affect out."""

from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from emotion_models.imaging.images import Image, to_bgr, to_grey
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.reading import shown
from emotion_models.runtime.artefact import (
    CARD_NAME,
    Artefact,
    ArtefactError,
    is_number,
    load_artefact,
)
from emotion_models.runtime.priors import check_prior, read_balancing

COLOURS = {
    'grey': to_grey,
    'bgr': to_bgr,
    'rgb': lambda image: cv2.cvtColor(to_bgr(image), cv2.COLOR_BGR2RGB),
}
LARGEST_PX = 4096
"""Sides of the largest face that a network may ask for."""

AFFECT_COLUMNS = ('valence', 'arousal')
FEATURES = 'features'
"""The output that holds what the heads of a network read; older networks have none."""


class Answer(NamedTuple):
    """
    All that a network says of N faces.

    Args:
        features: what its heads read, float32 (N, `feature_size`).
        expression: probabilities in the wild in the order of `EXPRESSIONS`, float32 (N, 8).
        affect: valence and arousal in [-1, 1], float32 (N, 2).
    """

    features: np.ndarray
    expression: np.ndarray
    affect: np.ndarray


class AffectModel:
    """
    Any ONNX network that reads valence, arousal and expression from a face, run by its card.

    Its one input is (N, C, S, S) float32 with the card's `colour`, `scale`, `mean` and
    `std`: `(grey value * scale - mean) / std`. Each output with named `columns` is (N, K):
    valence, arousal and the expressions, in any order and over any number of outputs.
    `expression_values` says whether the expressions are probabilities or logits. An output
    `features` (N, `feature_size`) is given to those who ask for it. Probabilities are calibrated
    for faces in the wild; what makes balanced ones of them stands under the card's `priors`.

    Attributes:
        balancing: from probabilities in the wild to balanced ones; none = the card does not say.

    Args:
        model: name of a shipped model or path of a folder.
        threads: of onnxruntime.

    Raises:
        ArtefactError: if the folder, the card or the file is missing or does not fit.
    """

    def __init__(self, model: str | Path = 'affect', threads: int = 1) -> None:
        artefact = load_artefact(model)
        self.name = artefact.name
        self.card = artefact.card
        entry = self._only_input(artefact)
        self.size_px = side_of(artefact, entry)
        self._to_colour = COLOURS[entry['colour']]
        self._scale = numbers_of(artefact, entry, 'scale', 1, is_positive=True)
        self._mean = numbers_of(artefact, entry, 'mean', 0)
        self._std = numbers_of(artefact, entry, 'std', 1, is_positive=True)
        named = [output for output in self.card['outputs'] if 'columns' in output]
        columns = [column for output in named for column in output['columns']]
        self._expression_columns = _locate(artefact, columns, EXPRESSIONS)
        self._affect_columns = _locate(artefact, columns, AFFECT_COLUMNS)
        self.balancing = read_balancing(artefact)
        self._gives_logits = self.card.get('expression_values', 'probabilities') == 'logits'
        self._session = artefact.open_session(threads)
        self._input_name = entry['name']
        self._column_outputs = [output['name'] for output in named]
        self.feature_size = _feature_size(artefact)
        self._check_run(artefact, len(columns))

    def __call__(self, crops: list[Image]) -> tuple[np.ndarray, np.ndarray]:
        """
        Expression and affect of square face crops.

        Args:
            crops: uint8 (S, S) or (S, S, 3) with S = `size_px`.

        Returns:
            Probabilities in the wild in the order of `EXPRESSIONS`, float32 (N, 8); valence and
            arousal in [-1, 1], float32 (N, 2).
        """
        if not crops:
            return np.zeros((0, len(EXPRESSIONS)), np.float32), np.zeros((0, 2), np.float32)
        return self._name(self._read(crops))

    def under_prior(self, expression: np.ndarray, prior: str) -> np.ndarray:
        """
        The probabilities of expressions, had each been expected as often as a prior says.

        Args:
            expression: probabilities in the wild, in the order of `EXPRESSIONS`, shape (..., 8).
            prior: one of `PRIORS`.

        Returns:
            Probabilities of the same shape and type; those given where `prior` is `in_the_wild`
            or `balancing` is none.

        Raises:
            ValueError: if there is no such prior.
        """
        check_prior(prior)
        if prior == 'in_the_wild' or self.balancing is None:
            return expression
        return self.balancing(expression)

    def features(self, crops: list[Image]) -> np.ndarray:
        """
        The embedding of square face crops: what the heads of the network read.

        Args:
            crops: uint8 (S, S) or (S, S, 3) with S = `size_px`.

        Returns:
            float32 (N, `feature_size`).

        Raises:
            ArtefactError: if the network has no such output.
        """
        size = self._need_features()
        if not crops:
            return np.zeros((0, size), np.float32)
        return self._run(self._to_batch(crops), [FEATURES])[0]

    def read(self, crops: list[Image]) -> Answer:
        """
        Features, expression and affect of square face crops, in one run of the network.

        Args:
            crops: uint8 (S, S) or (S, S, 3) with S = `size_px`.

        Raises:
            ArtefactError: if the network has no output of features.
        """
        size = self._need_features()
        if not crops:
            return Answer(np.zeros((0, size), np.float32), *self(crops))
        batch = self._to_batch(crops)
        features, *columns = self._run(batch, [FEATURES, *self._column_outputs])
        return Answer(features, *self._name(np.concatenate(columns, 1)))

    def _need_features(self) -> int:
        if self.feature_size is None:
            raise ArtefactError(
                f'{self.name} has no output {FEATURES!r} on its card; older exports lack it: '
                'export its checkpoint again (emotion-models export)'
            )
        return self.feature_size

    def _name(self, columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Expression and affect among all named columns."""
        expression = columns[:, self._expression_columns]
        if self._gives_logits:
            expression = np.exp(expression - expression.max(1, keepdims=True))
            expression /= expression.sum(1, keepdims=True)
        return expression, columns[:, self._affect_columns].clip(-1, 1)

    def _read(self, crops: list[Image]) -> np.ndarray:
        """All named columns side by side, (N, K)."""
        return np.concatenate(self._run(self._to_batch(crops), self._column_outputs), 1)

    def _run(self, batch: np.ndarray, outputs: list[str]) -> list[np.ndarray]:
        return self._session.run(outputs, {self._input_name: batch})

    def _to_batch(self, crops: list[Image]) -> np.ndarray:
        return np.stack([self._to_input(crop) for crop in crops])

    def _to_input(self, crop: Image) -> np.ndarray:
        pixels = np.atleast_3d(self._to_colour(crop)).transpose(2, 0, 1).astype(np.float32)
        return (pixels * self._scale - self._mean) / self._std

    def _check_run(self, artefact: Artefact, columns: int) -> None:
        """One flat face through the network: the shapes of its outputs are those of the card."""
        flat = [np.zeros((self.size_px, self.size_px), np.uint8)]
        try:
            answer = self._read(flat)
            size = self.features(flat).shape[1] if self.feature_size else None
        except Exception as error:  # onnxruntime raises a class of its own for each misfit
            cause = str(error).splitlines()[0]
            raise ArtefactError(
                f'{artefact.model_path} does not take the input that its card describes: {cause}'
            ) from error
        found = answer.shape
        if found != (1, columns):
            raise ArtefactError(
                f'{artefact.model_path} answers with {found[1]} columns, its card names {columns}'
            )
        if not np.isfinite(answer).all():
            raise ArtefactError(
                f'{artefact.model_path} answers a grey face with numbers that are not finite; '
                'check scale, mean and std of its card'
            )
        if size != self.feature_size:
            raise ArtefactError(
                f'{artefact.model_path} gives {size} {FEATURES}, '
                f'its card says {shown(self.feature_size)}'
            )

    @staticmethod
    def _only_input(artefact: Artefact) -> dict[str, Any]:
        inputs = artefact.card['inputs']
        colours = ', '.join(COLOURS)
        if len(inputs) != 1 or inputs[0].get('colour') not in COLOURS:
            raise ArtefactError(
                f'{artefact.name} is not an affect network: its card must describe one input of '
                f'faces with a colour among {colours}'
            )
        return inputs[0]


def side_of(artefact: Artefact, entry: dict[str, Any]) -> int:
    """Sides of the faces that a network takes."""
    shape = entry.get('shape')
    side = shape[-1] if isinstance(shape, list) and shape else None
    if type(side) is not int or not 0 < side <= LARGEST_PX:
        raise ArtefactError(
            f'{artefact.folder / CARD_NAME}: shape of the input must end in the sides of a face, '
            f'1 to {LARGEST_PX} px, as in [N, 1, 48, 48]; got {shown(shape)}'
        )
    return side


def numbers_of(
    artefact: Artefact, entry: dict[str, Any], name: str, default: float, is_positive: bool = False
) -> np.ndarray:
    """One number of a card or one for each colour, float32 (1 or 3, 1, 1)."""
    value = entry.get(name, default)
    values = value if isinstance(value, list) else [value]
    if (
        len(values) not in (1, 3)
        or not all(map(is_number, values))
        or (is_positive and min(values) <= 0)
    ):
        above = ' above 0' if is_positive else ''
        raise ArtefactError(
            f'{artefact.folder / CARD_NAME}: {name} of the input must be a number{above}, or one '
            f'for each of three colours, such as 0.25 or 1.0e-3; got {shown(value)}'
        )
    return np.array(values, np.float32).reshape(-1, 1, 1)


def _feature_size(artefact: Artefact) -> int | None:
    """Width of the output of features; none where there is none."""
    for output in artefact.card['outputs']:
        if output['name'] == FEATURES:
            shape = output.get('shape')
            if not isinstance(shape, list) or len(shape) != 2 or type(shape[1]) is not int:
                raise ArtefactError(
                    f'{artefact.folder / CARD_NAME}: shape of {FEATURES} must be [N, WIDTH], '
                    f'got {shown(shape)}'
                )
            return shape[1]
    return None


def _locate(artefact: Artefact, columns: list[str], wanted: tuple[str, ...]) -> list[int]:
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise ArtefactError(
            f'{artefact.name} is not an affect network: its outputs have no column '
            f'{", ".join(missing)}; name the columns of every output in the card'
        )
    return [columns.index(name) for name in wanted]
