# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A mouth moves in time with a sound, and falls silent when it is told to."""

import sys
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pytest

from emotion_agent.speaking import speech
from emotion_agent.speaking.player import starter, usual_player
from emotion_agent.speaking.speech import Speech

PATIENCE_S = 20.0
WAV = Path('a.wav')


class Mouth:
    def __init__(self):
        self.moves, self.problems, self.times = [], [], []

    def move(self, opening):
        self.moves.append(opening)
        self.times.append(monotonic())

    def speak(self, openings, rate_hz=200.0, start_sound=None, delay_s=0.0, is_drawn=True):
        return Speech(openings, rate_hz, self.move, lambda: is_drawn, start_sound, delay_s,
                      self.problems.append)  # fmt: skip


@pytest.fixture
def mouth():
    return Mouth()


def program(text):
    return starter([sys.executable, '-c', text], WAV)


def test_it_says_everything_in_order_and_shuts_the_mouth(mouth):
    openings = [0.2, 0.9, 0.4]

    said = mouth.speak(openings, rate_hz=5.0)

    assert said.wait(PATIENCE_S)
    assert said.is_done
    assert mouth.moves == [*openings, 0.0]
    assert said.sent == 4
    assert not mouth.problems


def test_it_takes_as_long_as_the_sound(mouth):
    mouth.speak([0.5] * 20, rate_hz=40.0).wait(PATIENCE_S)

    assert mouth.times[-1] - mouth.times[0] >= 0.45


def test_openings_that_come_late_are_left_out(mouth):
    def slow(opening):
        mouth.moves.append(opening)
        sleep(0.1)

    said = Speech([k / 100 for k in range(100)], 100.0, slow, lambda: True)

    assert said.wait(PATIENCE_S)
    assert len(mouth.moves) < 30
    assert mouth.moves[:-1] == sorted(mouth.moves[:-1])
    assert mouth.moves[-1] == 0.0


def test_it_is_stopped_with_the_sound(mouth, tmp_path):
    flag = tmp_path / 'started'
    sound = program(f'import pathlib, time; pathlib.Path({str(flag)!r}).touch(); time.sleep(600)')

    said = mouth.speak([0.5] * 10000, start_sound=sound)
    end_s = monotonic() + PATIENCE_S
    while not (flag.exists() and mouth.moves) and monotonic() < end_s:
        sleep(0.01)
    said.stop()
    said.stop()

    assert flag.exists()
    assert said.is_done
    assert mouth.moves[-1] == 0.0
    assert len(mouth.moves) < 10000
    assert not mouth.problems


def test_it_waits_for_the_end_of_the_sound(mouth, tmp_path):
    mark = tmp_path / 'end'
    sound = program(f'import pathlib, time; time.sleep(.5); pathlib.Path({str(mark)!r}).touch()')

    assert mouth.speak([0.5], start_sound=sound).wait(PATIENCE_S)

    assert mark.exists()
    assert mouth.moves == [0.5, 0.0]


def test_a_program_that_fails_ends_it_in_one_line(mouth):
    said = mouth.speak([0.5] * 2000, rate_hz=100.0, start_sound=program('raise SystemExit(3)'))

    assert said.wait(PATIENCE_S)
    (problem,) = mouth.problems
    assert problem == said.problem == f'nothing is heard: {sys.executable} ended with status 3'
    assert len(mouth.moves) < 2000
    assert mouth.moves[-1] == 0.0


def test_a_function_plays_and_may_fail(mouth):
    played = []
    mouth.speak([0.5], start_sound=starter(played.append, WAV)).wait(PATIENCE_S)

    def fail(path):
        raise RuntimeError('no loudspeaker')

    mouth.speak([0.5], start_sound=starter(fail, WAV)).wait(PATIENCE_S)

    assert played == [WAV]
    assert mouth.problems == ['nothing is heard: the player failed: no loudspeaker']


def test_the_mouth_waits_for_a_sound_that_is_heard_late(mouth):
    begun = []
    play = starter(lambda path: begun.append(monotonic()), WAV)

    mouth.speak([0.5], start_sound=play, delay_s=0.3).wait(PATIENCE_S)

    assert mouth.times[0] - begun[0] >= 0.25


def test_without_a_face_it_speaks_all_the_same_and_says_so(mouth, monkeypatch):
    monkeypatch.setattr(speech, 'LISTENED_TO_S', 0.1)

    assert mouth.speak([0.5], is_drawn=False).wait(PATIENCE_S)

    assert mouth.moves == [0.5, 0.0]
    assert mouth.problems == ['no face_sketcher draws the mouth']


def test_it_is_stopped_while_it_waits_for_a_face(mouth):
    asked = Event()
    said = Speech([0.5] * 5, 1.0, mouth.move, lambda: asked.set() or False)
    asked.wait(PATIENCE_S)
    said.stop()

    assert mouth.moves == [0.0]


def test_a_player_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="got 'no-such-player', which is not there; install it"):
        starter('no-such-player -q', WAV)
    with pytest.raises(ValueError, match="got ''"):
        starter([], WAV)


def test_the_usual_player_is_the_first_that_is_there(monkeypatch, tmp_path):
    monkeypatch.setenv('PATH', str(tmp_path))
    assert usual_player() is None

    for name in ('aplay', 'paplay'):
        file = tmp_path / name
        file.write_text('#!/bin/sh\n')
        file.chmod(0o755)
    assert usual_player() == ('paplay',)


@pytest.mark.parametrize('which', ['move', 'is_listened_to', 'start_sound', 'report'])
def test_functions_of_the_caller_that_fail_end_it_in_one_line(which, capfd):
    def fail(*_):
        raise RuntimeError('a motor\nhas no power')

    functions = {'move': lambda opening: None, 'is_listened_to': lambda: which != 'report'}
    said = Speech([0.5], 50.0, **{**functions, which: fail} if which != 'report' else {
        **functions, 'is_listened_to': fail, 'report': fail})  # fmt: skip

    assert said.wait(PATIENCE_S)
    assert said.problem == 'it could not be said: a motor'
    assert capfd.readouterr().err == ''
