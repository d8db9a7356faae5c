# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The order in which samples are trained on."""

from collections.abc import Iterator

import torch
from torch import Tensor, distributed
from torch.utils.data import DistributedSampler

from emotion_models.data.data_set import Rarity


class EpochOrder(DistributedSampler[int]):
    """
    All indices once, in an order that is a function of seed and epoch, from any place in it.

    Where several processes train together, each gets an equal share; as many of the last ones as
    do not divide among them are left out of the epoch. Lightning sets the epoch.

    Args:
        count: number of samples.
        seed: of the order.
    """

    def __init__(self, count: int, seed: int) -> None:
        together = distributed.is_available() and distributed.is_initialized()
        super().__init__(
            range(count),
            num_replicas=distributed.get_world_size() if together else 1,
            rank=distributed.get_rank() if together else 0,
            seed=seed,
            drop_last=True,
        )
        self._first = 0

    def begin_at(self, epoch: int, first: int) -> None:
        """Go on in `epoch` with the sample `first` of this process; later epochs are whole."""
        self.set_epoch(epoch)
        self._first = first

    def draw(self, generator: torch.Generator) -> Tensor:
        """The indices of an epoch of all processes."""
        return torch.randperm(len(self.dataset), generator=generator)

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self.seed + 1_000_003 * self.epoch)
        order = self.draw(generator)[: self.total_size]
        first, self._first = self._first, 0
        return iter(order[self.rank :: self.num_replicas][first:].tolist())


class WeightedSampler(EpochOrder):
    """
    As many indices as there are samples, drawn with replacement, rare classes more often.

    In all else like `EpochOrder`.

    Args:
        rarity: classes of the samples, and how much their rarity counts.
        seed: of the draws.
    """

    def __init__(self, rarity: Rarity, seed: int) -> None:
        super().__init__(len(rarity.classes), seed)
        classes = torch.from_numpy(rarity.classes)
        times = torch.as_tensor(rarity.times)
        counts = (classes * times.reshape(-1, 1)).sum(0).clamp(min=1)
        self.weights = times * (classes @ counts.pow(-rarity.power))

    def draw(self, generator: torch.Generator) -> Tensor:
        """The indices of an epoch of all processes."""
        return torch.multinomial(
            self.weights, len(self.weights), replacement=True, generator=generator
        )
