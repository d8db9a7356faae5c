# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Autoencoders of poses over latent sizes, weights of the regulariser and seeds."""

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from emotion_models.acai.evaluation import Protocol, evaluate_poses
from emotion_models.acai.experiments import REPORT_NAME, Run, run_all
from emotion_models.acai.module import PoseAutoencoder
from emotion_models.reading import reading
from emotion_models.training.run_table import read_rows, run_name

TABLE_NAME = 'sweep.csv'
MEASURES = {
    'mean_distance': 'interpolations to training poses',
    'precision': 'random codes to training poses',
    'recall': 'test poses to random codes',
}
"""Whose distances are drawn in order, and what they are."""


def plan(latents: Sequence[int], weights: Sequence[float], seeds: Sequence[int]) -> Iterator[Run]:
    """All runs, seed by seed: an interrupted sweep is a whole one with fewer seeds."""
    for seed, latent, weight in itertools.product(seeds, latents, weights):
        model = {'latent': latent, 'weight': float(weight)}
        yield Run(_name(latent, weight, seed), {**model, 'seed': seed}, model)


def sweep(
    config: str | Path,
    runs: Iterator[Run],
    folder: Path,
    protocol: Protocol,
    show: Callable[[str], None] = print,
) -> Path:
    """
    Train and measure every run that has no row yet.

    Args:
        config: experiment file of a `PoseAutoencoder`.
        runs: as `plan` gives them.
        folder: gets the table, and for each run a folder with checkpoints, metrics and report.
        protocol: how they are measured.
        show: is called with a line for each row.

    Returns:
        The table, a row for each run.
    """
    table = folder / TABLE_NAME
    run_all(config, PoseAutoencoder, runs, table, partial(evaluate_poses, protocol=protocol), show)
    return table


def smoothness_curves(folder: Path, latent: int) -> dict[float, list[list[float]]]:
    """
    The aggregated curves of smoothness in a sweep: for each weight those of the seeds.

    Args:
        folder: of the sweep.
        latent: width of the codes.
    """
    curves: dict[float, list[list[float]]] = {}
    for weight, report in _reports(folder, latent):
        curves.setdefault(weight, []).append(report['transitions']['curve'])
    return dict(sorted(curves.items()))


def sorted_distances(folder: Path, latent: int) -> dict[str, dict[float, list[list[float]]]]:
    """
    Quantiles of the distances in a sweep: for each of `MEASURES` and weight those of the seeds.

    Args:
        folder: of the sweep.
        latent: width of the codes.
    """
    distances: dict[str, dict[float, list[list[float]]]] = {}
    for weight, report in _reports(folder, latent):
        for measure, title in MEASURES.items():
            if measure in report['sorted']:
                by_weight = distances.setdefault(title, {})
                by_weight.setdefault(weight, []).append(report['sorted'][measure])
    return distances


def _reports(folder: Path, latent: int) -> Iterator[tuple[float, dict]]:
    for row in read_rows(folder / TABLE_NAME):
        if row['latent'] == latent:
            path = folder / _name(latent, row['weight'], row['seed']) / REPORT_NAME
            with reading(path, 'the report of a run; delete its row to train it again'):
                yield float(row['weight']), json.loads(path.read_text(encoding='utf-8'))


def _name(latent: int, weight: float, seed: int) -> str:
    return run_name(f'd{latent}_w{weight:g}', seed)
