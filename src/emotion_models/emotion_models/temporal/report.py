# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""An evaluation of sequence models as tables."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from emotion_models.data.acted_courses import ActedCourses, perfect_reading
from emotion_models.figures.markdown import markdown_table
from emotion_models.temporal.costs import measure_cost
from emotion_models.temporal.evaluation import (
    WHOLE,
    Curve,
    Scores,
    agreement,
    gains,
    labels_of,
    methods,
    worth_of_features,
)
from emotion_models.temporal.own_neutral import LongSmile, neutral_gains
from emotion_models.temporal.runs import Kind, Runs
from emotion_models.temporal.smiles import Behaviour
from emotion_models.training.loading import load_data

CORPORA = {'': '', 'ceap': 'CEAP ', 'afew': 'AFEW '}
"""Beginnings of the names of acted courses, and what they are called."""


def agreement_table(runs: Runs) -> str:
    """All methods, over all clips and by the origin of the courses."""
    clips = runs.widest.clips
    data = load_data(runs.widest.checkpoint).data_set
    corpora = {
        corpus: labels
        for corpus in (CORPORA if isinstance(data, ActedCourses) else ('',))
        if (labels := labels_of(clips, corpus))
    }
    columns = ['', 'smoothing', 'seeds']
    columns += [
        f'{CORPORA[corpus]}{name}' for corpus in corpora for name in ('valence', 'arousal')
    ]
    rows = []
    if isinstance(data, ActedCourses):
        shown = [perfect_reading(data.path, 'test', corpus) for corpus in corpora]
        scores = [agreement([{'': pair.shown}], {'': pair.course}) for pair in shown]
        rows.append(['perfect reading of the faces', '', '', *_cells(scores)])
    for method in methods(runs):
        scores = [agreement(method.said, labels) for labels in corpora.values()]
        seeds = str(len(method.said))
        rows.append([method.name, method.smoothing, seeds, *_cells(scores)])
    return markdown_table(columns, rows, left=(0, 1))


def gains_table(runs: Runs) -> str:
    """What causal models gain over the filtered frame head."""
    return _scores_table(('',), (((network,), pair) for network, pair in gains(runs).items()))


def features_table(runs: Runs) -> str:
    """What features are worth."""
    worth = worth_of_features(runs).items()
    rows = (((network, ', '.join(names)), pair) for (network, names), pair in worth)
    return _scores_table(('', 'features'), rows)


def delay_table(curves: Mapping[str, Curve]) -> str:
    """Concordances over delays, valence and arousal."""
    delays = sorted({delay for curve in curves.values() for delay in curve})
    columns = ['', '', *('whole segment' if d == WHOLE else f'{d:g} s' for d in delays)]
    rows = []
    for name, curve in curves.items():
        for axis, target in enumerate(('valence', 'arousal')):
            cells = [curve[delay][axis].show() if delay in curve else '' for delay in delays]
            rows.append([name if axis == 0 else '', target, *cells])
    return markdown_table(columns, rows, left=(0, 1))


def costs_table(runs: Runs) -> str:
    """Size and speed of each network."""
    columns = ['', 'parameters', 'weights, MB', 'state of a face, kB']
    columns += ['ms a frame in segments', 'ms an answer on-line']
    rows = []
    for network, of_network in runs.at_once().items():
        cost = measure_cost(of_network[0].module)
        cells = [f'{cost.parameters:,}', f'{cost.weights_mb:.2f}', f'{cost.state_kb:.1f}']
        cells += [f'{ms:.3f}' for ms in (cost.ms_in_segments, cost.ms_on_line)]
        rows.append([network, *cells])
    return markdown_table(columns, rows)


def smiles_table(found: Mapping[tuple[str, str], Sequence[Behaviour]]) -> str:
    """
    How estimates follow smiles: of several seeds the worst.

    Args:
        found: by scene and estimate, one for each seed.
    """
    columns = ['', 'estimate', 'phases as expected', 'smiles above neutral', 'ms to half, mean']
    columns += ['… longest', 'valence from frame to frame', 'arousal']
    rows, last = [], ''
    for (scene, name), seeds in found.items():
        reactions = np.array([one.reactions_ms for one in seeds])
        change = np.max([one.change for one in seeds], 0)
        of = seeds[0].phases
        right = np.min([one.as_expected for one in seeds], 0)
        above = min(one.smiles_above[0] for one in seeds)
        rows.append(
            [
                scene if scene != last else '',
                name,
                f'{right[0]} of {of[0]}, {right[1]} of {of[1]}',
                f'{above} of {seeds[0].smiles_above[1]}',
                f'{np.nanmax(np.nanmean(reactions, 1)):.0f}',
                f'{np.max(reactions):.0f}',
                *(f'{value:.4f}' for value in change),
            ]
        )
        last = scene
    return markdown_table(columns, rows, left=(0, 1))


def neutral_table(runs: Runs) -> str:
    """What it is worth to read features from a person's own neutral; empty = no model does."""
    found = neutral_gains(runs)
    if not found:
        return ''
    columns = ['', 'features', 'seeds', 'valence', 'arousal', 'valence after 20 s']
    columns += ['arousal after 20 s', 'persons nearer in valence', '… in arousal']
    rows = [
        [
            kind.network,
            ', '.join(kind.features),
            str(gain.scores[0].seeds),
            *_cells((gain.scores, gain.later)),
            *(f'{count:.1f} of {gain.of}' for count in gain.persons),
        ]
        for kind, gain in found.items()
    ]
    return markdown_table(columns, rows, left=(0, 1))


def long_smiles_table(found: Iterable[tuple[Kind, float, LongSmile]]) -> str:
    """What is said of the valence of a minute's smile; empty = nothing is compared."""
    rows = [
        [kind.network, ', '.join(kind.features), f'{rest_s:g} s', *(part.show() for part in said)]
        for kind, rest_s, said in found
    ]
    columns = ['', 'features', 'rest before', 'at rest', 'smile begins', 'after a minute of it']
    return markdown_table(columns, rows, left=(0, 1)) if rows else ''


def _scores_table(columns: Sequence[str], rows: Iterable[tuple[Sequence[str], Scores]]) -> str:
    table = [[*names, str(pair[0].seeds), *_cells([pair])] for names, pair in rows]
    left = range(len(columns))
    return markdown_table([*columns, 'seeds', 'valence', 'arousal'], table, left)


def _cells(scores: Iterable[Scores]) -> list[str]:
    return [summary.show() for pair in scores for summary in pair]
