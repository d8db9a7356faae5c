# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What server and page say to each other: JSON texts, one a message (docs/web.md). Knows no ROS.

Messages that are encoded may come from ROS or from a bag: both have the same fields.
"""

import base64
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from emotion_agent.neuromodulation import EMOTIONS, MODULATORS, NEUTRAL, load
from emotion_agent.reporting.colours import COLOURS
from emotion_models.drawing.parts import FACIAL_UNITS
from emotion_models.labels.expressions import EXPRESSIONS
from node_kit.limits import NAME_CHARACTERS, NOTE_CHARACTERS, shown
from node_kit.suggestions import did_you_mean
from node_kit.time import to_seconds

DIGITS = 4
FACE_PIXELS = 512 * 512
"""Of a drawn face that is shown."""
JPEG_BYTES = 1 << 20
"""Of a picture of the camera that is shown."""
EVENT_VALUE = 4096
"""Characters of the value of an event; a longer one is left out, as that of a temperament is."""
LAST_ID = 2**53 - 1  # that a browser counts to


class BadRequest(ValueError):
    """
    What a page asked makes no sense. The message says why, in one line.

    Attributes:
        id: of the request; None = it has none.
    """

    def __init__(self, problem: str, id_: int | None = None):
        super().__init__(problem)
        self.id = id_


@dataclass(frozen=True)
class Request:
    """
    What a page asks for.

    Attributes:
        id: with which the answer is sent.
        do: what, one of `REQUESTS`.
        fields: all that `REQUESTS` names; none where one of `ENDS` comes without.
    """

    id: int
    do: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Number:
    """A number from `low` to `high`, `default` where it is left out; None = it must be there."""

    low: float
    high: float
    default: float | None = None

    def read(self, name: str, value: Any) -> float:
        """
        Return a value as a number.

        Raises:
            ValueError: naming the field.
        """
        if type(value) not in (int, float) or not self.low <= value <= self.high:
            wanted = f'a number from {self.low:g} to {self.high:g}'
            raise ValueError(f'{name}: expected {wanted}, got {shown(value)}')
        return float(value)


@dataclass(frozen=True)
class Text:
    """A text of at most so many characters."""

    most: int = NAME_CHARACTERS
    default: str | None = None
    choices: tuple[str, ...] = ()

    def read(self, name: str, value: Any) -> str:
        """
        Return a value as a text.

        Raises:
            ValueError: naming the field.
        """
        if not isinstance(value, str):
            raise ValueError(f'{name}: expected a text, got {shown(value)}')
        if len(value) > self.most:
            raise ValueError(f'{name}: expected at most {self.most} characters, got {len(value)}')
        if not value.isprintable() and not value.replace('\n', ' ').isprintable():
            raise ValueError(f'{name}: expected a text that can be printed, got {shown(value)}')
        if value == '' and self.default is None:
            raise ValueError(f'{name}: expected a text, got an empty one')
        if self.choices and value not in self.choices:
            raise ValueError(
                f'{name}: expected {", ".join(self.choices)}, got {shown(value)}'
                f'{did_you_mean(value, self.choices)}'
            )
        return value


@dataclass(frozen=True)
class Flag:
    """True or false."""

    default: bool | None = None

    def read(self, name: str, value: Any) -> bool:
        """
        Return a value.

        Raises:
            ValueError: naming the field.
        """
        if not isinstance(value, bool):
            raise ValueError(f'{name}: expected true or false, got {shown(value)}')
        return value


Field = Number | Text | Flag

REQUESTS: dict[str, dict[str, Field]] = {
    'stimulate': {'name': Text(), 'intensity': Number(0.0, 1.0, 1.0)},
    'person': {'valence': Number(-1.0, 1.0), 'arousal': Number(-1.0, 1.0)},
    'mouth': {'open': Number(0.0, 1.0)},
    'gaze': {'x': Number(-1.0, 1.0), 'y': Number(-1.0, 1.0)},
    'temperament': {'name': Text()},
    'reset': {},
    'mark': {'text': Text()},
    'start_session': {
        'participant': Text(),
        'condition': Text(default=''),
        'notes': Text(NOTE_CHARACTERS, ''),
        'keep_state': Flag(False),
    },
    'stop_session': {},
    'play': {'name': Text()},
    'control': {
        'action': Text(choices=('pause', 'resume', 'skip', 'stop', 'key')),
        'value': Text(default=''),
    },
    'camera': {'on': Flag()},
}
"""What a page may ask of a robot that is there, with its fields."""

OF_RECORDINGS: dict[str, dict[str, Field]] = {
    'seek': {'t': Number(0.0, 1e11)},
    'run': {'speed': Number(0.1, 100.0, 1.0)},
    'stop': {},
}
"""What a page may ask of a recording."""

ENDS = ('person', 'mouth', 'gaze')
"""Requests that end what they began, where they come without fields."""


def parse(text: str, known: Mapping[str, Mapping[str, Field]] = REQUESTS) -> Request:
    """
    Read what a page asks.

    Args:
        text: as it came.
        known: requests and their fields.

    Raises:
        BadRequest: saying what is wrong, and with its id where it has one.
    """
    tree = _tree_of(text)
    id_ = tree.pop('id', None)
    if type(id_) is not int or not 0 <= id_ <= LAST_ID:
        raise BadRequest(f'id: expected a whole number from 0, got {shown(id_)}')
    do = tree.pop('do', None)
    if not isinstance(do, str) or do not in known:
        near = did_you_mean(do, known) if isinstance(do, str) else ''
        raise BadRequest(f'do: expected {", ".join(known)}; got {shown(do)}{near}', id_)
    try:
        return Request(id_, do, _read(do, known[do], tree))
    except ValueError as error:
        raise BadRequest(f'{do}: {error}', id_) from None


def _tree_of(text: str) -> dict[str, Any]:
    def refuse(constant: str) -> None:
        raise ValueError(f'{constant} is no number')

    try:
        tree = json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        reason = 'it is nested too deeply' if isinstance(error, RecursionError) else error
        raise BadRequest(f'expected JSON, got {shown(text)}: {reason}') from None
    if not isinstance(tree, dict):
        raise BadRequest(
            f'expected an object such as {{"id": 1, "do": "reset"}}, got {shown(tree)}'
        )
    return tree


def _read(do: str, fields: Mapping[str, Field], tree: dict[str, Any]) -> dict[str, Any]:
    for name in tree:
        if name not in fields:
            wanted = ', '.join(fields) or 'no fields'
            raise ValueError(f'expected {wanted}; got {shown(name)}{did_you_mean(name, fields)}')
    if do in ENDS and not tree:
        return {}
    found = {}
    for name, kind in fields.items():
        if name in tree:
            found[name] = kind.read(name, tree[name])
        elif kind.default is None:
            raise ValueError(f'{name} is missing')
        else:
            found[name] = kind.default
    return found


def encode(message: Mapping[str, Any]) -> str:
    """Return a message as text; numbers that are none become null."""
    return json.dumps(message, separators=(',', ':'), allow_nan=False)


def hello(
    namespace: str,
    stimuli: Iterable[Any] = (),
    rest: Sequence[float] | None = None,
    has_camera: bool = False,
    **more: Any,
) -> dict[str, Any]:
    """
    Return what a page needs to know first.

    Args:
        namespace: of the agent.
        stimuli: its library, each a `StimulusInfo`.
        rest: level of each modulator at rest, [0, 1]; None = not known.
        has_camera: whether the picture of the camera may be seen.
        more: `live` false for a recording, with its `start` and `end`, s.
    """
    anchors = load().emotions
    return {
        'type': 'hello',
        'namespace': namespace,
        'live': True,
        'stimuli': [_stimulus(info) for info in stimuli],
        'emotions': [
            {
                'name': name,
                'valence': anchors[name].pad[0],
                'arousal': anchors[name].pad[1],
                'colour': COLOURS[name],
            }
            for name in EMOTIONS
        ],
        'modulators': list(MODULATORS),
        'colours': {name: COLOURS[name] for name in (*MODULATORS, NEUTRAL)},
        'rest': None if rest is None else numbers(rest),
        'expressions': [name.lower() for name in EXPRESSIONS],
        'units': list(FACIAL_UNITS),
        'allowed': {'camera': has_camera},
        **more,
    }


def _stimulus(info: Any) -> dict[str, Any]:
    doses = {name: number(dose) for name, dose in zip(MODULATORS, info.doses, strict=True) if dose}
    return {'name': info.name, 'doses': doses, 'duration_s': number(info.duration)}


def state(message: Any) -> dict[str, Any]:
    """Return an `EmotionState`."""
    return {
        'type': 'state',
        't': to_seconds(message.header.stamp),
        'modulators': numbers(getattr(message, name) for name in MODULATORS),
        'emotions': numbers(getattr(message, name) for name in EMOTIONS),
        'visible': numbers(getattr(message, f'visible_{name}') for name in EMOTIONS),
        **{name: number(getattr(message, name)) for name in _POINTS},
        'dominant': message.dominant,
        'since': to_seconds(message.dominant_since),
        'last': message.last_stimulus,
        'by': message.last_source,
        'attended': message.attended_face,
    }


_POINTS = ('valence', 'arousal', 'dominance', 'visible_valence', 'visible_arousal')


def people(t: float, faces: Iterable[tuple[Any, bool]]) -> dict[str, Any]:
    """
    Return who is seen.

    Args:
        t: time of the newest, s.
        faces: each `FaceAffect`, and whether it is played.
    """
    return {
        'type': 'people',
        't': t,
        'people': [
            {
                'id': face.face_id,
                'valence': number(face.valence),
                'arousal': number(face.arousal),
                'confidence': number(face.confidence),
                'expression': numbers(face.expression),
                'simulated': is_simulated,
                'units': numbers(face.action_units) if has_units(face) else [],
            }
            for face, is_simulated in faces
        ],
    }


def has_units(face: Any) -> bool:
    """Whether a `FaceAffect` has all action units."""
    return len(face.action_units) == len(FACIAL_UNITS)


def face(t: float, pixels: np.ndarray) -> dict[str, Any]:
    """
    Return the drawn face.

    Args:
        t: its stamp, s.
        pixels: uint8 (height, width), lit where it is 128 or more.
    """
    height, width = pixels.shape
    return {
        'type': 'face',
        't': t,
        'width': width,
        'height': height,
        'bits': in_base64(np.packbits(pixels > 127, axis=1).tobytes()),
    }


def camera(t: float, jpeg: bytes) -> dict[str, Any]:
    """Return the annotated picture of the camera."""
    return {'type': 'camera', 't': t, 'jpeg': in_base64(jpeg)}


def cause(message: Any) -> dict[str, Any]:
    """Return an accepted `Stimulus`."""
    return {
        'type': 'cause',
        't': to_seconds(message.header.stamp),
        'name': message.name,
        'intensity': number(message.intensity),
        'source': message.source,
    }


def event(message: Any) -> dict[str, Any]:
    """Return an `Event`."""
    return {
        'type': 'event',
        't': to_seconds(message.header.stamp),
        'kind': message.kind,
        'name': message.name,
        'value': message.value if len(message.value) <= EVENT_VALUE else '',
        'source': message.source,
    }


def diagnostics(items: Iterable[tuple[str, int, str]]) -> dict[str, Any]:
    """
    Return how the nodes are.

    Args:
        items: each name, `NODE: FUNCTION`; level, 0 = well to 3 = silent; and message.
    """
    split = ((*name.partition(': ')[::2], level, message) for name, level, message in items)
    return {
        'type': 'diagnostics',
        'items': [
            {'node': node, 'name': function, 'level': level, 'message': message}
            for node, function, level, message in split
        ],
    }


def session(status: Any | None) -> dict[str, Any]:
    """Return a `SessionStatus`; None = no node `session` is there."""
    if status is None:
        return {'type': 'session', 'there': False}
    return {
        'type': 'session',
        'there': True,
        **{name: getattr(status, name) for name in _SESSION},
        'since': to_seconds(status.since),
        'script_at_s': number(status.script_at_s),
        'script_duration_s': number(status.script_duration_s),
        'scripts': list(status.scripts),
        'temperaments': list(status.temperaments),
    }


_SESSION = (
    *('session', 'participant', 'condition', 'folder'),
    *('script', 'script_state', 'waits_for'),
)


def answer(id_: int | None, is_ok: bool, text: str = '') -> dict[str, Any]:
    """Return what became of a request; `id_` None where it had none."""
    return {'type': 'answer', 'id': id_, 'ok': is_ok, 'text': text}


def player(line: str) -> dict[str, Any]:
    """Return who plays the simulated person, in words; '' = nobody does."""
    return {'type': 'player', 'text': line}


def silence(has_agent: bool) -> dict[str, Any]:
    """Return whether an agent is there."""
    return {'type': 'silence', 'agent': has_agent}


def number(value: float) -> float | None:
    """Return a number with a few digits; None = it is none."""
    value = float(value)
    return round(value, DIGITS) if math.isfinite(value) else None


def numbers(values: Iterable[float]) -> list[float | None]:
    """Return numbers with a few digits."""
    return [number(value) for value in values]


def in_base64(data: bytes) -> str:
    """Return bytes as text."""
    return base64.b64encode(data).decode()
