# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Trained autoencoders, and the faces that they are analysed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from emotion_models.data.data_module import DataModule
from emotion_models.data.va_faces import VaBatch, VaFaces
from emotion_models.figures.plots import evenly_spread
from emotion_models.levasa.analysis.readout import make_ridge
from emotion_models.levasa.module import LevasaModule
from emotion_models.levasa.network import AROUSAL, REST, VALENCE
from emotion_models.nn.batches import in_batches
from emotion_models.training import loading
from emotion_models.training.loading import (
    MODULE_KEY,
    load_data,
    load_module,
    noted_arguments,
    read_checkpoint,
)
from emotion_models.training.run_table import unique_names

CHUNKS = {'z_v': VALENCE, 'z_a': AROUSAL, 'z_z': REST}
"""The parts of a latent vector by the names of the paper."""

TARGETS = ('valence', 'arousal')
OWN_CHUNK = {'valence': 'z_v', 'arousal': 'z_a'}
BATCH = 128


@dataclass(frozen=True)
class Faces:
    """
    Labelled faces of one part of a data set, in a fixed order.

    Args:
        images: uint8, shape (N, 3, 64, 64).
        affect: valence and arousal in [-1, 1], float64, shape (N, 2).
        expression: index of the class, -1 where unknown, shape (N,).
    """

    images: Tensor
    affect: np.ndarray
    expression: np.ndarray

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True)
class TrainedModel:
    """
    A trained autoencoder with its codes and readings of the held-out faces.

    Args:
        name: short, different from those beside it.
        checkpoint: the file.
        module: in evaluation mode.
        saved: the contents of the file but for the weights.
        latent: posterior means of the held-out faces, float64, shape (N, 96).
        reading: valence and arousal read from them, shape (N, 2); see `read_affect`.
    """

    name: str
    checkpoint: Path
    module: LevasaModule
    saved: dict[str, Any]
    latent: np.ndarray
    reading: np.ndarray

    @property
    def arguments(self) -> dict[str, Any]:
        """What the module was made with."""
        return noted_arguments(self.saved, MODULE_KEY)

    def chunk(self, name: str) -> np.ndarray:
        """A chunk of the latents, shape (N, 32)."""
        return self.latent[:, CHUNKS[name]]


def gather_faces(loader: DataLoader[VaBatch], most: int | None = None) -> Faces:
    """
    The faces of a loader, or `most` of them evenly spread over it.

    Args:
        loader: in a fixed order.
        most: number of faces at most; none = all.
    """
    total = len(loader.dataset)
    wanted = evenly_spread(total, total if most is None else most)
    chosen, first = [], 0
    for batch in loader:
        rows = wanted[(wanted >= first) & (wanted < first + len(batch[0]))] - first
        chosen.append([part[torch.from_numpy(rows)] for part in batch])
        first += len(batch[0])
    images, affect, expression = (torch.cat(parts) for parts in zip(*chosen, strict=True))
    return Faces(images, affect.double().numpy(), expression.numpy())


def encode(module: LevasaModule, images: Tensor, batch: int = BATCH) -> np.ndarray:
    """Posterior means, float64 (N, 96), whatever the batches, of images uint8 (N, 3, 64, 64)."""
    module.eval()
    means = in_batches(lambda part: module.encode(part).mean, images, size=batch)
    return means.double().numpy()


def decode(module: LevasaModule, latent: np.ndarray, batch: int = BATCH) -> Tensor:
    """Pictures (N, 3, 64, 64), as the decoder draws them, of latents (N, 96)."""
    module.eval()
    return in_batches(module.decode, torch.from_numpy(latent).float(), size=batch)


def read_affect(module: LevasaModule, latent: np.ndarray, training: Faces) -> np.ndarray:
    """
    Valence and arousal (N, 2) of latents (N, 96): the projection onto the plane.

    The module's own read-out; where nothing ties its chunks, ridge regression from the chunk of
    each, fitted on training faces.
    """
    with torch.no_grad():
        reading = module.read_affect(torch.from_numpy(latent).float())
    if reading is not None:
        return reading.double().numpy()
    known = encode(module, training.images)
    columns = []
    for column, target in enumerate(TARGETS):
        chunk = CHUNKS[OWN_CHUNK[target]]
        fitted = make_ridge().fit(known[:, chunk], training.affect[:, column])
        columns.append(fitted.predict(latent[:, chunk]))
    return np.stack(columns, 1)


def load_models(
    checkpoints: Sequence[str | Path], held_out: Faces, training: Faces
) -> list[TrainedModel]:
    """
    The autoencoders of checkpoints, shown the held-out faces.

    Raises:
        FileNotFoundError: if a checkpoint is not there.
        ValueError: if one is not of these autoencoders, or one is named twice.
    """
    models = []
    paths = [Path(checkpoint) for checkpoint in checkpoints]
    modules = [load_module(path, LevasaModule) for path in paths]
    names = name_apart(paths, modules)
    for name, path, module in zip(names, paths, modules, strict=True):
        saved = {key: value for key, value in read_checkpoint(path).items() if 'state' not in key}
        latent = encode(module, held_out.images)
        reading = read_affect(module, latent, training)
        models.append(TrainedModel(name, path, module, saved, latent, reading))
    return models


def name_apart(paths: Sequence[Path], modules: Sequence[LevasaModule]) -> list[str]:
    """The shortest kind of name that tells all apart: variant, with its weight, folder, path."""
    return unique_names(
        [module.variant for module in modules],
        [f'{module.variant} {module.hparams.supervision_weight:g}' for module in modules],
        [path.resolve().parent.name for path in paths],
        [str(path) for path in paths],
    )


def data_of_experiment(path: Path) -> DataModule:
    """
    The data of an experiment's configuration.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it names no faces of ours with valence and arousal.
    """
    return _checked(loading.data_of_experiment(path), path)


def data_of_checkpoints(checkpoints: Sequence[str | Path]) -> DataModule:
    """
    The data that all checkpoints were trained with.

    Raises:
        FileNotFoundError: if a checkpoint is not there.
        ValueError: if they were trained on different faces: what is held out from one, another
            may have seen.
    """
    first, *others = (_checked(load_data(checkpoint), checkpoint) for checkpoint in checkpoints)
    for checkpoint, other in zip(checkpoints[1:], others, strict=True):
        if _settings(other) != _settings(first):
            raise ValueError(
                f'{checkpoint} was trained on other data than {checkpoints[0]}: '
                f'{_settings(other)} against {_settings(first)}; name what to analyse with --data'
            )
    return first


def _checked(data: DataModule, source: str | Path) -> DataModule:
    if not isinstance(data.data_set, VaFaces):
        raise ValueError(
            f'{source} configures no faces to analyse: {type(data.data_set).__name__}; expected '
            'faces with valence and arousal (VaFaces)'
        )
    return data


def _settings(data: DataModule) -> dict[str, Any]:
    return {'data_set': data.data_set.settings(), 'seed': data.hparams.seed}
