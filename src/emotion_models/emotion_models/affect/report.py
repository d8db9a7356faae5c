# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""An evaluation in words and columns."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime.affect import AFFECT_COLUMNS

AFFECT_MEASURES = {'ccc': 'CCC', 'pearson': 'Pearson', 'rmse': 'RMSE', 'sign_agreement': 'sign'}


PRIOR_OF = {'expression': 'in the wild', 'expression_balanced': 'balanced'}
"""Which frequencies of the expressions a part of a report is about."""


CROP_FIGURES = (
    ('expression', 'accuracy', 'accuracy in the wild'),
    ('expression_balanced', 'accuracy', 'accuracy, balanced'),
    ('valence', 'ccc', 'CCC of valence'),
    ('arousal', 'ccc', 'CCC of arousal'),
)
"""Part and key of the figures that a crop is to change little, and what they are called."""


def describe(title: str, report: dict[str, Any]) -> str:
    """
    The figures of `evaluate` as text.

    Args:
        title: what was evaluated.
        report: as `evaluate` returns it.
    """
    lines = [f'{title}: {report["faces"]} faces, {report["ms_per_face"]:.2f} ms per face']
    left_out = {
        'not found by the detector': report['missed'],
        'not readable': report['unreadable'],
        **report['skipped'],
    }
    lines += [f'  left out: {count} {reason}' for reason, count in left_out.items() if count]
    for name, prior in PRIOR_OF.items():
        if name in report:
            lines += _describe_expression(prior, report[name])
    for name in AFFECT_COLUMNS:
        if name in report:
            lines.append(_describe_affect(name, report[name]))
    if 'smiles' in report:
        figures = report['smiles']
        lines.append(
            f'  smiles      n {figures["n"]}  rank correlation of valence with the height of the '
            f'corners of the mouth {_with_interval(figures, "rank_correlation")}'
        )
    return '\n'.join(lines)


def describe_crop_loss(reports: Mapping[str, dict[str, Any]]) -> str:
    """
    How far each figure falls from the best crop to the worst.

    Args:
        reports: of the same faces, by crop factor.
    """
    losses = []
    for part, key, name in CROP_FIGURES:
        figures = [report[part][key] for report in reports.values() if part in report]
        if figures:
            losses.append(f'{name} {max(figures) - min(figures):.3f}')
    return f'from the best of {len(reports)} crops to the worst: {", ".join(losses)}'


def _describe_expression(prior: str, figures: dict[str, Any]) -> list[str]:
    head = (
        f'  expression, {prior}  n {figures["n"]}  '
        f'accuracy {_with_interval(figures, "accuracy")}  '
        f'mean recall {_with_interval(figures, "mean_recall")}  '
        f'macro F1 {_with_interval(figures, "macro_f1")}  '
        f'among those present {figures["accuracy_among_present"]:.3f}  '
        f'calibration error {figures["calibration_error"]:.3f}'
    )
    chance = figures['calibration_error_by_chance']
    low, high = chance['interval']
    head += f' (exact probabilities: {chance["mean"]:.3f} [{low:.3f}, {high:.3f}])'
    confusion = np.array(figures['confusion'])
    columns = ''.join(f'{name[:8]:>9}' for name in EXPRESSIONS)
    rows = []
    for name, recall in figures['recall'].items():
        counts = ''.join(f'{count:9}' for count in confusion[EXPRESSIONS.index(name)])
        low, high = recall['interval']
        rows.append(f'    {name:9}{counts}   {recall["share"]:.2f} [{low:.2f}, {high:.2f}]')
    return [head, f'    {"true":9}{columns}   recall', *rows]


def _describe_affect(name: str, figures: dict[str, Any]) -> str:
    values = '  '.join(
        f'{label} {_with_interval(figures, key)}' for key, label in AFFECT_MEASURES.items()
    )
    return f'  {name:10}  n {figures["n"]}  {values}'


def _with_interval(figures: dict[str, Any], name: str) -> str:
    low, high = figures[f'{name}_interval']
    return f'{figures[name]:.3f} [{low:.3f}, {high:.3f}]'
