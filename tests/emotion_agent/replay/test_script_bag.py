# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A script is replayed like a bag: the new bag has what the script does, and what comes of it."""

import json

import pytest

from emotion_agent.commands.cli import main
from emotion_agent.replay.bag import Bag
from emotion_agent.replay.script_bag import START_NS

SCRIPT = """
duration_s: 6
stimuli: [{at_s: 1, name: praise, intensity: 0.5}, {at_s: 5, name: scold}]
people:
  - {from_s: 2.05, to_s: 4, id: anna, course: [{at_s: 2.5, valence: -1, arousal: 0},
                                               {at_s: 3.5, valence: 1, arousal: 0}]}
gaze: [{at_s: 1, x: 0.5, y: 0}, {at_s: 3, look: about}]
speech: [{at_s: 1, for_s: 1}]
markers: [{at_s: 2, text: anna comes}]
waits: [{at_s: 3, for: key}]
"""


@pytest.fixture
def script(tmp_path):
    path = tmp_path / 'visit.yaml'
    path.write_text(SCRIPT)
    return path


def content(path, namespace='emotion'):
    with Bag(path) as bag:
        return {
            name.removeprefix(f'/{namespace}/'): [
                ((event.time_ns - START_NS) / 1e9, bag.types.from_bytes(event.msgtype, event.data))
                for event in bag.messages([name])
            ]
            for name in bag.topics
        }


def test_the_new_bag_has_what_a_script_does_and_what_comes_of_it(script, tmp_path, capsys):
    arguments = ['replay', str(script), '--no-plot', '--out']
    assert main([*arguments, str(tmp_path / 'one.mcap')]) == 0
    said = capsys.readouterr().out
    assert 'played   6.0 s from affect: 3 /emotion/events, 4 /emotion/gaze, ' in said
    assert 'skipped' not in said
    assert main([*arguments, str(tmp_path / 'two.mcap')]) == 0
    assert (tmp_path / 'one.mcap').read_bytes() == (tmp_path / 'two.mcap').read_bytes()

    topics = content(tmp_path / 'one.mcap')
    assert [(at_s, c.name, c.intensity) for at_s, c in topics['emotion_state/causes']] == [
        (1.0, 'praise', 0.5),
        (2.05, 'face_seen', 1.0),
        (5.0, 'scold', 1.0),
    ]
    seen = topics['human_affect']
    assert {message.header.frame_id for _, message in seen} == {'script'}
    assert [at_s for at_s, message in seen if not message.faces] == [4.0]
    assert seen[0][0] == 2.05
    valences = {round(at_s, 2): m.faces[0].valence for at_s, m in seen if m.faces}
    assert (valences[2.1], valences[3.0], valences[3.9]) == (-1.0, pytest.approx(0.0), 1.0)
    assert [(at_s, e.kind, e.name, json.loads(e.value)) for at_s, e in topics['events']] == [
        (0.0, 'script', 'visit', {'state': 'playing', 'at_s': 0.0}),
        (2.0, 'marker', 'anna comes', {'script': 'visit', 'at_s': 2.0}),
        (6.0, 'script', 'visit', {'state': 'ended', 'at_s': 6.0}),
    ]
    assert len(topics['state']) >= 60
    table = (tmp_path / 'one.csv').read_text().splitlines()
    assert 'person_valence' in table[0]


def test_a_script_is_played_to_an_agent_in_another_namespace(script, tmp_path):
    out = tmp_path / 'out.mcap'

    assert main(['replay', str(script), '--no-plot', '--out', str(out), '--namespace', 'r2']) == 0

    assert {'state', 'human_affect', 'events'} <= content(out, 'r2').keys()


def test_what_is_wrong_in_a_script_is_one_line(script, tmp_path, capsys):
    script.write_text('duration_s: 9\nstimulus: []\n')

    assert main(['replay', str(script), '--out', str(tmp_path / 'out.mcap')]) == 2
    assert 'visit.yaml.stimulus: unknown key' in capsys.readouterr().err
    assert not (tmp_path / 'out.mcap').exists()
