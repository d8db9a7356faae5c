# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What keys mean, where they come from, and what is shown while a script is played."""

import os
import sys

import pytest

pytest.importorskip('rclpy')

from emotion_agent.commands.cli import main
from emotion_agent.commands.keys import Keys
from emotion_agent.commands.live_script import line_of, press
from emotion_agent.script_runner import ScriptStatus
from emotion_agent.scripts.script import ScriptedStimulus, Wait

PRAISE = ScriptedStimulus(12.0, 'praise', 0.5, None)


class Runner:
    """Takes note of what it is told."""

    def __init__(self, state, wait=None):
        self.status = ScriptStatus('visit', state, 10.0, 90.0, wait, PRAISE)
        self.told = []

    def __getattr__(self, name):
        return lambda *words: self.told.append((name, *words))


@pytest.mark.parametrize(
    ('key', 'awaited', 'told'),
    [
        ('space', None, [('resume',), ('pause',)]),
        ('n', None, [('skip',)]),
        ('q', None, [('stop',)]),
        ('x', None, [('key', 'x')]),
        ('y', 'yes', [('key', 'yes')]),
        ('Yes', 'yes', [('key', 'yes')]),
        ('n', 'no', [('key', 'no')]),
        ('n', 'yes', [('skip',)]),
        ('space', '', [('resume',), ('pause',)]),
        ('y', '', [('key', 'y')]),
    ],
)
def test_what_a_key_means(key, awaited, told):
    wait = None if awaited is None else Wait(10.0, 'key', awaited, '', None)
    runner = Runner('waiting' if wait else 'playing', wait)

    press(runner, key)

    assert runner.told == told


def test_in_a_pause_keys_answer_nothing():
    runner = Runner('paused', Wait(10.0, 'key', 'no', '', None))

    press(runner, 'n')

    assert runner.told == [('skip',)]


@pytest.mark.parametrize(
    ('status', 'line'),
    [
        (Runner('playing').status, 'visit  10.0 of 90 s  playing  next: praise 0.5 at 12 s'),
        (
            Runner('waiting', Wait(10.0, 'key', 'yes', '', 3.0)).status,
            'visit  10.0 of 90 s  waits for key yes',
        ),
        (
            Runner('paused', Wait(10.0, 'key', '', '', None)).status,
            'visit  10.0 of 90 s  paused, waits for any key',
        ),
        (
            Runner('playing').status._replace(next=None),
            'visit  10.0 of 90 s  playing  next: the end',
        ),
    ],
)
def test_the_line_says_where_it_is(status, line):
    assert line_of(status) == line


@pytest.fixture
def typed(monkeypatch):
    """Standard input from a pipe, and its other end."""
    reader, writer = os.pipe()
    with os.fdopen(reader) as stdin, os.fdopen(writer, 'wb', buffering=0) as typist:
        monkeypatch.setattr(sys, 'stdin', stdin)
        yield typist


def test_lines_of_a_pipe_are_taken_one_by_one(typed):
    with Keys() as keys:
        assert not keys.is_terminal
        assert keys.pressed() == []
        typed.write(b'yes\n\nnot')
        assert keys.pressed() == ['yes']
        assert keys.pressed() == ['enter']
        assert keys.pressed() == []
        typed.write(b' ended')
        typed.close()
        assert not keys.is_over
        assert [keys.pressed(), keys.pressed(), keys.pressed()].count(['not ended']) == 1
        assert keys.is_over


def test_keys_of_a_terminal_count_at_once_and_arrows_do_not(monkeypatch):
    ours, theirs = os.openpty()
    monkeypatch.setattr(os, 'tcgetpgrp', lambda fd: os.getpgrp())
    with os.fdopen(theirs, 'r') as stdin:
        monkeypatch.setattr(sys, 'stdin', stdin)
        with Keys() as keys:
            assert keys.is_terminal
            os.write(ours, b'y \n')
            assert keys.pressed() == ['y', 'space', 'enter']
            os.write(ours, b'\x1b[A')
            assert keys.pressed() == []
            assert not keys.is_over
    os.close(ours)


def test_a_script_is_read_through_without_an_agent(tmp_path, capsys):
    path = tmp_path / 'visit.yaml'
    path.write_text(
        'duration_s: 9\nstimuli: [{at_s: 2, name: praise, intensity: 0.5, duration_s: 3}]\n'
        'people: [{from_s: 1, to_s: 8, id: anna, course: [{at_s: 1, valence: 1, arousal: 0}]}]\n'
        'gaze: [{at_s: 1, x: 0.5, y: 0}, {at_s: 3, look: about}]\n'
        'speech: [{at_s: 4, for_s: 2}]\nmarkers: [{at_s: 5, text: half}]\n'
        'waits: [{at_s: 6, for: key, at_most_s: 20}]\n'
    )

    assert main(['play', str(path), '--check']) == 0
    assert capsys.readouterr().out.splitlines() == [
        'visit: 9 s; 1 stimulus, 1 person, 2 gazes, 1 sentence, 1 marker, 1 wait',
        '     1.0 s  looks at 0.5, 0',
        '     1.0 s  anna comes',
        '     2.0 s  praise 0.5 over 3 s',
        '     3.0 s  looks about',
        '     4.0 s  speaks for 2 s',
        '     5.0 s  marker half',
        '     6.0 s  waits for any key, at most 20 s',
        '     8.0 s  anna leaves',
    ]
    path.write_text('duration_s: 9\nstimuli: [{at_s: 2, name: prase}]\n')
    assert main(['play', str(path), '--check']) == 2
    assert capsys.readouterr().err == (
        'emotion-agent play: visit: at 2 s: expected a stimulus of the library that ships, got '
        "'prase'; did you mean praise?\n"
    )
    assert main(['play', 'dayy']) == 2
    assert 'did you mean day?' in capsys.readouterr().err
