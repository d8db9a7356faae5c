# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
How much may come from a topic, a service, a parameter or a text file.

What is beyond a limit is refused or cut, and the limit stands in the message; docs/limits.md lists
all. Needs no ROS.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any

from node_kit.text import public_name

NAME_CHARACTERS = 200  # of each text in a message: names, sources, ids, frames, encodings
VALUE_CHARACTERS = 4096  # of a parameter, such as a path
NOTE_CHARACTERS = 1000  # of the free text of an experimenter
LONGER = {'notes': NOTE_CHARACTERS, 'folder': VALUE_CHARACTERS}  # texts of these names
SET_PARAMETERS = 100  # in one request
LIST_ITEMS = 1000  # of each list in a message, except numbers: faces, ids
SHOWN_CHARACTERS = 80  # of what came from outside and is repeated in a line
MESSAGE_BYTES = 1 << 20  # of a message that is recorded, unless it is a camera image
LINE_CHARACTERS = 1000  # of a line in the log, and of each text in the diagnostics
LINES_EVERY_S = 10.0  # one line of each kind
PIXELS = 50_000_000  # of an image
YAML_BYTES = 256 * 1024  # of a file
YAML_NODES = 100_000  # of a file whose aliases are written out
YAML_LEVELS = 50  # of lists and mappings in each other


class BeyondLimit(ValueError):
    """More than is taken. The message names the limit."""


def excess_of(message: Any) -> str:
    """
    Return what of a message is beyond a limit, '' = nothing.

    Args:
        message: of ROS, or read from a bag; its numbers, also the data of images, are passed over.
    """
    for name in _fields(message.__class__):
        value = getattr(message, name)
        if isinstance(value, str):
            if problem := _too_long(name, value):
                return problem
        elif isinstance(value, list | tuple):
            if len(value) > LIST_ITEMS:
                return f'{name} has {len(value)} items, at most {LIST_ITEMS} are taken'
            for item in value:
                if problem := _too_long(name, item) or excess_of(item):
                    return problem
        elif problem := excess_of(value):
            return problem
    return ''


def within_limits(callback: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return a callback that passes over messages of which something is beyond a limit."""

    def take(message: Any) -> None:
        if not excess_of(message):
            callback(message)

    return take


def check_value(name: str, value: Any) -> None:
    """
    Check the size of a parameter.

    Raises:
        BeyondLimit: if it is a text that is too long.
    """
    if isinstance(value, str) and len(value) > VALUE_CHARACTERS:
        raise BeyondLimit(
            f'{name}: expected at most {VALUE_CHARACTERS} characters, got {len(value)}'
        )


def cut(text: str, most: int = LINE_CHARACTERS) -> str:
    """Return a text, at most so many characters of it."""
    return text if len(text) <= most else f'{text[: most - 1]}…'


def shown(value: Any) -> str:
    """Return the `repr` of what came from outside, for a line; addresses without passwords."""
    if isinstance(value, str):
        return repr(cut(public_name(value), SHOWN_CHARACTERS))
    return cut(public_name(repr(value)), SHOWN_CHARACTERS)


def read_text(path: Path, most: int = YAML_BYTES) -> str:
    """
    Return the text of a file.

    Args:
        path: in UTF-8.
        most: bytes.

    Raises:
        OSError: if it cannot be read.
        BeyondLimit: if it has more bytes.
        UnicodeDecodeError: if it is not UTF-8.
    """
    with path.open('rb') as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise BeyondLimit(f'has more than {most} bytes, which are the most that is read')
    return data.decode()


class LinesByKind:
    """
    Passes on one line of each kind in a while, whatever it says, and how many were left out.

    Args:
        write: gets the lines.
    """

    def __init__(self, write: Callable[[str], object]):
        self._write = write
        self._kinds: dict[str, tuple[float, int]] = {}  # when one was written, and how many not

    def __call__(self, kind: str, line: str) -> None:
        """
        Write a line, unless there was one of its kind lately.

        Args:
            kind: one of a few names, nothing that came from outside.
            line: cut to `LINE_CHARACTERS`.
        """
        now_s = monotonic()
        written_s, left_out = self._kinds.get(kind, (-LINES_EVERY_S, 0))
        if now_s - written_s < LINES_EVERY_S:
            self._kinds[kind] = written_s, left_out + 1
            return
        self._kinds[kind] = now_s, 0
        more = f' ({left_out} more of this kind since the last line)' if left_out else ''
        self._write(cut(line) + more)


def _too_long(name: str, value: Any) -> str:
    most = LONGER.get(name, NAME_CHARACTERS)
    if not isinstance(value, str) or len(value) <= most:
        return ''
    return f'{name} has {len(value)} characters, at most {most} are taken'


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """The fields of a type of message; none of another type."""
    of_ros = getattr(kind, 'get_fields_and_field_types', None)
    return tuple(of_ros() if of_ros else getattr(kind, '__dataclass_fields__', ()))
