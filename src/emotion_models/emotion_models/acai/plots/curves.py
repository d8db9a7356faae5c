# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How evenly interpolations change, as curves over their steps."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from emotion_models.figures.palette import BLUE, FAINT, INK, RED, VIOLET

SHADES = LinearSegmentedColormap.from_list('weights', [BLUE, VIOLET, RED])
"""From the least weight to the greatest: blue, violet, red."""
MOST_PAIRS = 60
"""Single pairs that are drawn; more would hide each other."""
MOST_CHANGE = 99.5
"""Percentage of the values that the axis shows; a jump of one pair would flatten all others."""


def shades(count: int) -> list[tuple[float, ...]]:
    """Colours of so many weights in ascending order."""
    return [SHADES(place) for place in np.linspace(0, 1, max(2, count))][:count]


def plot_smoothness(curves: Mapping[float, np.ndarray], title: str = '') -> Figure:
    """
    The aggregated curve of each weight, blue for the least to red for the greatest.

    Args:
        curves: A_t, shape (T,), or one for each seed, (S, T), by the weight λ; of several the mean
            is drawn, in a band from the least to the greatest.
        title: of the figure.
    """
    figure, axes = _make_axes(title)
    ordered = sorted(curves.items())
    for (weight, values), colour in zip(ordered, shades(len(ordered)), strict=True):
        seeds = np.atleast_2d(values)
        steps = np.arange(1, seeds.shape[1] + 1)
        axes.plot(steps, seeds.mean(0), color=colour, lw=1.8, label=f'λ = {weight:g}')
        if len(seeds) > 1:
            axes.fill_between(steps, seeds.min(0), seeds.max(0), color=colour, alpha=0.15, lw=0)
    axes.set_ylabel('normalised change, mean over pairs')
    figure.legend(loc='outside right upper', frameon=False, fontsize=8)
    return figure


def plot_sorted(
    distances: Mapping[str, Mapping[float, Sequence[Sequence[float]]]], title: str = ''
) -> Figure:
    """
    Distances in ascending order, a panel for each measure and a curve for each weight.

    Args:
        distances: quantiles (Q,) at even shares, one for each seed, by weight λ, by measure;
            the mean of the seeds is drawn.
        title: of the figure.
    """
    figure = Figure(figsize=(1.2 + 3.4 * len(distances), 3.6), layout='constrained')
    panels = np.atleast_1d(figure.subplots(1, len(distances)))
    for axes, (measure, by_weight) in zip(panels, distances.items(), strict=True):
        colours = shades(len(by_weight))
        for (weight, seeds), colour in zip(sorted(by_weight.items()), colours, strict=True):
            quantiles = np.mean(seeds, 0)
            shares = np.linspace(0, 1, len(quantiles))
            axes.plot(shares, quantiles, color=colour, lw=1.8, label=f'λ = {weight:g}')
        axes.set_title(measure, fontsize=10, color=INK)
        axes.set_xlabel('share of the poses')
        axes.set_ylim(0, None)
        axes.spines[['top', 'right']].set_visible(False)
        axes.margins(x=0.01)
    panels[0].set_ylabel('distance to the nearest, m')
    panels[0].legend(loc='upper left', frameon=False, fontsize=8)
    figure.suptitle(title, fontsize=11, color=INK)
    return figure


def plot_transitions(changes: Mapping[str, np.ndarray], title: str = '') -> Figure:
    """
    The changes of single pairs, and their mean, one panel for each model.

    Args:
        changes: Δ̄_t, shape (B, T), by the name of the model; the first 60 pairs are drawn.
        title: of the figure.
    """
    figure = Figure(figsize=(1.2 + 4 * len(changes), 3.6), layout='constrained')
    panels = np.atleast_1d(figure.subplots(1, len(changes), sharey=True))
    top = max(np.percentile(values, MOST_CHANGE) for values in changes.values())
    for axes, (name, values) in zip(panels, changes.items(), strict=True):
        steps = np.arange(1, values.shape[1] + 1)
        axes.plot(steps, values[:MOST_PAIRS].T, color=BLUE, lw=0.7, alpha=0.3)
        axes.plot(steps, values.mean(0), color=RED, lw=2.2, label='mean over all pairs')
        axes.set_title(name, fontsize=10, color=INK)
        axes.set_ylim(0, 1.05 * top)
        _dress(axes)
    panels[0].set_ylabel('normalised change of a pair')
    panels[0].legend(loc='upper left', frameon=False, fontsize=8)
    figure.suptitle(title, fontsize=11, color=INK)
    return figure


def _make_axes(title: str, size: Sequence[float] = (6.6, 4)) -> tuple[Figure, Axes]:
    figure = Figure(figsize=tuple(size), layout='constrained')
    axes = figure.subplots()
    axes.set_title(title, fontsize=11, color=INK)
    _dress(axes)
    return figure, axes


def _dress(axes: Axes) -> None:
    axes.axhline(1, color=FAINT, lw=1, ls='--', zorder=0)
    axes.set_xlabel('step of the interpolation')
    axes.spines[['top', 'right']].set_visible(False)
    axes.margins(x=0.01)
