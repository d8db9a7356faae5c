# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How well an affect network reads labelled faces."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from emotion_models.data.labelled_faces import LabelledFaces
from emotion_models.metrics.agreement import (
    bootstrap_interval,
    class_agreement,
    confusion_matrix,
    continuous_agreement,
)
from emotion_models.metrics.concordance import concordance
from emotion_models.runtime.affect import AFFECT_COLUMNS, AffectModel
from emotion_models.runtime.expressions import EXPRESSIONS
from emotion_models.runtime.images import cut_square

BATCH = 64
PROTOCOL = (
    'expression: the most-voted of all classes where it is unique, an expression and has at least '
    'four votes, or the label; accuracy over the eight expressions. valence and arousal: expected '
    'under the votes renormalised over the expressions that have a mean (at least four such '
    'votes), or the mean of the label; CCC with population moments; 95 % bootstrap intervals. '
    'Keys: sides of the square that is seen, relative to the stored crop, borders repeated.'
)
"""What the figures mean, for the card of a model."""


@dataclass(frozen=True)
class Answers:
    """
    What a network said about N faces.

    Args:
        expression: probabilities, shape (N, 8).
        affect: valence and arousal, shape (N, 2).
        ms_per_face: time of the network for one face at a time.
    """

    expression: np.ndarray
    affect: np.ndarray
    ms_per_face: float


def read_faces(model: AffectModel, faces: LabelledFaces, crop_factor: float = 1.0) -> Answers:
    """
    Let a network read every face.

    Args:
        model: the network.
        faces: face crops.
        crop_factor: sides of the square that it sees, relative to the stored crop: below 1 the
            middle of it, above 1 its borders repeated around it.
    """
    crops = [_crop(image, crop_factor, model.size_px) for image in faces.images]
    parts = [model(crops[start : start + BATCH]) for start in range(0, len(crops), BATCH)]
    expression, affect = (np.concatenate(values) for values in zip(*parts, strict=True))
    return Answers(expression, affect, _time_one(model, crops[0]))


def evaluate(faces: LabelledFaces, answers: Answers) -> dict[str, Any]:
    """
    Agreement of answers and labels, plain numbers with 95 % bootstrap intervals.

    Returns:
        ``faces``, ``ms_per_face``; where expressions are known ``expression`` (n, accuracy,
        accuracy_among_present: with the answer restricted to the expressions that occur, macro_f1,
        confusion: true by predicted in the order of ``EXPRESSIONS``); where affect is known
        ``valence`` and ``arousal`` (n, ccc, pearson, rmse, sign_agreement).
    """
    report: dict[str, Any] = {'faces': len(faces), 'ms_per_face': answers.ms_per_face}
    labelled = faces.expression >= 0
    if labelled.any():
        report['expression'] = _evaluate_expression(
            faces.expression[labelled], answers.expression[labelled]
        )
    rated = np.isfinite(faces.affect).all(1)
    if rated.any():
        for column, name in enumerate(AFFECT_COLUMNS):
            report[name] = _evaluate_affect(
                faces.affect[rated, column], answers.affect[rated, column].astype(float)
            )
    return report


def _evaluate_expression(true: np.ndarray, probabilities: np.ndarray) -> dict[str, Any]:
    predicted = probabilities.argmax(1)
    right = predicted == true
    present = np.unique(true)
    among_present = present[probabilities[:, present].argmax(1)]
    confusion = confusion_matrix(predicted, true, len(EXPRESSIONS))
    return {
        'n': len(true),
        **class_agreement(confusion),
        'accuracy_interval': bootstrap_interval(lambda chosen: right[chosen].mean(), len(true)),
        'accuracy_among_present': float((among_present == true).mean()),
        'confusion': confusion.tolist(),
    }


def _evaluate_affect(true: np.ndarray, predicted: np.ndarray) -> dict[str, Any]:
    return {
        'n': len(true),
        **continuous_agreement(predicted, true),
        'ccc_interval': bootstrap_interval(
            lambda chosen: concordance(predicted[chosen], true[chosen]), len(true)
        ),
    }


def _crop(image: np.ndarray, factor: float, size_px: int) -> np.ndarray:
    height, width = image.shape[:2]
    return cut_square(image, (width / 2, height / 2), factor * (height + width) / 2, size_px)


def _time_one(model: AffectModel, crop: np.ndarray, runs: int = 200) -> float:
    """Median milliseconds of one face, after a few runs to warm up."""
    spans = []
    for _ in range(runs):
        started = time.perf_counter()
        model([crop])
        spans.append(time.perf_counter() - started)
    return 1e3 * float(np.median(spans[runs // 10 :]))
