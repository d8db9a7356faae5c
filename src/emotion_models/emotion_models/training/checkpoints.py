# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which checkpoints of a run are kept: the best one and the last one."""

import time
from pathlib import Path
from typing import Any, Literal

from lightning.pytorch import LightningModule, Trainer
from lightning.pytorch.callbacks import Checkpoint, ModelCheckpoint

LAST_NAME = 'last.ckpt'
BEST_NAME = 'best.ckpt'


class KeepBest(ModelCheckpoint):
    """
    Keeps `best.ckpt` in the run folder.

    Args:
        monitor: logged metric that says which is best.
        mode: whether the least or the greatest is best.
    """

    def __init__(self, monitor: str = 'val_loss', mode: Literal['min', 'max'] = 'min') -> None:
        super().__init__(
            filename=Path(BEST_NAME).stem,
            monitor=monitor,
            mode=mode,
            enable_version_counter=False,
        )

    def setup(self, trainer: Trainer, pl_module: LightningModule, stage: str) -> None:
        """Take the run folder."""
        self.dirpath = trainer.default_root_dir
        super().setup(trainer, pl_module, stage)


class KeepLast(Checkpoint):
    """
    Keeps `last.ckpt` in the run folder: after every epoch, and within long ones.

    Lightning's own `save_last` writes only where the best checkpoint changes.

    Args:
        every_n_train_steps: steps of the optimiser between checkpoints within an epoch; 0 = no
            matter how many.
        every_minutes: time between checkpoints within an epoch.
    """

    def __init__(self, every_n_train_steps: int = 0, every_minutes: float = 10.0) -> None:
        super().__init__()
        self.every_n_train_steps = every_n_train_steps
        self.every_minutes = every_minutes
        self._saved_step = 0
        self._saved_time = 0.0

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Begin to count."""
        self._saved_step, self._saved_time = trainer.global_step, time.monotonic()

    def on_train_batch_end(
        self,
        trainer: Trainer,
        pl_module: LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        """Save where it is due; not at the end of an epoch, whose validation is yet to come."""
        if not trainer.is_last_batch and self._is_due(trainer):
            self._save(trainer)

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Save, once the best checkpoint is."""
        self._save(trainer)

    def _is_due(self, trainer: Trainer) -> bool:
        steps = trainer.global_step - self._saved_step
        if steps == 0:  # gradients may be accumulating, and those are not in checkpoints
            return False
        counted = 0 < self.every_n_train_steps <= steps
        waited = time.monotonic() - self._saved_time > 60 * self.every_minutes
        return trainer.strategy.broadcast(counted or waited)

    def _save(self, trainer: Trainer) -> None:
        if trainer.fast_dev_run:
            return
        trainer.save_checkpoint(Path(trainer.default_root_dir) / LAST_NAME, weights_only=False)
        self._saved_step, self._saved_time = trainer.global_step, time.monotonic()
