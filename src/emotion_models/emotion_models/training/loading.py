# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a checkpoint of `emotion-models fit` was made of: its module and its data."""

import importlib
import inspect
from collections.abc import Set
from pathlib import Path
from typing import Any

import torch
from jsonargparse import ArgumentParser
from lightning.pytorch import LightningModule

from emotion_models.data.data_module import DataModule
from emotion_models.limits import read_yaml
from emotion_models.reading import FileError, cause_of, reading

MODULE_KEY = 'hyper_parameters'
DATA_KEY = 'datamodule_hyper_parameters'

EXPECTED = 'a file that emotion-models fit writes'


def read_checkpoint(checkpoint: str | Path) -> dict[str, Any]:
    """
    The contents of a checkpoint.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is not a checkpoint.
    """
    if not Path(checkpoint).is_file():
        raise FileNotFoundError(f'no checkpoint {checkpoint}; emotion-models fit writes them')
    try:
        saved = torch.load(checkpoint, map_location='cpu', weights_only=True)
    except Exception as error:  # torch raises errors of many kinds, with advice for other files
        raise FileError(f'{checkpoint} is not a checkpoint; expected {EXPECTED}') from error
    if not isinstance(saved, dict) or not isinstance(saved.get('state_dict'), dict):
        raise FileError(f'{checkpoint} is not a checkpoint; expected {EXPECTED}')
    return saved


def load_module(checkpoint: str | Path, expected: type[LightningModule] = LightningModule) -> Any:
    """
    The trained module on the CPU, in evaluation mode.

    Args:
        checkpoint: file written by `emotion-models fit`.
        expected: class that it must be of, or be derived from.

    Raises:
        FileNotFoundError: if there is no such checkpoint.
        ValueError: if its module is none of ours or another one, or another version wrote it.
    """
    saved = read_checkpoint(checkpoint)
    module_class = noted_class(saved, MODULE_KEY, checkpoint)
    if not issubclass(module_class, expected):
        raise FileError(
            f'{checkpoint} holds a {module_class.__name__}; expected a {expected.__name__}'
        )
    noted = noted_arguments(saved, MODULE_KEY)
    _check_arguments(module_class, noted.keys() - {'_class_path'}, checkpoint)
    try:
        return module_class.load_from_checkpoint(checkpoint, map_location='cpu').eval()
    except KeyError as error:
        raise other_version(checkpoint, f'has no {error.args[0]}') from error
    except RuntimeError as error:
        raise other_version(
            checkpoint, f'names other weights than those of {module_class.__name__}'
        ) from error
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise FileError(
            f'{checkpoint} holds no {module_class.__name__} ({cause_of(error)}); '
            f'expected {EXPECTED}'
        ) from error


def load_data(checkpoint: str | Path) -> DataModule:
    """
    The data that it was trained with, not yet read.

    Args:
        checkpoint: file written by `emotion-models fit`.

    Raises:
        FileNotFoundError: if there is no such checkpoint.
        ValueError: if its data set is none of ours, or another version of ours wrote it.
    """
    saved = read_checkpoint(checkpoint)
    data_class = noted_class(saved, DATA_KEY, checkpoint)
    with reading(checkpoint, EXPECTED):
        noted = dict(saved[DATA_KEY])
        arguments = noted.pop('data_set').get('init_args', {})
    _check_arguments(data_class, arguments.keys(), checkpoint)
    _check_arguments(DataModule, noted.keys(), checkpoint)
    with reading(checkpoint, EXPECTED):
        return DataModule(data_class(**arguments), **noted)


def data_of_experiment(path: Path) -> DataModule:
    """
    The data of an experiment's file, not yet read.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it configures no data.
    """
    parser = ArgumentParser(exit_on_error=False)
    parser.add_class_arguments(DataModule, 'data')
    with reading(path, 'an experiment that configures data'):
        section = read_yaml(path)['data']
        return parser.instantiate_classes(parser.parse_object({'data': section})).data


def noted_class(saved: dict[str, Any], key: str, checkpoint: str | Path) -> Any:
    """
    The class of the module or of the data set that a checkpoint notes; only ours are imported.

    Args:
        saved: contents of the checkpoint.
        key: `MODULE_KEY` or `DATA_KEY`.
        checkpoint: the file, for the error.

    Raises:
        ValueError: if it is none of ours, or none of this version.
    """
    with reading(checkpoint, EXPECTED):
        noted = saved.get(key, {})
        path = noted.get('_class_path') or noted.get('data_set', {}).get('class_path', '')
        path = str(path)
    if not path.startswith('emotion_models.'):
        raise ValueError(
            f'{checkpoint} notes {path or "no class"} under {key}; expected a checkpoint of '
            '"emotion-models fit" with a class of emotion_models'
        )
    module, _, name = path.rpartition('.')
    try:
        return getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        if not str(error.name).startswith('emotion_models'):
            raise
        raise other_version(checkpoint, f'names {path}') from error
    except AttributeError as error:
        raise other_version(checkpoint, f'names {path}') from error


def noted_entry(saved: dict[str, Any], key: str, checkpoint: str | Path) -> Any:
    """
    An entry that every checkpoint of this version has.

    Raises:
        ValueError: if it is not there.
    """
    if key not in saved:
        raise other_version(checkpoint, f'has no {key}')
    return saved[key]


def other_version(checkpoint: str | Path, what: str) -> ValueError:
    """
    The error about a checkpoint that this version cannot use.

    Args:
        checkpoint: the file.
        what: names or lacks, as in "names emotion_models.poses.Poses".
    """
    return ValueError(
        f'{checkpoint} was written by another version of emotion_models (it {what}); '
        'train or export it with that version'
    )


def _check_arguments(made: type, names: Set[str], checkpoint: str | Path) -> None:
    """Lightning would leave out arguments that a class does not take, and build another model."""
    makers = [vars(base)['__init__'] for base in made.__mro__ if '__init__' in vars(base)]
    taken = {name for maker in makers for name in inspect.signature(maker).parameters}
    unknown = sorted(names - taken)
    if unknown:
        raise other_version(checkpoint, f'names {", ".join(unknown)} of {made.__name__}')


def noted_arguments(saved: dict[str, Any], key: str) -> dict[str, Any]:
    """The arguments that are noted, with the class of a module but without Lightning's entry."""
    return {name: value for name, value in saved.get(key, {}).items() if name != '_instantiator'}
