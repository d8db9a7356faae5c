# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a sweep over latent sizes, weights and seeds found: a table and a figure."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from emotion_models.acai.plots.curves import shades
from emotion_models.figures.markdown import markdown_table
from emotion_models.figures.palette import FAINT, INK
from emotion_models.training.run_table import Row, summarise_runs

METRICS = {
    'mpjpe_mm': ('reconstruction error', 'mm'),
    'bones_reconstructed': ('bones of reconstructions', 'mm'),
    'bones_interpolated': ('bones of interpolations', 'mm'),
    'bones_random': ('bones of random codes', 'mm'),
    'mean_distance': ('Mean Distance', 'm'),
    'straight_distance': ('Mean Distance of straight lines', 'm'),
    'real': ('test poses to training poses', 'm'),
    'anci': ('ANCI', ''),
    'ratio': ('smoothness ratio', ''),
    'precision': ('precision distance', 'm'),
    'recall': ('recall distance', 'm'),
    'real_augmented': ('augmented test to training poses', 'm'),
    'critic_loss': ("critic's loss on test poses", ''),
}
"""What is shown of a row: name and unit by column. Of all of them, less is better."""
DRAWN = ('mpjpe_mm', 'mean_distance', 'anci', 'ratio', 'precision', 'recall')
"""Of those, the panels of the figure."""


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
    seeds = len({row['seed'] for row in rows})
    title = f'Latent size {latent:g}, {seeds} {"seed" if seeds == 1 else "seeds"}:'
    by_weight = dict(sorted(summarise_runs(rows, ['weight'], METRICS).items()))
    lines = [
        [
            name + (unit and f', {unit}'),
            *(found[metric].show() if metric in found else '–' for found in by_weight.values()),
        ]
        for metric, (name, unit) in METRICS.items()
        if any(metric in found for found in by_weight.values())
    ]
    columns = ['λ', *(f'{weight:g}' for (weight,) in by_weight)]
    return f'{title}\n\n{markdown_table(columns, lines)}'


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
    metrics = [metric for metric in DRAWN if any(metric in row for row in rows)]
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
            means = {
                weights.index(weight): found[metric].mean
                for (weight,), found in summarise_runs(mine, ['weight'], [metric]).items()
            }
            places = sorted(means)
            axes.plot(
                places,
                [means[place] for place in places],
                color=colour,
                lw=1.8,
                label=f'd = {latent:g}',
            )
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
