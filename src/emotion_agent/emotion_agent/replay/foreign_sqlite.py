# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""SQLite files of others: nothing in them is computed, and a signal ends every query."""

import sqlite3
from typing import Any

import apsw

STEPS = 100_000  # of a query, some milliseconds, between which Python answers signals

# A view, a virtual table or a trigger is a program, which need not end.
_PROGRAMS = """
    SELECT name FROM sqlite_master
    WHERE NOT (
        sql LIKE 'CREATE TABLE %' OR sql LIKE 'CREATE INDEX %' OR sql LIKE 'CREATE UNIQUE INDEX %'
    )
"""


class Computed(ValueError):
    """A file that holds more than tables. The message names what."""


def make_safe(database: sqlite3.Connection | apsw.Connection) -> None:
    """
    Let a file that was opened do nothing but give its rows.

    Raises:
        Computed: if its rows would be computed by what stands in the file.
    """
    database.set_progress_handler(_go_on, STEPS)
    try:
        database.execute('PRAGMA trusted_schema = OFF')
        found = database.execute(_PROGRAMS).fetchone()
    except (sqlite3.DatabaseError, apsw.Error) as error:
        raise_interrupt(error)
        return  # what is damaged is found out by whoever reads on
    if found is not None:
        database.close()
        raise Computed(f'{found[0]!r} is no table; only files of plain tables are read')


def raise_interrupt(error: Exception) -> None:
    """Raise the KeyboardInterrupt that sqlite3 made an error of, if it was one."""
    if str(error) == 'interrupted':
        raise KeyboardInterrupt from error


def make_reader_safe() -> None:
    """Let the reader of rosbags open files as `make_safe` does."""
    if make_safe not in apsw.connection_hooks:
        apsw.connection_hooks.append(make_safe)


def _go_on(*_: Any) -> bool:
    """Be a function of Python, before which it answers signals."""
    return False
