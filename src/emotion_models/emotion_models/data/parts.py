# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Data modules whose training can be interrupted anywhere and go on as if it had not been."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from lightning.pytorch import LightningDataModule
from torch.utils.data import DataLoader, Dataset, default_collate

from emotion_models.data.order import EpochOrder


class PartsModule(LightningDataModule):
    """
    A data set in three parts, none of which is in another.

    Training batches are shuffled as a function of seed and epoch, shared out among the processes
    that train together, and one that is not full is left out; validation and test follow a fixed
    order and leave nothing out.

    Subclasses say what their data is in `ORIGIN` (for the cards of models) and load the parts.

    Args:
        batch_size: samples in a batch.
        seed: of the order, and of what a subclass draws.
        workers: processes that read ahead; 0 = none.
    """

    ORIGIN: dict[str, str]

    collate: Callable[[Any], Any] = staticmethod(default_collate)
    """Makes a batch of what the data set gives for it."""

    def __init__(self, batch_size: int, seed: int, workers: int = 0) -> None:
        super().__init__()
        self._batch_size, self._seed, self._workers = batch_size, seed, workers
        self._parts: Mapping[str, Dataset] = {}

    def load_parts(self) -> Mapping[str, Dataset]:
        """The samples under `training`, `validation` and `test`."""
        raise NotImplementedError

    def setup(self, stage: str | None = None) -> None:
        """Load the parts once."""
        self._parts = self._parts or self.load_parts()

    def train_dataloader(self) -> DataLoader:
        """Shuffled batches, after an interruption from where it happened."""
        samples = self._parts['training']
        order = EpochOrder(len(samples), self._seed)
        if self.trainer is not None:
            order.go_on(self.trainer, self._batch_size)
        return self._loader(samples, sampler=order, drop_last=True)

    def val_dataloader(self) -> DataLoader:
        """What chooses the best checkpoint, in a fixed order."""
        return self.in_order('validation')

    def test_dataloader(self) -> DataLoader:
        """What is only reported on, in a fixed order."""
        return self.in_order('test')

    def in_order(self, part: str) -> DataLoader:
        """All of `training`, `validation` or `test` in a fixed order; needs no trainer."""
        self.setup()
        return self._loader(self._parts[part])

    def _loader(self, samples: Dataset, **settings: Any) -> DataLoader:
        return DataLoader(
            samples,
            self._batch_size,
            num_workers=self._workers,
            collate_fn=self.collate,
            # Without one, loaders draw from torch's global generator when they begin, and
            # Lightning begins them at another moment when it resumes.
            generator=torch.Generator().manual_seed(self._seed),
            **settings,
        )
