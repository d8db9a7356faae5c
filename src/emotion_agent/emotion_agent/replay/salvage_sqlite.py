# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is left of a damaged sqlite3 bag: every message that can be read by itself."""

import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import NamedTuple

from rosbags.interfaces import MessageDefinition

from emotion_agent.replay.bag_files import has_unmerged_rows
from emotion_agent.replay.channel import UNKNOWN, Channel, definition, read_messages
from emotion_agent.replay.foreign_sqlite import make_safe, raise_interrupt

MOST_MISSING = 10_000  # rows in a row; after so many there are no more


class _Place(NamedTuple):
    """Where a message is; sorts by time, then by row."""

    time_ns: int
    row: int
    channel: int


class SalvagedSqlite:
    """
    The readable messages of a damaged file.

    Attributes:
        connections: the topics.
        start_time: of the first message, ns.
        end_time: after the last message, ns.
    """

    def __init__(
        self,
        database: sqlite3.Connection,
        channels: dict[int, Channel],
        places: list[_Place],
    ):
        self.connections = list(channels.values())
        self._database = database
        self._channels = channels
        self._places = sorted(places)
        self.start_time = self._places[0].time_ns if places else sys.maxsize
        self.end_time = self._places[-1].time_ns + 1 if places else 0

    def messages(
        self, channels: Sequence[Channel], start: int | None = None, stop: int | None = None
    ) -> Iterator[tuple[Channel, int, bytes]]:
        """Yield (channel, time in ns, data) from `start` to before `stop` in the order of time."""
        return read_messages(self._places, self._channels, channels, self._read, start, stop)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _read(self, place: _Place) -> bytes:
        query = 'SELECT data FROM messages WHERE id = ?'
        try:
            return self._database.execute(query, (place.row,)).fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise_interrupt(error)
            raise


def salvage_sqlite(path: Path, warn: Callable[[str], None]) -> SalvagedSqlite:
    """
    Open a damaged file.

    Args:
        path: file.
        warn: gets a line for everything that is lost.

    Raises:
        ValueError: if not even its list of topics can be read, or it holds more than tables.
    """
    database = _connect(path, warn)
    try:
        # Without this a file that is shorter than it says is refused as a whole.
        database.execute('PRAGMA writable_schema = ON')
        definitions = _definitions(database)
        channels = {
            number: Channel(topic, msgtype, definitions.get(msgtype, UNKNOWN), encoding=encoding)
            for number, topic, msgtype, encoding in database.execute(
                'SELECT id, name, type, serialization_format FROM topics'
            )
        }
    except sqlite3.DatabaseError as error:
        database.close()
        raise_interrupt(error)
        raise ValueError(str(error)) from error
    places, missing, lost = [], 0, 0
    for row in count(1):
        found = _row(database, row)
        if found is None or found[1] not in channels:
            missing += 1
            if missing == MOST_MISSING:
                break
            continue
        time_ns, topic = found
        channels[topic].msgcount += 1
        places.append(_Place(time_ns, row, topic))
        lost, missing = lost + missing, 0
    if lost:
        warn(f'{path.name}: {lost} damaged messages skipped')
    return SalvagedSqlite(database, channels, places)


def _connect(path: Path, warn: Callable[[str], None]) -> sqlite3.Connection:
    """Open a file to read, with the rows that its -wal still has where there are any."""
    place = f'{path.resolve().as_uri()}?mode=ro'
    database = None
    if has_unmerged_rows(path):
        database = sqlite3.connect(place, uri=True)
        make_safe(database)
        try:
            database.execute('SELECT COUNT(*) FROM topics')
        except sqlite3.DatabaseError as error:  # for instance in a folder that is not writable
            database.close()
            raise_interrupt(error)
            database = None
            warn(f'{path.name}-wal is left out: {error}; copy the bag to a writable folder')
    if database is None:
        database = sqlite3.connect(f'{place}&immutable=1', uri=True)
        make_safe(database)
    database.text_factory = lambda data: data.decode(errors='replace')
    return database


def _definitions(database: sqlite3.Connection) -> dict[str, MessageDefinition]:
    """Message type -> definition, which older files do not have."""
    query = 'SELECT topic_type, encoding, encoded_message_definition FROM message_definitions'
    try:
        return {
            name: definition(encoding, text) for name, encoding, text in database.execute(query)
        }
    except sqlite3.DatabaseError as error:
        raise_interrupt(error)
        return {}


def _row(database: sqlite3.Connection, row: int) -> tuple[int, int] | None:
    """(time in ns, topic) of a message that is whole."""
    query = 'SELECT timestamp, topic_id, length(hex(data)) FROM messages WHERE id = ?'
    try:
        found = database.execute(query, (row,)).fetchone()
    except sqlite3.DatabaseError as error:
        raise_interrupt(error)
        return None
    if found is None or not all(isinstance(value, int) for value in found):
        return None
    return found[0], found[1]
