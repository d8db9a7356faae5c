# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The line benchmark: plain, variational and regularised autoencoder side by side."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from emotion_models.acai.evaluation import LINE_POINTS, decoded_path, evaluate_lines
from emotion_models.acai.experiments import Run, run_all
from emotion_models.acai.module import ImageAutoencoder
from emotion_models.data.drawn_lines import line_bank
from emotion_models.training.checkpoints import BEST_NAME
from emotion_models.training.loading import load_data, load_module
from emotion_models.training.run_table import run_name

TABLE_NAME = 'lines.csv'
PICTURED = 3
"""Interpolations that are drawn."""
CLASSES = {
    'regularised': 'ImageAutoencoder',
    'plain': 'ImageAutoencoder',
    'variational': 'ImageVariationalAutoencoder',
}


def compare_lines(
    config: str | Path,
    seeds: Sequence[int],
    folder: Path,
    pairs: int,
    show: Callable[[str], None] = print,
) -> Path:
    """
    Train and measure every variant with every seed that has no row yet.

    Args:
        config: experiment file of a regularised `ImageAutoencoder`; the other variants take all
            of it but the critic.
        seeds: of weights, lines and order.
        folder: gets the table, and a folder for each training.
        pairs: of held-out lines, to interpolate and measure.
        show: is called with a line for each row.

    Returns:
        The table, a row for each training.
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
    table = folder / TABLE_NAME
    run_all(
        config,
        ImageAutoencoder,
        runs,
        table,
        partial(evaluate_lines, bank=line_bank(), pairs=pairs),
        show,
    )
    return table


def draw_variants(folder: Path, seed: int) -> dict[str, np.ndarray]:
    """
    A few interpolations between held-out lines, decoded by every variant.

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
