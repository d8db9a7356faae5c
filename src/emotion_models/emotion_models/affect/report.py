# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""An evaluation in words and columns."""

from typing import Any

import numpy as np

from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime.affect import AFFECT_COLUMNS

AFFECT_MEASURES = {'ccc': 'CCC', 'pearson': 'Pearson', 'rmse': 'RMSE', 'sign_agreement': 'sign'}


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
    if 'expression' in report:
        lines += _describe_expression(report['expression'])
    for name in AFFECT_COLUMNS:
        if name in report:
            lines.append(_describe_affect(name, report[name]))
    return '\n'.join(lines)


def _describe_expression(figures: dict[str, Any]) -> list[str]:
    head = (
        f'  expression  n {figures["n"]}  accuracy {_with_interval(figures, "accuracy")}  '
        f'macro F1 {_with_interval(figures, "macro_f1")}  '
        f'among those present {figures["accuracy_among_present"]:.3f}  '
        f'calibration error {figures["calibration_error"]:.3f}'
    )
    confusion = np.array(figures['confusion'])
    columns = ''.join(f'{name[:8]:>9}' for name in EXPRESSIONS)
    rows = [
        f'    {name:9}' + ''.join(f'{count:9}' for count in counts)
        for name, counts in zip(EXPRESSIONS, confusion, strict=True)
        if counts.any()
    ]
    return [head, f'    {"true":9}{columns}', *rows]


def _describe_affect(name: str, figures: dict[str, Any]) -> str:
    values = '  '.join(
        f'{label} {_with_interval(figures, key)}' for key, label in AFFECT_MEASURES.items()
    )
    return f'  {name:10}  n {figures["n"]}  {values}'


def _with_interval(figures: dict[str, Any], name: str) -> str:
    low, high = figures[f'{name}_interval']
    return f'{figures[name]:.3f} [{low:.3f}, {high:.3f}]'
