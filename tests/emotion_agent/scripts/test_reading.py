# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A mistake in a script is named with its place in the file."""

import pytest

from emotion_agent.neuromodulation import ConfigError
from emotion_agent.scripts.reading import read_script
from emotion_agent.scripts.script import Script, ScriptedStimulus


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


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('stimuli: []', 'visit.yaml.duration_s: missing'),
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
    ],
)
def test_a_mistake_in_a_script_is_named_with_its_place(tmp_path, text, message):
    path = tmp_path / 'visit.yaml'
    path.write_text(text)

    with pytest.raises(ConfigError) as caught:
        read_script(path)

    assert str(caught.value).startswith(message)


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
