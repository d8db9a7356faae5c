# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Many trainings from one experiment file, each measured and written as a row of one table."""

import copy
import json
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from emotion_models.acai.evaluation import Report
from emotion_models.data.data_set import check_file
from emotion_models.limits import read_yaml
from emotion_models.reading import FileError, reading
from emotion_models.training.checkpoints import BEST_NAME, LAST_NAME
from emotion_models.training.command_line import train
from emotion_models.training.run_table import append_row, read_rows

EXPECTED = 'an experiment of emotion-models fit, such as config/experiments/acai_poses.yaml'

REPORT_NAME = 'report.json'
PARTS = ('trainer', 'model', 'data')
QUIET = {'enable_progress_bar': False, 'enable_model_summary': False}
"""Defaults of the trainer: a line for each run is enough."""


class Run(NamedTuple):
    """
    One training.

    Args:
        name: of its folder.
        key: the columns that identify it, with its `seed`.
        model: arguments of the model to change.
        model_class: another class of the model; its arguments are kept.
    """

    name: str
    key: dict[str, int | float | str]
    model: dict[str, Any]
    model_class: str | None = None


def run_all(
    config: str | Path,
    model_class: type,
    runs: Iterable[Run],
    table: Path,
    measure: Callable[[Path], Report],
    show: Callable[[str], None],
) -> None:
    """
    Train and measure every run that has no row yet.

    Args:
        config: experiment file.
        model_class: what the experiment must train.
        runs: what to train, each in a folder beside the table.
        table: gets a row for each run.
        measure: of its best checkpoint; the details are written into its folder.
        show: is called with a line for each row.
    """
    experiment = read_experiment(config, model_class)
    rows = read_rows(table)
    for run in runs:
        if any(run.key.items() <= row.items() for row in rows):
            continue
        begun_s = time.perf_counter()
        folder = table.parent / run.name
        report = measure(train_in(folder, vary(experiment, folder, run)))
        (folder / REPORT_NAME).write_text(json.dumps(report.details) + '\n', encoding='utf-8')
        duration_s = round(time.perf_counter() - begun_s, 1)
        append_row(table, {**run.key, **report.figures, 'duration_s': duration_s})
        show(f'{run.name}: ' + ', '.join(f'{n} {v:.4g}' for n, v in report.figures.items()))


def read_experiment(path: str | Path, model_class: type) -> dict[str, Any]:
    """
    The settings of an experiment file.

    Args:
        path: YAML file.
        model_class: what it must train.

    Raises:
        FileNotFoundError: if there is no such file.
        FileError: if it is not one of a training, or of that of another model.
    """
    path = check_file(path, EXPECTED)
    with reading(path, EXPECTED):
        experiment = read_yaml(path)
    entries = experiment if isinstance(experiment, dict) else {}
    if not all(isinstance(entries.get(part), dict) for part in PARTS):
        raise FileError(
            f'{path} lacks settings under one of {", ".join(PARTS)}; expected {EXPECTED}'
        )
    named = entries['model'].get('class_path')
    expected = f'{model_class.__module__}.{model_class.__qualname__}'
    if named != expected:
        raise FileError(
            f'{path} trains {named or "no model"}; expected an experiment of {expected}'
        )
    return entries


def vary(experiment: Mapping[str, Any], folder: Path, run: Run) -> dict[str, Any]:
    """
    The experiment of one run.

    Args:
        experiment: as `read_experiment` gives it.
        folder: of the run.
        run: its seed is that of the weights, of the data and of everything random.
    """
    varied = copy.deepcopy(dict(experiment))
    seed = run.key['seed']
    varied['seed_everything'] = seed
    varied['trainer'] = {**QUIET, **varied['trainer'], 'default_root_dir': str(folder)}
    varied['model']['class_path'] = run.model_class or varied['model']['class_path']
    varied['model'].setdefault('init_args', {}).update(run.model)
    varied['data']['seed'] = seed
    return varied


def train_in(folder: Path, experiment: Mapping[str, Any]) -> Path:
    """
    Train, or go on after an interruption, or do nothing where the training is finished.

    The experiment is written into its folder, to be repeated by `emotion-models fit`.

    Returns:
        The best checkpoint.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / 'experiment.yaml'
    path.write_text(yaml.safe_dump(dict(experiment), sort_keys=False), encoding='utf-8')
    last = folder / LAST_NAME
    resume = ['--ckpt_path', str(last)] if last.is_file() else []
    train(['fit', '--config', str(path), *resume])
    return folder / BEST_NAME
