# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is given later counts more, and what would have no effect is refused."""

import pytest

from node_kit.arguments import ArgumentError, Arguments

NODE = '/emotion/state'


@pytest.fixture
def arguments(tmp_path):
    """The `Arguments` of words; files are written as {name: text}."""

    def make(*words: str, **files: str) -> Arguments:
        for name, text in files.items():
            (tmp_path / f'{name}.yaml').write_text(text)
        place = {f'{name}.yaml': str(tmp_path / f'{name}.yaml') for name in files}
        return Arguments(['program', '--ros-args', *(place.get(word, word) for word in words)])

    return make


def values(arguments: Arguments, node: str = NODE) -> dict:
    return {given.name: given.value for given in arguments.of(node)}


EVERYBODY = '/**:\n  ros__parameters: {gain: 1.0}\n'
SPECIFIC = '/**:\n  ros__parameters: {name: x}\n/**/state:\n  ros__parameters: {gain: 2.0}\n'
EXACT = '/emotion/state:\n  ros__parameters: {gain: 3.0}\n'


@pytest.mark.parametrize(
    ('words', 'gain'),
    [
        (['--params-file', 'a.yaml', '--params-file', 'b.yaml'], 2.0),
        (['--params-file', 'b.yaml', '--params-file', 'a.yaml'], 1.0),
        (['--params-file', 'c.yaml', '--params-file', 'b.yaml', '--params-file', 'c.yaml'], 3.0),
        (['--params-file', 'b.yaml', '-p', 'gain:=4.0'], 4.0),
        (['--params-file', 'c.yaml', '-p', 'state:gain:=5.0'], 5.0),
        (['-p', 'gain:=4.0', '--params-file', 'b.yaml'], 2.0),
        (['-p', '/emotion/state:gain:=6.0'], 6.0),
        (['-p', '/other/state:gain:=6.0', '--param', 'gain:=7.0'], 7.0),
    ],
)
def test_what_is_given_later_counts_more(arguments, words, gain):
    given = arguments(*words, a=EVERYBODY, b=SPECIFIC, c=EXACT)

    assert values(given)['gain'] == gain


@pytest.mark.parametrize(
    ('rule', 'value'),
    [('x:=1', 1), ('x:="1"', '1'), ('x:=1e-3', 0.001), ('x:=a:=b', 'a:=b'), ('x:=', None),
     ('x:=[1, 2]', [1, 2]), ('x:=http://host:1/', 'http://host:1/'), ('a.x:=true', True)],
)  # fmt: skip
def test_values_are_yaml(arguments, rule, value):
    assert list(values(arguments('-p', rule)).values()) == [value]


def test_what_is_no_parameter_is_left_to_ros(arguments):
    given = arguments('-r', '__ns:=/robot', '-p', 'a:=1', '--log-level', 'debug', '--',
                      '--ros-args', '--disable-rosout-logs')  # fmt: skip

    assert given.for_ros == [
        'program', '--ros-args', '-r', '__ns:=/robot', '--log-level', 'debug',
        '--disable-rosout-logs',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ('words', 'name'),
    [
        ([], '/state'),
        (['-r', '__ns:=/'], '/state'),
        (['-r', '__ns:=/a/b'], '/a/b/state'),
        (['-r', 'state:__ns:=/a', '-r', 'other:__ns:=/b'], '/a/state'),
        (['-r', '__node:=mind', '-r', '__ns:=/a'], '/a/mind'),
        (['-r', 'state:__name:=mind'], '/mind'),
        (['-r', '__ns:=/first', '-r', '__ns:=/second'], '/first/state'),
    ],
)
def test_full_names_are_those_that_ros_gives(arguments, ros, words, name):
    given = arguments(*words)

    assert given.full_name('state') == name
    context = ros.Context()
    ros.init(args=given.for_ros, context=context)
    node = ros.create_node('state', context=context)
    assert node.get_fully_qualified_name() == name
    ros.shutdown(context=context)


@pytest.mark.parametrize('own', ['-p', '--camera', 'face', '--params-file'])
def test_argument_that_ros_would_ignore_is_refused(own):
    with pytest.raises(ArgumentError, match=f"unknown argument '{own}'.*behind --ros-args"):
        Arguments(['program', own, 'output:=web', '--ros-args', '-r', '__ns:=/a'])


@pytest.mark.parametrize(
    ('words', 'problem'),
    [
        (['-p', 'gain'], "expected NAME:=VALUE or NODE:NAME:=VALUE, got 'gain'"),
        (['-p', 'x:=["'], 'is no YAML'),
        (['--params-file'], 'expected a value behind it, got none'),
    ],
)
def test_malformed_argument_is_refused(arguments, words, problem):
    with pytest.raises(ArgumentError, match=problem):
        arguments(*words)


@pytest.mark.parametrize(
    ('words', 'problem'),
    [
        (['-p', 'sate:gain:=1.0'], '-p sate:gain:=1.0: sets nothing for /emotion/state.*'
                                   'did you mean state'),
        (['--params-file', 'b.yaml'], 'b.yaml: sets nothing for /emotion/state; it is for '
                                      '/state; write /\\*\\*/state'),
        (['--params-file', 'a.yaml', '-p', 'gain:=1.0'], None),
        (['--params-file', 'c.yaml'], None),
    ],
)  # fmt: skip
def test_what_is_for_no_node_of_the_process_is_refused(arguments, words, problem):
    given = arguments(
        *words,
        a=EVERYBODY,
        b='state:\n  ros__parameters: {gain: 2.0}\n',
        c='/**/other:\n  ros__parameters: {a: 1}\n/**/state:\n  ros__parameters: {gain: 2.0}\n',
    )
    given.of(NODE)

    if problem is None:
        given.refuse_unused()
    else:
        with pytest.raises(ArgumentError, match=problem):
            given.refuse_unused()


OTHERS = """
/emotion/face: {ros__parameters: {a: 1}}
/emotion/state: {ros__parameters: {a: 1}}
/emotion/state_: {ros__parameters: {a: 1}}
"""


@pytest.mark.parametrize(
    ('nodes', 'advice'),
    [
        (['/state'], 'write /**/state'),
        (['/face'], 'write /**/face'),
        (['/r1/arm/face', '/r1/arm/state'], 'write /**/face and /**/state'),
        (['/fade'], 'did you mean fade?'),
        (['/stage'], 'did you mean stage?'),
        (['/camera'], 'it is for /emotion/face, /emotion/state, /emotion/state_'),
    ],
)
def test_advice_is_about_all_sections_of_a_file(arguments, nodes, advice):
    given = arguments('--params-file', 'a.yaml', a=OTHERS)
    for node in nodes:
        given.of(node)

    with pytest.raises(ArgumentError) as told:
        given.refuse_unused()

    assert str(told.value).endswith(f'; {advice}')


@pytest.mark.parametrize(
    ('rule', 'hint'),
    [
        ('oled_face.output:=none', '; did you mean oled_face:output?'),
        ('oled_face/output:=none', '; did you mean oled_face:output?'),
        ('state.empathy.gain:=2.0', '; did you mean state:empathy.gain?'),
        ('oled_fac.output:=none', '; did you mean oled_face:output?'),
        ('ouput:=none', '; did you mean output?'),
        ('empathy_gain:=2.0', '; did you mean empathy.gain?'),
        ('weather:=rain', ''),
    ],
)
def test_parameter_that_no_node_has_is_told_with_the_likely_one(arguments, rule, hint):
    given = arguments('-p', rule)

    lines = given.unknown({'oled_face': ['output'], 'state': ['empathy.gain', 'seed']})

    assert lines == [f'-p {rule}: ignored, as no node here has it{hint}']
