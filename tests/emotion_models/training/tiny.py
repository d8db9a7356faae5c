# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""An experiment that takes a moment, for the tests of training."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

from emotion_models.cli import main
from emotion_models.data.data_set import DataSet, InMemory
from emotion_models.training.held_out import MeasuredModule


class TinyBatch(NamedTuple):
    index: Any
    x: Any
    y: Any


@dataclass(frozen=True)
class TinyData(DataSet):
    """
    Numbers with a noisy line through them.

    Args:
        count: of the numbers.
    """

    CONTENT = 'numbers'
    ORIGIN = {'name': 'numbers', 'terms': 'none'}  # noqa: RUF012

    count: int = 42

    def load_parts(self, seed):
        generator = np.random.default_rng(seed)
        x, noise = (generator.standard_normal((self.count, n), np.float32) for n in (3, 1))
        y = x.sum(1, keepdims=True) + 0.1 * noise
        whole = InMemory(TinyBatch(np.arange(self.count), x, y.astype(np.float32)))
        return {'training': whole, 'validation': whole, 'test': whole}


class TinyModule(MeasuredModule):
    """
    Everything that resuming has to get right: noise, running statistics, moments, a schedule.

    Args:
        learning_rate: of Adam.
        bad_step: step whose loss is not a number; -1 = none.
        bad_gradient_step: step whose loss is 0 but its gradient is not a number.
        kill_step: step after whose checkpoint the process is killed, once.
        kill_epoch: epoch at whose very end the process is killed, once.
        note_order: folder for the indices that each process has seen.
    """

    def __init__(
        self,
        learning_rate: float = 0.01,
        bad_step: int = -1,
        bad_gradient_step: int = -1,
        kill_step: int = -1,
        kill_epoch: int = -1,
        note_order: str | None = None,
    ):
        super().__init__()
        self.save_hyperparameters()
        self.network = torch.nn.Sequential(
            torch.nn.Linear(3, 8),
            torch.nn.BatchNorm1d(8),
            torch.nn.Dropout(),
            torch.nn.Linear(8, 1),
        )
        self.seen = []

    def training_step(self, batch, batch_index):
        index, x, y = batch
        self.seen += index.tolist()
        loss = (self.network(x + 0.1 * torch.randn_like(x)) - y).square().mean()
        if self.global_step == self.hparams.bad_step:
            loss = loss * float('nan')
        if self.global_step == self.hparams.bad_gradient_step:
            loss = (loss - loss.detach()).sqrt()
        self.log('train_loss', loss)
        return loss

    def on_train_batch_start(self, batch, batch_index):
        if self.global_step == self.hparams.kill_step:
            os.kill(os.getpid(), signal.SIGKILL)

    def on_train_epoch_start(self):
        if self.current_epoch == self.hparams.kill_epoch + 1 > 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def on_train_epoch_end(self):
        if self.hparams.note_order:
            name = f'{self.current_epoch}_{self.global_rank}.txt'
            Path(self.hparams.note_order, name).write_text(' '.join(map(str, self.seen)))
        self.seen.clear()

    def validation_step(self, batch, batch_index):
        _, x, y = batch
        self.log_part('val', {'loss': (self.network(x) - y).square().mean()})

    def test_step(self, batch, batch_index):
        _, x, y = batch
        self.log_part('test', {'loss': (self.network(x) - y).square().mean()})

    def configure_optimizers(self):
        optimizer = torch.optim.Adam(self.parameters(), self.hparams.learning_rate)
        schedule = torch.optim.lr_scheduler.StepLR(optimizer, 7, 0.5)
        return [optimizer], [{'scheduler': schedule, 'interval': 'step'}]


def run_in(folder: Path, words: list[str]) -> None:
    """What a process does that runs a command of `emotion-models` in a folder."""
    os.chdir(folder)
    raise SystemExit(main(words))
