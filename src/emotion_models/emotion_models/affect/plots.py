# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""An evaluation in pictures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from emotion_models.affect.evaluation import Predictions
from emotion_models.affect.peer_plots import plot_peers
from emotion_models.affect.peers import Peer
from emotion_models.affect.report import PRIOR_OF
from emotion_models.data.labelled_faces import LabelledFaces
from emotion_models.figures.palette import BLUE, GREY
from emotion_models.figures.plots import save_figures
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime.affect import AFFECT_COLUMNS


def save_plots(
    folder: Path,
    faces: LabelledFaces,
    predictions: Predictions,
    report: dict[str, Any],
    title: str,
    peers: Sequence[Peer] = (),
) -> list[Path]:
    """
    Write `confusion.png`, `reliability.png` and `affect.png`, as far as labels are there.

    The first two also with the ending `_balanced`, if the network knows its prior; with peers
    also `peers.png`.

    Args:
        folder: made if it is not there.
        faces: what was read.
        predictions: of the network.
        report: of both, by `evaluate`.
        title: what was evaluated.
        peers: published networks to draw beside this one.

    Returns:
        The files.
    """
    figures = {}
    for part in PRIOR_OF:
        if part in report:
            of_prior = part.removeprefix('expression')
            figures[f'confusion{of_prior}'] = _plot_confusion(np.array(report[part]['confusion']))
            figures[f'reliability{of_prior}'] = _plot_reliability(report[part])
    if 'valence' in report:
        figures['affect'] = _plot_affect(faces.affect, predictions.affect, report)
    if peers and 'expression' in report:
        figures['peers'] = plot_peers(report, peers, title)
    for figure in figures.values():
        figure.suptitle(title, fontsize=10)
    return save_figures(folder, figures)


def _plot_confusion(confusion: np.ndarray) -> Figure:
    occurs = confusion.sum(1) > 0
    shares = confusion[occurs] / confusion[occurs].sum(1, keepdims=True)
    figure = Figure(figsize=(7.5, 1.8 + 0.55 * occurs.sum()), layout='constrained')
    axes = figure.subplots()
    axes.imshow(shares, cmap='Blues', vmin=0, vmax=1, aspect='auto')
    for (row, column), share in np.ndenumerate(shares):
        colour = 'white' if share > 0.5 else 'black'
        axes.text(column, row, f'{share:.0%}', ha='center', va='center', color=colour, fontsize=9)
    names = [
        f'{name.lower()} ({count})'
        for name, count in zip(EXPRESSIONS, confusion.sum(1), strict=True)
        if count
    ]
    axes.set_yticks(range(len(names)), names)
    axes.set_xticks(range(len(EXPRESSIONS)), [n.lower() for n in EXPRESSIONS], rotation=30)
    axes.set(xlabel='predicted', ylabel='label (faces)')
    return figure


def _plot_reliability(figures: dict[str, Any]) -> Figure:
    confidence, accuracy, share = (
        np.array([row[key] for row in figures['reliability']])
        for key in ('confidence', 'accuracy', 'share')
    )
    figure = Figure(figsize=(5, 5), layout='constrained')
    above, axes = figure.subplots(2, 1, sharex=True, height_ratios=(1, 4))
    above.bar(confidence, share, width=0.06, color=GREY)
    above.set_ylabel('share of faces')
    axes.plot((0, 1), (0, 1), '--', color=GREY, label='perfectly calibrated')
    error = figures['calibration_error']
    axes.plot(confidence, accuracy, 'o-', color=BLUE, label=f'mean distance {error:.3f}')
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel='confidence', ylabel='accuracy')
    axes.legend(loc='upper left', frameon=False)
    return figure


def _plot_affect(true: np.ndarray, predicted: np.ndarray, report: dict[str, Any]) -> Figure:
    figure = Figure(figsize=(9, 4.6), layout='constrained')
    rated = np.isfinite(true).all(1) & np.isfinite(predicted).all(1)
    for column, (axes, name) in enumerate(zip(figure.subplots(1, 2), AFFECT_COLUMNS, strict=True)):
        axes.hexbin(
            true[rated, column],
            predicted[rated, column],
            gridsize=40,
            extent=(-1, 1, -1, 1),
            bins='log',
            mincnt=1,
            cmap='Blues',
        )
        axes.plot((-1, 1), (-1, 1), '--', color=GREY, linewidth=1)
        axes.set(xlim=(-1, 1), ylim=(-1, 1), aspect='equal')
        axes.set(xlabel=f'{name}, label', ylabel=f'{name}, predicted')
        axes.set_title(f'CCC {report[name]["ccc"]:.3f}, n {report[name]["n"]}', fontsize=10)
    return figure
