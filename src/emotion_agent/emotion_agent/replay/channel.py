# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A topic of a damaged file, with the names that `rosbags` gives to those of a whole one."""

from dataclasses import dataclass

from rosbags.interfaces import MessageDefinition, MessageDefinitionFormat

UNKNOWN = MessageDefinition(MessageDefinitionFormat.NONE, '')


@dataclass
class Channel:
    """One topic of a file."""

    topic: str
    msgtype: str
    msgdef: MessageDefinition = UNKNOWN
    msgcount: int = 0
    digest: str = ''
    ext: None = None  # what else a bag may know of it


def definition(encoding: str, text: str) -> MessageDefinition:
    """The definition of a message type that a file holds, if it is written as in a .msg file."""
    if encoding not in ('ros2msg', 'ros1msg'):
        return UNKNOWN
    return MessageDefinition(MessageDefinitionFormat.MSG, text)
