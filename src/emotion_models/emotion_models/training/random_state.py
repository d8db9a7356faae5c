# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Going on after an interruption as if there had been none."""

from typing import Any

import torch
from lightning.pytorch import Callback, LightningModule, Trainer


class KeepRandomState(Callback):
    """
    Stores the state of torch's random generators in checkpoints and takes it back on resuming.

    Torch alone draws numbers while our modules train; the order of the data is a function of seed
    and epoch.
    """

    def __init__(self) -> None:
        self._restored: dict[str, Any] | None = None

    def state_dict(self) -> dict[str, Any]:
        """States of the generators."""
        devices = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
        return {'cpu': torch.get_rng_state(), 'devices': devices}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Keep the states until the training begins: setting it up draws numbers too."""
        self._restored = state_dict

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Put the generators where they were, once."""
        if self._restored is None:
            return
        torch.set_rng_state(self._restored['cpu'].cpu())
        if self._restored['devices']:
            torch.cuda.set_rng_state_all([state.cpu() for state in self._restored['devices']])
        self._restored = None
