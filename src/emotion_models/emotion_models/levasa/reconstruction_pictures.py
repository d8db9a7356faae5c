# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of reconstructions during training."""

from pathlib import Path
from typing import Any

import cv2
import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.loggers import TensorBoardLogger
from torch import Tensor

from emotion_models.figures.tiles import tile
from emotion_models.imaging.files import write_picture

FACES = 8
PER_ROW = 4


class ReconstructionPictures(Callback):
    """
    Saves the first eight faces of a batch, and below them their reconstructions.

    The files are `pictures/step_NNNNNN.png` in the run folder; TensorBoard shows them too where
    it is a logger. The reconstructions are made as in evaluation, from the means.

    Args:
        every_n_steps: steps between two pictures, >= 1.

    Raises:
        ValueError: if it is below 1.
    """

    def __init__(self, every_n_steps: int = 100) -> None:
        if every_n_steps < 1:
            raise ValueError(f'every_n_steps must be >= 1, got {every_n_steps}')
        self._every_n_steps = every_n_steps

    def on_train_batch_end(
        self,
        trainer: Trainer,
        pl_module: LightningModule,
        outputs: Any,
        batch: tuple[Tensor, ...],
        batch_idx: int,
    ) -> None:
        """Save a picture every `every_n_steps` steps."""
        is_due = trainer.global_step % self._every_n_steps == 0
        if not is_due or trainer.fast_dev_run or not trainer.is_global_zero:
            return
        images = side_by_side(pl_module, batch[0][:FACES])
        picture = tile(images.cpu().permute(0, 2, 3, 1).numpy(), PER_ROW)
        path = Path(trainer.default_root_dir) / 'pictures' / f'step_{trainer.global_step:06}.png'
        path.parent.mkdir(parents=True, exist_ok=True)
        write_picture(path, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        for logger in trainer.loggers:
            if isinstance(logger, TensorBoardLogger):
                logger.experiment.add_image(
                    'reconstructions', picture, trainer.global_step, dataformats='HWC'
                )


def side_by_side(module: LightningModule, images: Tensor) -> Tensor:
    """Images uint8 (B, 3, H, W) followed by their reconstructions: uint8 (2B, 3, H, W)."""
    module.eval()
    with torch.no_grad():
        reconstructions = module.decode(module.encode(images).mean)
    module.train()
    return torch.cat((images, (255 * reconstructions.clamp(0, 1)).round().to(images.dtype)))
