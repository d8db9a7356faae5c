# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Trained and exported sequence models behind one call: from the rows of a clip to its course."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np

from emotion_models.data.clips import TARGETS, FeatureList
from emotion_models.runtime.affect import AffectModel
from emotion_models.runtime.artefact import CARD_NAME
from emotion_models.runtime.own_rate import steps_over
from emotion_models.runtime.temporal import TemporalModel


class SequenceModel(Protocol):
    """
    Says valence and arousal over time.

    Attributes:
        name: what people call it.
        features: that a row holds.
        rate_hz: rows a second that it was trained on; 0 = unknown.
    """

    name: str
    features: FeatureList
    rate_hz: float

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """From rows (L, D) to valence and arousal, float32 (L, 2), NaN where it says none."""
        ...

    def misfit(self, affect: AffectModel) -> str:
        """Why it cannot read what an affect network says; empty = nothing is known against it."""
        ...


def open_sequence_model(path: Path) -> SequenceModel:
    """
    A model that was trained or exported.

    Args:
        path: folder of a run, whose best checkpoint of each target is taken, a checkpoint, or a
            folder that `emotion-models export` wrote.

    Raises:
        OSError, ValueError: for what is none of these.
    """
    if not path.exists():
        raise FileNotFoundError(
            f'no sequence model {path}; expected the folder of a run, a checkpoint, or a folder '
            'that emotion-models export wrote'
        )
    return ExportedModel(path) if (path / CARD_NAME).is_file() else TrainedModel(path)


def follow(model: SequenceModel, rows: np.ndarray, stamps_s: np.ndarray) -> np.ndarray:
    """
    What a model says of frames at any times, in [-1, 1], float32 (L, 2).

    It is given rows at its own rate as in the robot, and what it said last holds.

    Args:
        model: whatever it is.
        rows: of the frames, float32 (L, D).
        stamps_s: of the frames, ascending, in seconds.
    """
    if not model.rate_hz:
        return model(rows).clip(-1, 1)
    steps = steps_over(stamps_s, model.rate_hz)
    return model(rows[steps.seen])[steps.newest].clip(-1, 1)


class TrainedModel:
    """
    A `SequenceModel` of a run or a checkpoint; it needs torch.

    Args:
        path: folder of a run, or a checkpoint.
    """

    def __init__(self, path: Path) -> None:
        from emotion_models.temporal.module import TemporalModule
        from emotion_models.temporal.prediction import jobs_of
        from emotion_models.training.loading import load_module

        checkpoints = {job.target: job.checkpoint for job in jobs_of([path], Path())}
        opened = {file: load_module(file, TemporalModule) for file in set(checkpoints.values())}
        self._modules: Mapping[str, TemporalModule] = {
            target: opened[file] for target, file in checkpoints.items()
        }
        first, *others = self._modules.values()
        if any(dict(o.features.widths) != dict(first.features.widths) for o in others):
            raise ValueError(f'the best checkpoints in {path} are of different features')
        self.name = (path if path.is_dir() else path.resolve().parent).resolve().name
        self.features = first.features
        self.rate_hz = float(first.rate_hz)

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """From rows (L, D) to valence and arousal, float32 (L, 2)."""
        import torch

        said = np.full((len(rows), len(TARGETS)), np.nan, np.float32)
        for target, module in self._modules.items():
            answer = module(torch.from_numpy(rows)[None], torch.tensor([len(rows)]))
            column = module.targets.index(target)
            said[:, TARGETS.index(target)] = answer[0, :, column].numpy()
        return said

    def misfit(self, affect: AffectModel) -> str:
        """Empty: a checkpoint does not say whose features it was trained on."""
        return ''


class ExportedModel:
    """
    A `SequenceModel` that was exported, as the robot runs it.

    Args:
        folder: with the model and its card.
    """

    def __init__(self, folder: Path) -> None:
        self._model = TemporalModel(folder)
        self.name = folder.resolve().name
        self.features = FeatureList(self._model.features)
        self.rate_hz = self._model.rate_hz

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """From rows (L, D) to valence and arousal, float32 (L, 2), each at the frame it is of."""
        said, state = np.empty((len(rows), len(TARGETS)), np.float32), self._model.first_state()
        for frame, row in enumerate(rows):
            said[frame : frame + 1], state = self._model.step(row[None], state)
        delay = round(self._model.delay_s * self.rate_hz)
        return said[np.minimum(np.arange(len(rows)) + delay, len(rows) - 1)]

    def misfit(self, affect: AffectModel) -> str:
        """Why it cannot read what an affect network says; empty = it can."""
        return self._model.misfit(affect)
