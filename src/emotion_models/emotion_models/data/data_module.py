# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Batches of any data set for training with torch, which can be interrupted anywhere."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from lightning.pytorch import LightningDataModule
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from emotion_models.data.data_set import Batch, DataSet, Part, Parts
from emotion_models.data.order import EpochOrder, WeightedSampler


class DataModule(LightningDataModule):
    """
    The parts of a data set in batches of tensors.

    Training batches come in an order that is a function of seed and epoch, are shared out among
    the processes that train together, and one that is not full is left out, except where a part
    keeps it; validation and test follow a fixed order and leave nothing out.

    Args:
        data_set: what to train on.
        batch_size: samples in a batch.
        seed: of what the data set draws, of its split, and of the order.
        workers: processes that read ahead; 0 = none.
    """

    def __init__(
        self, data_set: DataSet, batch_size: int = 64, seed: int = 5230, workers: int = 0
    ) -> None:
        super().__init__()
        if batch_size < 1 or workers < 0:
            raise ValueError(
                f'batch_size must be >= 1 and workers >= 0, got {batch_size} and {workers}'
            )
        self.data_set = data_set
        self.save_hyperparameters(
            {
                'data_set': data_set.settings(),
                'batch_size': batch_size,
                'seed': seed,
                'workers': workers,
            }
        )
        self._parts: Parts = {}
        self._begin = (0, 0)  # epoch, and batches of it that were trained on

    def setup(self, stage: str | None = None) -> None:
        """Load the parts once."""
        self._parts = self._parts or self.data_set.load_parts(self.hparams.seed)

    def part(self, name: str) -> Part:
        """
        `training`, `validation` or `test`; needs no trainer.

        Raises:
            ValueError: if it has no samples.
        """
        self.setup()
        if not len(self._parts[name]):
            raise ValueError(
                f'there is nothing for {name} in {self.data_set.class_path()}, which has '
                f'{self._sizes()} samples; give it more data or another part of them'
            )
        return self._parts[name]

    def check_training(self) -> None:
        """
        Read the data, and refuse what trains nothing.

        Raises:
            OSError, ValueError: if it cannot be read, a part is empty, or not one batch is full.
        """
        self.part('validation')
        training = self.part('training')
        if len(training) < self.hparams.batch_size and not training.keeps_last:
            raise ValueError(
                f'batch_size is {self.hparams.batch_size}, and {self.data_set.class_path()} has '
                f'{self._sizes()} samples: not one batch of training is full; make it smaller'
            )

    def _sizes(self) -> str:
        return ', '.join(f'{len(part)} {name}' for name, part in self._parts.items())

    def samples(self, name: str) -> Batch:
        """All samples of a part as NumPy arrays, in a fixed order."""
        part = self.part(name)
        return part.take(np.arange(len(part)))

    def train_dataloader(self) -> DataLoader:
        """Batches in a random order, after an interruption from where it happened."""
        part, seed = self.part('training'), self.hparams.seed
        order = (
            EpochOrder(len(part), seed)
            if part.rarity is None
            else WeightedSampler(part.rarity, seed)
        )
        (epoch, batches), self._begin = self._begin, (0, 0)
        order.begin_at(epoch, batches * self.hparams.batch_size)
        # Lightning cannot know that this is taken care of.
        warnings.filterwarnings('ignore', message='.*your dataloader is not resumable')
        return self._loader(part, sampler=order, drop_last=not part.keeps_last)

    def state_dict(self) -> dict[str, int]:
        """How far the training is, for checkpoints."""
        loop = self.trainer.fit_loop
        epochs = loop.epoch_progress.current
        is_within = epochs.started > epochs.processed
        batches = loop.epoch_loop.batch_progress.current.ready if is_within else 0
        return {'epoch': self.trainer.current_epoch, 'batches': batches}

    def load_state_dict(self, state_dict: dict[str, int]) -> None:
        """
        Go on where a training was interrupted.

        Lightning calls this before anything asks for batches. Its own progress comes too late: a
        schedule that asks for the length of the training has the batches made before.
        """
        self._begin = state_dict['epoch'], state_dict['batches']

    def val_dataloader(self) -> DataLoader:
        """What chooses the best checkpoint, in a fixed order."""
        return self.in_order('validation')

    def test_dataloader(self) -> DataLoader:
        """What is only reported on, in a fixed order."""
        return self.in_order('test')

    def in_order(self, name: str) -> DataLoader:
        """All batches of a part in a fixed order; needs no trainer."""
        return self._loader(self.part(name))

    def _loader(self, part: Part, **settings: Any) -> DataLoader:
        return DataLoader(
            TensorBatches(part),
            self.hparams.batch_size,
            num_workers=self.hparams.workers,
            collate_fn=_as_it_is,
            # Without one, loaders draw from torch's global generator when they begin, and
            # Lightning begins them at another moment when it resumes.
            generator=torch.Generator().manual_seed(self.hparams.seed),
            **settings,
        )


class TensorBatches(Dataset):
    """
    Whole batches of a part as tensors.

    Args:
        part: of a data set.
    """

    def __init__(self, part: Part) -> None:
        self.part = part

    def __len__(self) -> int:
        return len(self.part)

    def __getitems__(self, indices: Sequence[int]) -> Any:
        """The loader asks for a batch at once where it can."""
        return to_tensors(self.part.take(np.asarray(indices)))


def to_tensors(batch: Batch) -> Any:
    """A tensor for an array, a named tuple of tensors for one of arrays; names stay names."""
    if isinstance(batch, tuple):
        return type(batch)(*map(_to_tensor, batch))
    return torch.from_numpy(batch)


def _to_tensor(column: Any) -> Any:
    return torch.from_numpy(column) if isinstance(column, np.ndarray) else column


def _as_it_is(batch: Tensor | tuple[Tensor, ...]) -> Tensor | tuple[Tensor, ...]:
    return batch
