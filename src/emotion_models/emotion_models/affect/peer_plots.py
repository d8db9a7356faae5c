# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A network beside published ones: how well against how fast."""

from collections.abc import Mapping, Sequence
from itertools import cycle, product
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter, StrMethodFormatter
from matplotlib.transforms import Bbox

from emotion_models.affect.peers import Peer
from emotion_models.affect.report import PRIOR_OF
from emotion_models.figures.palette import BLUE, FAINT, GREEN, INK, ORANGE, RED, VIOLET

MEASURES = {'accuracy': 'accuracy', 'mean_recall': 'mean recall'}
OUR_MARKERS = {'expression': 'o', 'expression_balanced': 'D'}
OURS = 'this network'
PEER_COLOURS = (GREEN, ORANGE, VIOLET, RED)
FONT_SIZE = 9.5
MARGIN = 0.05
"""Of an axis beyond the points, so that names find room."""


def plot_peers(report: Mapping[str, Any], peers: Sequence[Peer], title: str) -> Figure:
    """
    Accuracy and mean recall against milliseconds, ours with its 95 % intervals.

    A peer whose figures are about the same faces as ours is filled, in our colour; another one is
    hollow, in the colour of what its figures are about.

    Args:
        report: of our network, by `evaluate`, with expressions.
        peers: published ones; their times are multiples of ours in this report.
        title: what ours was evaluated on.
    """
    figure = Figure(figsize=(8.4, 5), layout='constrained')
    FigureCanvasAgg(figure)
    figure.suptitle(title, fontsize=10)
    others = dict.fromkeys(peer.protocol for peer in peers if not peer.same_protocol)
    colours = dict(zip(others, cycle(PEER_COLOURS)))
    panels = figure.subplots(1, 2, sharex=True)
    for axes, (measure, name) in zip(panels, MEASURES.items(), strict=True):
        _style(axes, name)
        _draw_ours(axes, report, measure)
        for peer in peers:
            _draw_peer(
                axes, peer, measure, report['ms_per_face'], colours.get(peer.protocol, BLUE)
            )
    _add_legend(figure, panels)
    _spread(panels, report, peers)
    figure.draw_without_rendering()
    figure.set_layout_engine('none')
    for axes, measure in zip(panels, MEASURES, strict=True):
        _name_points(axes, _named_points(report, peers, measure))
    return figure


def _add_legend(figure: Figure, panels: Sequence[Axes]) -> None:
    """Of what either panel shows, ours first."""
    found = [
        (label, handle)
        for axes in panels
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)
    ]
    handles = dict(sorted(found, key=lambda entry: not entry[0].startswith(OURS)))
    figure.legend(
        handles.values(), handles, loc='outside lower center', ncols=2, frameon=False, fontsize=9
    )


def _style(axes: Axes, name: str) -> None:
    axes.set_xscale('log')
    axes.set(xlabel='ms a face, one thread', title=name)
    axes.title.set_fontsize(11)
    axes.xaxis.set_major_formatter(StrMethodFormatter('{x:g}'))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[['top', 'right']].set_visible(False)


def _draw_ours(axes: Axes, report: Mapping[str, Any], measure: str) -> None:
    for part, marker in OUR_MARKERS.items():
        if part in report:
            value = report[part][measure]
            low, high = report[part][f'{measure}_interval']
            axes.errorbar(
                report['ms_per_face'],
                value,
                yerr=[[max(value - low, 0)], [max(high - value, 0)]],
                fmt=marker,
                color=BLUE,
                markersize=11,
                capsize=4,
                zorder=3,
                label=f'{OURS}, {PRIOR_OF[part]}, with 95 % interval',
            )


def _draw_peer(axes: Axes, peer: Peer, measure: str, our_ms: float, colour: str) -> None:
    note = 'same faces as here' if peer.same_protocol else 'other protocol'
    axes.plot(
        peer.times_ours * our_ms,
        getattr(peer, measure),
        'o',
        color=colour,
        markersize=8,
        markeredgewidth=1.8,
        markerfacecolor=colour if peer.same_protocol else 'white',
        label=f'{peer.protocol} ({note})',
    )


def _spread(panels: Sequence[Axes], report: Mapping[str, Any], peers: Sequence[Peer]) -> None:
    """Room at both ends for the names."""
    our_ms = report['ms_per_face']
    slowest = max(1.0, *(peer.times_ours for peer in peers))
    fastest = min(1.0, *(peer.times_ours for peer in peers))
    panels[0].set_xlim(our_ms * fastest / 2, our_ms * slowest * 4)
    for axes in panels:
        low, high = axes.get_ylim()
        axes.set_ylim(low - MARGIN * (high - low), high + MARGIN * (high - low))


def _named_points(
    report: Mapping[str, Any], peers: Sequence[Peer], measure: str
) -> list[tuple[float, float, str]]:
    ours = [
        (report['ms_per_face'], report[part][measure], f'ours, {PRIOR_OF[part]}')
        for part in OUR_MARKERS
        if part in report
    ]
    theirs = [
        (peer.times_ours * report['ms_per_face'], getattr(peer, measure), peer.name)
        for peer in peers
    ]
    return [point for point in (*ours, *theirs) if np.isfinite(point[1])]


def _name_points(axes: Axes, points: Sequence[tuple[float, float, str]]) -> None:
    """Each name where it covers no point, no other name and no edge, as near as there is room."""
    taken = []
    for x, y, _ in points:
        column, row = axes.transData.transform((x, y))
        taken.append(Bbox.from_extents(column - 8, row - 8, column + 8, row + 8))
    for x, y, name in points:
        text = axes.annotate(
            name, (x, y), (0, 0), textcoords='offset points', color=INK, fontsize=FONT_SIZE
        )
        best = min(_places(), key=lambda place: _cost(text, place, axes, taken))
        _cost(text, best, axes, taken)
        taken.append(text.get_window_extent())


def _places() -> list[tuple[float, float, str, str]]:
    """Offsets in points and alignments around a point, the nearest ones first."""
    sides = ((1, 0), (0, 1), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))
    horizontal = {1: 'left', 0: 'center', -1: 'right'}
    vertical = {1: 'bottom', 0: 'center', -1: 'top'}
    return [
        (far * right, far * up, horizontal[right], vertical[up])
        for far, (right, up) in product((9, 16, 26), sides)
    ]


def _cost(
    text: Any, place: tuple[float, float, str, str], axes: Axes, taken: Sequence[Bbox]
) -> float:
    """Put a name somewhere; the area in square pixels that it covers of what is taken."""
    right, up, horizontal, vertical = place
    text.set_position((right, up))
    text.set(horizontalalignment=horizontal, verticalalignment=vertical)
    box = text.get_window_extent()
    inside = Bbox.intersection(box, axes.get_window_extent())
    beyond = box.width * box.height - (inside.width * inside.height if inside else 0)
    covered = (Bbox.intersection(box, other) for other in taken)
    return beyond + sum(shared.width * shared.height for shared in covered if shared)
