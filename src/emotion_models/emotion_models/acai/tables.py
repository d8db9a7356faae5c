# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Tables that grow by a row at a time and can be taken up again."""

import csv
from collections.abc import Mapping
from pathlib import Path

Value = int | float | str


def read_rows(path: Path) -> list[dict[str, Value]]:
    """The rows of a table, numbers as numbers; none where there is no file."""
    if not path.is_file():
        return []
    with path.open(encoding='utf-8', newline='') as table:
        return [
            {name: _value(text) for name, text in row.items() if text}
            for row in csv.DictReader(table)
        ]


def append_row(path: Path, row: Mapping[str, Value]) -> None:
    """
    Add a row, in one piece: what interrupts leaves the table as it was, or with the row.

    Columns that other rows do not have are added.
    """
    rows = [*read_rows(path), row]
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
