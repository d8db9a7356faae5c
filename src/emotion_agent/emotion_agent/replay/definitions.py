# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Messages that were recorded with an earlier definition of their type, as messages of today."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from rosbags.interfaces import MessageDefinitionFormat, Nodetype
from rosbags.typesys import Stores, TypesysError, get_types_from_msg, get_typestore

from emotion_agent.logic import STATE
from emotion_agent.replay.messages import BagMessages, MalformedMessage
from emotion_models.labels.emotions import EMOTIONS, emotion_vad

Update = Callable[[bytes], bytes]


class OtherDefinition(ValueError):
    """A type of which the recorded definition cannot be read as today's."""


def update_for(types: BagMessages, connection: Any) -> Update | None:
    """
    Return what makes today's messages of the recorded ones; None if they are today's already.

    Fields that were added since have their defaults, except valence and arousal of what is
    visible: they are those of the visible emotions over the default anchors.

    Args:
        types: of today.
        connection: a topic of a bag, with type and, where the bag has them, definition and hash.

    Raises:
        OtherDefinition: if a recorded field is not there today or has another type, or if the bag
            notes another definition than today's and does not hold it.
    """
    name = connection.msgtype
    if not types.knows(name) or connection.digest == types.digest(name):
        return None
    definition = connection.msgdef
    if definition.format is not MessageDefinitionFormat.MSG:
        if connection.digest:
            raise OtherDefinition(f'recorded with another definition of {name}')
        return None
    recorded = _recorded_types(definition.data, name)
    if _is_same(recorded, types, name):
        return None
    _require_earlier(recorded, types, name)
    return _Updater(recorded, types, name)


class _Updater:
    """Reads messages of one definition and writes them with another, as bytes."""

    def __init__(self, recorded: BagMessages, types: BagMessages, name: str):
        self._recorded = recorded
        self._types = types
        self._name = name

    def __call__(self, data: bytes) -> bytes:
        """Return a message of today; bytes that are no message are returned as none at all."""
        try:
            message = self._recorded.from_bytes(self._name, data)
        except MalformedMessage:
            return b''
        updated = self._message(message, self._name)
        if self._name == STATE and 'visible_valence' not in self._recorded.fields(STATE):
            _fill_visible_affect(updated)
        return self._types.to_bytes(self._name, updated)

    def _message(self, message: Any, name: str) -> Any:
        fields = {
            field: self._value(getattr(message, field), kind)
            for field, kind in self._recorded.fields(name).items()
        }
        return self._types.make(name, **fields)

    def _value(self, value: Any, kind: Any) -> Any:
        node, detail = kind
        if node is Nodetype.NAME:
            return self._message(value, detail)
        if node is Nodetype.BASE or detail[0][0] is not Nodetype.NAME:
            return value
        return [self._message(item, detail[0][1]) for item in value]


def _fill_visible_affect(state: Any) -> None:
    """Mix the visible emotions over the default anchors; no anchors were recorded."""
    visible = [getattr(state, f'visible_{name}') for name in EMOTIONS]
    with suppress(ValueError):  # whoever receives such a state refuses it
        valence, arousal, _ = emotion_vad(visible)
        state.visible_valence, state.visible_arousal = float(valence), float(arousal)


def _recorded_types(text: str, name: str) -> BagMessages:
    store = get_typestore(Stores.EMPTY)
    try:
        store.register(get_types_from_msg(text, name))
    except TypesysError as error:
        raise OtherDefinition(f'recorded with an unreadable definition of {name}') from error
    recorded = BagMessages(store)
    if missing := _missing_part(recorded, name, set()):
        raise OtherDefinition(f'recorded with a definition of {name} that lacks {missing}')
    return recorded


def _missing_part(recorded: BagMessages, name: str, seen: set[str]) -> str:
    """The first type within another one that a bag does not define; '' = none."""
    if not recorded.knows(name):
        return name
    seen.add(name)
    parts = set(map(_part, recorded.fields(name).values())) - {'', *seen}
    return next(filter(None, (_missing_part(recorded, part, seen) for part in sorted(parts))), '')


def _is_same(recorded: BagMessages, types: BagMessages, name: str) -> bool:
    theirs, ours = recorded.fields(name), types.fields(name)
    return list(theirs.items()) == list(ours.items()) and all(
        _is_same(recorded, types, part) for part in map(_part, theirs.values()) if part
    )


def _require_earlier(recorded: BagMessages, types: BagMessages, name: str) -> None:
    """Fields may have been added since, here and in the types within; nothing else may differ."""
    ours = types.fields(name)
    for field, kind in recorded.fields(name).items():
        if ours.get(field) != kind:
            change = 'of another type' if field in ours else 'not there'
            raise OtherDefinition(
                f'recorded with another definition of {name}: its {field} is {change} today'
            )
        if part := _part(kind):
            _require_earlier(recorded, types, part)


def _part(kind: Any) -> str:
    """The type of message that a field holds, alone or in a list; '' = none."""
    node, detail = kind
    if node in (Nodetype.ARRAY, Nodetype.SEQUENCE):
        node, detail = detail[0]
    return detail if node is Nodetype.NAME else ''
