# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is refused before a training begins."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lightning.pytorch import LightningModule

from emotion_models.reading import reading
from emotion_models.training.loading import EXPECTED, MODULE_KEY, read_checkpoint

NOT_NEGATIVE = ('weight', 'weight_decay', 'dropout', 'learning_rate')
"""Endings of the names of numbers that are at least 0."""


def check_numbers(module: LightningModule) -> None:
    """
    Refuse weights of losses and rates that no training is meant to have.

    Args:
        module: whose hyper-parameters are looked at.

    Raises:
        ValueError: naming the first that is not finite or below 0.
    """
    for name, value in module.hparams.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            continue
        if name.endswith(NOT_NEGATIVE) and not 0 <= value < math.inf:
            raise ValueError(f'model: {name} must be a number >= 0, got {value:g}')


def check_resumable(checkpoint: str | Path, module: LightningModule) -> None:
    """
    Refuse a checkpoint of something else than what is trained or measured.

    Raises:
        FileNotFoundError: if there is no such checkpoint.
        ValueError: if it is damaged, or of another class of module.
    """
    saved = read_checkpoint(checkpoint)
    with reading(checkpoint, EXPECTED):
        written_by = saved.get(MODULE_KEY, {}).get('_class_path')
    ours = f'{type(module).__module__}.{type(module).__qualname__}'
    if written_by != ours:
        raise ValueError(
            f'{checkpoint} is of {written_by or "no class"}, the experiment of {ours}; name a '
            'checkpoint of this experiment'
        )
    if _shapes(saved['state_dict']) != _shapes(module.state_dict()):
        raise ValueError(
            f'{checkpoint} has other weights than the {type(module).__name__} of the experiment; '
            'name a checkpoint that was trained with the same settings of the model'
        )


def _shapes(weights: Mapping[str, Any]) -> dict[str, Any]:
    return {name: getattr(weight, 'shape', None) for name, weight in weights.items()}
