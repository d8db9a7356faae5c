# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Means over an epoch of training that an interruption within it does not change."""

from collections.abc import Mapping
from typing import Any

from torch import Tensor


class EpochMeans:
    """Weighted means of figures over the batches of one epoch; the module keeps the state."""

    def __init__(self) -> None:
        self._epoch, self._count = -1, 0
        self._sums: dict[str, Tensor] = {}

    def add(self, epoch: int, figures: Mapping[str, Tensor], count: int) -> None:
        """
        Take in the figures of a batch.

        Args:
            epoch: in which it was seen; with another one than before the means begin anew.
            figures: scalars by name.
            count: samples of the batch, its weight.
        """
        if epoch != self._epoch:
            self._epoch, self._count, self._sums = epoch, 0, {}
        self._count += count
        for name, value in figures.items():
            term = value.detach().double() * count
            self._sums[name] = self._sums[name] + term if name in self._sums else term

    def means(self) -> dict[str, Tensor]:
        """Of the newest epoch, in float32; none before the first batch."""
        return {name: (total / self._count).float() for name, total in self._sums.items()}

    def state_dict(self) -> dict[str, Any]:
        """What to keep in a checkpoint."""
        return {'epoch': self._epoch, 'count': self._count, 'sums': dict(self._sums)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what was kept; with nothing, as in older checkpoints, begin anew."""
        self._epoch, self._count = state.get('epoch', -1), state.get('count', 0)
        self._sums = dict(state.get('sums', {}))
