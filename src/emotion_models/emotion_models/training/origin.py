# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Where a trained model comes from, noted when it is made."""

import os
import subprocess
from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer


class RecordOrigin(Callback):
    """
    Notes in every checkpoint the command, the seed and the commit that made it.

    Args:
        command: as it was typed.
    """

    def __init__(self, command: str) -> None:
        self.command = command

    def on_save_checkpoint(
        self, trainer: Trainer, pl_module: LightningModule, checkpoint: dict[str, Any]
    ) -> None:
        """Add ``made_by``."""
        checkpoint['made_by'] = {
            'command': self.command,
            'seed': os.environ.get('PL_GLOBAL_SEED', 'none'),
            'commit': current_commit(),
            'epochs': checkpoint['epoch'] + 1,
        }


def current_commit() -> str:
    """Commit of the working folder, marked if files differ from it; ``unknown`` without git."""
    try:
        answer = subprocess.run(
            ['git', 'describe', '--always', '--abbrev=40', '--dirty'],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return 'unknown'
    return answer.stdout.strip()
