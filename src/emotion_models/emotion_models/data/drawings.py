# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Batches of drawings for the training of the learned face."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor
from torch.utils.data import Dataset

from emotion_models.data.parts import PartsModule
from emotion_models.drawing.identity import N_IDENTITY
from emotion_models.drawing.samples import FRAMES_PER_IDENTITY, sample
from emotion_models.drawing.view import HEIGHT, N_LOOK, WIDTH
from emotion_models.labels.emotions import EMOTIONS

REACH_PX = 4.0
"""Distances beyond this many pixels are all alike."""


ORIGIN = {
    'name': 'drawings of the parametric face',
    'source': 'emotion_models.drawing.sample',
    'terms': 'made by this package',
}
"""For the cards of models trained on them."""


class DrawingBatch(NamedTuple):
    """Drawings and what is known about them."""

    field: Tensor  # uint8 (B, 1, 64, 128): 128 + 127 · distance / REACH_PX
    affect: Tensor  # (B, 2) valence and arousal in [-1, 1]
    emotions: Tensor  # (B, 7) in [0, 1]
    identity: Tensor  # (B, 14) in [0, 1]
    look: Tensor  # (B, 4) gaze to the right and down, blink, vergence

    def distances(self) -> Tensor:
        """The fields as shares of `REACH_PX`: float32 in [-1, 1]."""
        return (self.field.float() - 128.0) / 127.0


class DrawingSet(Dataset[DrawingBatch]):
    """
    Drawings in memory.

    Args:
        drawings: all of them.
    """

    def __init__(self, drawings: DrawingBatch) -> None:
        self.drawings = drawings

    def __len__(self) -> int:
        return len(self.drawings.field)

    def __getitems__(self, indices: Sequence[int]) -> DrawingBatch:
        """A whole batch at once; the loader asks for it where it can."""
        chosen = torch.as_tensor(indices)
        return DrawingBatch(*(part[chosen] for part in self.drawings))


def as_it_is(batch: DrawingBatch) -> DrawingBatch:
    """A `DrawingSet` gives whole batches."""
    return batch


class DrawingsModule(PartsModule):
    """
    Drawings of the parametric face: training, validation and test never share an identity.

    Args:
        training: number of drawings to train on.
        validation: number of drawings that choose the best checkpoint.
        test: number of drawings that are only reported on.
        per_identity: drawings of the same face, a divisor of `FRAMES_PER_IDENTITY`.
        nuance: standard deviation of valence and arousal about those of the emotions.
        batch_size: drawings in a batch.
        seed: of the drawings and of their order.
    """

    ORIGIN = ORIGIN
    collate: Callable[[Any], Any] = staticmethod(as_it_is)

    def __init__(
        self,
        training: int = 24_000,
        validation: int = 1_024,
        test: int = 1_024,
        per_identity: int = 8,
        nuance: float = 0.15,
        batch_size: int = 64,
        seed: int = 5230,
    ) -> None:
        super().__init__(batch_size, seed)
        self.save_hyperparameters()

    def load_parts(self) -> Mapping[str, DrawingSet]:
        """Draw, about a thousand a second."""
        step = FRAMES_PER_IDENTITY // self.hparams.per_identity
        first, parts = 0, {}
        for part in ('validation', 'test', 'training'):
            last = first + self.hparams[part] * step
            numbers = range(first, last, step)
            parts[part] = DrawingSet(draw(self.hparams.seed, numbers, self.hparams.nuance))
            first = -(-last // FRAMES_PER_IDENTITY) * FRAMES_PER_IDENTITY
        return parts


def draw(seed: int, numbers: Sequence[int], nuance: float) -> DrawingBatch:
    """The drawings with these numbers of an endless set."""
    drawings = [
        sample(seed, number, nuance, is_framed=False, with_field=True) for number in numbers
    ]
    return make_batch(
        [drawing.field for drawing in drawings],
        [drawing.vad[:2] for drawing in drawings],
        [drawing.emotions for drawing in drawings],
        [drawing.identity for drawing in drawings],
        [drawing.view[:N_LOOK] for drawing in drawings],
    )


def make_batch(
    fields: Sequence[np.ndarray | None],
    affect: ArrayLike,
    emotions: ArrayLike,
    identity: ArrayLike,
    look: ArrayLike,
) -> DrawingBatch:
    """
    Drawings as tensors.

    Args:
        fields: B distance fields in pixels, (64, 128).
        affect: B times valence and arousal in [-1, 1].
        emotions: B times 7 numbers in [0, 1].
        identity: B times 14 numbers in [0, 1].
        look: B times gaze to the right and down, blink, vergence.
    """
    packed = np.empty((len(fields), 1, HEIGHT, WIDTH), np.uint8)
    for row, field in enumerate(fields):
        share = np.clip(field / REACH_PX, -1.0, 1.0)
        packed[row, 0] = np.rint(128.0 + 127.0 * share)
    return DrawingBatch(
        torch.from_numpy(packed),
        _rows(affect, 2),
        _rows(emotions, len(EMOTIONS)),
        _rows(identity, N_IDENTITY),
        _rows(look, N_LOOK),
    )


def _rows(values: ArrayLike, width: int) -> Tensor:
    return torch.from_numpy(np.asarray(values, np.float32).reshape(-1, width))
