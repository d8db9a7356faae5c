# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A training that goes back to its last good state where its numbers end."""

import copy
from typing import Any

from lightning.pytorch import LightningModule
from lightning.pytorch.utilities import rank_zero_warn
from torch.optim import Optimizer

from emotion_models.training.finite import TrainingDiverged


class RollBack:
    """
    The state to which a training goes back, and how often it may.

    Args:
        factor: of the learning rate at each return.
        retries: how often at most.
    """

    def __init__(self, factor: float, retries: int) -> None:
        self.factor, self.retries = factor, retries
        self.done = 0
        self._kept: tuple[dict[str, Any], dict[str, Any]] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether there is a state to go back to."""
        return self._kept is not None

    def keep(self, module: LightningModule, optimizer: Optimizer) -> None:
        """Keep weights and optimiser as they are."""
        self._kept = copy.deepcopy((module.state_dict(), optimizer.state_dict()))

    def go_back(
        self, module: LightningModule, optimizer: Optimizer, reason: TrainingDiverged
    ) -> None:
        """
        Put weights and optimiser back, with a smaller learning rate.

        Raises:
            TrainingDiverged: the reason, if it was done too often, or nothing is kept.
        """
        if self._kept is None or self.done >= self.retries:
            raise TrainingDiverged(f'{reason} (went back {self.done} times)') from reason
        self.done += 1
        weights, moments = self._kept
        for group in moments['param_groups']:
            group['lr'] *= self.factor
        module.load_state_dict(weights)
        optimizer.load_state_dict(copy.deepcopy(moments))
        optimizer.zero_grad()
        rate = moments['param_groups'][0]['lr']
        rank_zero_warn(
            f'{str(reason).partition(";")[0]}; went back to the beginning of the epoch, with the '
            f'learning rate {rate:.3g} ({self.done} of {self.retries} times)'
        )
