# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What is left of a damaged MCAP file: every message of every chunk that is whole.

Follows the records from the beginning of the file (https://mcap.dev/spec) and needs neither the
index nor the footer, which a recording that was killed does not have.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from struct import error as StructError
from struct import unpack_from
from typing import BinaryIO, NamedTuple
from zlib import crc32

from rosbags.interfaces import MessageDefinition

from emotion_agent.replay.channel import UNKNOWN, Channel, definition, read_messages
from emotion_agent.replay.chunks import ERRORS, unpack
from node_kit.limits import BeyondLimit

MAGIC = b'\x89MCAP0\r\n'
SCHEMA, CHANNEL, MESSAGE, CHUNK, LAST_OPCODE = 0x03, 0x04, 0x05, 0x06, 0x0F
RECORD_HEADER = 9  # opcode, length
MESSAGE_HEADER = 22  # channel, sequence, two times


class _Place(NamedTuple):
    """Where a message is; sorts by time, then by place."""

    time_ns: int
    chunk: int  # offset in the file, -1 = the message lies in the file itself
    start: int  # offset in the chunk or file
    size: int
    channel: int


class SalvagedMcap:
    """
    The whole messages of a damaged file.

    Attributes:
        connections: the topics.
        start_time: of the first message, ns.
        end_time: after the last message, ns.
    """

    def __init__(self, file: BinaryIO, channels: dict[int, Channel], places: list[_Place]):
        self.connections = list(channels.values())
        self._file = file
        self._channels = channels
        self._places = sorted(places)
        self._chunk: tuple[int, bytes] = -1, b''
        self.start_time = self._places[0].time_ns if places else sys.maxsize
        self.end_time = self._places[-1].time_ns + 1 if places else 0

    def messages(
        self, channels: Sequence[Channel], start: int | None = None, stop: int | None = None
    ) -> Iterator[tuple[Channel, int, bytes]]:
        """Yield (channel, time in ns, data) from `start` to before `stop` in the order of time."""
        return read_messages(self._places, self._channels, channels, self._read, start, stop)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _read(self, place: _Place) -> bytes:
        if place.chunk < 0:
            self._file.seek(place.start)
            return self._file.read(place.size)
        if self._chunk[0] != place.chunk:
            self._file.seek(place.chunk)
            _, length = _record_header(self._file.read(RECORD_HEADER))
            self._chunk = place.chunk, _unpacked(self._file.read(length))
        return self._chunk[1][place.start : place.start + place.size]


def salvage_mcap(path: Path, warn: Callable[[str], None]) -> SalvagedMcap:
    """
    Open a damaged file.

    Args:
        path: file.
        warn: gets a line for everything that is lost.

    Raises:
        ValueError: if it does not begin as an MCAP file.
    """
    file = path.open('rb')
    if file.read(len(MAGIC)) != MAGIC:
        file.close()
        raise ValueError('it does not begin as an MCAP file')
    scan = _Scan()
    lost_chunks = lost_records = 0
    size = path.stat().st_size
    offset = file.tell()
    while offset < size:
        opcode, length = _record_header(file.read(RECORD_HEADER))
        end = offset + RECORD_HEADER + length
        if not 0 < opcode <= LAST_OPCODE or end > size:
            if file.seek(offset) == size - len(MAGIC) and file.read() == MAGIC:
                break
            warn(f'{path.name} breaks off: {size - offset} bytes from byte {offset} on are lost')
            break
        if opcode == CHUNK:
            try:
                scan.records(_unpacked(file.read(length)), chunk=offset)
            except BeyondLimit as error:
                warn(f'{path.name}: skipped {error}')
            except (StructError, *ERRORS):
                lost_chunks += 1
        elif opcode in (SCHEMA, CHANNEL):
            try:
                scan.record(opcode, file.read(length))
            except (ValueError, StructError):
                lost_records += 1
        elif opcode == MESSAGE:
            scan.message(file.read(MESSAGE_HEADER), -1, offset + RECORD_HEADER, length)
        offset = file.seek(end)
    if lost_chunks:
        warn(f'{path.name}: {lost_chunks} damaged chunks skipped')
    if lost_records:
        warn(f'{path.name}: {lost_records} damaged descriptions of topics skipped')
    return SalvagedMcap(file, scan.channels, scan.places)


class _Scan:
    """Collects the topics of a file and the places of its messages."""

    def __init__(self) -> None:
        self.channels: dict[int, Channel] = {}
        self.places: list[_Place] = []
        self._schemas: dict[int, tuple[str, MessageDefinition]] = {}  # type and its definition

    def records(self, data: bytes, chunk: int) -> None:
        """Go through an unpacked chunk."""
        start = 0
        while start < len(data):
            opcode, length = _record_header(data[start : start + RECORD_HEADER])
            start += RECORD_HEADER
            if start + length > len(data):
                raise ValueError('a record is longer than its chunk')
            body = data[start : start + length]
            if opcode == MESSAGE:
                self.message(body, chunk, start, length)
            else:
                self.record(opcode, body)
            start += length

    def record(self, opcode: int, body: bytes) -> None:
        """Take note of a schema or channel."""
        (number,) = unpack_from('<H', body)
        if opcode == SCHEMA:
            self._schemas[number] = _schema(body)
        elif opcode == CHANNEL and number not in self.channels:
            (schema,) = unpack_from('<H', body, 2)
            msgtype, msgdef = self._schemas.get(schema, ('', UNKNOWN))
            topic = _text(body, 4)
            encoding = _text(body, 8 + len(topic.encode()))
            self.channels[number] = Channel(topic, msgtype, msgdef, encoding=encoding)

    def message(self, header: bytes, chunk: int, start: int, length: int) -> None:
        """Take note of a message, if its channel is known."""
        number, _, time_ns, _ = unpack_from('<HIQQ', header)
        if number not in self.channels:
            return
        self.channels[number].msgcount += 1
        self.places.append(
            _Place(time_ns, chunk, start + MESSAGE_HEADER, length - MESSAGE_HEADER, number)
        )


def _record_header(data: bytes) -> tuple[int, int]:
    """Opcode and length; opcode 0, which is none, where the file ends."""
    return unpack_from('<BQ', data) if len(data) == RECORD_HEADER else (0, 0)


def _unpacked(chunk: bytes) -> bytes:
    """The records of a chunk; ValueError and others if it is damaged."""
    size, checksum = unpack_from('<QI', chunk, 16)
    compression = _text(chunk, 28)
    start = 28 + 4 + len(compression)
    (length,) = unpack_from('<Q', chunk, start)
    packed = chunk[start + 8 : start + 8 + length]
    data = unpack(compression, packed, size)
    if checksum and crc32(data) != checksum:
        raise ValueError('not what was written')
    return data


def _schema(body: bytes) -> tuple[str, MessageDefinition]:
    """Name and definition of a message type."""
    name = _text(body, 2)
    encoding = _text(body, 6 + len(name))
    return name, definition(encoding, _text(body, 10 + len(name) + len(encoding)))


def _text(data: bytes, start: int) -> str:
    (length,) = unpack_from('<I', data, start)
    return data[start + 4 : start + 4 + length].decode()
