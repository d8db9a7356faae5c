# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Messages out of a bag: sqlite3 or mcap, folder or file, whole or damaged."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from rosbags.interfaces import QosDurability
from rosbags.rosbag2 import Reader

from emotion_agent.replay.definitions import OtherDefinition, Update, update_for
from emotion_agent.replay.messages import BagMessages
from emotion_agent.replay.salvage_mcap import salvage_mcap
from emotion_agent.replay.salvage_sqlite import salvage_sqlite

SALVAGE = {'.mcap': salvage_mcap, '.db3': salvage_sqlite}


class BagError(ValueError):
    """A bag from which nothing can be read. The message says which and why."""


class Recorded(NamedTuple):
    """One message of a bag."""

    topic: str
    msgtype: str
    time_ns: int  # when it was recorded
    data: bytes  # of the definition of today


class Topic(NamedTuple):
    """What a bag says of one topic."""

    msgtype: str
    messages: int
    problem: str  # why its messages cannot be read, '' = they can
    is_latched: bool  # offered to whoever comes later, too


class Bag:
    """
    A recording, as far as it can be read.

    Messages that were recorded with an earlier definition of their type are those of today; what
    was added since is as `update_for` says.

    Attributes:
        path: folder or file.
        types: the message types of today.
        topics: name -> what is recorded on it; of several types on one name the most frequent.
        start_ns: time of the first message.
        end_ns: time of the last message.
        damage: what could not be read, one line each; grows while messages are read.
    """

    def __init__(self, path: Path):
        """
        Open a bag.

        Args:
            path: folder of a bag, with or without its metadata.yaml, or one .mcap or .db3 file.

        Raises:
            BagError: if it is not there, holds no messages or is beyond reading.
        """
        self.path = path
        self.types = BagMessages()
        self.damage: list[str] = []
        self._updates: dict[tuple[str, str], Update | None] = {}  # by type and definition
        self._sources = self._open()
        counts: Counter[tuple[str, str]] = Counter()
        problems: dict[str, str] = {}
        latched: set[str] = set()
        for source in self._sources:
            for connection in source.connections:
                counts[connection.topic, connection.msgtype] += connection.msgcount
                problems[connection.msgtype] = self._prepare_update(connection)
                if _is_latched(connection):
                    latched.add(connection.topic)
        self.topics = {
            topic: Topic(msgtype, count, problems[msgtype], topic in latched)
            for (topic, msgtype), count in sorted(counts.items(), key=lambda item: item[1])
        }
        if not sum(counts.values()):
            raise BagError(f'{path} holds no messages{self._because()}')
        self.start_ns = min(source.start_time for source in self._sources)
        self.end_ns = max(source.end_time for source in self._sources) - 1

    def __enter__(self) -> 'Bag':
        return self

    def __exit__(self, *_) -> None:
        for source in self._sources:
            source.close()

    @property
    def is_of_earlier_definitions(self) -> bool:
        """Whether some of its messages were recorded with an earlier definition of their type."""
        return any(self._updates.values())

    def messages(self, topics: Collection[str]) -> Iterator[Recorded]:
        """Yield the messages of some topics in the order of their recording."""
        for source in self._sources:
            yield from self._messages_of(source, topics)

    def _messages_of(self, source, topics: Collection[str]) -> Iterator[Recorded]:
        count = 0
        try:
            for message in self._recorded(source, topics):
                yield message
                count += 1
        except GeneratorExit:
            raise
        except Exception as error:  # a reader can fail on damaged bytes in any way
            if not isinstance(source, Reader):
                raise
            self.damage.append(f'damaged: {error}')
            for salvaged in self._salvage():
                # The order is that of time and place in either case, so the first are known.
                yield from islice(self._recorded(salvaged, topics), count, None)
                salvaged.close()
                count = 0

    def _open(self) -> list:
        if not self.path.exists():
            raise BagError(f'there is no bag {self.path}')
        if self.path.is_file() and self.path.suffix not in SALVAGE:
            raise BagError(f'{self.path} is no bag: expected a folder, a .mcap or a .db3 file')
        if self.path.is_file() or (self.path / 'metadata.yaml').is_file():
            try:
                reader = Reader(self.path)
                reader.open()
            except Exception as error:  # a reader can fail on damaged bytes in any way
                self.damage.append(f'damaged: {_one_line(error)}')
            else:
                return [reader]
        else:
            self.damage.append('the recording has no metadata.yaml: it was not ended properly')
        return self._salvage()

    def _salvage(self) -> list:
        """Open each file of the bag with the readers that pass over damage."""
        files = [self.path]
        if self.path.is_dir():
            found = (file for file in self.path.iterdir() if file.suffix in SALVAGE)
            files = sorted(found, key=lambda file: (len(file.name), file.name))
        if not files:
            raise BagError(f'{self.path} is no bag: it has neither a .mcap nor a .db3 file')
        salvaged = []
        for file in files:
            with suppress(ValueError):
                salvaged.append(SALVAGE[file.suffix](file, self.damage.append))
        if not salvaged:
            raise BagError(f'{self.path} cannot be read{self._because()}')
        return salvaged

    def _prepare_update(self, connection) -> str:
        """Find out how the messages of a topic are read; why they cannot be, '' = they can."""
        try:
            self._updates[_definition(connection)] = update_for(self.types, connection)
        except OtherDefinition as error:
            return str(error)
        return ''

    def _recorded(self, source, topics: Collection[str]) -> Iterator[Recorded]:
        wanted = [connection for connection in source.connections if connection.topic in topics]
        # To a reader no connections are all connections.
        for connection, time_ns, data in source.messages(wanted) if wanted else ():
            update = self._updates.get(_definition(connection))
            content = update(bytes(data)) if update else bytes(data)
            yield Recorded(connection.topic, connection.msgtype, time_ns, content)

    def _because(self) -> str:
        return f' ({"; ".join(self.damage)})' if self.damage else ''


def _definition(connection) -> tuple[str, str]:
    return connection.msgtype, connection.msgdef.data


def _is_latched(connection) -> bool:
    """Whether a topic was offered to late listeners, as far as the bag notes it."""
    offered = getattr(connection.ext, 'offered_qos_profiles', ())
    return any(qos.durability is QosDurability.TRANSIENT_LOCAL for qos in offered)


def _one_line(error: Exception) -> str:
    return ' '.join(str(error).split()) or type(error).__name__
