# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How well an affect network reads labelled faces."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from emotion_models.data.labelled_faces import LabelledFaces, Square
from emotion_models.imaging.images import Image, cut_square
from emotion_models.labels.expressions import EXPRESSIONS, VA_MEANS
from emotion_models.metrics.agreement import (
    bootstrap_intervals,
    class_agreement,
    class_recall,
    confusion_matrix,
    continuous_agreement,
    rank_correlation,
    wilson_interval,
)
from emotion_models.metrics.calibration import (
    calibration_error,
    calibration_error_by_chance,
    reliability,
)
from emotion_models.runtime.affect import AFFECT_COLUMNS, AffectModel
from emotion_models.runtime.detection import Detector, overlaps

BATCH = 64
LEAST_OVERLAP = 0.2
"""Intersection over union with where the face is known to be, for a detection to count as it."""

PROTOCOL = (
    'expression: the most-voted of all classes where it is unique, an expression and has at least '
    'four votes, or the label; accuracy over the eight expressions, mean recall over those of the '
    'seven basic ones that occur (contempt apart); expression: probabilities in the wild, '
    'expression_balanced: where all are equally frequent, its calibration error on faces '
    'weighted so. valence and arousal: rated, or expected under the votes renormalised over the '
    'expressions that have a mean (at least four such votes), or the mean of the label; CCC with '
    'population moments. smiles: rank correlation of the valence of happy faces with the height '
    'of the corners of their mouths. 95 % intervals: of resampled faces; of the recall of one '
    'expression, Wilson. Keys: sides of the square that is seen, relative to the stored crop, '
    'borders repeated.'
)
"""What the figures mean, for the card of a model."""


@dataclass(frozen=True)
class Predictions:
    """
    What a network predicts for N faces.

    Args:
        expression: probabilities in the wild, shape (N, 8); nan where it saw no face.
        balanced: probabilities where all expressions are equally frequent, shape (N, 8); none if
            the network does not know which ones it was made for.
        affect: valence and arousal, shape (N, 2); nan where it saw no face.
        ms_per_face: time of the network for one face at a time.
        missed: images in which the detector did not find the face.
        unreadable: images that could not be read.
    """

    expression: np.ndarray
    balanced: np.ndarray | None
    affect: np.ndarray
    ms_per_face: float
    missed: int = 0
    unreadable: int = 0


def read_faces(
    model: AffectModel,
    faces: LabelledFaces,
    crop_factor: float = 1.0,
    detector: Detector | None = None,
) -> Predictions:
    """
    Let a network read every face.

    Args:
        model: the network.
        faces: what to read.
        crop_factor: sides of the square that it sees, relative to the face's own: below 1 the
            middle of it, above 1 more around it, beyond the image its border repeated.
        detector: finds the faces first; none = they are taken from where they are known to be.
    """
    expression = np.full((len(faces), len(EXPRESSIONS)), np.nan)
    affect = np.full((len(faces), len(AFFECT_COLUMNS)), np.nan)
    missed = unreadable = 0
    for start in range(0, len(faces), BATCH):
        crops = {}
        for index in range(start, min(start + BATCH, len(faces))):
            image = faces.images[index]
            if image is None:
                unreadable += 1
                continue
            square = _find_square(image, faces.squares.get(index), detector)
            if square is None:
                missed += 1
                continue
            centre, side = square
            crops[index] = cut_square(image, centre, crop_factor * side, model.size_px)
        seen = list(crops)
        expression[seen], affect[seen] = model(list(crops.values()))
    balanced = model.under_prior(expression, 'balanced') if model.balancing is not None else None
    return Predictions(expression, balanced, affect, _time_one(model), missed, unreadable)


def evaluate(faces: LabelledFaces, predictions: Predictions) -> dict[str, Any]:
    """
    Agreement of predictions and labels, plain numbers with 95 % bootstrap intervals.

    Returns:
        `faces`, `missed`, `unreadable`, `skipped` by reason, `ms_per_face`; where
        expressions are known `expression` and, if the network knows its prior,
        `expression_balanced` (n, accuracy, macro_f1, mean_recall, recall: n, share and interval of
        each expression that occurs, accuracy_among_present: with the prediction restricted to the
        expressions that occur, calibration_error, calibration_error_by_chance: mean and interval
        of exact probabilities, reliability, and confusion: true by predicted in the order of
        `EXPRESSIONS`); where affect is known of two or more `valence` and `arousal`
        (n, ccc, pearson, rmse, sign_agreement).
    """
    report: dict[str, Any] = {
        'faces': len(faces),
        'missed': predictions.missed,
        'unreadable': predictions.unreadable,
        'skipped': dict(faces.skipped),
        'ms_per_face': predictions.ms_per_face,
    }
    predicted = np.isfinite(predictions.affect).all(1)
    labelled = predicted & (faces.expression >= 0)
    if labelled.any():
        true = faces.expression[labelled]
        report['expression'] = _evaluate_expression(true, predictions.expression[labelled])
        if predictions.balanced is not None:
            report['expression_balanced'] = _evaluate_expression(
                true, predictions.balanced[labelled], equal_weights(true)
            )
    rated = predicted & np.isfinite(faces.affect).all(1)
    if rated.sum() > 1:
        for column, name in enumerate(AFFECT_COLUMNS):
            report[name] = _evaluate_affect(
                faces.affect[rated, column].astype(float), predictions.affect[rated, column]
            )
    return report


def compare_smiles(
    faces: LabelledFaces, predictions: Predictions, heights: np.ndarray
) -> dict[str, Any]:
    """
    Whether the valence of happy faces rises with the corners of their mouths.

    Args:
        faces: N faces.
        predictions: of the network.
        heights: of the corners of each mouth, shape (N,); nan where not known.

    Returns:
        `n`, `rank_correlation` (Spearman) and its interval.

    Raises:
        ValueError: if heights and faces are not equally many, or no two happy faces can be
            compared.
    """
    if len(heights) != len(faces):
        raise ValueError(
            f'the landmarks are those of {len(heights)} faces, and there are {len(faces)} faces; '
            'give the landmarks of this data'
        )
    happy = faces.expression == EXPRESSIONS.index('HAPPY')
    chosen = happy & np.isfinite(heights) & np.isfinite(predictions.affect[:, 0])
    if chosen.sum() < 2:
        raise ValueError('there are no two happy faces with landmarks to compare')
    valence, height = predictions.affect[chosen, 0], heights[chosen]

    def measure(rows: np.ndarray) -> dict[str, float]:
        return {'rank_correlation': rank_correlation(valence[rows], height[rows])}

    count = len(valence)
    return {'n': count, **measure(np.arange(count)), **bootstrap_intervals(measure, count)}


def equal_weights(true: np.ndarray) -> np.ndarray:
    """Weights (N,) by which every class that occurs counts the same in all."""
    return 1 / np.bincount(true)[true]


def _evaluate_expression(
    true: np.ndarray, probabilities: np.ndarray, weight: np.ndarray | None = None
) -> dict[str, Any]:
    predicted = probabilities.argmax(1)
    present = np.unique(true)
    among_present = present[probabilities[:, present].argmax(1)]
    rows = reliability(probabilities.max(1), predicted == true, weight)

    def measure(chosen: np.ndarray) -> dict[str, float]:
        counts = confusion_matrix(predicted[chosen], true[chosen], len(EXPRESSIONS))
        return class_agreement(counts) | {'mean_recall': _mean_recall(counts)}

    everything = np.arange(len(true))
    confusion = confusion_matrix(predicted, true, len(EXPRESSIONS))
    return {
        'n': len(true),
        **measure(everything),
        **bootstrap_intervals(measure, len(true)),
        'recall': {EXPRESSIONS[k]: _recall(confusion[k], k) for k in present},
        'accuracy_among_present': float((among_present == true).mean()),
        'calibration_error': calibration_error(rows),
        'calibration_error_by_chance': calibration_error_by_chance(probabilities, true, weight),
        'reliability': rows,
        'confusion': confusion.tolist(),
    }


def _mean_recall(confusion: np.ndarray) -> float:
    """Over the seven basic expressions, as far as they occur; nan if none does."""
    recalls = class_recall(confusion)[[EXPRESSIONS.index(name) for name in VA_MEANS]]
    return float(np.nanmean(recalls)) if np.isfinite(recalls).any() else np.nan


def _recall(row: np.ndarray, own: int) -> dict[str, Any]:
    hits, count = int(row[own]), int(row.sum())
    return {'n': count, 'share': hits / count, 'interval': wilson_interval(hits, count)}


def _evaluate_affect(true: np.ndarray, predicted: np.ndarray) -> dict[str, Any]:
    def measure(chosen: np.ndarray) -> dict[str, float]:
        return continuous_agreement(predicted[chosen], true[chosen])

    return {
        'n': len(true),
        **continuous_agreement(predicted, true),
        **bootstrap_intervals(measure, len(true)),
    }


def _find_square(image: Image, known: Square | None, detector: Detector | None) -> Square | None:
    """The square to read; none if a detector is given and does not find the face."""
    if detector is None:
        height, width = image.shape[:2]
        return known or ((width / 2, height / 2), (height + width) / 2)
    found = detector(image)
    if known is not None:
        (x, y), side = known
        box = np.array([x - side / 2, y - side / 2, side, side])
        overlap = [float(overlaps(box, detection.box[None])[0]) for detection in found]
        best = int(np.argmax(overlap)) if found else 0
        found = [found[best]] if found and overlap[best] >= LEAST_OVERLAP else []
    return detector.framing.square_about(found[0].box) if found else None


def _time_one(model: AffectModel, runs: int = 200) -> float:
    """Median milliseconds of one face, after a few runs to warm up."""
    flat = np.zeros((model.size_px, model.size_px), np.uint8)
    spans_s = []
    for _ in range(runs):
        started_s = time.perf_counter()
        model([flat])
        spans_s.append(time.perf_counter() - started_s)
    return 1e3 * float(np.median(spans_s[runs // 10 :]))
