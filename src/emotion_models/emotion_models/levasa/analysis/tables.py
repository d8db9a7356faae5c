# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Tables of figures, as CSV for programs and as Markdown for readers."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from emotion_models.figures.markdown import markdown_table
from emotion_models.levasa.analysis.readout import Estimate

NOTHING = '–'


@dataclass(frozen=True)
class Table:
    """
    Rows of text, numbers, none and `Estimate`.

    Args:
        name: of the file.
        title: one line.
        columns: their names.
        rows: as many cells each.
        note: what a reader must know.
    """

    name: str
    title: str
    columns: Sequence[str]
    rows: list[Sequence[Any]] = field(default_factory=list)
    note: str = ''

    def write_csv(self, folder: Path) -> Path:
        """`NAME.csv` with all digits; an estimate takes three columns."""
        path = folder / f'{self.name}.csv'
        estimates = [
            any(isinstance(row[place], Estimate) for row in self.rows)
            for place in range(len(self.columns))
        ]
        with path.open('w', newline='', encoding='utf-8') as file:
            writer = csv.writer(file)
            header = [_expand_name(*pair) for pair in zip(self.columns, estimates, strict=True)]
            writer.writerow(chain.from_iterable(header))
            for row in self.rows:
                cells = [_expand(*pair) for pair in zip(row, estimates, strict=True)]
                writer.writerow(chain.from_iterable(cells))
        return path

    def to_markdown(self) -> str:
        """Title, table and note."""
        texts = [
            place
            for place in range(len(self.columns))
            if all(isinstance(row[place], str) for row in self.rows)
        ]
        cells = ([_show(cell) for cell in row] for row in self.rows)
        lines = [f'### {self.title}', '', markdown_table(self.columns, cells, texts)]
        return '\n'.join([*lines, *(['', self.note] if self.note else []), ''])


def _show(cell: Any) -> str:
    if _is_missing(cell):
        return NOTHING
    if isinstance(cell, Estimate):
        return f'{_show(cell.value)} [{_show(cell.low)}, {_show(cell.high)}]'
    if isinstance(cell, float):
        rounded = round(cell, 4) + 0.0  # no minus before a zero
        return f'{rounded:.3f}' if abs(rounded) >= 0.1 or rounded == 0 else f'{rounded:.4f}'
    return str(cell)


def _expand_name(name: str, is_estimate: bool) -> list[str]:
    return [name, f'{name} low', f'{name} high'] if is_estimate else [name]


def _expand(cell: Any, is_estimate: bool) -> list[Any]:
    if isinstance(cell, Estimate):
        return [cell.value, cell.low, cell.high]
    value = '' if _is_missing(cell) else cell
    return [value, '', ''] if is_estimate else [value]


def _is_missing(cell: Any) -> bool:
    return cell is None or (isinstance(cell, float) and math.isnan(cell))
