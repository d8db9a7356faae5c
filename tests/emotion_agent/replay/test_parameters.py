# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A parameter file means for the replay what it means for the nodes."""

from pathlib import Path

import pytest

from emotion_agent.replay.parameters import (
    TABLES,
    Given,
    ParameterError,
    read_files,
    replay_settings,
)
from emotion_agent.replay.sources import Names

SCALE = 'ros__parameters: {time_scale: 2.0}'


@pytest.fixture
def file(tmp_path):
    """A file with this text."""

    def write(text: str, name: str = 'params.yaml') -> Path:
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return write


@pytest.mark.parametrize(
    ('pattern', 'is_for_us'),
    [
        ('/**', True),
        ('/**/emotion_state', True),
        ('/emotion/emotion_state', True),
        ('/emotion/*', True),
        ('/*/emotion_state', True),
        ('/*', False),
        ('/emotion_state', False),
        ('emotion_state', False),
        ('/other/emotion_state', False),
        ('/**/oled_face', False),
    ],
)
def test_patterns_of_names(file, pattern, is_for_us):
    path = file(f'{pattern}:\n  {SCALE}\n')

    if is_for_us:
        assert read_files([path], Names()).values['emotion_state'] == {'time_scale': 2.0}
    else:
        with pytest.raises(ParameterError, match=r'params\.yaml: sets nothing for /emotion/'):
            read_files([path], Names())


def test_nested_names_later_sections_and_later_files(file):
    first = file(
        '/**:\n  ros__parameters: {time_scale: 2.0, of_another: 1, use_sim_time: true}\n'
        'emotion:\n  emotion_state:\n    ros__parameters:\n      empathy: {gain: 3.0}\n'
        '      time_scale: 4.0\n'
    )
    second = file('/**/emotion_state:\n  ros__parameters: {empathy.gain: 5.0}\n', 'b.yaml')

    given = read_files([first, second], Names())

    assert given.values['emotion_state'] == {'time_scale': 4.0, 'empathy.gain': 5.0}
    assert given.remarks == []


TEMPERAMENT = 'emotion: {time_scale: 2.0}'
SCRIPT = 'duration_s: 60\nstimuli: [{at_s: 1, name: praise}]'


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        (TEMPERAMENT, 'it seems to be a temperament: write --temperament '),
        (SCRIPT, 'it seems to be a script of stimuli'),
        ('', 'sets nothing'),
        ('[1, 2]', 'sets nothing'),
        ('a: {b: [', 'params.yaml'),
        (f'/**/emotion_stat: {{{SCALE}}}', 'did you mean emotion_state?'),
        (f'/other/emotion_state: {{{SCALE}}}', 'write /**/emotion_state'),
        ('/**/oled_face: {ros__parameters: {contrast: 3}}', 'it is for /**/oled_face'),
        (
            '/**: {ros__parameters: {use_sim_time: true}}',
            'sets nothing but use_sim_time, which means nothing in a replay',
        ),
        ('/**: {ros__parameters: {temperamnt: calm}}', 'did you mean temperament?'),
        ('/**/emotion_state: {ros__parameters: {temperamnt: calm}}', 'did you mean temperament?'),
        ('/**/emotion_state: {ros__parameters: {time_scale: 2}}', 'time_scale: expected a number'),
        ('/**/emotion_state: {ros__parameters: {time_scale: 0.0}}', 'expected 0.01 to 1000'),
    ],
)
def test_a_file_that_does_not_do_what_was_meant_is_refused(file, text, words):
    with pytest.raises(ParameterError) as refused:
        read_files([file(text)], Names())

    assert words in str(refused.value)
    assert 'params.yaml' in str(refused.value)
    assert '\n' not in str(refused.value)


@pytest.mark.parametrize('stray', ['/**/emotion_stat', '/other/emotion_state'])
def test_a_section_beside_a_good_one_that_is_for_nobody_is_said(file, stray):
    path = file(f'/**/face_sketcher: {{ros__parameters: {{seed: 3}}}}\n{stray}: {{{SCALE}}}\n')

    (remark,) = read_files([path], Names()).remarks

    assert f'{stray} is for none of the nodes' in remark
    assert 'emotion_state' in remark


def test_what_is_given_counts_more_than_what_was_recorded():
    given, problems = Given(), []
    given.values['emotion_state']['time_scale'] = 3.0
    recorded = {
        'emotion_state': {'time_scale': 2.0, 'face_events': False, 'of_long_ago': 1},
        'face_sketcher': {'rate_hz': -1.0, 'seed': 4},
        'oled_face': {'contrast': 1},
    }

    settings = replay_settings(recorded, given, problems)

    assert set(settings) == set(TABLES)
    assert settings['emotion_state']['time_scale'] == 3.0
    assert settings['emotion_state']['face_events'] is False
    assert settings['face_sketcher']['seed'] == 4
    assert settings['face_sketcher']['rate_hz'] == 25.0
    assert problems == ['recorded face_sketcher: rate_hz: expected 1 to 60, got -1.0']


def test_how_the_face_lives_is_read_and_contradictions_are_refused(file):
    own = '{life: {preset: calm, blink_rate: 9.0}}'
    given = read_files([file(f'/**/face_sketcher:\n  ros__parameters: {own}\n')], Names())
    recorded = {'face_sketcher': {'life.glances': 0.2}}

    settings = replay_settings(recorded, given, [])['face_sketcher']
    assert settings['life.preset'] == 'calm'
    assert (settings['life.blink_rate'], settings['life.glances']) == (9.0, 0.2)
    assert settings['life.breath_px'] == -1.0

    with pytest.raises(ParameterError, match=r'face_sketcher: life.\*: glance_least_s must be <='):
        replay_settings({'face_sketcher': {'life.glance_least_s': 5.0}}, given, [])
    between = file('/**/face_sketcher:\n  ros__parameters: {life.blink_rate: -0.5}\n')
    with pytest.raises(ParameterError, match='expected 0 to 30, or -1, got -0.5'):
        read_files([between], Names())
