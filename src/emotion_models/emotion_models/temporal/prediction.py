# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Predictions of trained sequence models in files, raw, clipped and smoothed."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch

from emotion_models.data.clips import TARGETS, ClipPart
from emotion_models.data.data_module import DataModule
from emotion_models.reading import reading
from emotion_models.temporal.measures import set_scores
from emotion_models.temporal.module import TemporalModule
from emotion_models.temporal.smoothing import (
    best_window,
    causal_average,
    centred_average,
)
from emotion_models.training.loading import load_data, load_module
from emotion_models.training.run_table import unique_names

EXPECTED = 'predictions that emotion-models predict-temporal writes'


@dataclass(frozen=True)
class Prediction:
    """
    What is said of one target of one clip.

    Args:
        values: shape (L,).
        labels: as many, NaN where a frame is not annotated; none = nothing is known.
    """

    values: np.ndarray
    labels: np.ndarray | None = None

    def changed(self, change: Callable[[np.ndarray], np.ndarray]) -> 'Prediction':
        """With other values."""
        return replace(self, values=change(self.values))


Predictions = Mapping[str, Prediction]
"""By the names of the clips, in their order."""


@dataclass(frozen=True)
class Job:
    """
    A checkpoint, the target to predict with it, and the folder for the files.

    Args:
        checkpoint: of a `TemporalModule`.
        target: `valence` or `arousal`.
        folder: made if it is not there.
    """

    checkpoint: Path
    target: str
    folder: Path


def jobs_of(models: Sequence[Path], to: Path) -> list[Job]:
    """
    What is predicted with which checkpoint.

    Args:
        models: run folders, whose best checkpoint of each target is taken, or checkpoints, with
            which all their targets are predicted.
        to: gets a folder for each, named after its run.

    Raises:
        FileNotFoundError: if there is no such checkpoint.
        ValueError: if two are called the same.
    """
    names = unique_names(
        [_run_of(model).name for model in models],
        [f'{_run_of(model).name}_{model.stem}' for model in models],
    )
    jobs = []
    for model, name in zip(models, names, strict=True):
        if model.is_dir():
            best = {target: model / f'best_{target}.ckpt' for target in TARGETS}
            found = {target: path for target, path in best.items() if path.is_file()}
            if not found:
                files = ' or '.join(path.name for path in best.values())
                raise FileNotFoundError(f'no {files} in {model}; emotion-models fit writes them')
        else:
            module = load_module(model, TemporalModule)
            found = dict.fromkeys(module.targets, model)
        jobs += [Job(path, target, to / name) for target, path in found.items()]
    return jobs


def predict_parts(module: TemporalModule, target: str, data: DataModule) -> dict[str, Predictions]:
    """
    What a model says of the validation part, `val`, and of the test part, `tst`, if it has clips.

    Raises:
        ValueError: if the data has other features than the model.
    """
    module.check_data(data)
    parts = {'val': data.part('validation')}
    with suppress(ValueError):  # it was read just now, so this says that there are none
        parts['tst'] = data.part('test')
    return {
        name: predict_part(module, target, cast(ClipPart, part)) for name, part in parts.items()
    }


def predict_part(module: TemporalModule, target: str, part: ClipPart) -> Predictions:
    """What a model says of each clip of a part; the frames that are not annotated too."""
    column, label = module.targets.index(target), TARGETS.index(target)
    predictions = {}
    for row in range(len(part)):
        clip = part.clip(row)
        features = torch.from_numpy(clip.features)[None]
        values = module(features, torch.tensor([len(clip)]))[0, :, column].numpy()
        labels = None if clip.affect is None else clip.affect[:, label]
        predictions[clip.name] = Prediction(values, labels)
    return predictions


def run_job(
    job: Job, data: DataModule | None = None, window: int | None = None, causal: bool = False
) -> dict[str, float]:
    """
    Predict, smooth, and write the files; each old one stays until the new one is whole.

    Args:
        job: what to do.
        data: to predict; none = that of the checkpoint.
        window: frames on each side that are averaged; none = the one with the greatest CCC on
            the validation part.
        causal: write averages over past frames only too, under a name of their own.

    Returns:
        The concordances on the validation part and the window, as the file of results has them.

    Raises:
        OSError, ValueError: if checkpoint or data cannot be read or do not fit together.
    """
    module = load_module(job.checkpoint, TemporalModule)
    if job.target not in module.targets:
        raise ValueError(f'{job.checkpoint} predicts {module.targets[0]}, not {job.target}')
    parts = predict_parts(module, job.target, data or load_data(job.checkpoint))
    if window is None:
        window = best_window(*_columns(parts['val']))
    job.folder.mkdir(parents=True, exist_ok=True)
    scores = {}
    for part, raw in parts.items():
        for kind, change in changes(window, causal).items():
            changed = {name: prediction.changed(change) for name, prediction in raw.items()}
            write_predictions(path_of(job.folder, part, job.target, kind), changed, part == 'val')
            if part == 'val':
                scores[kind] = score(changed)['ccc']
    return _write_results(job, scores, window)


def changes(window: int, causal: bool) -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    """What is done to raw predictions, by the name of the file: smoothed first, then clipped."""
    found: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        'nosmooth_ori': np.asarray,
        'nosmooth': clip_to_range,
        'smooth': lambda values: clip_to_range(centred_average(values, window)),
    }
    if causal:
        found['causal'] = lambda values: clip_to_range(causal_average(values, window))
    return found


def clip_to_range(values: np.ndarray) -> np.ndarray:
    """Within [-1, 1]."""
    return np.clip(values, -1, 1)


def score(predictions: Predictions) -> dict[str, float]:
    """
    Scores over all annotated frames together, see `set_scores`.

    Raises:
        ValueError: if there are none.
    """
    return set_scores(*_columns(predictions))


def path_of(folder: Path, part: str, target: str, kind: str) -> Path:
    """The file of the predictions of a part (`val`, `tst`) and a kind (`smooth`, …)."""
    return folder / f'{part}_pred_{target}_{kind}.json'


def write_predictions(path: Path, predictions: Predictions, with_labels: bool) -> None:
    """Write them in one piece; a frame that is not annotated has the label null."""
    content: dict[str, dict[str, Any]] = {}
    for name, (values, labels) in ((n, (p.values, p.labels)) for n, p in predictions.items()):
        content[name] = {'video_id': name, 'pred': np.asarray(values, float).tolist()}
        if with_labels and labels is not None:
            content[name]['label'] = [
                value if np.isfinite(value) else None
                for value in np.asarray(labels, float).tolist()
            ]
    _write(path, json.dumps(content))


def read_predictions(path: Path) -> Predictions:
    """
    What `write_predictions` wrote.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it holds something else.
    """
    with reading(path, EXPECTED):
        content = json.loads(path.read_text(encoding='utf-8'))
        return {
            name: Prediction(
                np.array(entry['pred'], float),
                np.array(entry['label'], float) if 'label' in entry else None,
            )
            for name, entry in content.items()
        }


def _write_results(job: Job, scores: Mapping[str, float], window: int) -> dict[str, float]:
    names = {
        'nosmooth_ori_ccc': 'nosmooth_ori',
        'nosmooth_ccc': 'nosmooth',
        'smoothed_ccc': 'smooth',
    }
    results = {name: scores[kind] for name, kind in names.items()} | {'setting window': window}
    _write_lines(job.folder / f'val_pred_{job.target}_result.txt', results)
    if 'causal' in scores:
        causal = {'causal_ccc': scores['causal'], 'setting window': window}
        _write_lines(job.folder / f'val_pred_{job.target}_causal_result.txt', causal)
        results['causal_ccc'] = scores['causal']
    return results


def _write_lines(path: Path, results: Mapping[str, float]) -> None:
    _write(path, ''.join(f'{name}:\t{value}\n' for name, value in results.items()))


def _write(path: Path, text: str) -> None:
    part = path.with_suffix('.part')
    part.write_text(text, encoding='utf-8')
    part.replace(path)


def _columns(predictions: Predictions) -> tuple[list[np.ndarray], list[np.ndarray]]:
    unknown = np.full(1, np.nan)
    pairs = [
        (p.values, np.broadcast_to(unknown, p.values.shape) if p.labels is None else p.labels)
        for p in predictions.values()
    ]
    values, labels = zip(*pairs, strict=True)
    return list(values), list(labels)


def _run_of(model: Path) -> Path:
    return model.resolve() if model.is_dir() else model.resolve().parent
