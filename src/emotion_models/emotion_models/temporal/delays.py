# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How good an estimate is that may wait a little for what follows."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import torch

from emotion_models.data.clips import Clip, collate
from emotion_models.data.data_module import to_tensors
from emotion_models.temporal.module import TemporalModule
from emotion_models.temporal.walk import walk

EVERY = 5
"""Every so manyth frame is estimated."""

Delayed = dict[str, np.ndarray]
"""Of each clip what is said of frames 0, `EVERY`, …, shape (L / EVERY, 2)."""


@torch.no_grad()
def by_windows(
    module: TemporalModule, clips: Sequence[Clip], delays: Sequence[int]
) -> dict[int, Delayed]:
    """
    What a model of segments says of a frame when a segment ends so many frames later.

    The segments before that one are those that lie before it, so that a state is as old as it can
    be on-line; the first one is shorter. At the end of a clip, segments end with it.

    Args:
        module: in evaluation mode.
        clips: to estimate.
        delays: in frames, each less than a segment.

    Raises:
        ValueError: if a delay is as long as a segment.
    """
    size = module.network.sizes.segment
    if max(delays) >= size:
        raise ValueError(f'expected delays below {size} frames, got {max(delays)}')
    found = {
        delay: {clip.name: np.full((-(-len(clip) // EVERY), 2), np.nan) for clip in clips}
        for delay in delays
    }
    clip_batch: Any = collate(clips)
    batch = to_tensors(clip_batch)
    features = module.normalisation(batch.features, batch.lengths)
    for first, wanted in _by_first(batch.lengths.tolist(), delays, size).items():
        rows = list(wanted)
        ends = torch.tensor([max(wanted[row]) for row in rows])
        cut = features[rows, : int(ends.max())]
        for piece in walk(module.network, cut, ends, first=first):
            for row, said in zip(piece.rows.tolist(), piece.outputs.numpy(), strict=True):
                for frame, delay in wanted[rows[row]].get(piece.frames.stop, ()):
                    place = frame - piece.frames.start
                    found[delay][clips[rows[row]].name][frame // EVERY] = said[place]
    return found


Wanted = dict[int, list[tuple[int, int]]]
"""Frames and delays that are wanted, by where a segment ends for them."""


def _by_first(
    lengths: Sequence[int], delays: Sequence[int], size: int
) -> dict[int, dict[int, Wanted]]:
    """What is wanted of each clip, by the length of the first segment."""
    found: dict[int, dict[int, Wanted]] = {}
    for row, length in enumerate(lengths):
        for frame, delay in product(range(0, length, EVERY), delays):
            end = min(frame + delay + 1, length)
            of_row = found.setdefault((end - 1) % size + 1, {}).setdefault(row, {})
            of_row.setdefault(end, []).append((frame, delay))
    return found


def later(said: np.ndarray, delay: int) -> np.ndarray:
    """
    What a causal estimate has become so many frames later, or at the end; for every frame.

    Args:
        said: shape (L, 2).
        delay: in frames.
    """
    return said[np.minimum(np.arange(len(said)) + delay, len(said) - 1)]
