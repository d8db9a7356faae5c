# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Tables of class prototypes: made of AffectNet's annotations, kept as CSV."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from emotion_models.data.tables import read_table
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.labels.prototypes import CLASS_OF_EXPRESSION, Prototypes
from emotion_models.reading import FileError, reading

NOT_RATED = -2.0
"""AffectNet's valence or arousal of images without."""

LEAST_ROWS = 2
"""Rated images of a class that make a deviation."""

TABLE_COLUMNS = ('expression', 'valence_mean', 'valence_std', 'arousal_mean', 'arousal_std')
ANNOTATION_COLUMNS = ('expression', 'valence', 'arousal')
EXPECTED = f'{",".join(ANNOTATION_COLUMNS)} or {",".join(TABLE_COLUMNS)}'


def read_prototypes(path: str | Path) -> Prototypes:
    """
    Prototypes of a table, or of AffectNet's annotations.

    Args:
        path: CSV file with the columns of `TABLE_COLUMNS`, or with those of
            `ANNOTATION_COLUMNS` and AffectNet's codes as expressions.

    Raises:
        ValueError: if it has neither, or a row that cannot be read.
    """
    columns, rows = read_table(path, EXPECTED)
    is_table = {*columns}.issuperset(TABLE_COLUMNS)
    if not is_table and not {*columns}.issuperset(ANNOTATION_COLUMNS):
        raise FileError(
            f'{path} has the columns {", ".join(sorted(columns)) or "of no header"}; '
            f'expected {EXPECTED}'
        )
    name, *wanted = TABLE_COLUMNS if is_table else ANNOTATION_COLUMNS
    names = [row[name] for row in rows]
    with reading(path, EXPECTED):
        values = np.array([[float(row[column]) for column in wanted] for row in rows])
        values = values.reshape(len(rows), len(wanted))
        codes = [] if is_table else [int(code) for code in names]
    if not rows or not np.isfinite(values).all():
        raise FileError(f'{path} has no rows, or values that are not finite; expected {EXPECTED}')
    if not is_table:
        return fit_prototypes(np.array(codes), values)
    means, deviations = values[:, [0, 2]], values[:, [1, 3]]
    if np.abs(means).max() > 1 or deviations.min() < 0:
        raise FileError(f'{path}: expected means in [-1, 1] and deviations of at least 0')
    return Prototypes(tuple(name.upper() for name in names), means, deviations)


def fit_prototypes(codes: np.ndarray, va: np.ndarray) -> Prototypes:
    """
    Mean and sample standard deviation of every class that has a prototype.

    Args:
        codes: AffectNet's expression codes, int, shape (N,); those without a class are not used.
        va: valence and arousal, -2 where not rated, shape (N, 2); a row with either is left out.

    Raises:
        ValueError: if no class has two rated images.
    """
    is_rated = (va != NOT_RATED).all(1)
    points = {}
    for code, expression in enumerate(EXPRESSIONS):
        chosen = va[is_rated & (codes == code)]
        if expression in CLASS_OF_EXPRESSION and len(chosen) >= LEAST_ROWS:
            points[CLASS_OF_EXPRESSION[expression]] = chosen
    if not points:
        raise ValueError(f'no expression with {LEAST_ROWS} or more rated images')
    names = tuple(sorted(points))
    return Prototypes(
        names,
        np.array([points[name].mean(0) for name in names]),
        np.array([points[name].std(0, ddof=1) for name in names]),
    )


def write_prototypes(path: Path, prototypes: Prototypes) -> None:
    """The table as CSV, as `read_prototypes` takes it."""
    with path.open('w', newline='', encoding='utf-8') as file:
        writer = csv.writer(file)
        writer.writerow(TABLE_COLUMNS)
        for name, mean, std in zip(prototypes.names, prototypes.mean, prototypes.std, strict=True):
            writer.writerow(_row(name, mean, std))


def _row(name: str, mean: np.ndarray, std: np.ndarray) -> Sequence[str]:
    figures = (mean[0], std[0], mean[1], std[1])
    return [name, *(f'{figure:.6f}' for figure in figures)]
