# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Trained and exported sequence models behind one call: from the rows of a clip to its course."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from emotion_models.data.clips import TARGETS, FeatureList
from emotion_models.reading import shown
from emotion_models.runtime.artefact import CARD_NAME, ArtefactError, load_artefact

if TYPE_CHECKING:
    pass

AT_ONCE_S = 1e-3
"""Times that are nearer to each other than this are the same."""


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

    It is given a row at each tick of its own rate, the last one that there is, and what it said
    last holds.

    Args:
        model: whatever it is.
        rows: of the frames, float32 (L, D).
        stamps_s: of the frames, ascending, in seconds.
    """
    if not model.rate_hz:
        return model(rows).clip(-1, 1)
    since_s = stamps_s - stamps_s[0]
    count = int((since_s[-1] + AT_ONCE_S) * model.rate_hz) + 1
    ticks_s = np.arange(count) / model.rate_hz
    said = model(rows[_last_of(since_s, ticks_s)])
    return said[_last_of(ticks_s, since_s)].clip(-1, 1)


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


class ExportedModel:
    """
    A `SequenceModel` that was exported, frame by frame with its states.

    Args:
        folder: with the model and its card.
    """

    def __init__(self, folder: Path) -> None:
        artefact = load_artefact(folder)
        card = artefact.card
        widths = card['inputs'][0].get('features')
        if not card.get('states') or not isinstance(widths, dict):
            raise ArtefactError(
                f'{folder} is no sequence model: its card names no features and states'
            )
        self.name = folder.resolve().name
        self.features = FeatureList({str(name): int(width) for name, width in widths.items()})
        self.rate_hz = float(card.get('rate_hz') or 0)
        self._delay = int(card.get('delay_frames') or 0)
        self._states: Sequence[Mapping[str, Any]] = card['states']
        self._inputs = {entry['name']: entry['shape'] for entry in card['inputs']}
        self._outputs = [entry['name'] for entry in card['outputs']]
        self._columns = card['outputs'][0].get('columns', [])
        if not set(self._columns) & set(TARGETS):
            raise ArtefactError(
                f'{folder} says {shown(self._columns)}; expected {" and ".join(TARGETS)}'
            )
        self._session = artefact.open_session()

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """From rows (L, D) to valence and arousal, float32 (L, 2), each at the frame it is of."""
        said = np.full((len(rows), len(TARGETS)), np.nan, np.float32)
        columns = [TARGETS.index(name) for name in self._columns]
        entry = next(iter(self._inputs))
        states = {
            state['input']: np.full(
                (1, *self._inputs[state['input']][1:]), state['begins_with'], np.float32
            )
            for state in self._states
        }
        for frame in range(len(rows)):
            answer = self._session.run(None, {entry: rows[frame : frame + 1], **states})
            named = dict(zip(self._outputs, answer, strict=True))
            said[frame, columns] = answer[0][0]
            states = {state['input']: named[state['output']] for state in self._states}
        when = np.arange(self._delay, len(rows) + self._delay).clip(max=len(rows) - 1)
        return said[when]


def _last_of(times_s: np.ndarray, at_s: np.ndarray) -> np.ndarray:
    """The index of the last of ascending times that is not after each of others."""
    return np.searchsorted(times_s, at_s + AT_ONCE_S, side='right') - 1
