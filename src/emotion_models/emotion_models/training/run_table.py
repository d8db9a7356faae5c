# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Tables of runs: a row for each, added as it is measured, and their summary over seeds."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import stats

from emotion_models.data.tables import read_table

Value = int | float | str
Row = Mapping[str, Value]

LEVEL = 0.95
"""Of the confidence intervals."""


class Summary(NamedTuple):
    """
    What several seeds have in common.

    Args:
        mean: over the seeds.
        std: standard deviation, with n − 1; nan for a single seed.
        half_width: of the 95 % confidence interval of the mean (Student's t); nan likewise.
        seeds: how many.
    """

    mean: float
    std: float
    half_width: float
    seeds: int

    def show(self) -> str:
        """Mean ± half of the interval, the latter only where there are several seeds."""
        digits = 1 if abs(self.mean) >= 10 else 3
        text = f'{self.mean:.{digits}f}'
        return text if self.seeds < 2 else f'{text} ± {self.half_width:.{digits}f}'


def summarise(values: Sequence[float]) -> Summary:
    """Mean, spread and interval of the values of one metric, at least one."""
    found, count = np.array(values, float), len(values)
    if count < 2:
        return Summary(float(found.mean()), np.nan, np.nan, count)
    std = found.std(ddof=1)
    half = stats.t.ppf(0.5 + LEVEL / 2, count - 1) * std / np.sqrt(count)
    return Summary(float(found.mean()), float(std), float(half), count)


def summarise_runs(
    rows: Iterable[Row], by: Sequence[str], metrics: Iterable[str]
) -> dict[tuple[Value, ...], dict[str, Summary]]:
    """
    Rows that agree in some columns are the seeds of one configuration.

    Args:
        rows: of a table of runs.
        by: the columns that tell configurations apart.
        metrics: columns to summarise; a configuration lacks those that none of its rows has.

    Returns:
        By the values of these columns, in the order of the rows, summaries by metric.
    """
    groups: dict[tuple[Value, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in by), []).append(row)
    names = list(metrics)
    return {
        key: {
            name: summarise([float(row[name]) for row in group if name in row])
            for name in names
            if any(name in row for row in group)
        }
        for key, group in groups.items()
    }


def write_summary(
    path: Path, rows: Iterable[Row], by: Sequence[str], metrics: Iterable[str]
) -> None:
    """
    Write the table of `summarise_runs`.

    Each metric has the columns `METRIC` (mean), `METRIC_std` and `METRIC_interval` (half of it),
    the last two empty for a single seed; `seeds` counts them.
    """
    table: list[dict[str, Value]] = []
    for key, found in summarise_runs(rows, by, metrics).items():
        line: dict[str, Value] = dict(zip(by, key, strict=True))
        line['seeds'] = max(summary.seeds for summary in found.values())
        for name, summary in found.items():
            line[name] = summary.mean
            if summary.seeds > 1:
                line |= {f'{name}_std': summary.std, f'{name}_interval': summary.half_width}
        table.append(line)
    write_rows(path, table)


def run_name(configuration: str, seed: int) -> str:
    """The folder of a run: `CONFIGURATION_sSEED`."""
    return f'{configuration}_s{seed}'


def configuration_of(name: str) -> str:
    """The configuration that a folder is named after; the whole name where it has no seed."""
    return re.sub(r'_s\d+$', '', name)


def unique_names(*kinds: Sequence[str]) -> list[str]:
    """
    Names for several runs that tell them apart.

    Args:
        kinds: names of all runs, from the preferred kind to the last resort.

    Returns:
        The first kind in which no name comes twice.

    Raises:
        ValueError: if there is none.
    """
    for names in kinds:
        if len(set(names)) == len(names):
            return list(names)
    raise ValueError(f'expected different runs, got {", ".join(kinds[-1])}')


def read_rows(path: Path) -> list[dict[str, Value]]:
    """The rows of a table, numbers as numbers; none where there is no file."""
    if not path.is_file():
        return []
    return [
        {name: _value(text) for name, text in row.items() if text}
        for row in read_table(path, 'a table of runs; move it aside to begin anew').rows
    ]


def append_row(path: Path, row: Row) -> None:
    """Add a row; columns that other rows do not have are added."""
    write_rows(path, [*read_rows(path), row])


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Write a table in one piece: an interruption leaves it as it was before."""
    columns = {name: None for row in rows for name in row}
    part = path.with_suffix('.part')
    with part.open('w', encoding='utf-8', newline='') as table:
        writer = csv.DictWriter(table, list(columns))
        writer.writeheader()
        writer.writerows(rows)
    part.replace(path)


def _value(text: str) -> Value:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
