# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Benchmarks of images: plain, variational and regularised autoencoder side by side."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from emotion_models.acai.evaluation import (
    LINE_POINTS,
    Report,
    decoded_path,
    evaluate_lines,
)
from emotion_models.acai.experiments import Run, run_all
from emotion_models.acai.module import ImageAutoencoder
from emotion_models.data.drawn_lines import line_bank
from emotion_models.training.checkpoints import BEST_NAME
from emotion_models.training.loading import load_data, load_module
from emotion_models.training.run_table import run_name

PICTURED = 3
"""Interpolations that are drawn."""
CLASSES = {
    'regularised': 'ImageAutoencoder',
    'plain': 'ImageAutoencoder',
    'variational': 'ImageVariationalAutoencoder',
}


def of_lines(pairs: int) -> Callable[[Path], Report]:
    """The measure of a checkpoint on the benchmark of lines, with so many pairs."""
    return partial(evaluate_lines, bank=line_bank(), pairs=pairs)


def compare_variants(
    config: str | Path,
    seeds: Sequence[int],
    table: Path,
    measure: Callable[[Path], Report],
    show: Callable[[str], None] = print,
) -> Path:
    """
    Train and measure every variant with every seed that has no row yet.

    Args:
        config: experiment file of a regularised `ImageAutoencoder`; the other variants take all
            of it but the critic.
        seeds: of weights, data and order.
        table: gets a row for each training, which has a folder beside it.
        measure: of a checkpoint.
        show: is called with a line for each row.

    Returns:
        The table.
    """
    runs = [
        Run(
            run_name(variant, seed),
            {'variant': variant, 'seed': seed},
            {} if variant == 'regularised' else {'weight': None},
            f'emotion_models.acai.module.{name}',
        )
        for seed in seeds
        for variant, name in CLASSES.items()
    ]
    run_all(config, ImageAutoencoder, runs, table, measure, show)
    return table


def draw_variants(folder: Path, seed: int) -> dict[str, np.ndarray]:
    """
    A few interpolations between held-out images, decoded by every variant.

    Args:
        folder: of a comparison.
        seed: whose trainings.

    Returns:
        By variant images (PICTURED, LINE_POINTS, side, side).
    """
    rows = {}
    for variant in CLASSES:
        best = folder / run_name(variant, seed) / BEST_NAME
        ends = load_data(best).samples('validation')[: 2 * PICTURED]
        path = decoded_path(load_module(best), ends[:PICTURED], ends[PICTURED:], LINE_POINTS)
        rows[variant] = path[:, :, 0]
    return rows
