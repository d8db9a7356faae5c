# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The losses of a training, epoch by epoch."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from emotion_models.data.tables import read_table
from emotion_models.figures.palette import BLUE, FAINT, INK, RED
from emotion_models.reading import FileError, reading

EXPECTED = 'the metrics.csv of a run'

PARTS = {'train': ('training', BLUE), 'val': ('held out', RED)}
REFERENCE = '_baseline'
"""Ends the name of the loss of a constant answer; drawn as a line into the loss's panel."""
COLUMNS = 3

History = dict[str, dict[str, np.ndarray]]


def read_history(path: str | Path) -> History:
    """
    The table of metrics of a run.

    Args:
        path: `metrics.csv` with the columns `epoch`, `train_LOSS` and `val_LOSS`.

    Returns:
        Epochs and values, shape (2, N), by the name of the loss and `train` or `val`.

    Raises:
        ValueError: if the file has no epochs.
    """
    history: dict[str, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    columns, rows = read_table(path, EXPECTED)
    if 'epoch' not in columns:
        raise FileError(f'{path} has no column epoch; expected {EXPECTED}')
    with reading(path, EXPECTED):
        for row in rows:
            for column, value in row.items():
                part, _, name = column.partition('_')
                if part in PARTS and name and value:
                    history[name][part].append((float(row['epoch']), float(value)))
    return {
        name: {part: np.array(points).T for part, points in parts.items()}
        for name, parts in history.items()
    }


def plot_losses(history: Mapping[str, Mapping[str, np.ndarray]], title: str = '') -> Figure:
    """
    A panel for each loss, with training and held-out values.

    Args:
        history: as `read_history` gives it.
        title: of the figure.
    """
    names = [name for name in history if not name.endswith(REFERENCE)]
    columns = min(COLUMNS, len(names))
    rows = -(-len(names) // columns)
    figure = Figure(figsize=(0.6 + 3.1 * columns, 0.7 + 2.5 * rows), layout='constrained')
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, name in zip(panels, names, strict=False):
        for part, (epochs, values) in history[name].items():
            label, colour = PARTS[part]
            axes.plot(epochs, values, color=colour, lw=1.6, label=label)
        baseline = history.get(name + REFERENCE)
        if baseline:
            level = next(iter(baseline.values()))[1][-1]
            axes.axhline(level, color=FAINT, ls='--', label='constant answer')
        values = np.concatenate([points[1] for points in history[name].values()])
        if values.min() > 0 and values.max() > 20 * values.min():
            axes.set_yscale('log')
            axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axes.yaxis.set_major_formatter('{x:g}')
            axes.yaxis.set_minor_formatter(NullFormatter())
        axes.set_title(name.replace('_', ' '), fontsize=10, color=INK)
        axes.set_xlabel('epoch')
        axes.spines[['top', 'right']].set_visible(False)
        axes.legend(frameon=False, fontsize=8)
    for axes in panels[len(names) :]:
        axes.axis('off')
    figure.suptitle(title, fontsize=11, color=INK)
    return figure
