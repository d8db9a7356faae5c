# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The sequence models: each takes a segment of frames and its state, and gives the state after it.

A state is a tuple of tensors (B, …) without gradients; with none, clips begin. Rows of a batch
do not know of each other.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.temporal.encoder import (
    ENCODER_DROPOUT,
    POSITIONS,
    Encoder,
    Head,
    SegmentMemory,
    initialise,
)

State = tuple[Tensor, ...]

MEMORIES = ('multihead', 'single', 'none')


@dataclass(frozen=True)
class Sizes:
    """
    How large a network is.

    Args:
        width: of a row of features.
        targets: 1 or 2 columns.
        segment: frames that are looked at together.
        hidden: width of the encodings.
        layers: of the encoder.
        heads: of its attention.
        inner: width of its feed-forward layers.
        head: widths of the layers before the answer.
        dropout: between those.
        residual: transformer-lstm adds the projected features to what the encoder says.
        memory: transformer-attention: one of `MEMORIES`.
        frames_per_slot: averaged into one slot of that memory.
        slots: the latest that it keeps; -1 = all.

    Raises:
        ValueError: for what no network can have.
    """

    width: int
    targets: int = 2
    segment: int = 250
    hidden: int = 256
    layers: int = 4
    heads: int = 4
    inner: int = 1024
    head: Sequence[int] = (256, 256)
    dropout: float = 0.3
    residual: bool = False
    memory: str = 'multihead'
    frames_per_slot: int = 10
    slots: int = 100

    def __post_init__(self) -> None:
        """Refuse what no network can have."""
        counts = ('width', 'segment', 'hidden', 'layers', 'heads', 'inner', 'frames_per_slot')
        for name in counts:
            if getattr(self, name) < 1:
                raise ValueError(f'{name} must be >= 1, got {getattr(self, name)}')
        if self.hidden % self.heads:
            raise ValueError(f'heads must divide hidden, got {self.heads} and {self.hidden}')
        if self.slots == 0 or self.slots < -1:
            raise ValueError(f'slots must be >= 1, or -1 for all; got {self.slots}')
        if self.memory not in MEMORIES:
            raise ValueError(f'memory must be one of {", ".join(MEMORIES)}; got {self.memory!r}')


class SequenceModel(nn.Module, ABC):
    """
    What all have in common: a head, and the parts whose gradients are clipped each by itself.

    Args:
        sizes: of the network.
    """

    is_causal = False

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.sizes = sizes

    def finish(self, encoded: int) -> None:
        """Add the head to a network with encodings of this width, and draw the weights."""
        sizes = self.sizes
        self.head = Head(encoded, sizes.head, sizes.dropout, sizes.targets)
        initialise(self)

    def first_state(self, rows: int) -> State:
        """The state in which clips begin."""
        return ()

    @abstractmethod
    def encode(self, features: Tensor, present: Tensor, state: State) -> tuple[Tensor, State]:
        """Encodings (B, L, hidden) of a segment, and the state after it."""

    def forward(
        self, features: Tensor, present: Tensor | None = None, state: State | None = None
    ) -> tuple[Tensor, State]:
        """
        The answers to a segment.

        Args:
            features: shape (B, L, width).
            present: which frames there are, bool (B, L), the first of each row at least; none =
                all. What is said of the others, and the state after them, means nothing.
            state: after the segment before; none = clips begin.

        Returns:
            Targets (B, L, targets), unbounded, and the state after the segment.
        """
        if present is None:
            present = torch.ones(features.shape[:2], dtype=torch.bool, device=features.device)
        if state is None:
            state = self.first_state(len(features))
        encoded, state = self.encode(features, present, state)
        return self.head(encoded), state


class FrameHead(SequenceModel):
    """The head alone: what can be said of a frame without any other."""

    is_causal = True

    def __init__(self, sizes: Sizes) -> None:
        super().__init__(sizes)
        self.finish(sizes.width)

    def encode(self, features: Tensor, present: Tensor, state: State) -> tuple[Tensor, State]:
        """The features as they are."""
        return features, state


class Transformer(SequenceModel):
    """Each segment by itself, all its frames seen by all."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__(sizes)
        check_segment(sizes)
        self.projection = nn.Linear(sizes.width, sizes.hidden)
        self.encoder = Encoder(sizes.hidden, sizes.layers, sizes.heads, sizes.inner)
        self.finish(sizes.hidden)

    def encode(self, features: Tensor, present: Tensor, state: State) -> tuple[Tensor, State]:
        """Projected and encoded."""
        return self.encoder(self.projection(features), present), state


class TransformerAttention(SequenceModel):
    """A transformer whose segments look back at averages of those before: (memory,)."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__(sizes)
        check_segment(sizes)
        self.projection = nn.Linear(sizes.width, sizes.hidden)
        self.encoder = Encoder(sizes.hidden, sizes.layers, sizes.heads, sizes.inner)
        self.memory = (
            None
            if sizes.memory == 'none'
            else SegmentMemory(sizes.memory, sizes.hidden, sizes.frames_per_slot, sizes.slots)
        )
        self.finish(sizes.hidden)

    def first_state(self, rows: int) -> State:
        """An empty memory."""
        return (self.projection.weight.new_zeros(rows, 0, self.sizes.hidden),)

    def encode(self, features: Tensor, present: Tensor, state: State) -> tuple[Tensor, State]:
        """Encoded; what is remembered is without what was found in the memory."""
        encoded = self.encoder(self.projection(features), present)
        if self.memory is None:
            return encoded, state
        (memory,) = state
        return self.memory(encoded, memory), (self.memory.remember(encoded, memory),)


class Fusion(nn.Linear):
    """Features projected, rectified and dropped out."""

    def forward(self, features: Tensor) -> Tensor:
        """Shape (…, hidden) of (…, width)."""
        return F.dropout(super().forward(features).relu(), ENCODER_DROPOUT, self.training)


class Recurrent(SequenceModel):
    """
    A model with an LSTM whose state passes from segment to segment: (hidden, cell).

    Args:
        sizes: of the network.
    """

    lstm: nn.LSTM

    def first_state(self, rows: int) -> State:
        """Zeros."""
        zeros = self.lstm.all_weights[0][0].new_zeros(rows, self.sizes.hidden)
        return zeros, zeros

    def recur(self, frames: Tensor, state: State) -> tuple[Tensor, State]:
        """Outputs (B, L, hidden) of the LSTM and its state at the end, without gradients."""
        hidden, cell = (part[None] for part in state)
        outputs, after = self.lstm(frames, (hidden, cell))
        return outputs, tuple(part[0].detach() for part in after)


class TransformerLstm(Recurrent):
    """An LSTM over the encodings of each segment."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__(sizes)
        check_segment(sizes)
        self.projection = Fusion(sizes.width, sizes.hidden)
        self.encoder = Encoder(sizes.hidden, sizes.layers, sizes.heads, sizes.inner)
        self.lstm = nn.LSTM(sizes.hidden, sizes.hidden, batch_first=True)
        self.finish(sizes.hidden)

    def encode(self, features: Tensor, present: Tensor, state: State) -> tuple[Tensor, State]:
        """Encoded, the projected features added where that is wanted, and through the LSTM."""
        fused = self.projection(features)
        encoded = self.encoder(fused, present)
        return self.recur(encoded + fused if self.sizes.residual else encoded, state)


class FcLstm(Recurrent):
    """A strictly causal LSTM over projected features; segments only cut the gradients."""

    is_causal = True

    def __init__(self, sizes: Sizes) -> None:
        super().__init__(sizes)
        self.projection = Fusion(sizes.width, sizes.hidden)
        self.lstm = nn.LSTM(sizes.hidden, sizes.hidden, batch_first=True)
        self.finish(sizes.hidden)

    def encode(self, features: Tensor, present: Tensor, state: State) -> tuple[Tensor, State]:
        """Projected and through the LSTM."""
        return self.recur(self.projection(features), state)

    def step(self, frame: Tensor, state: State) -> tuple[Tensor, State]:
        """
        The answer to one frame more.

        Args:
            frame: features, shape (B, width).
            state: hidden and cell (B, hidden) each, `first_state` or that of the step before.

        Returns:
            Targets (B, targets), unbounded, and the state after the frame.
        """
        hidden, cell = state
        of_frame, of_hidden, *biases = self.lstm.all_weights[0]
        gates = F.linear(self.projection(frame), of_frame, biases[0])
        gates = gates + F.linear(hidden, of_hidden, biases[1])
        # With sizes that are known an export has one node for it, not fifteen.
        taken, kept, new, shown = gates.split(self.sizes.hidden, 1)
        cell = kept.sigmoid() * cell + taken.sigmoid() * new.tanh()
        hidden = shown.sigmoid() * cell.tanh()
        return self.head(hidden), (hidden, cell)


NETWORKS: dict[str, type[SequenceModel]] = {
    'transformer': Transformer,
    'transformer_lstm': TransformerLstm,
    'transformer_attention': TransformerAttention,
    'fclstm_xl': FcLstm,
    'frame_head': FrameHead,
}


def make_network(name: str, sizes: Sizes) -> SequenceModel:
    """
    A network with its first weights.

    Raises:
        ValueError: if there is none of that name, or it cannot have these sizes.
    """
    if name not in NETWORKS:
        raise ValueError(f'network must be one of {", ".join(NETWORKS)}; got {name!r}')
    return NETWORKS[name](sizes)


def check_segment(sizes: Sizes) -> None:
    """Refuse segments that are longer than the table of positions."""
    if sizes.segment > POSITIONS:
        raise ValueError(f'segment must be <= {POSITIONS} for encoders, got {sizes.segment}')
