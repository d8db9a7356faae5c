# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A mistake in a script is named with its place in the file."""

import wave

import pytest

from emotion_agent.neuromodulation import ConfigError
from emotion_agent.scripts.reading import read_script
from emotion_agent.scripts.script import Saying, Script, ScriptedStimulus


def write_tone(path):
    path.parent.mkdir(exist_ok=True)
    with wave.open(str(path), 'wb') as file:
        file.setparams((1, 2, 8000, 0, 'NONE', ''))
        file.writeframes(b'\0\x10' * 800)


def test_a_script_is_sorted_by_time_and_its_gaps_are_filled(tmp_path):
    path = tmp_path / 'visit.yaml'
    path.write_text("""
duration_s: 20
stimuli:
  - {at_s: 12.05, name: picked_up}
  - {at_s: 3, name: praise, intensity: 0.5, duration_s: 4}
""")

    assert read_script(path) == Script(
        20.0,
        (
            ScriptedStimulus(3.0, 'praise', 0.5, 4.0),
            ScriptedStimulus(12.05, 'picked_up', 1.0, None),
        ),
        name='visit',
    )


def test_everything_that_a_script_can_say(tmp_path):
    write_tone(tmp_path / 'sound' / 'hello.wav')
    path = tmp_path / 'visit.yaml'
    path.write_text("""
duration_s: 20
people:
  - {from_s: 8, to_s: 9, course: [{at_s: 8, valence: -1, arousal: 0}]}
  - {from_s: 1, to_s: 8, id: anna, course: [{at_s: 2, valence: 0, arousal: 1},
                                            {at_s: 4, valence: 1, arousal: 0}]}
gaze: [{at_s: 1, x: -0.5, y: 0}, {at_s: 0, x: 0, y: 0, z: 1}, {at_s: 3, look: about}]
speech: [{at_s: 1, wav: sound/hello.wav}, {at_s: 5, for_s: 2}]
markers: [{at_s: 1, text: one}, {at_s: 1, text: other}]
waits:
  - {at_s: 2, for: key, key: yes}
  - {at_s: 3, for: key, key: 2}
  - {at_s: 4, for: key, at_most_s: 30}
  - {at_s: 5, for: event, kind: marker, name: ready}
  - {at_s: 6, for: stimulus, name: face_seen}
  - {at_s: 20, for: event}
""")

    script = read_script(path)

    assert [person.id for person in script.people] == ['anna', 'played']
    assert script.people[0].at(0.0) == (0.0, 0.0, 1.0)
    assert script.people[0].at(3.0) == (3.0, 0.5, 0.5)
    assert script.people[0].at(7.0) == (7.0, 1.0, 0.0)
    assert set(script.people_at(8.0)) == {'played'}
    assert [script.gaze_at(at_s) for at_s in (0.5, 2.9, 3.0)] == [
        (0.0, 0.0, 1.0),
        (-0.5, 0.0, 0.0),
        None,
    ]
    assert script.speech == (
        Saying(1.0, tmp_path / 'sound/hello.wav', 0.0),
        Saying(5.0, None, 2.0),
    )
    assert [marker.text for marker in script.markers] == ['one', 'other']
    assert [(wait.words, wait.at_most_s) for wait in script.waits] == [
        ('key yes', None),
        ('key 2', None),
        ('any key', 30.0),
        ('event marker ready', None),
        ('stimulus face_seen', None),
        ('any event', None),
    ]


COURSE = 'course: [{at_s: 1, valence: 0, arousal: 0}]'


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('stimuli: []', 'visit.yaml.duration_s: missing'),
        ('duration_s: 9', 'visit.yaml: nothing happens; expected one of stimuli, people, gaze, '),
        ('{duration_s: 9, stimulus: []}', "visit.yaml.stimulus: unknown key; did you mean 'stim"),
        ('{duration_s: 9, stimuli: praise}', 'visit.yaml.stimuli: expected a list'),
        ('{duration_s: 9, stimuli: [praise]}', 'visit.yaml.stimuli[0]: expected a mapping'),
        (
            '{duration_s: 9, stimuli: [{at_s: 10, name: praise}]}',
            'visit.yaml.stimuli[0].at_s: expected a number in [0, 9], got 10',
        ),
        (
            '{duration_s: 9, stimuli: [{at_s: 1, name: praise, force: 2}]}',
            'visit.yaml.stimuli[0].force: unknown key',
        ),
        (
            f'{{duration_s: 9, markers: [{", ".join(["{at_s: 1, text: a}"] * 1001)}]}}',
            'visit.yaml.markers: expected at most 1000, got 1001',
        ),
        (
            f'{{duration_s: 9, people: [{{from_s: 1, {COURSE}}}]}}',
            'visit.yaml.people[0].to_s: mis',
        ),
        (
            f'{{duration_s: 9, people: [{{from_s: 1, to_s: 10, {COURSE}}}]}}',
            'visit.yaml.people[0].to_s: expected a number in [1, 9], got 10',
        ),
        (
            f'{{duration_s: 9, people: [{{from_s: 1, to_s: 1, {COURSE}}}]}}',
            'visit.yaml.people[0].to_s: expected > from_s (1), got 1',
        ),
        (
            f'{{duration_s: 9, people: [{{from_s: 2, to_s: 3, {COURSE}}}]}}',
            'visit.yaml.people[0].course[0].at_s: expected a number in [2, 3], got 1',
        ),
        (
            '{duration_s: 9, people: [{from_s: 0, to_s: 3, course: []}]}',
            'visit.yaml.people[0].course: expected at least one {at_s, valence, arousal}',
        ),
        (
            '{duration_s: 9, people: [{from_s: 0, to_s: 3, course: [{at_s: 2, valence: 0, '
            'arousal: 0}, {at_s: 1, valence: 0, arousal: 0}]}]}',
            'visit.yaml.people[0].course[1].at_s: expected > 2, the one before, got 1',
        ),
        (
            '{duration_s: 9, people: [{from_s: 0, to_s: 3, course: [{at_s: 2, valence: 1.5, '
            'arousal: 0}]}]}',
            'visit.yaml.people[0].course[0].valence: expected a number in [-1, 1], got 1.5',
        ),
        (
            f'{{duration_s: 9, people: [{{from_s: 0, to_s: 3, {COURSE}}}, {{from_s: 1, to_s: 2, '
            f'{COURSE}}}]}}',
            "visit.yaml.people[1]: 'played' is in view already, as people[0] until that",
        ),
        (
            f'{{duration_s: 9, people: [{{from_s: 0, to_s: 3, id: wizard, {COURSE}}}]}}',
            'visit.yaml.people[0].id: expected a name that begins with a letter and is not wizard',
        ),
        (
            '{duration_s: 9, people: ['
            + ', '.join(f'{{from_s: 0, to_s: 3, id: a{n}, {COURSE}}}' for n in range(11))
            + ']}',
            'visit.yaml.people[0]: expected at most 10 people in view, got 11',
        ),
        ('{duration_s: 9, gaze: [{at_s: 1, x: 0}]}', 'visit.yaml.gaze[0].y: missing'),
        (
            '{duration_s: 9, gaze: [{at_s: 1, x: 0, y: 2}]}',
            'visit.yaml.gaze[0].y: expected a number in [-1, 1], got 2',
        ),
        (
            '{duration_s: 9, gaze: [{at_s: 1, look: away}]}',
            "visit.yaml.gaze[0].look: expected about, or x and y instead of it, got 'away'",
        ),
        ('{duration_s: 9, gaze: [{at_s: 1, look: about, x: 1}]}', 'visit.yaml.gaze[0].x: unknown'),
        ('{duration_s: 9, speech: [{at_s: 1}]}', 'visit.yaml.speech[0]: expected wav, a file, or'),
        (
            '{duration_s: 9, speech: [{at_s: 1, wav: hello.wav}]}',
            'visit.yaml.speech[0].wav: {folder}/hello.wav: cannot be read: No such file',
        ),
        (
            '{duration_s: 9, markers: [{at_s: 1, text: ""}]}',
            "visit.yaml.markers[0].text: expected 1 to 200 characters in one line, got ''",
        ),
        (
            '{duration_s: 9, waits: [{at_s: 1, for: kay}]}',
            "visit.yaml.waits[0].for: 'kay' cannot be awaited; did you mean 'key'?",
        ),
        (
            '{duration_s: 9, waits: [{at_s: 1, for: key, name: yes}]}',
            'visit.yaml.waits[0].name: unknown key; one of at_most_s, at_s, for, key',
        ),
        ('{duration_s: 9, waits: [{at_s: 1}]}', 'visit.yaml.waits[0].for: missing'),
    ],
)
def test_a_mistake_in_a_script_is_named_with_its_place(tmp_path, text, message):
    path = tmp_path / 'visit.yaml'
    path.write_text(text)

    with pytest.raises(ConfigError) as caught:
        read_script(path)

    assert str(caught.value).startswith(message.replace('{folder}', str(tmp_path)))
    assert '\n' not in str(caught.value)


@pytest.mark.parametrize(
    ('text', 'name', 'lines'),
    [
        ('duration_s: 9\nstimuli: []\nstimuli: []\n', 'stimuli', '2 and 3'),
        ('duration_s: 9\nstimuli:\n- name: win\n  at_s: 1\n  name: fall\n', 'name', '3 and 5'),
    ],
)
def test_a_key_that_is_written_twice_is_refused_with_its_lines(tmp_path, text, name, lines):
    path = tmp_path / 'visit.yaml'
    path.write_text(text)

    with pytest.raises(ConfigError) as caught:
        read_script(path)

    assert str(caught.value) == (
        f'{path}: {name} is written twice, in lines {lines}; keep one of them'
    )
