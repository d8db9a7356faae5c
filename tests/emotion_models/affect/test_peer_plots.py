# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import math
from itertools import combinations

import pytest

pytest.importorskip('matplotlib')

from matplotlib.text import Annotation

from emotion_models.affect.peer_plots import plot_peers
from emotion_models.affect.peers import Peer

FIGURES = {
    'accuracy': 0.8,
    'accuracy_interval': (0.78, 0.82),
    'mean_recall': 0.6,
    'mean_recall_interval': (0.55, 0.66),
}
REPORT = {'ms_per_face': 2.0, 'expression': FIGURES}
HERE = Peer('HereNet', 'these faces', 0.85, math.nan, 10, same_protocol=True)
ELSEWHERE = Peer('ElsewhereNet', 'other faces', 0.9, 0.7, 40, same_protocol=False)


def named(axes):
    return {text.get_text(): text for text in axes.texts if isinstance(text, Annotation)}


def test_peers_are_drawn_at_multiples_of_our_time():
    accuracy, recall = plot_peers(REPORT, [HERE, ELSEWHERE], 'title').axes

    assert named(accuracy)['HereNet'].xy == (20, 0.85)
    assert named(accuracy)['ElsewhereNet'].xy == (80, 0.9)
    assert named(accuracy)['ours, in the wild'].xy == (2, 0.8)
    assert named(recall)['ElsewhereNet'].xy == (80, 0.7)


def test_what_is_not_published_is_not_named():
    _, recall = plot_peers(REPORT, [HERE, ELSEWHERE], 'title').axes

    assert set(named(recall)) == {'ours, in the wild', 'ElsewhereNet'}


def test_other_protocols_are_hollow_and_said_in_the_legend():
    figure = plot_peers(REPORT, [HERE, ELSEWHERE], 'title')

    fillings = {line.get_label(): line.get_markerfacecolor() for line in figure.axes[0].lines}
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert fillings['other faces (other protocol)'] == 'white'
    assert fillings['these faces (same faces as here)'] != 'white'
    assert legend[0] == 'this network, in the wild, with 95 % interval'
    assert {'other faces (other protocol)', 'these faces (same faces as here)'} <= set(legend)


def test_both_priors_are_ours_where_the_network_has_them():
    figure = plot_peers(REPORT | {'expression_balanced': FIGURES}, [HERE], 'title')

    assert {'ours, in the wild', 'ours, balanced'} <= set(named(figure.axes[0]))


@pytest.mark.parametrize('step', [0.0, 0.002, 0.02])
def test_names_cover_neither_each_other_nor_the_edge(step):
    peers = [
        Peer(f'Network {k}', f'faces {k}', 0.8 + k * step, 0.7, 10 * (1 + step) ** k, False)
        for k in range(5)
    ]

    figure = plot_peers(REPORT, peers, 'title')

    for axes in figure.axes:
        boxes = [text.get_window_extent() for text in named(axes).values()]
        assert len(boxes) == 6
        assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
        edge = axes.get_window_extent()
        assert all(edge.x0 <= box.x0 and box.x1 <= edge.x1 for box in boxes)
        assert all(edge.y0 <= box.y0 and box.y1 <= edge.y1 for box in boxes)
