# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A checkpoint from the middle of an epoch, for the tests of the experiments."""

import shutil
from pathlib import Path

from lightning.pytorch import Callback


class KeepMiddle(Callback):
    """Copies `last.ckpt`, as it is when the third batch of a new run begins, to `middle.ckpt`."""

    def on_train_batch_start(self, trainer, pl_module, batch, batch_idx):
        folder = Path(trainer.default_root_dir)
        if batch_idx == 2 and (folder / 'last.ckpt').is_file():
            shutil.copy(folder / 'last.ckpt', folder / 'middle.ckpt')
