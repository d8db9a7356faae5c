# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which sessions may begin, what their events say, and what is refused; without ROS."""

import json
from types import SimpleNamespace

import pytest

from emotion_agent.logic.session import SessionKeeper, SessionRefused, checked_name, file_name
from emotion_agent.replay.messages import BagMessages

TODAY = '2026-11-30_10-00-00'
IDLE = SimpleNamespace(name='', state='', at_s=0.0, duration_s=0.0, waits_for='', is_running=False)
PLAYING = SimpleNamespace(
    name='study', state='waiting', at_s=3.5, duration_s=60.0, waits_for='key yes', is_running=True
)


@pytest.fixture
def events():
    return []


@pytest.fixture
def keeper(events):
    return SessionKeeper(BagMessages().make, lambda: 1_500_000_000, events.append)


def begun(keeper, participant='p01'):
    session = keeper.prepare(participant, 'warm', 'left-handed', TODAY)
    return keeper.begin(session.name, f'/sessions/{session.name}')


def test_a_session_says_who_takes_part_at_both_ends(keeper, events):
    session = begun(keeper)
    assert keeper.end() is session

    assert [(event.kind, event.name) for event in events] == [
        ('session', f'{TODAY}_p01'), ('session', ''),
    ]  # fmt: skip
    assert json.loads(events[0].value) == json.loads(events[1].value) == {
        'participant': 'p01', 'condition': 'warm', 'notes': 'left-handed',
        'folder': f'/sessions/{TODAY}_p01',
    }  # fmt: skip
    assert (events[0].header.stamp.sec, events[0].header.stamp.nanosec) == (1, 500_000_000)


@pytest.mark.parametrize(
    ('participant', 'condition', 'notes', 'said'),
    [
        ('', '', '', 'participant: expected 1 to 64 characters, got 0'),
        ('  ', '', '', 'participant: expected 1 to 64 characters, got 0'),
        ('p' * 65, '', '', 'participant: expected 1 to 64 characters, got 65'),
        ('p\n1', '', '', 'participant: expected text of one line'),
        ('p\x1b[2J', '', '', 'participant: expected text of one line'),
        ('p', 'c' * 65, '', 'condition: expected at most 64 characters, got 65'),
        ('p', '', 'n' * 1001, 'notes: expected at most 1000 characters, got 1001'),
        ('p', '', 'a\0b', 'notes: expected text without control characters'),
    ],
)
def test_texts_that_are_none_are_refused_and_nothing_is_left(
    keeper, events, participant, condition, notes, said
):
    with pytest.raises(SessionRefused, match='^' + said):
        keeper.prepare(participant, condition, notes, TODAY)
    assert events == []
    begun(keeper)  # another one may begin


def test_there_is_one_session_at_a_time(keeper):
    with pytest.raises(SessionRefused, match='no session runs'):
        keeper.end()
    keeper.prepare('p01', '', 'two\nlines', TODAY)
    with pytest.raises(SessionRefused, match='is about to begin'):
        keeper.prepare('p02', '', '', TODAY)
    keeper.give_up()
    session = begun(keeper)
    with pytest.raises(SessionRefused, match=f'session {session.name} runs; stop it first'):
        keeper.prepare('p02', '', '', TODAY)


@pytest.mark.parametrize(
    ('participant', 'part'),
    [
        ('../../etc/passwd', 'etc-passwd'),
        ('/', 'participant'),
        ('Ann Ä.', 'Ann'),
        ('a_b-1', 'a_b-1'),
    ],
)
def test_a_participant_is_no_path(participant, part):
    assert file_name(participant) == part


def test_a_mark_says_where_the_script_is(keeper, events):
    assert keeper.mark(' laughs ', PLAYING) == 'laughs'
    keeper.mark('alone', IDLE)

    assert [(event.kind, event.name) for event in events] == [
        ('marker', 'laughs'), ('marker', 'alone'),
    ]  # fmt: skip
    assert json.loads(events[0].value) == {'script': 'study', 'at_s': 3.5}
    assert events[1].value == ''
    for text in ('', 'x' * 201, 'a\nb'):
        with pytest.raises(SessionRefused, match=r'^text: expected'):
            keeper.mark(text, IDLE)


def test_only_known_names_are_taken():
    assert checked_name('script', 'day', {'day', 'study'}) == 'day'
    with pytest.raises(SessionRefused, match='expected one of day, study; got .*did you mean day'):
        checked_name('script', 'dya', {'day', 'study'})
    with pytest.raises(SessionRefused, match='expected one of day; got'):
        checked_name('script', '/etc/passwd', {'day'})


def test_the_status_has_session_and_script(keeper):
    idle = keeper.status(IDLE, {'b': 1, 'a': 2}, ['calm'])
    assert (idle.session, idle.since.sec, idle.scripts) == ('', 0, ['a', 'b'])

    session = begun(keeper)
    status = keeper.status(PLAYING, [], [])
    assert (status.session, status.participant, status.folder, status.since.sec) == (
        session.name, 'p01', session.folder, 1,
    )  # fmt: skip
    assert (status.script, status.script_state, status.waits_for) == (
        'study', 'waiting', 'key yes',
    )  # fmt: skip
