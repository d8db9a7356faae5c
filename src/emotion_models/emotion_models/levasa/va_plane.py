# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The plane of valence and arousal as a picture: axes, class colours, ellipses."""

from collections.abc import Sequence

import numpy as np
from matplotlib import colormaps, patheffects
from matplotlib.axes import Axes
from matplotlib.patches import Ellipse

from emotion_models.figures.palette import FAINT, GREY
from emotion_models.labels.prototypes import Prototypes

CLASS_COLOURS = {
    'neutral': '#3a3a3a',
    'happiness': '#f28e1c',
    'sadness': '#8a8f98',
    'surprise': '#e377b8',
    'fear': '#2b6cb0',
    'disgust': '#2e9e5b',
    'anger': '#d1342f',
}
"""Black, orange, grey, pink, blue, green and red, as in the paper's pictures."""

SAME_AS = {'joy': 'happiness', 'happy': 'happiness', 'sad': 'sadness', 'mad': 'anger'}
CLOSE = 0.2
"""Centres nearer than this have names that cover each other."""

HALO = [patheffects.withStroke(linewidth=2.5, foreground='white')]


def class_colours(names: Sequence[str]) -> list[str]:
    """A colour for each class: the paper's where it has one, another for each of the rest."""
    spare = iter(['#8c6bb1', '#17a2b8', '#b5a000', '#8c564b', *colormaps['tab20'].colors] * 5)
    keys = [SAME_AS.get(name.lower(), name.lower()) for name in names]
    return [CLASS_COLOURS[key] if key in CLASS_COLOURS else next(spare) for key in keys]


def draw_plane(axes: Axes, limit: float = 1.0, unit: str = '') -> None:
    """
    Prepare axes for valence (to the right) and arousal (upwards) in [-limit, limit].

    Args:
        axes: to draw on.
        limit: of both coordinates.
        unit: written after the names of the axes.
    """
    for line in (axes.axhline, axes.axvline):
        line(0, color=FAINT, linewidth=1, zorder=0)
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect='equal')
    axes.set(xlabel=f'valence{unit}', ylabel=f'arousal{unit}')
    ticks = np.linspace(-limit, limit, 5)
    axes.set_xticks(ticks)
    axes.set_yticks(ticks)
    axes.tick_params(length=3, color=GREY, labelsize=8)
    for spine in axes.spines.values():
        spine.set_color(GREY)
        spine.set_linewidth(0.6)


def draw_ellipses(axes: Axes, prototypes: Prototypes, named: bool = True) -> None:
    """The class ellipses in their colours: means as centres, deviations as half axes."""
    colours = class_colours(prototypes.names)
    for centre, deviation, colour in zip(prototypes.mean, prototypes.std, colours, strict=True):
        for look in ({'facecolor': colour, 'alpha': 0.13}, {'edgecolor': colour, 'fill': False}):
            axes.add_patch(Ellipse(tuple(centre), *(2 * deviation), linewidth=1.2, **look))
    if named:
        _write_names(axes, prototypes)


def _write_names(axes: Axes, prototypes: Prototypes) -> None:
    """The names in their ellipses; of two that would cover each other one above, one below."""
    colours = class_colours(prototypes.names)
    for row, name in enumerate(prototypes.names):
        apart = prototypes.mean - prototypes.mean[row]
        close = np.flatnonzero(np.hypot(*apart.T) < CLOSE)
        side = 0 if len(close) == 1 else (1 if row == close[0] else -1)
        axes.annotate(
            name.lower(),
            (prototypes.mean[row, 0], prototypes.mean[row, 1] + side * prototypes.std[row, 1]),
            ha='center',
            va={0: 'center', 1: 'bottom', -1: 'top'}[side],
            fontsize=8,
            color=colours[row],
            weight='bold',
            path_effects=HALO,
            zorder=5,
        )
