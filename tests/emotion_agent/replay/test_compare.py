# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Where two runs differ is listed."""

import pytest
from bag_maker import Line

from emotion_agent.commands.cli import main
from emotion_agent.logic import IMAGE, TEXT


@pytest.fixture
def bags(maker, tmp_path):
    def write(name, lines):
        return str(maker.write(tmp_path / name, lines))

    return write


def test_the_same_is_the_same(maker, bags, capfd):
    first, second = (bags(name, maker.observations(1.0)) for name in ('a', 'b'))

    assert main(['compare', first, second]) == 0
    assert capfd.readouterr().out == 'the same\n'


def test_fields_counts_and_times_are_named(maker, bags, capfd):
    lines = maker.observations(2.0)
    other = [line._replace(message=maker.affect(line.at_s - 0.02, 0.5)) for line in lines[5:]]
    del other[3]

    assert main(['compare', bags('a', lines), bags('b', [*lines[:5], *other])]) == 1

    said = capfd.readouterr().out
    assert '/emotion/human_affect: 20 and 19 messages, 14 of the same stamp differ' in said
    assert '1 are only in the first, 0 only in the second' in said
    assert 'first difference is at 0.480 s' in said
    assert 'faces[].valence: 0.3' in said
    assert '1 topics differ' in said


def test_numbers_within_the_tolerance_are_the_same(maker, bags):
    near = [
        line._replace(message=maker.affect(line.at_s - 0.02, 0.8 + 1e-5))
        for line in maker.observations(1.0)
    ]
    first, second = bags('a', maker.observations(1.0)), bags('b', near)

    assert main(['compare', first, second]) == 1
    assert main(['compare', first, second, '--tolerance', '1e-4']) == 0


def test_texts_pictures_and_missing_topics(maker, bags, capfd):
    make = maker.messages.make

    def lines(text, pixel):
        image = make(IMAGE, header=maker.header(1.0), height=1, width=2, data=[0, pixel])
        return [Line('/text', TEXT, 0.5, make(TEXT, data=text)), Line('/face', IMAGE, 1.0, image)]

    first = bags('a', [*lines('a', 0), *maker.story()[:1]])

    assert main(['compare', first, bags('b', lines('b', 255))]) == 1
    said = capfd.readouterr().out
    assert 'data: differs' in said
    assert 'data (bytes that differ): 1' in said
    assert '/emotion/stimulus: 1 and 0 messages' in said
    assert '3 topics differ' in said


def test_only_some_topics(maker, bags):
    first = bags('a', [*maker.observations(1.0), *maker.story()[:1]])
    second = bags('b', maker.observations(1.0))

    assert main(['compare', first, second]) == 1
    assert main(['compare', first, second, '--topics', '/emotion/human_affect']) == 0


def test_bag_that_is_not_there_is_status_2(maker, bags, capfd):
    assert main(['compare', bags('a', maker.story()), 'nowhere']) == 2
    assert capfd.readouterr().err == 'emotion-agent compare: there is no bag nowhere\n'
