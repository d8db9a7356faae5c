# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A bag with a snapshot, parameters and events gives the recorded states again, to the bit."""

import json

import pytest
from life import RECORDED_S, Life

from emotion_agent.neuromodulation import load
from emotion_agent.replay.bag import Bag
from emotion_agent.replay.live import not_applied, write_parameters
from emotion_agent.replay.parameters import read_files
from emotion_agent.replay.recorded_agent import read_agent
from emotion_agent.replay.sources import Names
from emotion_agent.resources.temperaments import temperament_file

LENGTH_S = 40.0
MINE = """
emotion:
  modulators: {dopamine: {temperament: 0.3}}
  stimuli: {sigh: {doses: {dopamine: -0.6}, delay_s: 2.5}, praise: {doses: {dopamine: 1.1}}}
"""


@pytest.fixture
def mine(tmp_path):
    file = tmp_path / 'mine' / 'grumpy.yaml'
    file.parent.mkdir()
    file.write_text(MINE)
    return file


HAPPENED = {
    'nothing': [],
    'a reset': [(20.0, lambda life: life.keeper.reset())],
    'another temperament': [(18.0, lambda life: life.set(temperament='timid'))],
    'another parameter': [(18.0, lambda life: life.set(time_scale=3.0, offset__dopamine=-0.2))],
    'both at once': [(18.0, lambda life: life.set(temperament='calm', empathy__gain=1.0))],
    'the same parameter': [(18.2, lambda life: life.set(time_scale=1.0))],
    'no events of faces': [(15.0, lambda life: life.set(face_events=False))],
    'a restart': [(21.0, lambda life: life.restart(temperament='cheerful'))],
    'all': [
        (16.0, lambda life: life.set(temperament='timid')),
        (20.0, lambda life: life.keeper.reset()),
        (20.1, lambda life: life.set(offset__serotonin=0.4)),
        (27.0, lambda life: life.set(temperament='touchy')),
        (31.0, lambda life: life.keeper.reset()),
    ],
}


@pytest.fixture
def compared(capfd):
    """Status and words of `emotion-agent compare` of the states of two bags."""
    from emotion_agent.commands.cli import main

    def compare(*bags):
        status = main(['compare', *map(str, bags), '--topics', '/emotion/state'])
        said = capfd.readouterr()
        return status, said.out + said.err

    return compare


@pytest.mark.parametrize(('seed', 'what'), enumerate(HAPPENED))
def test_recorded_states_come_again_whatever_was_done_to_the_robot(
    maker, replay, compared, tmp_path, what, seed
):
    life = Life(maker, seed, temperament='touchy')
    life.go_on(LENGTH_S, HAPPENED[what])
    bag = maker.write(tmp_path / 'life', life.lines)

    status, said, out = replay(bag, '--at-recorded-stamps')

    assert status == 0, said
    assert 'began    where the recorded agent stood' in said
    assert 'from affect' in said
    assert sum(line.topic == '/emotion/state' for line in life.lines) > 250
    status, differences = compared(bag, out)
    assert status == 0, differences


def test_own_temperaments_need_no_file_to_be_replayed(maker, replay, compared, tmp_path, mine):
    life = Life(maker, temperament_folder=str(mine.parent), temperament='grumpy')

    def edit(life):
        mine.write_text(MINE.replace('1.1', '-1.0'))
        life.set(temperament='grumpy')

    life.go_on(LENGTH_S, [(20.0, edit), (22.0, lambda life: life.stimulate('sigh'))])
    bag = maker.write(tmp_path / 'life', life.lines)
    mine.unlink()

    status, said, out = replay(bag, '--at-recorded-stamps')

    assert status == 0, said
    assert compared(bag, out)[0] == 0


def test_what_is_given_counts_and_both_are_said(maker, replay, compared, tmp_path):
    life = Life(maker, temperament='touchy', time_scale=2.0)
    life.go_on(LENGTH_S, HAPPENED['all'])
    bag = maker.write(tmp_path / 'life', life.lines)

    status, said, out = replay(bag, '--at-recorded-stamps', '--temperament', 'calm')

    assert status == 0, said
    assert "given    emotion_state: temperament 'calm', recorded 'touchy'" in said
    assert 'recorded emotion_state: time_scale 2.0' in said
    assert 'emotion_state: temperament timid: other parameters were given' in said
    assert 'changed  at' in said
    assert 'emotion_state: reset' in said
    assert 'emotion_state: offset.serotonin 0.4' in said
    assert compared(bag, out)[0] == 1


def test_own_rhythm_goes_on_from_the_snapshot_too(maker, replay, read, tmp_path):
    life = Life(maker, temperament='touchy')
    life.go_on(LENGTH_S, HAPPENED['a reset'])
    _, _, out = replay(maker.write(tmp_path / 'life', life.lines))

    (first,) = [line.message for line in life.lines if line.topic == '/emotion/state'][:1]
    again = read(out, '/emotion/state')[0]
    assert again.header.stamp == first.header.stamp
    assert list(again.deviation) == list(first.deviation)
    assert [event.kind for event in read(out, '/emotion/events')] == ['reset']


def test_parameters_of_the_face_are_those_of_the_bag(maker, replay, read, tmp_path):
    def change(life, **values):
        life.change('face_sketcher', **{'decoder': 'parametric', 'rate_hz': 2.0, **values})

    life = Life(maker)
    life.go_on(RECORDED_S + 0.1)
    change(life, **{'frame_id': 'panel', 'identity.nose': 0.0})
    life.go_on(4.0)
    change(life, **{'frame_id': 'panel', 'identity.nose': 1.0})
    life.go_on(4.0)

    slow = tmp_path / 'slow.yaml'
    slow.write_text('/**/face_sketcher: {ros__parameters: {rate_hz: 2.0}}')

    bag = maker.write(tmp_path / 'life', life.lines)
    _, said, out = replay(bag, '--params', str(slow))

    assert "recorded face_sketcher: frame_id 'panel', decoder 'parametric'" in said
    assert 'face_sketcher: identity.nose 1.0' in said
    assert {face.header.frame_id for face in read(out, '/emotion/face_image')} == {'panel'}


@pytest.mark.parametrize(
    ('spoil', 'words'),
    [
        (lambda content: {**content, 'version': 7}, 'the recorded snapshot: expected version 1'),
        (lambda content: {**content, 'engine': {}}, 'the recorded snapshot: expected version 1'),
        (lambda content: {**content, 'engine': None}, 'the recorded snapshot: cannot be under'),
        (lambda content: {**content, 'faces': 3}, 'the recorded snapshot: cannot be understood'),
        (lambda content: {**content, 'parameters': 3}, 'snapshot: not understood'),
        (lambda content: [content], 'snapshot: not understood'),
    ],
)
def test_a_snapshot_that_is_not_understood_is_said(maker, replay, tmp_path, spoil, words):
    life = Life(maker)
    life.go_on(RECORDED_S + 2.0)
    for line in life.lines:
        if line.topic.endswith('snapshot'):
            line.message.value = json.dumps(spoil(json.loads(line.message.value)))

    status, said, _ = replay(maker.write(tmp_path / 'life', life.lines))

    assert status == 0, said
    assert 'began    at rest' in said
    assert words in said


def test_real_nodes_get_the_parameters_and_the_temperament_of_the_bag(maker, tmp_path):
    life = Life(maker, temperament='touchy', time_scale=2.0, snapshot_path='robot.json')
    life.go_on(LENGTH_S, HAPPENED['a reset'])
    with Bag(maker.write(tmp_path / 'life', life.lines)) as bag:
        recorded = read_agent(bag, Names())

    file = write_parameters(recorded, Names(), tmp_path)

    given = read_files([file], Names()).values['emotion_state']
    assert given['time_scale'] == 2.0
    assert load(given['temperament']) == load(temperament_file('touchy'))
    assert not {'snapshot_path', 'temperament_folder'} & set(given)
    assert 'the nodes begin at rest; 1 later changes (reset)' in not_applied(recorded)


def test_of_an_older_bag_nothing_is_taken_over(maker, tmp_path):
    with Bag(maker.write(tmp_path / 'bag', maker.story()[:1])) as bag:
        recorded = read_agent(bag, Names())

    assert write_parameters(recorded, Names(), tmp_path) is None
    assert not_applied(recorded) == ''
