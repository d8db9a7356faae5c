# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a checkpoint of `emotion-models fit` was made of: its module and its data."""

import importlib
import pickle
from pathlib import Path
from typing import Any

import torch
from lightning.pytorch import LightningModule

from emotion_models.data.data_module import DataModule

MODULE_KEY = 'hyper_parameters'
DATA_KEY = 'datamodule_hyper_parameters'


def read_checkpoint(checkpoint: str | Path) -> dict[str, Any]:
    """
    The contents of a checkpoint.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no checkpoint.
    """
    if not Path(checkpoint).is_file():
        raise FileNotFoundError(f'no checkpoint {checkpoint}; emotion-models fit writes them')
    try:
        return torch.load(checkpoint, map_location='cpu', weights_only=True)
    except (pickle.UnpicklingError, EOFError, RuntimeError) as error:
        raise ValueError(
            f'{checkpoint} is no checkpoint; expected a file that emotion-models fit writes'
        ) from error


def load_module(checkpoint: str | Path) -> LightningModule:
    """
    The trained module on the CPU, in evaluation mode.

    Raises:
        FileNotFoundError: if there is no such checkpoint.
        ValueError: if its module is none of ours.
    """
    module_class = noted_class(read_checkpoint(checkpoint), MODULE_KEY, checkpoint)
    return module_class.load_from_checkpoint(checkpoint, map_location='cpu').eval()


def load_data(checkpoint: str | Path) -> DataModule:
    """
    The data that it was trained with, not yet read.

    Args:
        checkpoint: file written by `emotion-models fit`.

    Raises:
        FileNotFoundError: if there is no such checkpoint.
        ValueError: if its data set is none of ours.
    """
    saved = read_checkpoint(checkpoint)
    data_class = noted_class(saved, DATA_KEY, checkpoint)
    noted = dict(saved[DATA_KEY])
    return DataModule(data_class(**noted.pop('data_set')['init_args']), **noted)


def noted_class(saved: dict[str, Any], key: str, checkpoint: str | Path) -> Any:
    """
    The class of the module or of the data set that a checkpoint notes; only ours are imported.

    Args:
        saved: contents of the checkpoint.
        key: `MODULE_KEY` or `DATA_KEY`.
        checkpoint: the file, for the error.

    Raises:
        ValueError: if it is none of ours.
    """
    noted = saved.get(key, {})
    path = noted.get('_class_path') or noted.get('data_set', {}).get('class_path', '')
    if not path.startswith('emotion_models.'):
        raise ValueError(
            f'{checkpoint} notes {path or "no class"} under {key}; expected a checkpoint of '
            '"emotion-models fit" with a class of emotion_models'
        )
    module, _, name = path.rpartition('.')
    return getattr(importlib.import_module(module), name)


def noted_arguments(saved: dict[str, Any], key: str) -> dict[str, Any]:
    """The arguments that are noted, with the class of a module but without Lightning's entry."""
    return {name: value for name, value in saved.get(key, {}).items() if name != '_instantiator'}
