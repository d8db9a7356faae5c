# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a trained model of videos makes of held-out clips, as a judge of real clips sees it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from emotion_models.data.data_module import DataModule
from emotion_models.data.video_clips import ACTION
from emotion_models.figures.markdown import markdown_table
from emotion_models.metrics.judged import entropies, frechet_distance
from emotion_models.training.loading import load_data, load_module
from emotion_models.vdsm.judge import NAME, Answers, Judge, predicts, real_clips, train_judge
from emotion_models.vdsm.module import SequenceModule
from emotion_models.vdsm.pictures import as_pictures, exchange_grid, save_picture, swap_all
from emotion_models.vdsm.procedure import Codes, VideoModule

FLOOR = 'untrained'
LEAST_CLIPS = 2
"""For a covariance."""
READ = 32
"""Clips that are read at a time."""


class Protocol(NamedTuple):
    """
    How models are measured.

    Args:
        judge_steps: in which the judge is trained.
        clips: of the test at most.
        seed: of the judge, of the exchanged pairs and of what is sampled.
    """

    judge_steps: int = 1500
    clips: int = 400
    seed: int = 5230


class Bench(NamedTuple):
    """
    What models of one data set are measured on.

    Args:
        factors: that are judged, by name.
        judge: of them.
        real: clips of the test, (N, T, 3, side, side).
        labels: of those factors, by name.
        training: clips of the training to fit probes on, and labels.
        answers: of the judge on the real clips.
    """

    factors: Mapping[str, int]
    judge: Judge
    real: Tensor
    labels: Mapping[str, np.ndarray]
    training: tuple[Tensor, Mapping[str, np.ndarray]]
    answers: Answers


def make_bench(data: DataModule, window: int, protocol: Protocol) -> Bench:
    """
    Train the judge, and take the clips.

    Factors of which the test has values that the training has not are left out, as characters of
    a split by identity.
    """
    part, test = data.part('training'), data.part('test')
    columns = {name: column for column, name in enumerate(part.factors)}
    known = {
        name: count
        for name, count in part.factors.items()
        if set(test.labels()[:, columns[name]]) <= set(part.labels()[:, columns[name]])
    }
    judge = train_judge(part, known, window, protocol.judge_steps, protocol.seed)
    real, labels = real_clips(test, window, protocol.clips)
    seen, seen_labels = real_clips(part, window, 2 * protocol.clips)
    return Bench(
        known,
        judge,
        real,
        _by_name(labels, columns, known),
        (seen, _by_name(seen_labels, columns, known)),
        judge.answer(real),
    )


def measure(module: VideoModule, bench: Bench, protocol: Protocol) -> dict[str, float]:
    """
    The figures of a model.

    `consistency_F` and `consistency_all`: share of the regenerated clips of which the judge says
    what it says of the real ones. `swap_F`: share of the exchanges of which it says the action of
    the one, and each other factor of the other; `swap_joint` all of them. `leak_F_from_CODE`:
    accuracy of a linear probe, less chance, where there should be nothing; `found_F_in_CODE` its
    accuracy where it should be; in the first phase the poses stand for a motion. `fid`, and of
    what is sampled from the priors the entropies.
    """
    codes = read_all(module, bench.real)
    made = show_all(module, codes)
    answers = bench.judge.answer(made)
    figures = {
        f'judge_{name}': float((bench.answers.labels(name) == known).mean())
        for name, known in bench.labels.items()
    }
    right = {name: answers.labels(name) == bench.answers.labels(name) for name in bench.factors}
    figures |= _shares('consistency', right)
    figures['consistency_all'] = float(np.logical_and.reduce(list(right.values())).mean())
    figures |= _measure_swaps(module, bench, codes, protocol)
    figures |= _measure_codes(module, bench, codes)
    figures['fid'] = frechet_distance(bench.answers.features, answers.features)
    error = np.abs(as_pictures(made).astype(float) - as_pictures(bench.real)).mean()
    figures['mean_absolute_error'] = float(error)
    if isinstance(module, SequenceModule):
        figures |= _measure_samples(module, bench, protocol)
    return figures


def read_all(module: VideoModule, frames: Tensor) -> Codes:
    """The codes of many clips."""
    parts = [module.read(part) for part in frames.split(READ)]
    return Codes(*(torch.cat(columns) for columns in zip(*parts, strict=True)))


def show_all(module: VideoModule, codes: Codes, temperature: float | None = None) -> Tensor:
    """The frames of many codes."""
    parts = zip(*(column.split(READ) for column in codes), strict=True)
    return torch.cat([module.show(Codes(*part), temperature) for part in parts])


def evaluate_checkpoints(
    checkpoints: Mapping[str, Path], folder: Path, protocol: Protocol, data: DataModule | None
) -> dict[str, dict[str, float]]:
    """
    Measure models on the same data, by one judge, and write table, figures and pictures.

    Beside them stands the last one as it is before any training.

    Args:
        checkpoints: by the names of their columns.
        folder: for `table.md`, `figures.json` and `NAME_swap.png`.
        protocol: how.
        data: on what; none = the data of the first checkpoint.

    Raises:
        ValueError: if a model is not for the data, or there is too little to measure.
    """
    if protocol.judge_steps < 1 or protocol.clips < LEAST_CLIPS:
        raise ValueError(
            f'--judge-steps must be >= 1 and --clips >= {LEAST_CLIPS}, got '
            f'{protocol.judge_steps} and {protocol.clips}'
        )
    modules = {name: load_module(path, VideoModule) for name, path in checkpoints.items()}
    modules[FLOOR] = untrained(next(reversed(modules.values())), protocol.seed)
    data = data or load_data(next(iter(checkpoints.values())))
    for module in modules.values():
        module.check_clips(data)
    window = max(module.window for module in modules.values())
    bench = make_bench(data, window, protocol)
    folder.mkdir(parents=True, exist_ok=True)
    figures = {}
    for name, module in modules.items():
        figures[name] = measure(module, bench, protocol)
        some = bench.real[np.linspace(0, len(bench.real) - 1, 6).astype(int)]
        swapped = as_pictures(module.show(swap_all(module.read(some)))[:, 0])
        grid = exchange_grid(as_pictures(some[:, 0]), swapped)
        save_picture(folder / f'{name}_swap.png', grid)
    (folder / 'table.md').write_text(table(figures) + '\n', encoding='utf-8')
    content: dict[str, Any] = {'judge': NAME, 'protocol': protocol._asdict(), 'models': figures}
    (folder / 'figures.json').write_text(json.dumps(content, indent=2) + '\n', encoding='utf-8')
    return figures


def untrained(module: VideoModule, seed: int) -> VideoModule:
    """A module of the same settings with weights that are drawn."""
    settings = {name: value for name, value in module.hparams.items() if not name.startswith('_')}
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return type(module)(**settings).eval()


def table(figures: Mapping[str, Mapping[str, float]]) -> str:
    """A row for each figure, a column for each model."""
    names = dict.fromkeys(key for column in figures.values() for key in column)
    rows = [
        [key, *(f'{column[key]:.3f}' if key in column else '' for column in figures.values())]
        for key in names
    ]
    return markdown_table(['', *figures], rows)


def _measure_swaps(
    module: VideoModule, bench: Bench, codes: Codes, protocol: Protocol
) -> dict[str, float]:
    order = torch.from_numpy(np.random.default_rng(protocol.seed).permutation(len(bench.real)))
    swapped = Codes(codes.static[order], codes.dynamics, codes.poses)
    answers = bench.judge.answer(show_all(module, swapped))
    of_motion = _of_motion(bench.factors)
    right = {
        name: answers.labels(name) == (known if name in of_motion else known[order])
        for name, known in bench.labels.items()
    }
    joint = float(np.logical_and.reduce(list(right.values())).mean())
    return {**_shares('swap', right), 'swap_joint': joint}


def _measure_codes(module: VideoModule, bench: Bench, codes: Codes) -> dict[str, float]:
    seen, labels = bench.training
    fitted = read_all(module, seen)
    figures = {}
    of_motion = _of_motion(bench.factors)
    motions = [
        (part.dynamics if part.dynamics.shape[1] else part.poses.flatten(1))
        for part in (fitted, codes)
    ]
    both = {'static': (fitted.static, codes.static), 'dynamics': tuple(motions)}
    for name, count in bench.factors.items():
        for code, (first, second) in both.items():
            accuracy = predicts(first.numpy(), labels[name], second.numpy(), bench.labels[name])
            if (name in of_motion) == (code == 'dynamics'):
                figures[f'found_{name}_in_{code}'] = accuracy
            else:
                figures[f'leak_{name}_from_{code}'] = accuracy - 1 / count
    return figures


def _measure_samples(module: SequenceModule, bench: Bench, protocol: Protocol) -> dict[str, float]:
    with torch.random.fork_rng():
        torch.manual_seed(protocol.seed)
        codes = module.sample(len(bench.real), bench.real.shape[1])
    answers = bench.judge.answer(show_all(module, codes))
    said = [entropies(answers.shares[name]) for name in bench.factors]
    inter, intra, kl = np.mean(said, 0).tolist()
    fid = frechet_distance(bench.answers.features, answers.features)
    return {'samples_inter': inter, 'samples_intra': intra, 'samples_kl': kl, 'samples_fid': fid}


def _shares(kind: str, right: Mapping[str, np.ndarray]) -> dict[str, float]:
    return {f'{kind}_{name}': float(hits.mean()) for name, hits in right.items()}


def _of_motion(factors: Mapping[str, int]) -> set[str]:
    """The action and what it is made of: the factors that no identity has."""
    return {ACTION, 'amplitude', 'phase', 'pivot'} & set(factors)


def _by_name(
    labels: np.ndarray, columns: Mapping[str, int], names: Mapping[str, int]
) -> dict[str, np.ndarray]:
    return {name: labels[:, columns[name]] for name in names}
