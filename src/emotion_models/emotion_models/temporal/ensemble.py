# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Means of the predictions of several models, and the text files that a challenge takes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from emotion_models.data.clips import TARGETS
from emotion_models.data.va_annotations import (
    Run,
    annotated_runs,
    name_runs,
    put_back,
    read_annotation,
)
from emotion_models.temporal.prediction import (
    Prediction,
    Predictions,
    path_of,
    read_predictions,
    score,
)


def mean_predictions(files: Sequence[Path]) -> Predictions:
    """
    The mean over files of predictions, frame by frame.

    Args:
        files: written by `predict-temporal`, at least one.

    Raises:
        OSError, ValueError: if one cannot be read, or they are not of the same clips with the
            same numbers of frames.
    """
    first, *others = (read_predictions(file) for file in files)
    for file, other in zip(files[1:], others, strict=True):
        _check_same(first, other, files[0], file)
    return {
        name: Prediction(
            np.mean([one[name].values for one in (first, *others)], 0), prediction.labels
        )
        for name, prediction in first.items()
    }


class Whole(NamedTuple):
    """
    What makes whole videos of clips that were cut at frames without annotation.

    Args:
        annotations: folder with `VIDEO.txt`, which say where the clips were cut.
        folders: of `predict-temporal`, with predictions of the videos as they were before.
    """

    annotations: Path
    folders: Sequence[Path]


def ensemble(
    folders: Mapping[str, Sequence[Path]],
    kind: str,
    to: Path,
    part: str = 'tst',
    whole: Whole | None = None,
) -> dict[str, dict[str, float]]:
    """
    Average, score on the validation part, and write the text files.

    Args:
        folders: of `predict-temporal`, by target.
        kind: which predictions: `smooth`, `nosmooth`, `nosmooth_ori` or `causal`.
        to: gets `TARGET/CLIP.txt` and, where there are both targets, `CLIP.txt`.
        part: whose text files are written, `val` or `tst`.
        whole: text files are of whole videos; none = of the clips as they are.

    Returns:
        Scores of the validation part by target, see `set_scores`.

    Raises:
        OSError, ValueError: if files cannot be read or do not fit together.
    """
    means = {
        part: {
            target: mean_predictions([path_of(folder, part, target, kind) for folder in of_target])
            for target, of_target in folders.items()
        }
        for part in dict.fromkeys(('val', part))
    }
    scores = {target: score(found) for target, found in means['val'].items()}
    texts = means[part]
    if whole is not None:
        texts = {
            target: whole_videos(found, whole, target, kind) for target, found in texts.items()
        }
    write_texts(texts, to)
    return scores


def whole_videos(predictions: Predictions, whole: Whole, target: str, kind: str) -> Predictions:
    """
    Predictions of whole videos from those of their annotated runs.

    Frames that are not annotated have what is said of the video as it was before it was cut. Clips
    that were not cut stay as they are.

    Args:
        predictions: of one target, by clip.
        whole: where clips were cut, and predictions of the videos before.
        target: `valence` or `arousal`.
        kind: of the predictions.

    Raises:
        OSError, ValueError: if files cannot be read or do not fit together, or no clip was cut.
    """
    before = _read_whole(whole.folders, target, kind)
    video_of: dict[str, str] = {}
    restored: dict[str, Prediction] = {}
    for path in sorted(whole.annotations.glob('*.txt')):
        video, affect = path.stem, read_annotation(path)
        runs = name_runs(video, annotated_runs(affect), len(affect))
        if video in runs or not runs.keys() & predictions.keys():
            continue
        video_of |= dict.fromkeys(runs, video)
        restored[video] = Prediction(_join(video, runs, len(affect), predictions, before))
    if not restored:
        raise ValueError(
            f'no clip is a run of a video in {whole.annotations}; expected VIDEO.txt of clips '
            'that are called VIDEO_1, VIDEO_2 and so on'
        )
    names = dict.fromkeys(video_of.get(name, name) for name in predictions)
    return {name: restored[name] if name in restored else predictions[name] for name in names}


def _join(
    video: str,
    runs: Mapping[str, Run],
    length: int,
    predictions: Predictions,
    before: Predictions,
) -> np.ndarray:
    if video in predictions:
        raise ValueError(f'there are predictions of {video} and of runs of it, {next(iter(runs))}')
    if missing := [name for name in runs if name not in predictions]:
        raise ValueError(f'{video} was cut into {", ".join(runs)}; {missing[0]} is not predicted')
    if video not in before:
        raise ValueError(
            f'{video} was cut, and --whole has no prediction of it; predict it as it was before'
        )
    found = before[video].values
    if len(found) != length:
        raise ValueError(
            f'{video} has {length} frames by its annotation, {len(found)} in the predictions of '
            '--whole'
        )
    try:
        return put_back(found, list(runs.values()), [predictions[name].values for name in runs])
    except ValueError as error:
        raise ValueError(f'{video}: {error}; was it cut by other annotations?') from None


def _read_whole(folders: Sequence[Path], target: str, kind: str) -> Predictions:
    found: dict[str, Prediction] = {}
    for part in ('val', 'tst'):
        files = [path_of(folder, part, target, kind) for folder in folders]
        if all(file.is_file() for file in files):
            found |= mean_predictions(files)
    if not found:
        raise FileNotFoundError(
            f'no {path_of(Path(), "tst", target, kind)} in {", ".join(map(str, folders))}; '
            'emotion-models predict-temporal writes it'
        )
    return found


def folders_by_target(
    folders: Sequence[Path], kind: str, own: Mapping[str, Sequence[Path] | None]
) -> dict[str, list[Path]]:
    """
    Which folders each target is averaged over.

    Args:
        folders: for each target of which they have predictions.
        kind: of the predictions.
        own: those that are named for one target alone; none = it takes `folders`.

    Raises:
        ValueError: if there is nothing to average.
    """
    found = {}
    for target in TARGETS:
        named = own.get(target)
        chosen = (
            list(named)
            if named
            else [folder for folder in folders if path_of(folder, 'val', target, kind).is_file()]
        )
        if chosen:
            found[target] = chosen
    if not found:
        raise ValueError(
            f'no {path_of(Path(), "val", "TARGET", kind)} in '
            f'{", ".join(map(str, folders)) or "no folder"}; emotion-models predict-temporal '
            'writes them'
        )
    return found


def write_texts(predictions: Mapping[str, Predictions], to: Path) -> None:
    """
    Write a file for each target and clip, and one with both for each clip.

    Args:
        predictions: by target.
        to: made if it is not there.

    Raises:
        ValueError: if the targets are not of the same clips and frames.
    """
    targets = [target for target in TARGETS if target in predictions]
    first, *others = (predictions[target] for target in targets)
    for target, other in zip(targets[1:], others, strict=True):
        _check_same(first, other, targets[0], target)
    for target in targets:
        (to / target).mkdir(parents=True, exist_ok=True)
    for name in first:
        columns = [predictions[target][name].values for target in targets]
        for target, column in zip(targets, columns, strict=True):
            _write_text(to / target / f'{name}.txt', [target], [column])
        if len(targets) > 1:
            _write_text(to / f'{name}.txt', targets, columns)


def _write_text(path: Path, names: Sequence[str], columns: Sequence[np.ndarray]) -> None:
    rows = zip(*(column.tolist() for column in columns), strict=True)
    lines = [','.join(f'{value:.7f}' for value in row) for row in rows]
    path.write_text('\n'.join([','.join(names), *lines, '']), encoding='utf-8')


def _check_same(first: Predictions, other: Predictions, one: object, another: object) -> None:
    if differing := sorted(first.keys() ^ other.keys()):
        raise ValueError(
            f'{one} and {another} are of different clips: {differing[0]} is in one of them only'
        )
    for name in first:
        lengths = [len(predictions[name].values) for predictions in (first, other)]
        if lengths[0] != lengths[1]:
            raise ValueError(
                f'{name} has {lengths[0]} frames in {one} and {lengths[1]} in {another}'
            )
