# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Tables in files, row by row: CSV, and Parquet where it is asked for."""

import csv
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from emotion_agent.export.columns import (
    DOUBLE,
    INSTANT,
    INTEGER,
    REAL,
    SECONDS,
    TABLES,
    TEXT,
    TRUTH,
    Column,
    columns_of,
)

ROWS_AT_ONCE = 5000  # of a Parquet file, which keeps them in memory until then
_NS = 1_000_000_000
_BREAKS = (*range(0x20), 0x7F, 0x85, 0x2028, 0x2029)
_ESCAPES = {code: ascii(chr(code))[1:-1] for code in _BREAKS}


def one_line(text: str) -> str:
    """Return a text with escapes for all that ends a line or steers a terminal."""
    return text.translate(_ESCAPES)


def shortest(number: float) -> str:
    """Return the shortest decimal number that is this float32 when it is read as one."""
    return str(np.float32(number))


def seconds(nanoseconds: int) -> str:
    """Return a time in s, with all its nanoseconds."""
    whole, rest = divmod(abs(nanoseconds), _NS)
    return f'{"-" if nanoseconds < 0 else ""}{whole}.{rest:09d}'


def instant(nanoseconds: int) -> str:
    """Return a time since the epoch in UTC by ISO 8601, with all its nanoseconds."""
    whole, rest = divmod(nanoseconds, _NS)
    return f'{_second(whole)}.{rest:09d}Z'


@lru_cache(maxsize=1024)
def _second(second: int) -> str:
    return time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(second))


CELLS: Mapping[str, Callable[[Any], str]] = {
    TEXT: one_line,
    REAL: shortest,
    DOUBLE: repr,
    SECONDS: seconds,
    INSTANT: instant,
    INTEGER: str,
    TRUTH: lambda is_true: 'TRUE' if is_true else 'FALSE',
}
"""Kind of a column -> a value as text; pandas and R read them as what they are."""


class CsvTable:
    """A table as comma-separated values in UTF-8, a line for each row."""

    suffix = '.csv'

    def __init__(self, path: Path, columns: Sequence[Column]):
        self._cells = [CELLS[column.kind] for column in columns]
        self._file = path.open('w', newline='', encoding='utf-8')
        self._rows = csv.writer(self._file, lineterminator='\n')
        self._rows.writerow([column.name for column in columns])

    def write(self, values: Iterable[Any]) -> None:
        """Add a row."""
        self._rows.writerow(
            [
                '' if value is None else cell(value)
                for cell, value in zip(self._cells, values, strict=True)
            ]
        )

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class ParquetTable:
    """A table as a Parquet file."""

    suffix = '.parquet'

    def __init__(self, path: Path, columns: Sequence[Column]):
        """
        Begin a file.

        Raises:
            ModuleNotFoundError: if pyarrow is not installed.
        """
        import pyarrow
        from pyarrow.parquet import ParquetWriter

        types = {
            TEXT: pyarrow.string(),
            REAL: pyarrow.float32(),
            DOUBLE: pyarrow.float64(),
            SECONDS: pyarrow.float64(),
            INSTANT: pyarrow.timestamp('ns', tz='UTC'),
            INTEGER: pyarrow.int64(),
            TRUTH: pyarrow.bool_(),
        }
        self._kinds = [column.kind for column in columns]
        self._schema = pyarrow.schema([(column.name, types[column.kind]) for column in columns])
        self._batch = pyarrow.record_batch
        self._writer = ParquetWriter(path, self._schema)
        self._rows: list[tuple[Any, ...]] = []

    def write(self, values: Iterable[Any]) -> None:
        """Add a row."""
        self._rows.append(tuple(values))
        if len(self._rows) == ROWS_AT_ONCE:
            self._pass_on()

    def close(self) -> None:
        """Finish the file."""
        self._pass_on()
        self._writer.close()

    def _pass_on(self) -> None:
        if not self._rows:
            return
        columns = [
            [_in_seconds(value) for value in values] if kind == SECONDS else list(values)
            for kind, values in zip(self._kinds, zip(*self._rows, strict=True), strict=True)
        ]
        self._writer.write_batch(self._batch(columns, schema=self._schema))
        self._rows = []


def _in_seconds(nanoseconds: int | None) -> float | None:
    return None if nanoseconds is None else nanoseconds / _NS


class TableFiles:
    """
    All tables of an export.

    Attributes:
        counts: table -> rows written.
    """

    def __init__(self, folder: Path, with_parquet: bool):
        """
        Begin a file of each table and each format.

        Args:
            folder: for the files.
            with_parquet: Parquet beside CSV.

        Raises:
            ModuleNotFoundError: for Parquet, if pyarrow is not installed.
            OSError: if a file cannot be written.
        """
        formats = (CsvTable, ParquetTable) if with_parquet else (CsvTable,)
        self.counts = dict.fromkeys(TABLES, 0)
        self._columns = {table: columns_of(table) for table in TABLES}
        self._files: dict[str, list[CsvTable | ParquetTable]] = {table: [] for table in TABLES}
        with ExitStack() as stack:
            for table, columns in self._columns.items():
                for form in formats:
                    file = form(folder / f'{table}{form.suffix}', columns)
                    stack.callback(file.close)
                    self._files[table].append(file)
            self._stack = stack.pop_all()

    def __enter__(self) -> 'TableFiles':
        return self

    def __exit__(self, *_) -> None:
        self._stack.close()

    def write(self, table: str, values: Sequence[Any]) -> None:
        """Add a row of values in the order of the columns."""
        self.counts[table] += 1
        for file in self._files[table]:
            file.write(values)
