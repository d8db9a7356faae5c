# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a module was last measured to be on held-out data, kept with its weights."""

from typing import Any

from lightning.pytorch import LightningModule
from torch import Tensor

PREFIX = 'val_'


class MeasuredModule(LightningModule):
    """
    A module that keeps its last validation metrics in its checkpoints, for the card of an export.

    They are in `held_out`, by their names without `val_`; empty before the first validation. A
    subclass that has its own `on_validation_epoch_end` calls this one at its end.
    """

    def __init__(self) -> None:
        super().__init__()
        self.held_out: dict[str, float] = {}

    def log_part(self, part: str, metrics: dict[str, Tensor], **options: int) -> None:
        """
        Log metrics as `PART_NAME`, averaged over processes.

        Args:
            part: `val` or `test`.
            metrics: scalars by name.
            options: of `log_dict`.
        """
        named = {f'{part}_{name}': value for name, value in metrics.items()}
        self.log_dict(named, prog_bar=True, sync_dist=True, **options)

    def on_validation_epoch_end(self) -> None:
        """Take what validation has logged."""
        if not self.trainer.sanity_checking:
            metrics = self.trainer.callback_metrics.items()
            self.held_out = {
                name.removeprefix(PREFIX): float(value)
                for name, value in metrics
                if name.startswith(PREFIX)
            }

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Keep the held-out metrics beside the weights."""
        checkpoint['held_out'] = self.held_out

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Take the held-out metrics back."""
        self.held_out = checkpoint['held_out']
