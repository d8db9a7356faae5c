# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What server and page say to each other, and what becomes of nonsense; without ROS."""

import base64
import json
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emotion_agent.neuromodulation import EMOTIONS, MODULATORS
from emotion_agent.web import protocol
from emotion_agent.web.protocol import LAST_ID, OF_RECORDINGS, REQUESTS, BadRequest, parse

TIME = SimpleNamespace(sec=1000, nanosec=500_000_000)
HEADER = SimpleNamespace(stamp=TIME, frame_id='')


def request(**fields) -> str:
    return json.dumps({'id': 1, **fields})


@pytest.mark.parametrize(
    ('fields', 'expected'),
    [
        ({'do': 'stimulate', 'name': 'praise'}, {'name': 'praise', 'intensity': 1.0}),
        ({'do': 'person', 'valence': -1, 'arousal': 0.5}, {'valence': -1.0, 'arousal': 0.5}),
        ({'do': 'person'}, {}),
        ({'do': 'mouth'}, {}),
        ({'do': 'gaze', 'x': 0, 'y': 1}, {'x': 0.0, 'y': 1.0}),
        (
            {'do': 'start_session', 'participant': 'P 7', 'notes': 'a\nb'},
            {'participant': 'P 7', 'condition': '', 'notes': 'a\nb', 'keep_state': False},
        ),
        ({'do': 'control', 'action': 'pause'}, {'action': 'pause', 'value': ''}),
        ({'do': 'reset'}, {}),
    ],
)
def test_requests_are_read_with_what_may_be_left_out(fields, expected):
    assert parse(request(**fields)) == protocol.Request(1, fields['do'], expected)


@pytest.mark.parametrize(
    ('fields', 'why'),
    [
        ({'do': 'stimulte', 'name': 'praise'}, 'did you mean stimulate?'),
        ({'do': ['reset']}, 'do: expected stimulate, '),
        ({}, 'do: expected stimulate, '),
        ({'do': 'reset', 'all': True}, "reset: expected no fields; got 'all'"),
        ({'do': 'stimulate', 'nme': 'praise'}, 'did you mean name?'),
        ({'do': 'stimulate'}, 'name is missing'),
        ({'do': 'stimulate', 'name': ''}, 'name: expected a text, got an empty one'),
        ({'do': 'stimulate', 'name': 7}, 'name: expected a text, got 7'),
        ({'do': 'stimulate', 'name': 'x' * 201}, 'at most 200 characters, got 201'),
        ({'do': 'mark', 'text': 'a\x1b[2J'}, 'text: expected a text that can be printed'),
        ({'do': 'stimulate', 'name': 'a', 'intensity': 1.01}, 'a number from 0 to 1, got 1.01'),
        ({'do': 'stimulate', 'name': 'a', 'intensity': True}, 'a number from 0 to 1, got True'),
        ({'do': 'stimulate', 'name': 'a', 'intensity': 10**400}, 'a number from 0 to 1, got 1'),
        ({'do': 'person', 'valence': 0.0}, 'person: arousal is missing'),
        ({'do': 'control', 'action': 'puase'}, 'did you mean pause?'),
        ({'do': 'camera', 'on': 1}, 'on: expected true or false, got 1'),
        ({'do': 'seek', 't': 1.0}, 'do: expected stimulate'),
    ],
)
def test_what_is_wrong_is_one_line_with_the_id(fields, why):
    with pytest.raises(BadRequest) as refusal:
        parse(request(**fields))

    assert why in str(refusal.value)
    assert '\n' not in str(refusal.value)
    assert refusal.value.id == 1


@pytest.mark.parametrize(
    'text',
    [
        *('', 'x', '[]', '"reset"', '{"do": "reset"}', '{"id": -1}', '{"id": 1.0}', '[' * 4000),
        *('{"id": true, "do": "reset"}', f'{{"id": {LAST_ID + 1}}}', '{"id": NaN}', '1' * 4096),
    ],
)
def test_what_is_no_request_has_no_id(text):
    with pytest.raises(BadRequest) as refusal:
        parse(text)

    assert refusal.value.id is None
    assert '\n' not in str(refusal.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
NAMES = sorted({name for fields in (REQUESTS | OF_RECORDINGS).values() for name in fields})


@settings(max_examples=300)
@given(
    st.text()
    | JSON.map(json.dumps)
    | st.fixed_dictionaries(
        {'id': st.integers(0, 9), 'do': st.sampled_from([*REQUESTS, *OF_RECORDINGS])},
        optional=dict.fromkeys(NAMES, JSON),
    ).map(json.dumps)
)
def test_whatever_comes_is_a_request_or_one_line(text):
    try:
        read = parse(text, REQUESTS | OF_RECORDINGS)
    except BadRequest:
        return
    kinds = (REQUESTS | OF_RECORDINGS)[read.do]
    assert read.fields.keys() == kinds.keys() or (read.do in protocol.ENDS and not read.fields)
    for name, value in read.fields.items():
        assert value == kinds[name].read(name, value) or value == kinds[name].default


def test_a_state_keeps_its_numbers_and_null_stands_for_none():
    names = (*MODULATORS, *EMOTIONS, *(f'visible_{name}' for name in EMOTIONS))
    values = {name: number / 100 for number, name in enumerate(names)}
    message = SimpleNamespace(
        header=HEADER, dominant='joy', dominant_since=TIME, last_stimulus='praise',
        last_source='web', attended_face='', valence=0.123456, arousal=float('nan'),
        dominance=0.0, visible_valence=0.0, visible_arousal=0.0, **values,
    )  # fmt: skip

    read = json.loads(protocol.encode(protocol.state(message)))

    assert (read['t'], read['valence'], read['arousal']) == (1000.5, 0.1235, None)
    assert read['modulators'] == [values[name] for name in MODULATORS]
    assert read['emotions'] == [values[name] for name in EMOTIONS]
    assert read['visible'] == [values[f'visible_{name}'] for name in EMOTIONS]


@pytest.mark.parametrize('shape', [(64, 128), (3, 5)])
def test_a_face_is_packed_row_by_row(shape):
    pixels = np.random.default_rng(0).choice([0, 255], shape).astype(np.uint8)

    read = json.loads(protocol.encode(protocol.face(1.0, pixels)))

    rows = np.frombuffer(base64.b64decode(read['bits']), np.uint8).reshape(shape[0], -1)
    bits = np.unpackbits(rows, axis=1)[:, : shape[1]]
    assert (read['height'], read['width']) == shape
    assert np.array_equal(bits, pixels > 127)


def test_who_is_seen_has_units_where_all_of_them_come():
    def face(units):
        return SimpleNamespace(
            face_id='a', valence=0.5, arousal=0.0, confidence=1.0, expression=[0.125] * 8,
            action_units=units,
        )  # fmt: skip

    told = protocol.people(1.0, [(face([0.25] * 18), False), (face([0.25]), True)])['people']

    assert [(len(person['units']), person['simulated']) for person in told] == [
        (18, False),
        (0, True),
    ]


def test_hello_names_everything_once():
    praise = SimpleNamespace(name='praise', doses=[0, 0, 0, 0.5, 0, 0, 0], duration=0.0)

    read = json.loads(protocol.encode(protocol.hello('/emotion', [praise], [0.5] * 7)))

    assert read['stimuli'] == [{'name': 'praise', 'doses': {'dopamine': 0.5}, 'duration_s': 0.0}]
    assert [emotion['name'] for emotion in read['emotions']] == list(EMOTIONS)
    assert read['modulators'] == list(MODULATORS)
    assert (len(read['expressions']), len(read['units']), read['live']) == (8, 18, True)
    assert read['allowed'] == {'camera': False}


def test_a_long_value_of_an_event_is_left_out():
    for value, told in (('{"a": 1}', '{"a": 1}'), ('x' * (protocol.EVENT_VALUE + 1), '')):
        event = SimpleNamespace(header=HEADER, kind='marker', name='m', value=value, source='s')
        assert protocol.event(event)['value'] == told
