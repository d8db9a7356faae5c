# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The best checkpoint of each target."""

from typing import Literal

from lightning.pytorch import LightningModule, Trainer
from lightning.pytorch.utilities import rank_zero_warn

from emotion_models.training.checkpoints import KeepBest


class KeepBestOf(KeepBest):
    """
    Keeps `best_TARGET.ckpt`: the greatest concordance on the validation part.

    Of equally good epochs the earlier is kept. Where the target is not trained, nothing is.

    Args:
        target: `valence` or `arousal`.
    """

    def __init__(self, target: Literal['valence', 'arousal']) -> None:
        super().__init__(f'val_ccc_{target}', 'max')
        self.filename = f'best_{target}'

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Save where the target is trained and this is the best epoch."""
        if self.monitor in trainer.callback_metrics:
            super().on_train_epoch_end(trainer, pl_module)

    def on_fit_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Say where nothing was learned."""
        if self.best_model_score is not None and self.best_model_score <= 0:
            rank_zero_warn(
                f'{self.monitor} was never above 0; {self.best_model_path} is the best there is'
            )
