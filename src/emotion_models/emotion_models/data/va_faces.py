# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What every data module of faces with valence and arousal gives."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from emotion_models.data.parts import PartsModule
from emotion_models.labels.prototypes import Prototypes

FACE_PX = 64

Batch = tuple[Tensor, Tensor, Tensor]
"""Images uint8 (B, 3, 64, 64) red-green-blue, affect float32 (B, 2), expression int64 (B,)."""


class FaceSet(Dataset[Batch]):
    """
    Faces in memory.

    Args:
        images: uint8 (N, 64, 64) grey or (N, 3, 64, 64) red-green-blue.
        affect: valence and arousal in [-1, 1], (N, 2).
        expression: index of the class, -1 where unknown, (N,).
    """

    def __init__(self, images: np.ndarray, affect: np.ndarray, expression: np.ndarray) -> None:
        pictures = torch.from_numpy(images)
        self.images = pictures if images.ndim == 4 else pictures[:, None]
        self.affect = torch.as_tensor(affect, dtype=torch.float32)
        self.expression = torch.as_tensor(expression, dtype=torch.int64)

    def __len__(self) -> int:
        return len(self.images)

    def __getitems__(self, indices: Sequence[int]) -> Batch:
        """A whole batch at once; the loader asks for it where it can."""
        chosen = torch.as_tensor(indices)
        images = self.images[chosen].expand(-1, 3, -1, -1)
        return images, self.affect[chosen], self.expression[chosen]


def _as_it_is(batch: Batch) -> Batch:
    return batch


class VaFaces(PartsModule):
    """
    Faces with valence, arousal and, where it is known, a class.

    A batch is (images uint8 (B, 3, 64, 64) red-green-blue, grey repeated; affect float32 (B, 2),
    valence and arousal in [-1, 1]; expression int64 (B,), index into `classes`, -1 where
    unknown). Subclasses set `classes` and `prototypes`, which has a row for each class.
    """

    classes: tuple[str, ...]
    prototypes: Prototypes
    collate = staticmethod(_as_it_is)
