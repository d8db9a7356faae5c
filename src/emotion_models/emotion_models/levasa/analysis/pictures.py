# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Where the held-out faces lie: in the plane, and in maps of the chunks."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from sklearn.manifold import TSNE

from emotion_models.figures.palette import BLUE, FAINT, GREEN, GREY, INK, RED, VIOLET
from emotion_models.figures.plots import evenly_spread
from emotion_models.labels.prototypes import Prototypes
from emotion_models.levasa.analysis.models import OWN_CHUNK, TARGETS, Faces, TrainedModel
from emotion_models.levasa.va_plane import (
    class_colours,
    draw_ellipses,
    draw_plane,
)

MODEL_COLOURS = {
    'vanilla': BLUE,
    'continuous': GREEN,
    'discrete': VIOLET,
    'continuous_head': '#b5770d',
}
"""Labels red, vanilla blue and regularised green, as in the paper; the others in others."""

BATCH_FACES = 64
MAP_FACES = 2000
PERPLEXITY = 100
MAP_ROUNDS = 500

Maps = dict[tuple[str, str], np.ndarray]
"""t-SNE coordinates (n, 2) by model and chunk."""


def plot_circumplex(
    models: Sequence[TrainedModel], faces: Faces, prototypes: Prototypes, classes: Sequence[str]
) -> Figure:
    """All held-out faces in the plane by label and by the reading of each model."""
    panels = {'labels': faces.affect, **{s.name: s.reading for s in models}}
    figure, grid = _panels(len(panels))
    colours = _face_colours(faces.expression, classes)
    order = np.random.default_rng(0).permutation(len(faces))  # no class on top of all others
    for axes, (title, points) in zip(grid, panels.items(), strict=True):
        draw_plane(axes)
        shown = points[order].clip(-1, 1)
        axes.scatter(
            shown[:, 0], shown[:, 1], s=6, c=colours[order], alpha=0.5, linewidths=0, clip_on=False
        )
        draw_ellipses(axes, prototypes)
        axes.set_title(title, fontsize=10)
    figure.suptitle('Held-out faces in the plane, coloured by class', fontsize=10)
    return figure


def plot_batch(models: Sequence[TrainedModel], faces: Faces, prototypes: Prototypes) -> Figure:
    """Some faces, their labels joined with the reading of each model."""
    chosen = evenly_spread(len(faces), BATCH_FACES)
    labels = faces.affect[chosen]
    figure, grid = _panels(len(models))
    for axes, model in zip(grid, models, strict=True):
        readings = model.reading[chosen].clip(-1, 1)
        colour = MODEL_COLOURS[model.module.variant]
        draw_plane(axes)
        draw_ellipses(axes, prototypes)
        for label, reading in zip(labels, readings, strict=True):
            axes.plot(*zip(label, reading, strict=True), color=GREY, linewidth=0.5, alpha=0.7)
        for points, shade, name in ((labels, RED, 'label'), (readings, colour, 'reading')):
            axes.scatter(
                points[:, 0],
                points[:, 1],
                s=14,
                color=shade,
                linewidths=0,
                zorder=3,
                label=name,
                clip_on=False,
            )
        axes.legend(loc='lower right', fontsize=8, frameon=False)
        distance = np.linalg.norm(readings - labels, axis=1).mean()
        axes.set_title(f'{model.name}: mean distance {distance:.2f}', fontsize=10)
    figure.suptitle(f'{len(chosen)} held-out faces, evenly spread over the set', fontsize=10)
    return figure


def make_maps(models: Sequence[TrainedModel], chosen: np.ndarray) -> Maps:
    """t-SNE of the two tied chunks of each model, for the chosen faces."""
    perplexity = min(PERPLEXITY, (len(chosen) - 1) / 3)
    maps = {}
    for model in models:
        for chunk in OWN_CHUNK.values():
            embedding = TSNE(
                perplexity=perplexity, init='pca', random_state=0, max_iter=MAP_ROUNDS
            )
            maps[model.name, chunk] = embedding.fit_transform(model.chunk(chunk)[chosen])
    return maps


def plot_maps_by_class(
    models: Sequence[TrainedModel],
    maps: Maps,
    chosen: np.ndarray,
    faces: Faces,
    classes: Sequence[str],
) -> Figure:
    """The maps, coloured by class."""
    figure, grid = _map_panels(models, maps)
    colours = _face_colours(faces.expression, classes)[chosen]
    for row, chunk in zip(grid, OWN_CHUNK.values(), strict=True):
        for axes, model in zip(row, models, strict=True):
            axes.scatter(*maps[model.name, chunk].T, s=5, c=colours, alpha=0.7, linewidths=0)
    handles = [
        Line2D([], [], marker='o', linestyle='', markersize=5, color=colour, label=name.lower())
        for name, colour in zip(classes, class_colours(classes), strict=True)
    ]
    figure.legend(
        handles=handles, loc='outside lower center', ncols=len(handles), fontsize=8, frameon=False
    )
    return figure


def plot_maps_by_label(
    models: Sequence[TrainedModel], maps: Maps, chosen: np.ndarray, faces: Faces
) -> Figure:
    """The maps, z_v coloured by valence and z_a by arousal."""
    figure, grid = _map_panels(models, maps)
    for column, (row, chunk) in enumerate(zip(grid, OWN_CHUNK.values(), strict=True)):
        for axes, model in zip(row, models, strict=True):
            points = axes.scatter(
                *maps[model.name, chunk].T,
                s=5,
                c=faces.affect[chosen, column],
                cmap='coolwarm',
                vmin=-1,
                vmax=1,
                linewidths=0,
            )
        figure.colorbar(points, ax=row, label=TARGETS[column], shrink=0.8)
    return figure


def _panels(count: int) -> tuple[Figure, list[Axes]]:
    columns = count if count <= 4 else -(-count // 2)
    rows = -(-count // columns)
    figure = Figure(figsize=(4.3 * columns, 4.5 * rows + 0.2), layout='constrained')
    grid = list(figure.subplots(rows, columns, squeeze=False).flat)
    for unused in grid[count:]:
        unused.axis('off')
    return figure, grid[:count]


def _map_panels(models: Sequence[TrainedModel], maps: Maps) -> tuple[Figure, np.ndarray]:
    figure = Figure(figsize=(3.6 * len(models) + 0.8, 7.4), layout='constrained')
    grid = figure.subplots(2, len(models), squeeze=False)
    for axes in grid.flat:
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set_color(FAINT)
    for axes, model in zip(grid[0], models, strict=True):
        axes.set_title(model.name, fontsize=10)
    for axes, chunk in zip(grid[:, 0], OWN_CHUNK.values(), strict=True):
        axes.set_ylabel(chunk, fontsize=10, color=INK)
    count = len(next(iter(maps.values())))
    figure.suptitle(
        f't-SNE of the chunks, {count} held-out faces (axes without unit)', fontsize=10
    )
    return figure, grid


def _face_colours(expression: np.ndarray, classes: Sequence[str]) -> np.ndarray:
    """Colour of each face's class; pale where it is unknown."""
    return np.array([*class_colours(classes), FAINT])[expression]
