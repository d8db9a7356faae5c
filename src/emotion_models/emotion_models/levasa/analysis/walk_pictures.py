# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the decoders draw: reconstructions, walks between faces, the plane of affect."""

from collections.abc import Sequence

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from torch import Tensor

from emotion_models.figures.palette import GREY
from emotion_models.figures.plots import evenly_spread
from emotion_models.figures.tiles import tile
from emotion_models.levasa.analysis.models import CHUNKS, Faces, TrainedModel, decode
from emotion_models.levasa.analysis.traversals import (
    WHOLE,
    opposite_pair,
    plane_grid,
    traverse,
)

SHOWN_FACES = 10
STEPS = 10
GRID_VALUES = np.linspace(-1, 1, 9)
PARTS = {**{chunk: f'{chunk} moves' for chunk in CHUNKS}, WHOLE: 'all move'}


def plot_reconstructions(models: Sequence[TrainedModel], faces: Faces) -> Figure:
    """Some faces above their reconstructions by each model."""
    chosen = evenly_spread(len(faces), SHOWN_FACES)
    rows = {'faces': faces.images[chosen].float() / 255}
    for model in models:
        rows[model.name] = decode(model.module, model.latent[chosen])
    return _strips(rows, 'Held-out faces and their reconstructions')


def plot_traversals(model: TrainedModel, faces: Faces, steps: int = STEPS) -> Figure:
    """From the face with the least valence and arousal to the one with the most, part by part."""
    first, last = opposite_pair(faces.affect)
    start, end = model.latent[first], model.latent[last]
    both = torch.ones(steps, *faces.images.shape[1:])
    both[[0, -1]] = faces.images[[first, last]].float() / 255
    walks = {
        title: decode(model.module, traverse(start, end, part, steps))
        for part, title in PARTS.items()
    }
    ends = ['({:.2f}, {:.2f})'.format(*faces.affect[place]) for place in (first, last)]
    title = f'{model.name}: from one face to another; valence, arousal {" to ".join(ends)}'
    return _strips({'faces': both, **walks}, title)


def plot_plane_grid(model: TrainedModel, faces: Faces) -> Figure:
    """What the decoder draws where whole chunks are set to values of the plane."""
    middle = int(np.square(faces.affect).sum(1).argmin())
    latents = plane_grid(model.latent[middle], GRID_VALUES)
    count = len(GRID_VALUES)
    upright = latents[::-1].reshape(count * count, -1)  # the highest arousal at the top
    sheet = tile(_to_pixels(decode(model.module, upright)), count)
    figure = Figure(figsize=(7.6, 7.8), layout='constrained')
    axes = figure.subplots()
    half = (GRID_VALUES[1] - GRID_VALUES[0]) / 2
    ends = (-1 - half, 1 + half)
    axes.imshow(sheet, extent=(*ends, *ends), interpolation='nearest')
    axes.set(xticks=GRID_VALUES[::2], yticks=GRID_VALUES[::2], xlabel='valence', ylabel='arousal')
    axes.tick_params(length=0, labelsize=9)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_title(
        f'{model.name}: chunks set to valence and arousal, the rest of one neutral face',
        fontsize=10,
    )
    return figure


def _strips(rows: dict[str, Tensor], title: str) -> Figure:
    """Rows of pictures with their names."""
    count = max(len(pictures) for pictures in rows.values())
    size = (1.02 * count + 1.9, 1.05 * len(rows) + 0.4)
    figure = Figure(figsize=size, layout=ConstrainedLayoutEngine(h_pad=0.03, hspace=0.02))
    grid = figure.subplots(len(rows), 1, squeeze=False)[:, 0]
    for axes, (name, pictures) in zip(grid, rows.items(), strict=True):
        _draw_strip(axes, _to_pixels(pictures))
        axes.set_ylabel(name, rotation=0, ha='right', va='center', fontsize=9, color=GREY)
    figure.suptitle(title, fontsize=10)
    return figure


def _draw_strip(axes: Axes, pictures: np.ndarray, gap: int = 3) -> None:
    axes.imshow(tile(pictures, len(pictures), gap, ground=1), interpolation='nearest')
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def _to_pixels(pictures: Tensor) -> np.ndarray:
    return pictures.clamp(0, 1).permute(0, 2, 3, 1).numpy()
