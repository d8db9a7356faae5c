# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a sweep over latent sizes, weights and seeds found: a table and a figure."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from scipy import stats

from emotion_models.acai.plots import FAINT, INK
from emotion_models.acai.plots.curves import shades

METRICS = {
    'mpjpe_mm': ('reconstruction error', 'mm'),
    'mean_distance': ('Mean Distance', 'm'),
    'anci': ('ANCI', ''),
    'ratio': ('smoothness ratio', ''),
    'precision': ('precision distance', 'm'),
    'recall': ('recall distance', 'm'),
}
"""What is shown of a row: name and unit by column. Of all of them, less is better."""
LEVEL = 0.95

Row = Mapping[str, float]


def summarise(values: Sequence[float]) -> tuple[float, float]:
    """Mean over the seeds, and half the width of its 95 % t-interval; nan of a single seed."""
    found = np.array(values, float)
    if len(found) < 2:
        return float(found.mean()), np.nan
    spread = found.std(ddof=1) / np.sqrt(len(found))
    return float(found.mean()), float(spread * stats.t.ppf(0.5 + LEVEL / 2, len(found) - 1))


def sweep_markdown(rows: Sequence[Row]) -> str:
    """
    A table for each latent size: metrics in rows, weights in columns, mean ± half an interval.

    Args:
        rows: `latent`, `weight` and `seed` of each training, and its metrics.
    """
    return '\n\n'.join(
        _table(latent, [row for row in rows if row['latent'] == latent])
        for latent in sorted({row['latent'] for row in rows})
    )


def _table(latent: float, rows: Sequence[Row]) -> str:
    weights = sorted({row['weight'] for row in rows})
    seeds = len({row['seed'] for row in rows})
    lines = [
        f'Latent size {latent:g}, {seeds} {"seed" if seeds == 1 else "seeds"}:',
        '',
        '| λ | ' + ' | '.join(f'{weight:g}' for weight in weights) + ' |',
        '|---|' + '---|' * len(weights),
    ]
    for metric, (name, unit) in METRICS.items():
        if any(metric in row for row in rows):
            cells = [_cell(_of_weight(rows, weight, metric)) for weight in weights]
            lines.append(f'| {name}{unit and f", {unit}"} | ' + ' | '.join(cells) + ' |')
    return '\n'.join(lines)


def _cell(values: Sequence[float]) -> str:
    if not values:
        return '–'
    mean, half = summarise(values)
    digits = 1 if abs(mean) >= 10 else 3
    return f'{mean:.{digits}f}' + ('' if np.isnan(half) else f' ± {half:.{digits}f}')


def _of_weight(rows: Sequence[Row], weight: float, metric: str) -> list[float]:
    return [row[metric] for row in rows if row['weight'] == weight and metric in row]


def plot_sweep(rows: Sequence[Row], title: str = '') -> Figure:
    """
    A panel for each metric: every seed a dot, means joined, a line for each latent size.

    Weights are drawn at even distances, since 0 has no place on a logarithmic axis.

    Args:
        rows: as in `sweep_markdown`.
        title: of the figure.
    """
    weights = sorted({row['weight'] for row in rows})
    latents = sorted({row['latent'] for row in rows})
    metrics = [metric for metric in METRICS if any(metric in row for row in rows)]
    figure = Figure(figsize=(10, 0.8 + 2.6 * -(-len(metrics) // 3)), layout='constrained')
    panels = figure.subplots(-(-len(metrics) // 3), 3, squeeze=False).ravel()
    for axes, metric in zip(panels, metrics, strict=False):
        for latent, colour in zip(latents, shades(len(latents)), strict=True):
            mine = [row for row in rows if row['latent'] == latent and metric in row]
            axes.plot(
                [weights.index(row['weight']) for row in mine],
                [row[metric] for row in mine],
                'o',
                color=colour,
                ms=3.5,
                alpha=0.45,
                mec='none',
            )
            places = sorted({weights.index(row['weight']) for row in mine})
            means = [np.mean(_of_weight(mine, weights[place], metric)) for place in places]
            axes.plot(places, means, color=colour, lw=1.8, label=f'd = {latent:g}')
        name, unit = METRICS[metric]
        axes.set_title(name + (unit and f', {unit}'), fontsize=10, color=INK)
        axes.set_xticks(range(len(weights)), [f'{weight:g}' for weight in weights])
        axes.tick_params('x', rotation=45, labelsize=8)
        axes.set_xlabel('λ')
        axes.grid(axis='y', color=FAINT, lw=0.5)
        axes.spines[['top', 'right']].set_visible(False)
    for axes in panels[len(metrics) :]:
        axes.axis('off')
    panels[0].legend(frameon=False, fontsize=8)
    figure.suptitle(title, fontsize=11, color=INK)
    return figure
