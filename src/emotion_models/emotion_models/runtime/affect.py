# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The affect network as its card describes it: face crops in, expression and affect out."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from emotion_models.imaging.images import Image, to_bgr, to_grey
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime.artefact import Artefact, ArtefactError, load_artefact
from emotion_models.runtime.priors import check_prior, read_balancing

COLOURS = {
    'grey': to_grey,
    'bgr': to_bgr,
    'rgb': lambda image: cv2.cvtColor(to_bgr(image), cv2.COLOR_BGR2RGB),
}
AFFECT_COLUMNS = ('valence', 'arousal')
FEATURES = 'features'
"""The output that holds what the heads of a network read; older networks have none."""


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
        self.size_px = int(entry['shape'][-1])
        self._to_colour = COLOURS[entry['colour']]
        self._scale = float(entry.get('scale', 1))
        self._mean = np.asarray(entry.get('mean', 0), np.float32).reshape(-1, 1, 1)
        self._std = np.asarray(entry.get('std', 1), np.float32).reshape(-1, 1, 1)
        named = [output for output in self.card['outputs'] if 'columns' in output]
        columns = [column for output in named for column in output['columns']]
        self._expression_columns = _locate(artefact, columns, EXPRESSIONS)
        self._affect_columns = _locate(artefact, columns, AFFECT_COLUMNS)
        self.balancing = read_balancing(artefact)
        self._gives_logits = self.card.get('expression_values', 'probabilities') == 'logits'
        self._session = artefact.open_session(threads)
        self._input_name = entry['name']
        self._column_outputs = [output['name'] for output in named]
        self.feature_size: int | None = next(
            (o['shape'][1] for o in self.card['outputs'] if o['name'] == FEATURES), None
        )
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
        columns = self._read(crops)
        expression = columns[:, self._expression_columns]
        if self._gives_logits:
            expression = np.exp(expression - expression.max(1, keepdims=True))
            expression /= expression.sum(1, keepdims=True)
        return expression, columns[:, self._affect_columns].clip(-1, 1)

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
        if self.feature_size is None:
            raise ArtefactError(
                f'{self.name} has no output {FEATURES!r} on its card; older exports lack it: '
                'export its checkpoint again (emotion-models export)'
            )
        if not crops:
            return np.zeros((0, self.feature_size), np.float32)
        return self._run(self._to_batch(crops), [FEATURES])[0]

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
            found = self._read(flat).shape
            size = self.features(flat).shape[1] if self.feature_size else None
        except Exception as error:  # onnxruntime raises a class of its own for each misfit
            cause = str(error).splitlines()[0]
            raise ArtefactError(
                f'{artefact.model_path} does not take the input that its card describes: {cause}'
            ) from error
        if found != (1, columns):
            raise ArtefactError(
                f'{artefact.model_path} answers with {found[1]} columns, its card names {columns}'
            )
        if size != self.feature_size:
            raise ArtefactError(
                f'{artefact.model_path} gives {size} {FEATURES}, its card says {self.feature_size}'
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


def _locate(artefact: Artefact, columns: list[str], wanted: tuple[str, ...]) -> list[int]:
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise ArtefactError(
            f'{artefact.name} is not an affect network: its outputs have no column '
            f'{", ".join(missing)}; name the columns of every output in the card'
        )
    return [columns.index(name) for name in wanted]
