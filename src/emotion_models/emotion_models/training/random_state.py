# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Going on after an interruption as if there had been none."""

import random
from typing import Any

import numpy as np
import torch
from lightning.pytorch import Callback, LightningModule, Trainer


class KeepRandomState(Callback):
    """
    Stores the states of the random generators in checkpoints and takes them back on resuming.

    The order of the data needs none: it is a function of seed and epoch.
    """

    def __init__(self) -> None:
        self._restored: dict[str, Any] | None = None

    def state_dict(self) -> dict[str, Any]:
        """States of the generators of torch, of its devices, of NumPy and of Python."""
        name, keys, *rest = np.random.get_state()  # noqa: NPY002  (not ours: of libraries)
        return {
            'cpu': torch.get_rng_state(),
            'devices': torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
            'numpy': [name, torch.from_numpy(keys.astype(np.int64)), *rest],
            'python': random.getstate(),
        }

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
        if 'numpy' in self._restored:
            name, keys, *rest = self._restored['numpy']
            state = (name, keys.cpu().numpy().astype(np.uint32), *rest)
            np.random.set_state(state)  # noqa: NPY002
            random.setstate(_as_tuple(self._restored['python']))
        self._restored = None


def _as_tuple(value: Any) -> Any:
    return tuple(_as_tuple(part) for part in value) if isinstance(value, list | tuple) else value
