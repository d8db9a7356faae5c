# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Files of parameters: sections in their order, and one line for what holds no parameters."""

from time import process_time

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
        ('/**/**/state', True),
    ],
)
def test_patterns_of_names(pattern, is_for_it):
    assert matches(pattern, '/emotion/state') is is_for_it


def test_many_wildcards_in_a_row_take_no_time():
    begin = process_time()

    assert not matches('/**' * 300 + '/face', '/emotion/state')

    assert process_time() - begin < 2


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
    'text',
    [
        '/**/state: {ros__parameters: {a: 1}}\n/**/state: {ros__parameters: {b: 2}}\n',
        '/**/state:\n  ros__parameters: {a: 1}\n  ros__parameters: {b: 2}\n',
        '/**:\n  state: {ros__parameters: {a: 1}}\n/**:\n  state: {ros__parameters: {b: 2}}\n',
        '/**:\n  state: {ros__parameters: {a: 1}}\n  state: {ros__parameters: {b: 2}}\n',
        '/**/state: {ros__parameters: {a: 1}}\n/**/state: {ros__parameters: }\n'
        '/**/state: {ros__parameters: {b: 2}}\n',
        '/**/state: {ros__parameters: {a: 0}}\n/**/state: {ros__parameters: {a: 1, b: 2}}\n',
        '/**/state: {ros__parameters: {<<: {a: 1, b: 0}, b: 2}}\n',
    ],
)
def test_sections_of_the_same_node_count_together_as_in_ros(tmp_path, text):
    file = written(tmp_path, text)

    values = {}
    for pattern, found in sections(file):
        if matches(pattern, '/state'):
            values.update(found)

    assert values == {'a': 1, 'b': 2}


@pytest.mark.parametrize(
    ('inside', 'name', 'lines'),
    [
        ('    gain: 1.0\n    rate: 2.0\n    gain: 3.0\n', 'gain', '3 and 5'),
        ('    "gain": 1.0\n    gain: 1.0\n', 'gain', '3 and 4'),
        ('    a: {b: 1}\n    a: {c: 1, b: 2}\n', 'a.b', '3 and 4'),
        ('    a.b: 1\n    a: {b: 2}\n', 'a.b', '3 and 4'),
        ('    {a: 1, a: 2}\n', 'a', '3 and 3'),
    ],
)
def test_parameter_twice_in_one_section_is_refused_with_its_lines(tmp_path, inside, name, lines):
    file = written(tmp_path, f'/**/state:\n  ros__parameters:\n{inside}')

    with pytest.raises(ParameterFileError) as told:
        sections(file)

    assert str(told.value) == (
        f'{file}: /**/state: {name} is written twice, in lines {lines}; keep one of them'
    )


def test_section_that_misses_its_node_is_named_once(tmp_path):
    file = written(
        tmp_path,
        '/**/sate: {ros__parameters: {a: 1}}\n/**/sate: {ros__parameters: {b: 2}}\n',
    )

    assert without_a_node(file, ['/state']) == ['/**/sate']


def test_groups_of_parameters_that_come_twice_count_together(tmp_path):
    file = written(tmp_path, '/**:\n  ros__parameters:\n    a: {b: 1}\n    a: {c: 2}\n')

    assert sections(file) == [('/**', {'a.b': 1, 'a.c': 2})]


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        ('', 'sets nothing'),
        ('a', 'sets nothing'),
        ('emotion:\n  time_scale: 2.0\n', 'sets nothing'),
        ('/**:\n  ros__parameters:\n    # all of it is a comment\n', 'sets nothing'),
        ('/**:\n  ros__parameters: 3\n', 'expected names and values, got 3'),
        ('a: [', 'while parsing'),
        ('/**:\n  ros__parameters: {a: 2026-13-45}\n', 'month'),
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
