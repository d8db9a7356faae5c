# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A parameter file means for the replay what it means for the nodes."""

import pytest

from emotion_agent.replay.parameters import node_settings
from node_kit.settings import Setting

TABLE = (Setting('gain', 1.0, ''), Setting('empathy.gain', 1.0, ''), Setting('name', 'x', ''))


@pytest.mark.parametrize(
    ('pattern', 'is_for_us'),
    [
        ('/**', True),
        ('/**/state', True),
        ('/emotion/state', True),
        ('/emotion/*', True),
        ('/*/state', True),
        ('/*', False),
        ('/state', False),
        ('state', False),
        ('/other/state', False),
        ('/**/face', False),
    ],
)
def test_patterns_of_names(tmp_path, pattern, is_for_us):
    (tmp_path / 'params.yaml').write_text(f'{pattern}:\n  ros__parameters: {{gain: 2.0}}\n')

    settings = node_settings(tmp_path / 'params.yaml', '/emotion/state', TABLE)

    assert settings == {'gain': 2.0 if is_for_us else 1.0, 'empathy.gain': 1.0, 'name': 'x'}


def test_nested_names_and_later_sections(tmp_path):
    (tmp_path / 'params.yaml').write_text(
        '/**:\n  ros__parameters: {gain: 2.0, of_another: 1, use_sim_time: true}\n'
        'emotion:\n  state:\n    ros__parameters:\n      empathy: {gain: 3.0}\n      gain: 4.0\n'
    )

    settings = node_settings(
        tmp_path / 'params.yaml', '/emotion/state', TABLE, {'name': 'from the command line'}
    )

    assert settings == {'gain': 4.0, 'empathy.gain': 3.0, 'name': 'from the command line'}
