# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A learning rate that is given anew when a training goes on."""

from collections.abc import Sequence
from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.utilities import rank_zero_info

RATE_KEYS = ('lr', 'initial_lr', 'max_lr', 'min_lr')
"""Under which optimisers and schedules keep rates in a group of parameters."""


class TakeLearningRate(Callback):
    """
    Lets the configured learning rate count although a checkpoint restores the optimiser.

    Checkpoints note the rates that were configured. Where others are configured when a training
    goes on, everything that was restored is scaled by their ratio: the schedule keeps its shape.
    """

    def __init__(self) -> None:
        self._configured: list[list[float]] = []
        self._earlier: list[list[float]] | None = None

    def state_dict(self) -> dict[str, Any]:
        """The rates that were configured, for each optimiser and group."""
        return {'configured': self._configured}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Keep the rates that were configured before, until the optimisers are restored."""
        self._earlier = state_dict['configured']

    def on_fit_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Note the rates that are configured now: the optimisers are made, but not restored."""
        self._configured = [
            [group.get('initial_lr', group['lr']) for group in optimizer.param_groups]
            for optimizer in trainer.optimizers
        ]

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Scale what was restored, once."""
        earlier, self._earlier = self._earlier, None
        if earlier is None or earlier == self._configured:
            return
        rank_zero_info(f'learning rates change from {earlier} to {self._configured}')
        schedules = [config.scheduler for config in trainer.lr_scheduler_configs]
        for optimizer, old, new in zip(trainer.optimizers, earlier, self._configured, strict=True):
            factors = [n / o for o, n in zip(old, new, strict=True)]
            for group, factor in zip(optimizer.param_groups, factors, strict=True):
                group.update({key: factor * group[key] for key in RATE_KEYS if key in group})
            for schedule in schedules:
                if schedule.optimizer is optimizer:
                    _scale_schedule(schedule, factors)


def _scale_schedule(schedule: Any, factors: Sequence[float]) -> None:
    for part in (schedule, *getattr(schedule, '_schedulers', ())):
        if hasattr(part, 'base_lrs'):
            part.base_lrs = [f * rate for f, rate in zip(factors, part.base_lrs, strict=True)]
