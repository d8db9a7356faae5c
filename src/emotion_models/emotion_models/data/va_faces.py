# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What every data module of faces with valence and arousal gives."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import cv2
import numpy as np
import torch
from lightning.pytorch import LightningDataModule
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from emotion_models.data.order import EpochOrder
from emotion_models.data.prototypes import Prototypes

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


class VaFaces(LightningDataModule):
    """
    Batches of faces with valence, arousal and, where it is known, a class.

    A batch is (images uint8 (B, 3, 64, 64) red-green-blue, grey repeated; affect float32 (B, 2),
    valence and arousal in [-1, 1]; expression int64 (B,), index into ``classes``, -1 where
    unknown). Training batches are shuffled as a function of seed and epoch, and one that is not
    full is left out; validation and test follow a fixed order and leave nothing out.

    Subclasses set ``ORIGIN``, ``classes`` and ``prototypes``, and load the parts.

    Args:
        batch_size: faces in a batch.
        seed: of the order, and of what a subclass draws.
        workers: processes that read ahead; 0 = none.
    """

    ORIGIN: ClassVar[dict[str, str]]
    classes: tuple[str, ...]
    prototypes: Prototypes

    def __init__(self, batch_size: int, seed: int, workers: int = 0) -> None:
        super().__init__()
        self._batch_size, self._seed, self._workers = batch_size, seed, workers
        self._parts: Mapping[str, Dataset[Batch]] = {}

    def load_parts(self) -> Mapping[str, Dataset[Batch]]:
        """The faces under ``training``, ``validation`` and ``test``; no part is in another."""
        raise NotImplementedError

    def setup(self, stage: str | None = None) -> None:
        """Load the faces once."""
        self._parts = self._parts or self.load_parts()

    def train_dataloader(self) -> DataLoader[Batch]:
        """Shuffled batches, after an interruption from where it happened."""
        faces = self._parts['training']
        order = EpochOrder(len(faces), self._seed)
        if self.trainer is not None:
            order.begin_at(*_progress(self.trainer, self._batch_size))
        return self._loader(faces, sampler=order, drop_last=True)

    def val_dataloader(self) -> DataLoader[Batch]:
        """The faces that choose the best checkpoint, in a fixed order."""
        return self.in_order('validation')

    def test_dataloader(self) -> DataLoader[Batch]:
        """The faces that are only reported on, in a fixed order."""
        return self.in_order('test')

    def in_order(self, part: str) -> DataLoader[Batch]:
        """All faces of ``training``, ``validation`` or ``test``, in a fixed order."""
        self.setup()
        return self._loader(self._parts[part])

    def _loader(self, faces: Dataset[Batch], **settings: Any) -> DataLoader[Batch]:
        return DataLoader(
            faces,
            self._batch_size,
            num_workers=self._workers,
            collate_fn=_as_it_is,
            # Without one, loaders draw from torch's global generator when they begin, and
            # Lightning begins them at another moment when it resumes.
            generator=torch.Generator().manual_seed(self._seed),
            **settings,
        )


def fit_square(image: np.ndarray, size_px: int = FACE_PX) -> np.ndarray:
    """The whole image scaled to fit a square, black above and below or at the sides."""
    height, width = image.shape[:2]
    scale = size_px / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    square = np.zeros((size_px, size_px, *image.shape[2:]), np.uint8)
    top, left = (size_px - size[1]) // 2, (size_px - size[0]) // 2
    inside = np.s_[top : top + size[1], left : left + size[0]]
    square[inside] = cv2.resize(image, size, interpolation=interpolation)
    return square


def _as_it_is(batch: Batch) -> Batch:
    return batch


def _progress(trainer: Any, batch_size: int) -> tuple[int, int]:
    """Epoch and sample within it with which a training goes on."""
    epochs = trainer.fit_loop.epoch_progress.current
    is_within = epochs.started > epochs.processed
    batches = trainer.fit_loop.epoch_loop.batch_progress.current.ready if is_within else 0
    return trainer.current_epoch, batches * batch_size
