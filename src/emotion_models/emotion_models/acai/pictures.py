# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of held-out poses and random codes as autoencoders of poses decode them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from emotion_models.acai.evaluation import decoded_path, decoder_of
from emotion_models.acai.module import PoseAutoencoder
from emotion_models.acai.plots import curves, losses, pairs, skeletons
from emotion_models.figures.plots import save_figures
from emotion_models.metrics.coverage import decode_random_codes
from emotion_models.metrics.neighbours import nearest
from emotion_models.metrics.transitions import measure_transitions
from emotion_models.training.loading import load_data, load_module
from emotion_models.training.run_folder import METRICS_NAME
from emotion_models.training.run_table import unique_names

STRIP_POINTS = 11
SMOOTH_POINTS = 31
GRID_POINTS = 5
GRID_PAIRS = 6
CURVE_PAIRS = 8
CODES = 50


def draw_poses(checkpoints: Sequence[Path], folder: Path, seed: int) -> list[Path]:
    """
    Write `strip.png`, `strip.gif` and `transitions.png` with all models side by side, and
    for each model `pairs_uniform`, `pairs_random`, `nearest`, `codes` and, where the table of its
    metrics lies beside the checkpoint, `losses`.

    Args:
        checkpoints: of autoencoders of poses that were trained with the same data.
        folder: has to be there.
        seed: of the pairs and codes.

    Returns:
        The files.
    """
    modules = _load(checkpoints)
    data = load_data(checkpoints[0])
    known, held_out = data.samples('training'), data.samples('test')
    first, last = held_out[np.random.default_rng(seed).integers(len(held_out), size=(2, 1))]

    def paths_between(points: int) -> dict[str, np.ndarray]:
        return {n: decoded_path(m, first, last, points)[0] for n, m in modules.items()}

    skeletons.animate(folder / 'strip.gif', paths_between(SMOOTH_POINTS))
    figures = {
        'strip': skeletons.plot_strip(paths_between(STRIP_POINTS)),
        'transitions': curves.plot_transitions(_changes(modules, held_out, seed)),
    }
    for number, (name, module) in enumerate(modules.items(), 1):
        table = Path(checkpoints[number - 1]).with_name(METRICS_NAME)
        if table.is_file():
            figures[f'losses_{number}'] = losses.plot_losses(losses.read_history(table), name)
        for kind in ('uniform', 'random'):
            figures[f'pairs_{kind}_{number}'] = _draw_pairs(module, held_out, kind, seed, name)
        figures[f'nearest_{number}'] = _draw_nearest(module, first, last, known, name)
        codes = decode_random_codes(decoder_of(module), CODES, module.hparams.latent, seed)
        figures[f'codes_{number}'] = skeletons.plot_codes(codes, title=name)
    return [folder / 'strip.gif', *save_figures(folder, figures)]


def _load(checkpoints: Sequence[Path]) -> dict[str, PoseAutoencoder]:
    """The modules by a name for readers; the folder is added where names would be the same."""
    modules = [load_module(checkpoint, PoseAutoencoder) for checkpoint in checkpoints]
    names = [_name(module) for module in modules]
    folders = [Path(checkpoint).parent.name for checkpoint in checkpoints]
    detailed = [f'{name} ({folder})' for name, folder in zip(names, folders, strict=True)]
    return dict(zip(unique_names(names, detailed), modules, strict=True))


def _name(module: PoseAutoencoder) -> str:
    weight = module.hparams.weight
    kind = 'plain' if weight is None else f'λ = {weight:g}'
    return f'd = {module.hparams.latent}, {kind}'


def _changes(
    modules: dict[str, PoseAutoencoder], held_out: np.ndarray, seed: int
) -> dict[str, np.ndarray]:
    ends = held_out[pairs.choose_pairs(CURVE_PAIRS, len(held_out), 'random', seed)]
    return {
        name: measure_transitions(decoded_path(module, ends[:, 0], ends[:, 1], 101)).changes
        for name, module in modules.items()
    }


def _draw_pairs(module: PoseAutoencoder, held_out: np.ndarray, kind: str, seed: int, title: str):
    originals = held_out[pairs.choose_pairs(GRID_PAIRS, len(held_out), kind, seed)]
    path = decoded_path(module, originals[:, 0], originals[:, 1], GRID_POINTS + 2)
    return pairs.plot_pairs(originals, path, title)


def _draw_nearest(
    module: PoseAutoencoder, first: np.ndarray, last: np.ndarray, known: np.ndarray, title: str
):
    """An interpolation, and below each pose of it the nearest one that was trained on."""
    path = decoded_path(module, first, last, STRIP_POINTS)[0]
    found = known[nearest(path, known)[1]]
    return skeletons.plot_strip({'decoded': path, 'nearest in training': found}, title)
