# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Training ends where its numbers do."""

from pathlib import Path
from typing import Any

import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from torch import Tensor
from torch.optim import Optimizer

from emotion_models.training.checkpoints import LAST_NAME


class TrainingDiverged(ArithmeticError):
    """A loss or a gradient that is not a finite number; says how to go on."""


class StopWhenNotFinite(Callback):
    """
    Ends the training before a loss or gradient that is not a number reaches the weights.

    The checkpoints written before stay as they are.

    Args:
        command: as it was typed, to be repeated with a smaller learning rate.
    """

    def __init__(self, command: str) -> None:
        self.command = command

    def on_before_backward(
        self, trainer: Trainer, pl_module: LightningModule, loss: Tensor
    ) -> None:
        """Look at the loss."""
        self._check(trainer, pl_module, 'loss', loss.detach())

    def on_before_optimizer_step(
        self, trainer: Trainer, pl_module: LightningModule, optimizer: Optimizer
    ) -> None:
        """Look at the gradients; a gradient scaler itself skips those that overflow."""
        if getattr(trainer.precision_plugin, 'scaler', None) is not None:
            return
        gradients = [
            parameter.grad.detach()
            for group in optimizer.param_groups
            for parameter in group['params']
            if parameter.grad is not None
        ]
        if gradients:
            size = torch.nn.utils.get_total_norm(gradients)
            self._check(trainer, pl_module, 'gradient', size)

    def _check(self, trainer: Trainer, pl_module: LightningModule, what: str, value: Any) -> None:
        is_finite = bool(torch.isfinite(value).all())
        if not trainer.strategy.reduce_boolean_decision(is_finite, all=True):
            raise TrainingDiverged(
                f'the {what} is {float(value):g} in epoch {trainer.current_epoch}, step '
                f'{trainer.global_step}; {self._way_on(trainer, pl_module)}'
            )

    def _way_on(self, trainer: Trainer, pl_module: LightningModule) -> str:
        last = Path(trainer.default_root_dir) / LAST_NAME
        rates = [name for name in pl_module.hparams if name.endswith('learning_rate')]
        slower = ''.join(
            f' --model.init_args.{name} {pl_module.hparams[name] / 2:g}' for name in rates
        )
        if not last.is_file():
            return f'there is no checkpoint yet, so begin again: {self.command}{slower}'
        return f'{last} is kept, go on slower: {self.command} --ckpt_path {last}{slower}'
