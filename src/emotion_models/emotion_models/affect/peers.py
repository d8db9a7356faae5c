# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What others have published about networks that read expressions, from a table in a page."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

COLUMNS = ('network', 'reported on', 'accuracy', 'mean recall', 'times ours', '--data')
"""Headings that the table must have, in any order and among others."""

UNKNOWN = {'', '-', '–', '—'}
"""How a cell says that there is nothing to say."""


@dataclass(frozen=True)
class Peer:
    """
    A published network.

    Args:
        name: of the network.
        protocol: data set and part that its figures are reported on.
        accuracy: in [0, 1]; nan where it is not published.
        mean_recall: over the expressions, in [0, 1]; nan where it is not published.
        times_ours: its time for a face, relative to that of our network; > 0.
        same_protocol: whether its figures are about the faces that ours are about.
    """

    name: str
    protocol: str
    accuracy: float
    mean_recall: float
    times_ours: float
    same_protocol: bool


def read_peers(path: str | Path, seen: str | None) -> list[Peer]:
    """
    The peers in a Markdown table, the first one of a file that has all of `COLUMNS`.

    Args:
        path: of a text file, for instance `docs/results/affect.md`.
        seen: name of the data set of which our network has seen every face, as in a row's column
            `--data`, where several are separated by commas; none if it has seen others.

    Returns:
        One for each row.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if the file has no such table, or a row says something else than it must.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f'no page {path}; expected a text file with a table of peers')
    lines = path.read_text(encoding='utf-8', errors='replace').splitlines()
    headings_of = ((index, _cells(line)) for index, line in enumerate(lines))
    found = next(((k, cells) for k, cells in headings_of if set(COLUMNS) <= set(cells)), None)
    if found is None:
        raise ValueError(
            f'{path}: expected a table with the columns {", ".join(COLUMNS)}, found none'
        )
    start, headings = found
    peers = [
        _read_row(f'{path}, line {number}', headings, cells, seen)
        for number, cells in _rows(lines, start + 1)
    ]
    if not peers:
        raise ValueError(f'{path}, line {start + 1}: the table of peers has no rows')
    return peers


def _rows(lines: Sequence[str], start: int) -> Iterator[tuple[int, list[str]]]:
    """Number, from 1, and cells of the rows of a table from a line on, without its rule."""
    for index in range(start, len(lines)):
        if not lines[index].lstrip().startswith('|'):
            return
        cells = _cells(lines[index])
        if not all(re.fullmatch(':?-{3,}:?', cell) for cell in cells):
            yield index + 1, cells


def _cells(line: str) -> list[str]:
    if not line.lstrip().startswith('|'):
        return []
    return [cell.strip().strip('`') for cell in line.strip().strip('|').split('|')]


def _read_row(where: str, headings: Sequence[str], cells: Sequence[str], seen: str | None) -> Peer:
    if len(cells) != len(headings):
        raise ValueError(f'{where}: expected {len(headings)} cells, got {len(cells)}')
    row = dict(zip(headings, cells, strict=True))
    for column in ('network', 'reported on'):
        if row[column] in UNKNOWN:
            raise ValueError(f'{where}: {column} is empty')
    accuracy, mean_recall = (_share(where, row, name) for name in ('accuracy', 'mean recall'))
    if math.isnan(accuracy) and math.isnan(mean_recall):
        raise ValueError(f'{where}: {row["network"]} has neither accuracy nor mean recall')
    return Peer(
        name=row['network'],
        protocol=row['reported on'],
        accuracy=accuracy,
        mean_recall=mean_recall,
        times_ours=_times_ours(where, row),
        same_protocol=seen in {name.strip(' `') for name in row['--data'].split(',')} - UNKNOWN,
    )


def _share(where: str, row: Mapping[str, str], column: str) -> float:
    cell = row[column]
    if cell in UNKNOWN:
        return math.nan
    share = _number(cell)
    if not 0 <= share <= 1:
        raise ValueError(
            f'{where}: {column} of {row["network"]} must be a number from 0 to 1, '
            f'or – where none is published, got {cell!r}'
        )
    return share


def _times_ours(where: str, row: Mapping[str, str]) -> float:
    times = _number(row['times ours'])
    if not 0 < times < math.inf:
        raise ValueError(
            f'{where}: times ours of {row["network"]} must be a number > 0, '
            f'got {row["times ours"]!r}'
        )
    return times


def _number(cell: str) -> float:
    """What a cell says; nan if that is no number."""
    try:
        return float(cell)
    except ValueError:
        return math.nan
