# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Lightning's command line, where it does not yet do what it says."""

from lightning.pytorch.cli import LightningCLI


class TrainingCommandLine(LightningCLI):
    """``fit``, ``validate`` and ``test`` from a configuration file."""

    def before_fit(self) -> None:
        """Keep a trial run from writing: Lightning's checkpoints write ``last`` at its end."""
        if self.trainer.fast_dev_run:
            for callback in self.trainer.checkpoint_callbacks:
                callback.save_last = False
