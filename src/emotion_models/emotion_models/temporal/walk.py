# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Clips through a sequence model, segment by segment, each as if it were alone."""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from emotion_models.data.clips import segments
from emotion_models.temporal.networks import SequenceModel, State


class Piece(NamedTuple):
    """
    What a model says of one segment of a batch.

    Args:
        rows: the clips of the batch that have frames in it, int64 (R,).
        frames: which of the batch.
        present: those that a clip has, bool (R, L).
        outputs: shape (R, L, targets).
    """

    rows: Tensor
    frames: slice
    present: Tensor
    outputs: Tensor


def walk(
    network: SequenceModel,
    features: Tensor,
    lengths: Tensor,
    size: int | None = None,
    first: int | None = None,
) -> Iterator[Piece]:
    """
    One segment after the other; clips that have ended are no longer computed.

    The network may be changed between two segments.

    Args:
        network: to apply.
        features: shape (B, L, width), padded behind the clips.
        lengths: frames of each clip, int64 (B,), >= 1.
        size: frames of a segment; none = those that the network is meant for.
        first: frames of the first segment; none = as many as the others have.
    """
    rows = torch.arange(len(features), device=features.device)
    state: State | None = None
    for frames in segments(int(lengths.max()), size or network.sizes.segment, first):
        goes_on = lengths[rows] > frames.start
        rows = rows[goes_on]
        if state is not None:
            state = tuple(part[goes_on] for part in state)
        places = torch.arange(frames.start, frames.stop, device=features.device)
        present = places < lengths[rows, None]
        outputs, state = network(features[rows, frames], present, state)
        yield Piece(rows, frames, present, outputs)


def predict(
    network: SequenceModel, features: Tensor, lengths: Tensor, size: int | None = None
) -> Tensor:
    """
    What a model says of whole clips, shape (B, L, targets), 0 behind their ends.

    Args:
        network: in evaluation mode.
        features: as for `walk`.
        lengths: as for `walk`.
        size: as for `walk`.
    """
    shape = *features.shape[:2], network.sizes.targets
    outputs = features.new_zeros(shape)
    for piece in walk(network, features, lengths, size):
        outputs[piece.rows, piece.frames] = piece.outputs * piece.present[..., None]
    return outputs
