# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Files of parameters: sections in their order, and one line for what holds no parameters."""

import pytest

from node_kit.parameter_files import ParameterFileError, matches, sections, without_a_node


def written(folder, text):
    (folder / 'mine.yaml').write_text(text)
    return folder / 'mine.yaml'


@pytest.mark.parametrize(
    ('pattern', 'is_for_it'),
    [
        ('/**', True),
        ('/**/state', True),
        ('/emotion/state', True),
        ('/emotion/*', True),
        ('/*/state', True),
        ('/*', False),
        ('/state', False),
        ('/other/state', False),
        ('/**/face', False),
    ],
)
def test_patterns_of_names(pattern, is_for_it):
    assert matches(pattern, '/emotion/state') is is_for_it


def test_sections_come_in_their_order_with_flat_names(tmp_path):
    file = written(
        tmp_path,
        '/**:\n  ros__parameters: {gain: 1e3, use_sim_time: true}\n'
        'emotion:\n  state:\n    ros__parameters:\n      empathy: {gain: 3.0}\n'
        '  face:\n    ros__parameters:\n      # rate_hz: 5.0\n',
    )

    assert sections(file) == [
        ('/**', {'gain': 1000.0, 'use_sim_time': True}),
        ('/emotion/state', {'empathy.gain': 3.0}),
    ]
    assert without_a_node(file, ['/emotion/face', '/other']) == ['/emotion/state']


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        ('', 'sets nothing'),
        ('a', 'sets nothing'),
        ('emotion:\n  time_scale: 2.0\n', 'sets nothing'),
        ('/**:\n  ros__parameters:\n    # all of it is a comment\n', 'sets nothing'),
        ('/**:\n  ros__parameters: 3\n', 'expected names and values, got 3'),
        ('a: [', 'while parsing'),
        ('a: b: c', 'mapping values are not allowed here'),
    ],
)
def test_file_without_parameters_is_told_in_one_line(tmp_path, text, words):
    file = written(tmp_path, text)

    with pytest.raises(ParameterFileError, match=words) as told:
        sections(file)

    assert str(told.value).startswith(f'{file}: ')
    assert '\n' not in str(told.value)


@pytest.mark.parametrize('kind', ['missing', 'folder', 'picture'])
def test_file_that_cannot_be_read_is_told_in_one_line(tmp_path, kind):
    file = tmp_path / kind
    if kind == 'folder':
        file.mkdir()
    elif kind == 'picture':
        file.write_bytes(b'\x89PNG\r\n\x1a\n\xff\xfe')

    with pytest.raises(ParameterFileError) as told:
        sections(file)

    assert str(told.value).startswith(f'{file}: ')
    assert '\n' not in str(told.value)
