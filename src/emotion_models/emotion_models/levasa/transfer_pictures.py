# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Annotation transfer in pictures: prototypes, points, class counts, clusters."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse

from emotion_models.figures.palette import INK
from emotion_models.figures.plots import evenly_spread
from emotion_models.labels.prototypes import Prototypes
from emotion_models.levasa.clustering import Clusters
from emotion_models.levasa.transfer import STEPS
from emotion_models.levasa.va_plane import (
    class_colours,
    draw_ellipses,
    draw_plane,
)

MOST_POINTS = 4000
"""Points drawn of a larger set, evenly spread over it."""


def plot_prototypes(prototypes: Prototypes) -> Figure:
    """The ellipses of all classes."""
    figure = Figure(figsize=(5.2, 5.2), layout='constrained')
    axes = figure.subplots()
    draw_plane(axes)
    draw_ellipses(axes, prototypes)
    axes.set_title('Prototypes: mean ± standard deviation', fontsize=10)
    return figure


def plot_annotations(
    va: np.ndarray, classes: Sequence[str], prototypes: Prototypes, title: str
) -> Figure:
    """Points of the plane in the colours of their classes, and how many each class has."""
    figure = Figure(figsize=(10.4, 5.2), layout='constrained')
    plane, counts = figure.subplots(1, 2, width_ratios=(1, 0.85))
    draw_plane(plane)
    colours = dict(zip(prototypes.names, class_colours(prototypes.names), strict=True))
    shown = evenly_spread(len(va), MOST_POINTS)
    shown = np.random.default_rng(0).permutation(shown)  # no class lies on top of all others
    shades = [colours[classes[index]] for index in shown]
    jitter = _jitter(va)[shown]
    plane.scatter(*(va[shown] + jitter).T, s=5, c=shades, alpha=0.45, linewidths=0)
    draw_ellipses(plane, prototypes)
    _draw_counts(counts, classes, colours)
    figure.suptitle(title, fontsize=10)
    return figure


def plot_clusters(steps: np.ndarray, found: Mapping[str, Clusters], title: str) -> Figure:
    """
    The clusterings side by side: mixture with its ellipses, k-means, and each axis alone.

    Args:
        steps: valence and arousal in -10..10, shape (N, 2).
        found: by `cluster_va`.
        title: what was clustered.
    """
    figure = Figure(figsize=(10.4, 10.4), layout='constrained')
    grid = figure.subplots(2, 2)
    for axes, (name, clusters) in zip(grid.flat, found.items(), strict=True):
        draw_plane(axes, STEPS, ', steps')
        _draw_cells(axes, steps, clusters)
        axes.set_title(TITLES[name], fontsize=10)
    for centre, deviation in zip(
        found['mixture'].centres, found['mixture'].deviation, strict=True
    ):
        across = 2 * np.sqrt(2) * deviation
        grid[0, 0].add_patch(
            Ellipse(tuple(centre), across, across, fill=False, edgecolor=INK, linewidth=1)
        )
    for axes in grid[0]:
        clusters = found['mixture' if axes is grid[0, 0] else 'means']
        axes.plot(*clusters.centres.T, '+', color=INK, markersize=9, markeredgewidth=1.6)
    for column, (name, line) in enumerate((('valence', 'axvline'), ('arousal', 'axhline'))):
        for centre in found[name].centres[:, 0]:
            getattr(grid[1, column], line)(centre, color=INK, linewidth=0.9)
    figure.suptitle(title, fontsize=10)
    return figure


TITLES = {
    'mixture': 'Gaussian mixture, round (circles: √2 deviations)',
    'means': 'k-means',
    'valence': 'k-means of valence alone',
    'arousal': 'k-means of arousal alone',
}


def _draw_counts(axes: Axes, classes: Sequence[str], colours: Mapping[str, str]) -> None:
    counted = Counter(classes)
    names = sorted(colours, key=lambda name: counted[name])
    bars = axes.barh(
        [name.lower() for name in names],
        [counted[name] for name in names],
        color=[colours[name] for name in names],
        height=0.68,
    )
    labels = [f'{counted[name]:,} ({counted[name] / len(classes):.1%})' for name in names]
    axes.bar_label(bars, labels, padding=4, fontsize=8)
    axes.set_xlabel('images')
    axes.margins(x=0.24)
    axes.tick_params(length=0, labelsize=8)
    axes.spines[['top', 'right', 'left']].set_visible(False)


def _draw_cells(axes: Axes, steps: np.ndarray, clusters: Clusters) -> None:
    """A disc for each place that occurs, its area by the root of how often."""
    places, first, counts = np.unique(
        np.round(steps), axis=0, return_index=True, return_counts=True
    )
    shades = class_colours([str(cluster) for cluster in range(len(clusters.centres))])
    axes.scatter(
        places[:, 0],
        places[:, 1],
        s=2.2 * np.sqrt(counts) + 3,
        c=[shades[cluster] for cluster in clusters.assigned[first]],
        alpha=0.75,
        linewidths=0,
    )


def _jitter(va: np.ndarray) -> np.ndarray:
    """Within a step, where all labels are whole steps and would lie on each other."""
    if not np.allclose(STEPS * va, np.round(STEPS * va)):
        return np.zeros_like(va)
    return np.random.default_rng(0).uniform(-0.5, 0.5, va.shape) / STEPS
