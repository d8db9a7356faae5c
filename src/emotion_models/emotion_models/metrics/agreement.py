# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How well predictions agree with labels: NumPy arrays in, floats out."""

from collections.abc import Callable

import numpy as np

from emotion_models.metrics.concordance import concordance


def continuous_agreement(prediction: np.ndarray, target: np.ndarray) -> dict[str, float]:
    """
    Agreement of two samples of one quantity.

    Args:
        prediction: shape (N,).
        target: shape (N,).

    Returns:
        `ccc` and `pearson` with population moments, `rmse`, and `sign_agreement`: the part
        of the samples whose signs are equal.
    """
    return {
        'ccc': float(concordance(prediction, target)),
        'pearson': float(pearson(prediction, target)),
        'rmse': float(np.sqrt(np.mean((prediction - target) ** 2))),
        'sign_agreement': float(np.mean(np.sign(prediction) == np.sign(target))),
    }


def pearson(prediction: np.ndarray, target: np.ndarray) -> float:
    """Linear correlation, in [-1, 1]; nan if either is constant."""
    with np.errstate(invalid='ignore', divide='ignore'):
        return float(np.corrcoef(prediction, target)[0, 1])


def confusion_matrix(prediction: np.ndarray, target: np.ndarray, classes: int) -> np.ndarray:
    """How often each class (row) was predicted as each class (column): int, (classes, classes)."""
    pairs = np.asarray(target) * classes + np.asarray(prediction)
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def class_agreement(confusion: np.ndarray) -> dict[str, float]:
    """
    Accuracy, and the mean F1 of the classes that occur, from a confusion matrix.

    Args:
        confusion: counts, true class by predicted class, shape (C, C), not all zero.
    """
    hits, true, predicted = np.diag(confusion), confusion.sum(1), confusion.sum(0)
    occurs = true > 0
    f1 = 2 * hits[occurs] / (true + predicted)[occurs]
    return {'accuracy': float(hits.sum() / confusion.sum()), 'macro_f1': float(f1.mean())}


def class_recall(confusion: np.ndarray) -> np.ndarray:
    """
    Share of each class's samples that are recognised, nan for classes that do not occur: (C,).

    Args:
        confusion: counts, true class by predicted class, shape (C, C).
    """
    true = confusion.sum(1)
    with np.errstate(invalid='ignore'):
        return np.where(true > 0, np.diag(confusion) / true, np.nan)


def wilson_interval(hits: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """
    Where a share that was seen as `hits` of `count` lies, by default with 95 %.

    Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 1927;
    unlike resampling it does not claim to know a share of 0 or 1 for sure.

    Args:
        hits: 0 to `count`.
        count: >= 1.
        z: quantile of the normal distribution.
    """
    share, doubt = hits / count, z**2 / count
    middle = share + doubt / 2
    half = z * np.sqrt((share * (1 - share) + doubt / 4) / count)
    return float((middle - half) / (1 + doubt)), float((middle + half) / (1 + doubt))


def rank_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Spearman's correlation of two samples (N,) without ties, in [-1, 1]."""
    ranks = [np.argsort(np.argsort(values)).astype(float) for values in (first, second)]
    return pearson(*ranks)


def bootstrap_intervals(
    measure: Callable[[np.ndarray], dict[str, float]],
    count: int,
    draws: int = 200,
    seed: int = 0,
    level: float = 0.95,
) -> dict[str, tuple[float, float]]:
    """
    Percentile intervals of measures over resampled samples.

    Args:
        measure: named values for an array of indices (count,), drawn with replacement.
        count: number of samples, >= 1.
        draws: number of resamplings.
        seed: of the draws.
        level: probability that an interval covers.

    Returns:
        Lower and upper end by `NAME_interval`; nan where no draw has a value.
    """
    generator = np.random.default_rng(seed)
    values = [measure(generator.integers(0, count, count)) for _ in range(draws)]
    percentages = [50 * (1 - level), 50 * (1 + level)]
    intervals = {}
    for name in values[0]:
        drawn = np.array([value[name] for value in values])
        known = drawn[np.isfinite(drawn)]
        ends = np.percentile(known, percentages).tolist() if len(known) else [np.nan, np.nan]
        intervals[f'{name}_interval'] = tuple(ends)
    return intervals
