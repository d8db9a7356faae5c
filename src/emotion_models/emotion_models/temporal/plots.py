# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Plots of predictions: valence and arousal over time, and their path in the plane."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from emotion_models.data.clips import TARGETS
from emotion_models.figures.palette import FAINT, GREY, INK
from emotion_models.figures.plots import evenly_spread
from emotion_models.metrics.concordance import concordance
from emotion_models.temporal.prediction import Prediction, read_predictions

NAMED = re.compile(rf'(?P<part>val|tst)_pred_(?P<target>{"|".join(TARGETS)})_(?P<kind>.+)\.json')
SHOWN = ('nosmooth', 'smooth')
"""What is drawn of a folder: unsmoothed faint, smoothed strong."""
RAW = ('nosmooth', 'nosmooth_ori')
MOST_CLIPS = 4
# Of Okabe and Ito, dark enough for white paper.
COLOURS = ('#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00')


class Entry(NamedTuple):
    """
    One file of predictions.

    Args:
        run: whose they are, as its folder is called.
        part: `val` or `tst`.
        target: `valence` or `arousal`.
        kind: `smooth` and so on.
        clips: predictions by the names of the clips.
    """

    run: str
    part: str
    target: str
    kind: str
    clips: Mapping[str, Prediction]


def read_entries(paths: Sequence[Path], part: str) -> list[Entry]:
    """
    Predictions from files and folders.

    Args:
        paths: files that `predict-temporal` wrote, or folders of them, of which those of `SHOWN`
            are taken.
        part: which of a folder, `val` or `tst`.

    Raises:
        OSError, ValueError: for what is none of these.
    """
    entries = []
    for path in paths:
        if path.is_dir():
            names = [f'{part}_pred_{target}_{kind}.json' for target in TARGETS for kind in SHOWN]
            found = [path / name for name in names if (path / name).is_file()]
            if not found:
                raise FileNotFoundError(
                    f'no {names[-1]} in {path}; emotion-models predict-temporal writes it'
                )
        else:
            found = [path]
        entries += [_read(file) for file in found]
    return entries


def plot_predictions(entries: Sequence[Entry], clips: Sequence[str] = ()) -> Figure:
    """
    A row for each clip: valence and arousal over time, and where both are known their path.

    Args:
        entries: at least one, all of one part.
        clips: which; none = a few, evenly spread over all.

    Raises:
        ValueError: if there is no such clip, or the entries have different ones.
    """
    if len(parts := sorted({entry.part for entry in entries})) > 1:
        raise ValueError(f'the files are of the parts {" and ".join(parts)}; plot one at a time')
    chosen = _choose(entries, clips)
    targets = [target for target in TARGETS if any(e.target == target for e in entries)]
    has_plane = len(targets) > 1
    widths = [2.2] * len(targets) + [1.0] * has_plane
    figure = Figure(figsize=(2.9 * sum(widths) / 1.2, 0.7 + 2.75 * len(chosen)),
                    layout='constrained')  # fmt: skip
    grid = figure.subplots(len(chosen), len(widths), squeeze=False, width_ratios=widths)
    colours = _colours(entries)
    for row, (panels, clip) in enumerate(zip(grid, chosen, strict=True)):
        for axes, target in zip(panels, targets, strict=False):
            of_target = [entry for entry in entries if entry.target == target]
            _draw_course(axes, of_target, clip, colours)
            axes.set_ylabel(target)
            if row == len(chosen) - 1:
                axes.set_xlabel('frame')
        panels[0].set_title(clip, loc='left', fontsize=10, color=INK, fontweight='bold')
        if has_plane:
            _draw_path(panels[-1], entries, clip, colours)
    _add_legend(figure, grid)
    return figure


def _read(path: Path) -> Entry:
    match = NAMED.fullmatch(path.name)
    if match is None:
        raise ValueError(
            f'{path} is not called as predict-temporal calls its predictions, for instance '
            'val_pred_valence_smooth.json'
        )
    run = path.resolve().parent.name
    return Entry(run, match['part'], match['target'], match['kind'], read_predictions(path))


def _choose(entries: Sequence[Entry], clips: Sequence[str]) -> list[str]:
    known = list(entries[0].clips)
    if not known:
        raise ValueError(f'the predictions of {entries[0].run} are of no clip')
    for name in clips:
        if name not in known:
            raise ValueError(f'no clip {name}; there are {", ".join(known[:8])}')
    chosen = list(clips) or [known[place] for place in evenly_spread(len(known), MOST_CLIPS)]
    for entry in entries:
        for name in chosen:
            if name not in entry.clips:
                raise ValueError(f'{entry.run} has no clip {name}, which {entries[0].run} has')
    return chosen


def _colours(entries: Sequence[Entry]) -> dict[str, str]:
    runs = dict.fromkeys(entry.run for entry in entries)
    return {run: COLOURS[place % len(COLOURS)] for place, run in enumerate(runs)}


def _draw_course(
    axes: Axes, entries: Sequence[Entry], clip: str, colours: Mapping[str, str]
) -> None:
    axes.axhline(0, color=FAINT, lw=1, zorder=0)
    agreements = []
    for entry in sorted(entries, key=lambda entry: entry.kind not in RAW):
        prediction, is_raw = entry.clips[clip], entry.kind in RAW
        look: dict[str, Any] = {'lw': 0.8, 'alpha': 0.55} if is_raw else {'lw': 1.9}
        label = f'{entry.run}, {"not smoothed" if is_raw else _kind(entry.kind)}'
        axes.plot(prediction.values, color=colours[entry.run], label=label, **look)
        if not is_raw and prediction.labels is not None:
            known = np.isfinite(prediction.labels)
            if known.any():
                agreement = concordance(prediction.labels[known], prediction.values[known])
                agreements.append(f'{agreement:.2f}')
    labels = _labels(entries, clip)
    if labels is not None:
        axes.plot(labels, color=INK, lw=1.4, ls=(0, (4, 1.5)), label='annotation', zorder=3)
    if agreements:
        axes.set_title(f'CCC {", ".join(agreements)}', loc='right', fontsize=9, color=GREY)
    axes.set(ylim=(-1.05, 1.05), yticks=(-1, 0, 1))
    axes.margins(x=0.01)
    _dress(axes)


def _draw_path(
    axes: Axes, entries: Sequence[Entry], clip: str, colours: Mapping[str, str]
) -> None:
    """The smoothed path of each run, or the only one there is, and that of the annotation."""
    axes.axhline(0, color=FAINT, lw=1, zorder=0)
    axes.axvline(0, color=FAINT, lw=1, zorder=0)
    for path, colour, look in _paths(entries, clip, colours):
        axes.plot(*path.T, color=colour, **look)
        known = path[np.isfinite(path).all(1)]
        if len(known):
            axes.plot(*known[0], 'o', ms=7, mfc='white', mec=colour, mew=1.6, zorder=4)
            axes.plot(*known[-1], 'o', ms=7, mfc=colour, mec='white', mew=1.0, zorder=5)
    axes.set(xlim=(-1.05, 1.05), ylim=(-1.05, 1.05), aspect='equal')
    axes.set(xticks=(-1, 0, 1), yticks=(-1, 0, 1), xlabel='valence', ylabel='arousal')
    axes.set_title('from ○ to ●', loc='right', fontsize=9, color=GREY)
    _dress(axes)


def _paths(
    entries: Sequence[Entry], clip: str, colours: Mapping[str, str]
) -> Iterator[tuple[np.ndarray, str, dict]]:
    noted = [_labels([e for e in entries if e.target == target], clip) for target in TARGETS]
    known = [labels for labels in noted if labels is not None]
    if len(known) == len(TARGETS):
        yield np.stack(known, 1), INK, {'lw': 1.2, 'ls': (0, (4, 1.5))}
    for run, colour in colours.items():
        kinds = {(e.kind, e.target): e.clips[clip].values for e in entries if e.run == run}
        both = [k for k, _ in kinds if all((k, target) in kinds for target in TARGETS)]
        if both:
            best = min(both, key=lambda kind: kind in RAW)
            yield np.stack([kinds[best, target] for target in TARGETS], 1), colour, {'lw': 1.6}


def _labels(entries: Sequence[Entry], clip: str) -> np.ndarray | None:
    """The annotation of a clip, as the first of them knows it."""
    known = (entry.clips[clip].labels for entry in entries)
    return next((labels for labels in known if labels is not None), None)


def _kind(kind: str) -> str:
    return {'smooth': 'smoothed', 'causal': 'smoothed over the past'}.get(kind, kind)


def _add_legend(figure: Figure, grid: np.ndarray) -> None:
    shown: dict[str, Any] = {}
    for axes in grid.flat:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            shown.setdefault(label, handle)
    figure.legend(
        shown.values(),
        shown.keys(),
        loc='outside upper center',
        ncols=3,
        frameon=False,
        fontsize=9,
    )


def _dress(axes: Axes) -> None:
    axes.spines[['top', 'right']].set_visible(False)
    axes.spines[['left', 'bottom']].set_color(GREY)
    axes.tick_params(color=GREY, labelcolor=INK, labelsize=8.5)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)
