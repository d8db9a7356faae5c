# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Supervision: how two chunks are tied to valence and arousal, and how these are read back."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.levasa.network import AROUSAL, CHUNK, VALENCE, initialise

TENTHS = 10
"""Bins of the discrete variant are a tenth wide."""


class Alignment(nn.Module):
    """Every dimension of a chunk is trained to equal the value, which is read as their mean."""

    def forward(self, z: Tensor) -> Tensor:
        """Valence and arousal (B, 2) of latent vectors (B, 96)."""
        return torch.stack([chunk.mean(1) for chunk in tied_chunks(z)], 1)

    def loss(self, z: Tensor, affect: Tensor) -> Tensor:
        """Mean squared distance over batch and dimensions, valence plus arousal."""
        distances = [
            F.mse_loss(chunk, value[:, None].expand_as(chunk))
            for chunk, value in zip(tied_chunks(z), affect.unbind(1), strict=True)
        ]
        return distances[0] + distances[1]


class LinearHeads(nn.Module):
    """A linear layer reads the value from each chunk, as in the figure of the paper."""

    def __init__(self) -> None:
        super().__init__()
        self.heads = two_heads(1)

    def forward(self, z: Tensor) -> Tensor:
        """Valence and arousal (B, 2) of latent vectors (B, 96)."""
        return torch.cat(apply_heads(self.heads, z), 1)

    def loss(self, z: Tensor, affect: Tensor) -> Tensor:
        """Mean squared error, valence plus arousal."""
        return (self(z) - affect).square().mean(0).sum()


class BinHeads(nn.Module):
    """
    A linear layer classifies the tenth of the value from each chunk.

    Args:
        bins: odd number of tenths, the middle one being 0: 21 reach from -1 to 1.

    Raises:
        ValueError: if the number is even or below 3.
    """

    def __init__(self, bins: int = 21) -> None:
        super().__init__()
        if bins < 3 or bins % 2 == 0:
            raise ValueError(f'bins must be odd and at least 3, the middle one is 0; got {bins}')
        self.bins = bins
        self.heads = two_heads(bins)
        self.register_buffer('values', (torch.arange(bins) - bins // 2) / TENTHS, persistent=False)

    def forward(self, z: Tensor) -> Tensor:
        """The mean of the tenths under the softmax, valence and arousal (B, 2)."""
        return torch.stack([(x.softmax(1) * self.values).sum(1) for x in self.logits(z)], 1)

    def logits(self, z: Tensor) -> list[Tensor]:
        """Logits of the bins of valence and of arousal, (B, bins) each."""
        return apply_heads(self.heads, z)

    def loss(self, z: Tensor, affect: Tensor) -> Tensor:
        """Cross-entropy against the bin of the value, valence plus arousal."""
        valence, arousal = self.logits(z)
        target = bin_index(affect, self.bins)
        return F.cross_entropy(valence, target[:, 0]) + F.cross_entropy(arousal, target[:, 1])


def bin_index(value: Tensor, bins: int) -> Tensor:
    """
    The bin of each value's tenth, counted from the lowest; halves go to the even tenth.

    Args:
        value: in [-1, 1], any shape.
        bins: odd number of tenths, the middle one being 0.

    Returns:
        int64 in 0..bins - 1, same shape.

    Raises:
        ValueError: if a value lies outside the tenths.
    """
    offset = bins // 2
    index = (TENTHS * value).round().long() + offset
    outside = (index < 0) | (index >= bins)
    if outside.any():
        limit = offset / TENTHS
        raise ValueError(
            f'{bins} bins hold valence and arousal from {-limit:g} to {limit:g}, got '
            f'{value[outside][0]:g}; use more bins, or divide labels of -10..10 by 10'
        )
    return index


def tied_chunks(z: Tensor) -> tuple[Tensor, Tensor]:
    """The chunks of valence and of arousal, (B, 32) each, of latent vectors (B, 96)."""
    return z[:, VALENCE], z[:, AROUSAL]


def two_heads(outputs: int) -> nn.ModuleList:
    """A linear layer for each tied chunk."""
    return nn.ModuleList([nn.Linear(CHUNK, outputs) for _ in range(2)]).apply(initialise)


def apply_heads(heads: nn.ModuleList, z: Tensor) -> list[Tensor]:
    """The output of each head for its chunk."""
    return [head(chunk) for head, chunk in zip(heads, tied_chunks(z), strict=True)]
