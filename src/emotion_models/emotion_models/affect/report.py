# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""An evaluation in words and columns."""

from typing import Any

import numpy as np

from emotion_models.runtime.affect import AFFECT_COLUMNS
from emotion_models.runtime.expressions import EXPRESSIONS


def describe(title: str, report: dict[str, Any]) -> str:
    """
    The figures of ``evaluate`` as text.

    Args:
        title: what was evaluated.
        report: as ``evaluate`` returns it.
    """
    lines = [f'{title}: {report["faces"]} faces, {report["ms_per_face"]:.2f} ms per face']
    if 'expression' in report:
        lines += _describe_expression(report['expression'])
    for name in AFFECT_COLUMNS:
        if name in report:
            lines.append(_describe_affect(name, report[name]))
    return '\n'.join(lines)


def _describe_expression(figures: dict[str, Any]) -> list[str]:
    low, high = figures['accuracy_interval']
    head = (
        f'  expression  n {figures["n"]}  accuracy {figures["accuracy"]:.3f} '
        f'[{low:.3f}, {high:.3f}]  among those present {figures["accuracy_among_present"]:.3f}  '
        f'macro F1 {figures["macro_f1"]:.3f}'
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
    low, high = figures['ccc_interval']
    return (
        f'  {name:10}  n {figures["n"]}  CCC {figures["ccc"]:.3f} [{low:.3f}, {high:.3f}]  '
        f'Pearson {figures["pearson"]:.3f}  RMSE {figures["rmse"]:.3f}  '
        f'sign {figures["sign_agreement"]:.3f}'
    )
