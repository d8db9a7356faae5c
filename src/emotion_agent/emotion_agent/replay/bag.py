# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Messages out of a bag: sqlite3 or mcap, folder or file, whole or damaged."""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, TypeAlias

from rosbags.interfaces import QosDurability
from rosbags.rosbag2 import Reader

from emotion_agent.replay.bag_files import (
    METADATA,
    PACKED,
    files_in,
    has_unmerged_rows,
    left_out,
    storage_of,
    unpacked,
    unpacked_message,
)
from emotion_agent.replay.channel import CDR
from emotion_agent.replay.chunks import METADATA_BYTES, bound_reader
from emotion_agent.replay.definitions import OtherDefinition, Update, update_for
from emotion_agent.replay.foreign_sqlite import make_reader_safe
from emotion_agent.replay.messages import BagMessages
from emotion_agent.replay.salvage_mcap import salvage_mcap
from emotion_agent.replay.salvage_sqlite import salvage_sqlite
from node_kit.limits import BeyondLimit

bound_reader()
make_reader_safe()
Span: TypeAlias = tuple[int | None, int | None]  # from a time on, and before one, ns
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
        self._stack = ExitStack()
        try:
            self._sources = self._open()
        except BaseException:
            self._stack.close()
            raise
        counts: Counter[tuple[str, str]] = Counter()
        problems: dict[tuple[str, str], str] = {}
        latched: set[str] = set()
        for source in self._sources:
            for connection in source.connections:
                key = connection.topic, connection.msgtype
                counts[key] += connection.msgcount
                problems[key] = self._prepare_update(connection)
                if _is_latched(connection):
                    latched.add(connection.topic)
        self.topics = {
            topic: Topic(msgtype, count, problems[topic, msgtype], topic in latched)
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
        self._stack.close()

    @property
    def is_of_earlier_definitions(self) -> bool:
        """Whether some of its messages were recorded with an earlier definition of their type."""
        return any(self._updates.values())

    def messages(
        self, topics: Collection[str], start_ns: int | None = None, stop_ns: int | None = None
    ) -> Iterator[Recorded]:
        """
        Yield the messages of some topics in the order of their recording.

        Args:
            topics: their names.
            start_ns: only what was recorded from this time on, ns; None = from the beginning.
            stop_ns: only what was recorded before this time, ns; None = to the end.
        """
        for source in self._sources:
            yield from self._messages_of(source, topics, (start_ns, stop_ns))

    def _messages_of(self, source, topics: Collection[str], span: Span) -> Iterator[Recorded]:
        count = 0
        try:
            for message in self._recorded(source, topics, span):
                yield message
                count += 1
        except GeneratorExit:
            raise
        except Exception as error:  # a reader can fail on damaged bytes in any way
            if not isinstance(source, Reader):
                raise BagError(f'{self.path} cannot be read on: {_one_line(error)}') from error
            self.damage.append(f'damaged: {_one_line(error)}')
            for salvaged in self._salvage():
                # The order is that of time and place in either case, so the first are known.
                yield from islice(self._recorded(salvaged, topics, span), count, None)
                salvaged.close()
                count = 0

    def _open(self) -> list:
        if not self.path.exists():
            raise BagError(f'there is no bag {self.path}')
        if not self.path.is_dir() and not (self.path.is_file() and storage_of(self.path)):
            raise BagError(f'{self.path} is no bag: expected a folder, a .mcap or a .db3 file')
        if self.path.is_dir() and not (self.path / METADATA).is_file():
            self.damage.append(f'the recording has no {METADATA}: it was not ended properly')
            return self._salvage()
        files = files_in(self.path) if self.path.is_dir() else self._unpacked_files()
        if any(map(has_unmerged_rows, files)):  # which the reader would not see
            return self._salvage()
        try:
            _check_metadata(self.path / METADATA)
            reader = Reader(self.path if self.path.is_dir() else files[0])
            reader.open()
        except Exception as error:  # a reader can fail on damaged bytes in any way
            return self._salvage_after(error)
        if self.path.is_dir():
            self.damage += left_out(self.path)
        return [reader]

    def _unpacked_files(self) -> list[Path]:
        """The files of the bag, those that are compressed as copies in a temporary folder."""
        files = files_in(self.path) if self.path.is_dir() else [self.path]
        if not files:
            raise BagError(f'{self.path} is no bag: it has neither a .mcap nor a .db3 file')
        if not any(file.name.endswith(PACKED) for file in files):
            return files
        folder = self._stack.enter_context(TemporaryDirectory(prefix='bag_'))
        found = [unpacked(file, Path(folder)) for file in files]
        self.damage += [lost for _, lost in found if lost]
        return [file for file, _ in found]

    def _salvage_after(self, error: Exception) -> list:
        """
        Open each file after the reader has refused the bag.

        It refuses whole bags that have channels of other encodings than those of ROS beside ours,
        which are not damaged.
        """
        already = len(self.damage)
        salvaged = self._salvage()
        channels = [channel for source in salvaged for channel in source.connections]
        is_whole = len(self.damage) == already and any(c.encoding != CDR for c in channels)
        if not is_whole:
            self.damage.insert(already, f'damaged: {_one_line(error)}')
        return salvaged

    def _salvage(self) -> list:
        """Open each file of the bag with the readers that pass over damage."""
        salvaged = []
        for file in self._unpacked_files():
            try:
                salvaged.append(SALVAGE[storage_of(file)](file, self.damage.append))
            except Exception as error:  # what is left of a file can be anything
                self.damage.append(f'{file.name} is left out: {_one_line(error)}')
        if not salvaged:
            raise BagError(f'{self.path} cannot be read{self._because()}')
        return salvaged

    def _prepare_update(self, connection) -> str:
        """Find out how the messages of a topic are read; why they cannot be, '' = they can."""
        if _encoding(connection) != CDR:
            return f'recorded as {_encoding(connection) or "nothing known"}, expected {CDR}'
        try:
            self._updates[_definition(connection)] = update_for(self.types, connection)
        except OtherDefinition as error:
            return str(error)
        return ''

    def _recorded(self, source, topics: Collection[str], span: Span) -> Iterator[Recorded]:
        wanted = [
            connection
            for connection in source.connections
            if connection.topic in topics and _encoding(connection) == CDR
        ]
        # To a reader no connections are all connections.
        for connection, time_ns, data in source.messages(wanted, *span) if wanted else ():
            update = self._updates.get(_definition(connection))
            content = unpacked_message(bytes(data))
            content = update(content) if update else content
            yield Recorded(connection.topic, connection.msgtype, time_ns, content)

    def _because(self) -> str:
        return f' ({"; ".join(self.damage)})' if self.damage else ''


def _definition(connection) -> tuple[str, str]:
    return connection.msgtype, connection.msgdef.data


def _encoding(connection) -> str:
    """How the messages of a topic are written."""
    ext = connection.ext
    return getattr(ext, 'serialization_format', CDR) if ext else connection.encoding


def _is_latched(connection) -> bool:
    """Whether a topic was offered to late listeners, as far as the bag notes it."""
    offered = getattr(connection.ext, 'offered_qos_profiles', ())
    return any(qos.durability is QosDurability.TRANSIENT_LOCAL for qos in offered)


def _check_metadata(path: Path) -> None:
    if path.is_file() and (size := path.stat().st_size) > METADATA_BYTES:
        raise BeyondLimit(f'metadata.yaml has {size} bytes, at most {METADATA_BYTES} are read')


def _one_line(error: Exception) -> str:
    return ' '.join(str(error).split()) or type(error).__name__
