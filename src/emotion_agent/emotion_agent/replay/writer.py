# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A new bag as one .mcap file, with the definitions of its messages inside."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import cast

from rosbags.interfaces import (
    Connection,
    Qos,
    QosDurability,
    QosHistory,
    QosLiveliness,
    QosReliability,
    QosTime,
)
from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin, Writer
from rosbags.rosbag2.storage_mcap import McapWriter

from emotion_agent.replay.messages import BagMessages

NEVER = QosTime(2**63 // 10**9, 2**63 % 10**9 - 1)


def flush(writer: Writer) -> int:
    """
    Pass everything that was written on to the operating system, so that the process may be killed.

    Args:
        writer: of an .mcap that is open.

    Returns:
        The descriptor of the file, to be synchronised against a loss of power; -1 if nothing came.

    Raises:
        OSError: if it cannot be written.
    """
    storage = cast(McapWriter, writer.storage)
    if not storage.chunk.msgs:
        return -1
    storage.close_chunk()
    storage.bio.flush()
    return storage.bio.fileno()


class OutputError(ValueError):
    """A file that cannot be written. The message says which, and why."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """
    Say which file it is that cannot be written.

    Raises:
        OutputError: for an `OSError` in the block.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(f'cannot write {path}: {error.strerror or error}') from error


class McapFile:
    """
    Writes messages to a file, which is there, whole, only once everything went well.

    The bytes depend on the messages alone, not on the name of the file or the time of writing.
    """

    def __init__(self, path: Path, messages: BagMessages):
        """
        Prepare to write.

        Args:
            path: the new file, ending in .mcap; its folder is made if need be.
            messages: defines the types.

        Raises:
            OutputError: if it is there already, has another ending, or cannot be written.
        """
        if path.suffix != '.mcap':
            raise OutputError(f'--out: expected a name that ends in .mcap, got {path}')
        if path.exists():
            raise OutputError(f'{path} is there already; remove it or choose another name')
        self._path = path
        self._messages = messages
        self._connections: dict[str, Connection] = {}

    def __enter__(self) -> 'McapFile':
        with writing(self._path), ExitStack() as undo:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            folder = tempfile.mkdtemp(prefix=f'.{self._path.stem}.', dir=self._path.parent)
            undo.callback(shutil.rmtree, folder)
            self._folder = Path(folder)
            self._writer = Writer(
                self._folder / 'replay',
                version=Writer.VERSION_LATEST,
                storage_plugin=StoragePlugin.MCAP,
            )
            self._writer.set_compression(CompressionMode.STORAGE, CompressionFormat.ZSTD)
            self._writer.open()
            undo.pop_all()
        return self

    def __exit__(self, kind, *_) -> None:
        try:
            if kind is not None:
                with suppress(OSError):  # as what ended it
                    self._writer.abort()
                return
            with writing(self._path):
                self._writer.close()
                (self._folder / 'replay' / 'replay.mcap').replace(self._path)
        finally:
            shutil.rmtree(self._folder)

    def announce(self, topic: str, msgtype: str, is_latched: bool = False) -> None:
        """
        Add a topic; the bag has it even if nothing is written to it.

        Raises:
            OutputError: if the file cannot be written.
        """
        with writing(self._path):
            self._connections[topic] = self._writer.add_connection(
                topic,
                msgtype,
                typestore=self._messages.typestore,
                offered_qos_profiles=[offered_qos(is_latched)],
            )

    def write(self, topic: str, time_ns: int, data: bytes) -> None:
        """
        Add a message of an announced topic.

        Raises:
            OutputError: if the file cannot be written.
        """
        with writing(self._path):
            self._writer.write(self._connections[topic], time_ns, data)


def offered_qos(is_latched: bool, depth: int = 10) -> Qos:
    """Return the quality of service of a reliable topic, as a bag notes it."""
    return Qos(
        history=QosHistory.KEEP_LAST,
        depth=1 if is_latched else depth,
        reliability=QosReliability.RELIABLE,
        durability=QosDurability.TRANSIENT_LOCAL if is_latched else QosDurability.VOLATILE,
        deadline=NEVER,
        lifespan=NEVER,
        liveliness=QosLiveliness.AUTOMATIC,
        liveliness_lease_duration=NEVER,
        avoid_ros_namespace_conventions=False,
    )
