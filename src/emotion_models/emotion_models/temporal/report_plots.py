# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""An evaluation of sequence models in pictures: over the delay, and of smiles."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from emotion_models.data.clips import TARGETS
from emotion_models.data.smile_clips import NEUTRAL, SMILE
from emotion_models.figures.palette import BLUE, FAINT, GREEN, GREY, INK, ORANGE, RED, VIOLET
from emotion_models.temporal.evaluation import WHOLE, Curve
from emotion_models.temporal.smiles import ZERO, Scene

COLOURS = (GREY, INK, BLUE, GREEN, ORANGE, VIOLET, RED)
MARKERS = 'osD^vPX'
CHANGING = 'beginning or ending'
SHADES = {SMILE: '#fde8c4', CHANGING: '#e2e8f0'}
"""Behind phases; behind a neutral one there is nothing."""


def plot_delays(curves: Mapping[str, Curve]) -> Figure:
    """
    Concordance over the delay, the standard deviation of the seeds shaded.

    What is known of a whole segment stands apart: frames near its end know little of what follows.
    """
    delays = sorted({delay for curve in curves.values() for delay in curve})
    names = ['whole\nsegment' if delay == WHOLE else f'{delay:g}' for delay in delays]
    figure = Figure(figsize=(10, 5.2), layout='constrained')
    figure.suptitle('How well a frame is known when the answer may come later', fontsize=12)
    of_target = figure.subplots(1, 2, sharey=True)
    for axis, (axes, target) in enumerate(zip(of_target, TARGETS, strict=True)):
        for (name, curve), colour, marker in zip(curves.items(), COLOURS, MARKERS, strict=False):
            places = np.array([delays.index(delay) for delay in curve])
            means = np.array([pair[axis].mean for pair in curve.values()])
            spread = np.array([pair[axis].std for pair in curve.values()])
            line = '--' if ',' in name else '-'
            in_time = np.array([delay != WHOLE for delay in curve])
            for part, label in ((in_time, name), (~in_time, None)):
                look = {'marker': marker, 'markersize': 5, 'color': colour, 'label': label}
                axes.plot(places[part], means[part], line, **look)
            if np.isfinite(spread).all():
                low, high = means - spread, means + spread
                axes.fill_between(places[in_time], low[in_time], high[in_time], **_band(colour))
                axes.vlines(places[~in_time], low[~in_time], high[~in_time], **_band(colour, 6))
        axes.set_xticks(range(len(names)), names)
        axes.set(xlabel='delay in s', title=target)
        axes.grid(color=FAINT, linewidth=0.6)
    of_target[0].set_ylabel('agreement with the course (CCC)')
    handles, labels = of_target[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc='outside lower center', ncols=4, frameon=False)
    return figure


def _band(colour: str, width: float = 0.0) -> dict[str, Any]:
    return {'color': colour, 'alpha': 0.15, 'linewidth': width}


def plot_smiles(
    scenes: Sequence[Scene], said: Mapping[str, Sequence[np.ndarray]], longest_s: float = 14.0
) -> Figure:
    """
    What is said of smiles over time.

    Args:
        scenes: a row of plots each.
        said: by the name of the estimate, for each scene valence and arousal (L, 2).
        longest_s: how much of a scene is shown.
    """
    figure = Figure(figsize=(11, 2.1 * len(scenes) + 0.8), layout='constrained')
    rows = figure.subplots(len(scenes), 2, sharey=True, squeeze=False)
    for number, (scene, row) in enumerate(zip(scenes, rows, strict=True)):
        shown = scene.stamps_s <= scene.stamps_s[0] + longest_s
        for axis, (axes, target) in enumerate(zip(row, TARGETS, strict=True)):
            _shade(axes, scene, shown)
            for (name, of_scenes), colour in zip(said.items(), (GREY, BLUE, RED), strict=False):
                values = of_scenes[number][shown, axis]
                width = 0.9 if colour == GREY else 1.5
                axes.plot(scene.stamps_s[shown], values, color=colour, lw=width, label=name)
            for value, line in ((0, '-'), (ZERO, ':'), (-ZERO, ':')):
                axes.axhline(value, color=GREY, linewidth=0.8, linestyle=line)
            axes.set_title(f'{target}, {scene.name.replace("_", " ")}', fontsize=9)
            axes.set_xlim(scene.stamps_s[shown][[0, -1]])
    for axes in rows[-1]:
        axes.set_xlabel('seconds')
    handles, _ = rows[0, 0].get_legend_handles_labels()
    handles += [Patch(color=colour, label=name) for name, colour in SHADES.items()]
    handles.append(Line2D([], [], color=GREY, linestyle=':', label=f'within ±{ZERO:g} is zero'))
    figure.legend(handles=handles, loc='outside lower center', ncols=6, frameon=False)
    return figure


def _shade(axes: Axes, scene: Scene, shown: np.ndarray) -> None:
    last = int(np.flatnonzero(shown)[-1])
    axes.set_facecolor(SHADES[CHANGING])
    for phase in scene.phases:
        name = phase.name.split()[0]
        if name in (NEUTRAL, SMILE) and phase.first <= last:
            span = scene.stamps_s[[phase.first, min(phase.last, last)]]
            axes.axvspan(*span, color=SHADES.get(name, 'white'), linewidth=0)
