# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The folder of a run: where it comes from, and earlier runs of that name kept beside it."""

import os
import platform
import subprocess
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import lightning
import numpy as np
import torch
import yaml
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.utilities import rank_zero_info

from emotion_models.limits import read_yaml
from emotion_models.reading import FileError, reading

ORIGIN_NAME = 'origin.yaml'
METRICS_NAME = 'metrics.csv'

STARTS = 'the starts of a run; move it aside to begin anew'


class KeepRecord(Callback):
    """
    Notes in the run folder and in every checkpoint what made them.

    `origin.yaml` gets an entry for every start, also after an interruption.

    Args:
        command: as it was typed.
    """

    def __init__(self, command: str) -> None:
        self.command = command
        # Now: what is changed while a training runs is no part of it.
        self.commit = current_commit()

    def setup(self, trainer: Trainer, pl_module: LightningModule, stage: str) -> None:
        """Note the start."""
        if stage != 'fit' or trainer.fast_dev_run or not trainer.is_global_zero:
            return
        folder = Path(trainer.default_root_dir)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / ORIGIN_NAME
        starts = _read_starts(path) if path.is_file() else []
        starts.append({'started': _now(), **self._made_by(), 'machine': _machine(trainer)})
        _write_yaml(path, starts)

    def on_fit_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Note the end."""
        path = Path(trainer.default_root_dir) / ORIGIN_NAME
        if trainer.fast_dev_run or not trainer.is_global_zero:
            return
        starts = _read_starts(path)
        starts[-1] |= {'finished': _now(), 'epochs': trainer.current_epoch}
        _write_yaml(path, starts)

    def on_save_checkpoint(
        self, trainer: Trainer, pl_module: LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Add `made_by`, and name, source and terms of the data."""
        checkpoint['made_by'] = {**self._made_by(), 'epochs': checkpoint['epoch'] + 1}
        checkpoint['training_data'] = trainer.datamodule.data_set.origin

    def _made_by(self) -> dict[str, Any]:
        return {
            'command': self.command,
            'seed': os.environ.get('PL_GLOBAL_SEED', 'none'),
            'commit': self.commit,
            'versions': {
                'python': platform.python_version(),
                'torch': str(torch.__version__),
                'lightning': lightning.__version__,
                'numpy': np.__version__,
            },
        }


def move_aside(folder: Path) -> None:
    """Keep an earlier run as NAME.1, NAME.2 and so on; one without a checkpoint is forgotten."""
    if not (folder / ORIGIN_NAME).is_file():
        return
    if not any(folder.glob('*.ckpt')):
        for name in (ORIGIN_NAME, METRICS_NAME):
            (folder / name).unlink(missing_ok=True)
        return
    number = 1
    while (kept := folder.with_name(f'{folder.name}.{number}')).exists():
        number += 1
    folder.rename(kept)
    rank_zero_info(f'an earlier run of this name is kept as {kept}')


def current_commit() -> str:
    """Commit of this code, marked if files differ from it; `unknown` where git has none."""
    try:
        answer = subprocess.run(
            ['git', 'describe', '--always', '--abbrev=40', '--dirty'],
            cwd=Path(__file__).resolve().parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return 'unknown'
    return answer.stdout.strip()


def _machine(trainer: Trainer) -> dict[str, Any]:
    return {
        'platform': platform.platform(),
        'cores': os.cpu_count(),
        'device': str(trainer.strategy.root_device),
        'processes': trainer.world_size,
    }


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec='seconds')


def _read_starts(path: Path) -> list[dict[str, Any]]:
    with reading(path, STARTS):
        starts = read_yaml(path)
    if not isinstance(starts, list):
        raise FileError(f'{path} holds no list; expected {STARTS}')
    return starts


def _write_yaml(path: Path, content: Any) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding='utf-8')
