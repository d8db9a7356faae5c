# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A topic of a damaged file, with the names that `rosbags` gives to those of a whole one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from rosbags.interfaces import MessageDefinition, MessageDefinitionFormat

CDR = 'cdr'
"""How messages of ROS are written."""

UNKNOWN = MessageDefinition(MessageDefinitionFormat.NONE, '')


@dataclass
class Channel:
    """One topic of a file."""

    topic: str
    msgtype: str
    msgdef: MessageDefinition = UNKNOWN
    msgcount: int = 0
    digest: str = ''
    encoding: str = CDR
    ext: None = None  # what else a bag may know of it


class Place(Protocol):
    """Where a message of a file is."""

    @property
    def time_ns(self) -> int:
        """When it was recorded."""

    @property
    def channel(self) -> int:
        """Number of its channel."""


AnyPlace = TypeVar('AnyPlace', bound=Place)


def read_messages(
    places: Iterable[AnyPlace],
    channels: Mapping[int, Channel],
    wanted: Iterable[Channel],
    read: Callable[[AnyPlace], bytes],
    start: int | None = None,
    stop: int | None = None,
) -> Iterator[tuple[Channel, int, bytes]]:
    """
    Yield (channel, time in ns, data) of the messages of some channels.

    Args:
        places: of all messages, in order of time.
        channels: by number.
        wanted: some of `channels`.
        read: returns the data of the message at a place.
        start: only messages from this time on, ns.
        stop: only messages before this time, ns.
    """
    wanted_ids = {id(channel) for channel in wanted}
    for place in places:
        channel = channels[place.channel]
        is_within = (start is None or start <= place.time_ns) and (
            stop is None or place.time_ns < stop
        )
        if is_within and id(channel) in wanted_ids:
            yield channel, place.time_ns, read(place)


def definition(encoding: str, text: str) -> MessageDefinition:
    """The definition of a message type that a file holds, if it is written as in a .msg file."""
    if encoding not in ('ros2msg', 'ros1msg'):
        return UNKNOWN
    return MessageDefinition(MessageDefinitionFormat.MSG, text)
