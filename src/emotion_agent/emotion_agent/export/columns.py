# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The tables of an export: each column with its meaning, and where its value comes from.

What is written, the data dictionary and the tests are made from `TABLES`.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, NamedTuple

from emotion_agent.neuromodulation import EMOTIONS, MODULATORS
from emotion_models.drawing.parts import FACIAL_UNITS
from emotion_models.labels.expressions import EXPRESSIONS
from node_kit.time import to_nanoseconds

TEXT, REAL, DOUBLE, SECONDS, INSTANT, INTEGER, TRUTH = (
    *('text', 'float32', 'float64', 'seconds', 'time', 'integer', 'boolean'),
)
"""
Kinds of columns. Values of `SECONDS` are in ns, those of `INSTANT` in ns since the epoch; None is
an empty cell in all of them.
"""

STRENGTH, POLE, SHARE = '[0, 1]', '[-1, 1]', '[0, 1], sum 1'
UTC = 'UTC'


class Column(NamedTuple):
    """One column of a table."""

    name: str
    kind: str
    unit: str  # '1' = a number without one, '' = no number
    range: str  # '' = any
    meaning: str
    of: Callable[[Any], Any]  # the value, of a row's source


class Table(NamedTuple):
    """One table; its rows begin with `FIRST`, and `TIMES` unless it has times of its own."""

    meaning: str
    columns: tuple[Column, ...]


class Place(NamedTuple):
    """Where a row belongs: what is said in its first columns."""

    session: str
    participant: str
    condition: str
    bag: str
    time_ns: int = 0  # since the start of the session, or of the bag
    stamp_ns: int = 0


class SeenFace(NamedTuple):
    """What a row of `people` is made of."""

    face: Any  # of a message
    number: int
    is_attended: bool | None


class Happening(NamedTuple):
    """What a row of `events` is made of."""

    event: Any  # message
    script: str | None = None
    script_state: str | None = None
    script_at_s: float | None = None


class Picture(NamedTuple):
    """What a row of `faces` is made of."""

    kind: str
    name: str
    file: str
    drawn_ns: int
    width: int
    height: int


def _text(name: str, meaning: str, of: Callable[[Any], Any] | None = None) -> Column:
    return Column(name, TEXT, '', '', meaning, of or attrgetter(name))


def _real(
    name: str, span: str, meaning: str, of: Callable[[Any], Any] | None = None, unit: str = '1'
) -> Column:
    return Column(name, REAL, unit, span, meaning, of or attrgetter(name))


def _count(
    name: str, meaning: str, of: Callable[[Any], Any] | None = None, unit: str = '1'
) -> Column:
    return Column(name, INTEGER, unit, '>= 0', meaning, of or attrgetter(name))


def _instant(name: str, meaning: str, field: str = '') -> Column:
    return Column(name, INSTANT, UTC, '', meaning, _stamp(field or name))


def _stamp(field: str) -> Callable[[Any], int | None]:
    """The stamp in a field, ns; None where it is 0, which means that it was not set."""
    stamp = attrgetter(field)
    return lambda message: to_nanoseconds(stamp(message)) or None


def _item(field: str, index: int, length: int) -> Callable[[Any], float | None]:
    """One number of a list; None where the list has another length."""
    numbers = attrgetter(field)

    def item(message: Any) -> float | None:
        found = numbers(message)
        return found[index] if len(found) == length else None

    return item


def _rows(table: str) -> Callable[[Any], int]:
    """How many rows of a table a session has."""
    return lambda session: session.rows[table]


FIRST = (
    _text('session', 'name of the session that the row lies in; empty = in none'),
    _text('participant', 'who took part, as it was given at the start of the session'),
    _text('condition', 'condition, as it was given at the start of the session'),
    _text('bag', 'the recording that the row comes from'),
)
"""Begin each row of each table."""

TIMES = (
    Column(
        'time_s',
        SECONDS,
        's',
        '',
        'time since the start of the session, by the stamp; in rows of no session since the first '
        'message of the bag',
        attrgetter('time_ns'),
    ),
    Column(
        'stamp',
        INSTANT,
        UTC,
        '',
        'stamp of the message, to the nanosecond as in the bag; of what was seen that of the '
        'camera image',
        attrgetter('stamp_ns'),
    ),
)
"""Come next in each table but that of the sessions."""

_IMAGES = (
    _count('faces', 'number of faces in the image', lambda affect: len(affect.faces)),
    _count('image_width', 'of the camera image', unit='px'),
    _count('image_height', 'of the camera image', unit='px'),
    _real('processing_ms', '>= 0', 'from taking the image to the message', unit='ms'),
)

_PEOPLE = (
    _text(
        'face_id',
        'whose face: the same while it is followed, new after that',
        attrgetter('face.face_id'),
    ),
    _count('face_number', 'place of the face in its image, 0 = the largest', attrgetter('number')),
    Column(
        'attended',
        TRUTH,
        '',
        'TRUE, FALSE',
        'whether the robot attends to this person, as the first state says that contains the '
        'image; empty = no state was recorded',
        attrgetter('is_attended'),
    ),
    _real('valence', POLE, 'displeasure to pleasure in the face', attrgetter('face.valence')),
    _real('arousal', POLE, 'calm to excited in the face', attrgetter('face.arousal')),
    _real(
        'confidence',
        STRENGTH,
        'of the detector times that of the strongest expression',
        attrgetter('face.confidence'),
    ),
    *(
        _real(
            f'expression_{name.lower()}',
            SHARE,
            f'probability of the expression {name.lower()}',
            _item('face.expression', index, len(EXPRESSIONS)),
        )
        for index, name in enumerate(EXPRESSIONS)
    ),
    *(
        _real(
            f'unit_{name}',
            STRENGTH,
            f'action unit {name.replace("_", " ")}, left and right as in the picture; '
            'empty = not recorded',
            _item('face.action_units', index, len(FACIAL_UNITS)),
        )
        for index, name in enumerate(FACIAL_UNITS)
    ),
    *(
        _count(f'box_{name}', meaning, attrgetter(f'face.roi.{field}'), 'px')
        for name, field, meaning in (
            ('x', 'x_offset', 'left edge of the face in the camera image'),
            ('y', 'y_offset', 'upper edge of the face in the camera image'),
            ('width', 'width', 'of the face in the camera image'),
            ('height', 'height', 'of the face in the camera image'),
        )
    ),
)

_STATE = (
    *(_real(name, STRENGTH, f'level of the neuromodulator {name}') for name in MODULATORS),
    *(_real(name, STRENGTH, f'strength of the emotion {name}') for name in EMOTIONS),
    _real('neutral', STRENGTH, '1 - the strongest emotion'),
    *(
        _real(f'visible_{name}', STRENGTH, f'how much of the emotion {name} the face shows')
        for name in EMOTIONS
    ),
    _real('visible_valence', POLE, 'valence of the visible emotions, which the face draws'),
    _real('visible_arousal', POLE, 'arousal of the visible emotions, which the face draws'),
    _real('intensity', STRENGTH, 'the strongest emotion'),
    _real('valence', POLE, 'displeasure to pleasure of the robot'),
    _real('arousal', POLE, 'calm to excited of the robot'),
    _real('dominance', POLE, 'controlled to in control of the robot'),
    *(
        _real(
            f'deviation_{name}',
            '[-2, 2] by default',
            f'fast deviation of {name} from rest',
            _item('deviation', index, len(MODULATORS)),
        )
        for index, name in enumerate(MODULATORS)
    ),
    *(
        _real(
            f'mood_{name}',
            'that of deviation times the gain of the mood',
            f'slow deviation of {name} from rest',
            _item('mood', index, len(MODULATORS)),
        )
        for index, name in enumerate(MODULATORS)
    ),
    _text('dominant', 'the emotion to name, with hysteresis; neutral when none is strong enough'),
    _instant('dominant_since', 'when it became dominant'),
    _text('last_stimulus', 'name of the newest accepted stimulus; empty = none yet'),
    _text('last_source', 'who published it'),
    _instant('last_change_stamp', 'when it took effect; empty = none yet'),
    _text('attended_face', 'face_id of the person whom the robot attends to; empty = nobody'),
    _instant('observation_stamp', 'stamp of the newest camera image in the state; empty = none'),
)

_CAUSES = (
    _text('name', 'of the stimulus that was accepted, from the library of the temperament'),
    _real('intensity', STRENGTH, 'share of the doses in the library'),
    _real(
        'duration_s',
        '',
        'how long the doses flow; 0 = at once, below 0 = as the library says',
        attrgetter('duration'),
        's',
    ),
    _text('source', 'who published it'),
)

_EVENTS = (
    _text(
        'kind',
        'session (without a name: its end), marker, reset, temperament, parameters, script or '
        'key; others may be added',
        attrgetter('event.kind'),
    ),
    _text(
        'name',
        'of the session, temperament, script or key; text of the marker',
        attrgetter('event.name'),
    ),
    _text('source', 'who says so', attrgetter('event.source')),
    _text('script', 'the script that plays, of a script and a marker in one; empty = none'),
    _text('script_state', 'playing, paused, waiting or ended, of a script'),
    Column(
        'script_at_s',
        DOUBLE,
        's',
        '>= 0',
        'where the script stands, on its own clock',
        attrgetter('script_at_s'),
    ),
    _text('value', 'all else that the event says, as JSON', attrgetter('event.value')),
)

_SESSIONS = (
    _text('notes', 'as they were given at the start of the session'),
    Column(
        'start',
        INSTANT,
        UTC,
        '',
        'when it began; of a bag without sessions its first message',
        attrgetter('start_ns'),
    ),
    Column(
        'end',
        INSTANT,
        UTC,
        '',
        'when it ended; the last message of the bag where there is no session, or its end was not '
        'recorded',
        attrgetter('end_ns'),
    ),
    Column(
        'duration_s',
        SECONDS,
        's',
        '>= 0',
        'from start to end',
        lambda session: session.end_ns - session.start_ns,
    ),
    Column(
        'ended',
        TRUTH,
        '',
        'TRUE, FALSE',
        'whether its end was recorded; empty = no session',
        attrgetter('is_ended'),
    ),
    _text('temperament', 'of the robot at the start, as it was named; empty = not recorded'),
    *(
        _count(
            f'{name}_rows',
            f'rows of the table {name} in the session',
            _rows(name),
        )
        for name in ('images', 'people', 'state', 'causes', 'events', 'faces')
    ),
    _count('markers', 'markers in the session'),
    _count('resets', 'how often the robot was put to rest in the session'),
)

_FACES = (
    _text('kind', 'of the event that the picture is of, or cause'),
    _text('name', 'of the event or stimulus'),
    _text(
        'file',
        'the picture, in the folder of the export; rows share one where the face did not change',
    ),
    Column(
        'drawn',
        INSTANT,
        UTC,
        '',
        'stamp of the picture: the newest one at the time of the event, or a second after the '
        'cause; the first one of the bag where that comes within a second',
        attrgetter('drawn_ns'),
    ),
    _count('width', 'of the picture', unit='px'),
    _count('height', 'of the picture', unit='px'),
)

TABLES = {
    'sessions': Table('a row for each session; a bag without sessions has one row', _SESSIONS),
    'people': Table('a row for each face in each camera image that was looked at', _PEOPLE),
    'images': Table('a row for each camera image that was looked at, also without faces', _IMAGES),
    'state': Table('a row for each state of the robot that was published', _STATE),
    'causes': Table('a row for each stimulus that the robot accepted', _CAUSES),
    'events': Table('a row for each event: sessions, markers, scripts, what was set', _EVENTS),
    'faces': Table('a row for each picture of the face of the robot', _FACES),
}

DICTIONARY = ('table', 'column', 'type', 'unit', 'range', 'meaning')
"""Columns of the data dictionary."""


def columns_of(table: str) -> tuple[Column, ...]:
    """Return all columns of a table, in their order."""
    times = () if table == 'sessions' else TIMES
    return (*FIRST, *times, *TABLES[table].columns)


def dictionary_rows() -> list[tuple[str, ...]]:
    """Return the rows of the data dictionary, one for each column of each table."""
    return [
        (table, column.name, column.kind, column.unit, column.range, column.meaning)
        for table in TABLES
        for column in columns_of(table)
    ]
