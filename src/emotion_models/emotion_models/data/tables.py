# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Tables in text files, separated by commas."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from emotion_models.limits import TABLE_BYTES, check_size
from emotion_models.reading import FileError, reading


class Table(NamedTuple):
    """A header, and the rows below it by its names; what a row lacks is empty."""

    columns: tuple[str, ...]
    rows: list[dict[str, str]]


def read_table(path: str | Path, expected: str, lower_case: bool = False) -> Table:
    """
    A table with a header.

    Args:
        path: CSV file in UTF-8.
        expected: what it should hold, for the error.
        lower_case: take the names of the columns so, without spaces around them.

    Raises:
        OSError: if there is no such file, or it may not be read.
        FileError: if it is not text, a field is too long, or a row has more fields than the
            header.
    """
    path = Path(path)
    check_size(path, TABLE_BYTES)
    with reading(path, expected), path.open(encoding='utf-8-sig', newline='') as file:
        lines = csv.reader(file)
        names = next(lines, [])
        if any('\0' in name for name in names):
            raise FileError(f'{path} is not text; expected {expected}')
        columns = tuple(name.strip().lower() for name in names) if lower_case else tuple(names)
        return Table(columns, list(_rows(path, lines, columns)))


def _rows(path: Path, lines, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    while True:
        try:
            fields = next(lines)
        except StopIteration:
            return
        except (csv.Error, UnicodeDecodeError) as error:
            raise FileError(
                f'{path}, after line {lines.line_num}: {error}; expected a table separated by '
                'commas, in UTF-8'
            ) from error
        if any(fields[len(columns) :]):
            raise FileError(
                f'{path}, line {lines.line_num}: {len(fields)} fields, the header has '
                f'{len(columns)}; put a field that holds commas into quotes'
            )
        if fields:
            missing = [''] * (len(columns) - len(fields))
            yield dict(zip(columns, [*fields, *missing], strict=False))
