# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Messages without ROS: made, written to bytes and read from them by the library `rosbags`."""

from collections.abc import Callable
from functools import cache
from struct import unpack_from
from typing import Any, NamedTuple

import numpy as np
from rosbags.interfaces import Nodetype
from rosbags.serde import SerdeError
from rosbags.typesys import Stores, get_types_from_msg, get_typestore
from rosbags.typesys.store import Typestore

from emotion_agent.logic.hri import EXPRESSION
from emotion_agent.resources.folders import message_definitions

ROUNDING_NS = 1_000  # of stamps that pass through a number of seconds

# Not among the types of ROS that the library has; without its constants, which no message holds.
_OF_OTHERS = {
    EXPRESSION: 'std_msgs/Header header\nstring expression\n'
    'float32 valence\nfloat32 arousal\nfloat32 confidence\n'
}
_EMPTY = {'string': '', 'bool': False, 'float32': 0.0, 'float64': 0.0}


class MalformedMessage(ValueError):
    """Bytes that are no message of their type."""


class _Field(NamedTuple):
    """One field of a message type."""

    name: str
    default: Callable[[], Any]
    numbers: str | None  # the NumPy type of a list of numbers


class BagMessages:
    """
    Messages of the types of ROS 2 Jazzy, our own ones and `Expression`, or of some others.

    Attributes:
        typestore: the types as `rosbags` has them.
    """

    def __init__(self, typestore: Typestore | None = None) -> None:
        self.typestore = typestore or _types_of_today()
        self._forms: dict[str, tuple[_Field, ...]] = {}

    def make(self, name: str, /, **fields: Any) -> Any:
        """Return a message of the type `name`; what is not given has its default."""
        if name not in self._forms:
            self._forms[name] = tuple(
                _Field(field, self._default(kind), _number_type(kind))
                for field, kind in self.typestore.fielddefs[name][1]
            )
        values = (
            form.default()
            if form.name not in fields
            else fields[form.name]
            if form.numbers is None
            else np.asarray(fields[form.name], form.numbers)
            for form in self._forms[name]
        )
        return self.typestore.types[name](*values)

    def to_bytes(self, name: str, message: Any) -> bytes:
        """Return a message as it is on the wire, in the byte order of all our machines."""
        return bytes(self.typestore.serialize_cdr(message, name, little_endian=True))

    def from_bytes(self, name: str, data: bytes) -> Any:
        """
        Read a message.

        Raises:
            MalformedMessage: if the bytes are no message of the type `name`.
        """
        try:
            return self.typestore.deserialize_cdr(data, name)
        except (SerdeError, ValueError, IndexError, AssertionError) as error:
            raise MalformedMessage(f'no {name}: {error}') from error

    def knows(self, name: str) -> bool:
        """Whether messages of the type `name` can be read."""
        return name in self.typestore.fielddefs

    def fields(self, name: str) -> dict[str, Any]:
        """Return field -> type, as `rosbags` describes it, of the type `name`."""
        return dict(self.typestore.fielddefs[name][1])

    def digest(self, name: str) -> str:
        """Return the hash of a type, as newer bags note it beside each topic."""
        return self.typestore.hash_rihs01(name)

    def _default(self, kind: Any) -> Callable[[], Any]:
        node, detail = kind
        if node is Nodetype.BASE:
            return lambda: _EMPTY.get(detail[0], 0)
        if node is Nodetype.NAME:
            return lambda: self.make(detail)
        length = detail[1] if node is Nodetype.ARRAY else 0
        if numbers := _number_type(kind):
            return lambda: np.zeros(length, numbers)
        item = self._default(detail[0])
        return lambda: [item() for _ in range(length)]


def _types_of_today() -> Typestore:
    typestore = get_typestore(Stores.ROS2_JAZZY)
    for types in _further_types():
        typestore.register(types)
    return typestore


@cache
def _further_types() -> tuple[dict[str, Any], ...]:
    """Our messages as they are parsed, which takes 0.1 s, for every bag of a process."""
    definitions = {**message_definitions(), **_OF_OTHERS}
    return tuple(get_types_from_msg(text, name) for name, text in definitions.items())


def header_stamp_ns(data: bytes) -> int:
    """Return the stamp of a message that begins with a header, ns; 0 if there is none."""
    if len(data) < 12:
        return 0
    sec, nanosec = unpack_from('<iI' if data[1] & 1 else '>iI', data, 4)
    return sec * 1_000_000_000 + nanosec


def _number_type(kind: Any) -> str | None:
    """The NumPy type of a list of numbers; None for everything else."""
    node, detail = kind
    if node not in (Nodetype.ARRAY, Nodetype.SEQUENCE) or detail[0][0] is not Nodetype.BASE:
        return None
    base = detail[0][1][0]
    return None if base == 'string' else {'bool': 'bool', 'octet': 'uint8'}.get(base, base)
