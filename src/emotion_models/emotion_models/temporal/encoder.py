# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the sequence models are made of: encoder, memories of earlier segments, the head."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

ENCODER_DROPOUT = 0.1
POSITIONS = 512
"""Rows of the table: no segment is longer."""

WEIGHT_STD = 0.02


class Head(nn.Sequential):
    """
    From an encoding to the targets; the answers are not bounded.

    Args:
        width: of the encoding.
        layers: widths of the layers between.
        dropout: after each of them.
        targets: number of columns.
    """

    def __init__(self, width: int, layers: Sequence[int], dropout: float, targets: int) -> None:
        parts: list[nn.Module] = []
        for inner in layers:
            parts += [nn.Linear(width, inner), nn.ReLU(), nn.Dropout(dropout)]
            width = inner
        super().__init__(*parts, nn.Linear(width, targets))


class Encoder(nn.Module):
    """
    Transformer layers that look at a whole segment, in both directions.

    Args:
        width: of the frames.
        layers: how many.
        heads: of attention, in each.
        inner: width of the feed-forward layers.
    """

    positions: Tensor

    def __init__(self, width: int, layers: int, heads: int, inner: int) -> None:
        super().__init__()
        layer = nn.TransformerEncoderLayer(width, heads, inner, ENCODER_DROPOUT, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.register_buffer('positions', positions(width), persistent=False)

    def forward(self, frames: Tensor, present: Tensor) -> Tensor:
        """
        Encodings of a segment.

        Args:
            frames: shape (B, L, width), L <= `POSITIONS`.
            present: which frames there are, bool (B, L), at least one in each row; the others
                are seen by none.
        """
        return self.layers(
            frames + self.positions[: frames.shape[1]], src_key_padding_mask=~present
        )


class SegmentMemory(nn.Module):
    """
    Attention to averages of what was encoded in earlier segments.

    Args:
        kind: `multihead` (learned, 4 heads, without dropout) or `single` (plain scaled dot
            product).
        width: of the encodings.
        frames_per_slot: how many frames are averaged.
        slots: how many averages are kept, the latest; -1 = all.
    """

    HEADS = 4

    def __init__(self, kind: str, width: int, frames_per_slot: int, slots: int) -> None:
        super().__init__()
        self.attention = (
            nn.MultiheadAttention(width, self.HEADS, batch_first=True)
            if kind == 'multihead'
            else None
        )
        self.frames_per_slot, self.slots = frames_per_slot, slots

    def forward(self, frames: Tensor, memory: Tensor) -> Tensor:
        """
        The frames with what they find in the memory added.

        Args:
            frames: shape (B, L, width).
            memory: shape (B, M, width); M = 0 before the second segment.
        """
        if not memory.shape[1]:
            return frames
        if self.attention is None:
            return frames + nn.functional.scaled_dot_product_attention(frames, memory, memory)
        return frames + self.attention(frames, memory, memory, need_weights=False)[0]

    def remember(self, frames: Tensor, memory: Tensor) -> Tensor:
        """The memory after a segment, without gradients; only of rows that filled the segment."""
        groups = frames.detach().split(self.frames_per_slot, dim=1)
        memory = torch.cat([memory, *(group.mean(1, keepdim=True) for group in groups)], 1)
        return memory if self.slots < 0 else memory[:, -self.slots :]


def positions(width: int, rows: int = POSITIONS) -> Tensor:
    """
    Sines at even and cosines at odd columns, shape (rows, width); the first row is 0.

    Vaswani et al., "Attention Is All You Need", 2017, but for that row, which would be 0, 1, 0, 1.
    """
    columns = torch.arange(width, dtype=torch.float64)
    angles = torch.arange(rows)[:, None] / 10_000 ** (2 * (columns // 2) / width)
    table = torch.where(columns % 2 == 0, angles.sin(), angles.cos()).float()
    table[0] = 0
    return table


def initialise(network: nn.Module) -> None:
    """Draw the weights of all linear layers from N(0, 0.02); all else stays as it was made."""
    for part in network.modules():
        if isinstance(part, nn.Linear):
            nn.init.normal_(part.weight, 0, WEIGHT_STD)
            nn.init.zeros_(part.bias)
