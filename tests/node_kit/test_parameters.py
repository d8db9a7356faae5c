# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Parameters of a node are described, checked as a whole, and passed on when they change."""

import math

import pytest
from rclpy.parameter import Parameter
from rclpy.publisher import Publisher

from node_kit import ManagedNode, Setting
from node_kit.arguments import Arguments
from node_kit.settings import checked


class Sample(ManagedNode):
    """A node that records the changes of its parameters."""

    TABLE = (
        Setting('gain', 1.0, 'factor', 0.0, 2.0),
        Setting('steps', 3, 'count', 1, 9),
        Setting('rate', -1.0, 'of blinks; -1 = as usual', 2.0, 30.0, special=-1.0),
        Setting('mode', 'soft', 'how', choices=('soft', 'hard')),
        Setting('low', 0.0, 'less than high'),
        Setting('high', 1.0, 'more than low'),
        Setting('device', 'none', 'read at start', fixed=True),
    )

    def __init__(self, **options):
        self.calls = []
        super().__init__('sample', **options)

    def check_settings(self, values, given):
        if values['low'] >= values['high']:
            raise ValueError(f'low: expected < high ({values["high"]}), got {values["low"]}')

    def on_settings(self, changed):
        self.calls.append(changed)


def test_what_is_as_usual_is_not_worth_saying(ros):
    node = Sample()
    said = node.settings.worth_saying()
    node.set_parameters([Parameter('rate', value=3.0)])
    changed = node.settings.worth_saying()
    node.destroy_node()

    assert 'rate' not in said
    assert set(said) == set(node.settings) - {'rate'}
    assert changed['rate'] == 3.0


@pytest.mark.parametrize(
    ('name', 'value', 'words'),
    [
        ('gain', 2.5, 'gain'),
        ('gain', math.nan, 'gain'),
        ('steps', 10, 'steps'),
        ('rate', -0.5, 'rate: expected 2 to 30, or -1, got -0.5'),
        ('rate', 30.5, 'rate'),
        ('mode', 'loud', "mode: expected one of 'soft', 'hard', got 'loud'"),
        ('low', 5.0, 'low: expected < high (1.0), got 5.0'),
        ('device', 'i2c', 'read-only'),
        ('gain', 'much', "gain: expected a number with a decimal point, got 'much'"),
        ('gain', 2, 'gain: expected a number with a decimal point, got 2; write 2.0'),
        ('steps', 3.0, 'steps: expected a whole number, got 3.0; write 3'),
    ],
)
def test_bad_change_is_refused_and_the_old_value_kept(ros, name, value, words):
    node = Sample()
    before = node.settings[name]

    result = node.set_parameters_atomically([Parameter(name, value=value)])

    assert not result.successful
    assert words in result.reason
    assert node.settings[name] == before
    assert node.calls == []


def test_good_change_is_applied_and_told_once(ros):
    node = Sample()

    (result,) = node.set_parameters([Parameter('gain', value=0.5)])

    assert result.successful
    assert node.settings['gain'] == 0.5
    assert node.calls == [{'gain'}]


def test_a_special_value_beside_the_range_is_taken(ros):
    node = Sample()

    answers = node.set_parameters([Parameter('rate', value=each) for each in (2.0, -1.0)])

    assert all(answer.successful for answer in answers)
    assert node.calls == [{'rate'}] * 2
    described = node.describe_parameter('rate')
    assert described.floating_point_range[0].from_value == -1.0
    assert described.additional_constraints == '2 to 30, or -1'


@pytest.mark.parametrize('overrides', [{'mode': 'loud'}, {'gain': math.inf}, {'low': 3.0}])
def test_bad_value_at_start_is_refused(ros, overrides):
    parameters = [Parameter(name, value=value) for name, value in overrides.items()]

    with pytest.raises(Exception, match=next(iter(overrides))):
        Sample(parameter_overrides=parameters)


def test_every_parameter_says_what_it_is(ros):
    node = Sample()

    for name in node.settings:
        assert node.describe_parameter(name).description
    assert node.describe_parameter('device').read_only
    assert node.describe_parameter('gain').floating_point_range[0].to_value == 2.0
    assert node.describe_parameter('steps').integer_range[0].to_value == 9


@pytest.mark.parametrize(
    'given', [{'gain': 1}, {'gain': 3.0}, {'steps': '3'}, {'mode': 'loud'}, {'device': 0},
              {'autostart': 'yes'}, {'use_sim_time': 'yes'}],
)  # fmt: skip
def test_node_and_table_refuse_a_value_in_the_same_words(ros, tmp_path, given):
    table = (*Sample.TABLE, Setting('autostart', True, ''), Setting('use_sim_time', False, ''))
    ((name, value),) = given.items()
    with pytest.raises(ValueError, match=name) as by_table:
        checked(table, given)
    file = tmp_path / 'mine.yaml'
    file.write_text(f'/sample:\n  ros__parameters: {{{name}: {value!r}}}\n')
    ways = [{'arguments': Arguments(['program', '--ros-args', '--params-file', str(file)])}]
    if name != 'use_sim_time':
        ways.append({'parameter_overrides': [Parameter(name, value=value)]})

    for way in ways:
        with pytest.raises(ValueError, match=name) as by_node:
            Sample(**way)
        assert str(by_node.value) == str(by_table.value)


@pytest.fixture
def said(monkeypatch):
    """(level, line) of everything that nodes log."""
    from rclpy.impl.rcutils_logger import RcutilsLogger

    lines = []
    for level in ('info', 'warning'):
        monkeypatch.setattr(
            RcutilsLogger, level, lambda _, line, level=level, **__: lines.append((level, line))
        )
    return lines


@pytest.mark.parametrize(
    ('text', 'lines'),
    [
        ('/sample:\n  ros__parameters: {gian: 1.5}',
         [('warning', 'ignored gian, which is no parameter of this node; did you mean gain?')]),
        ('/sample:\n  ros__parameters: {weather: fine}',
         [('warning', 'ignored weather, which is no parameter of this node')]),
        ('/**:\n  ros__parameters: {stesp: 2}',
         [('warning', 'ignored stesp, which is no parameter of this node; did you mean steps? '
                      '(it stands under /**)')]),
        ('/**:\n  ros__parameters: {rate_hz: 2.0}',
         [('info', 'rate_hz, which stands under /**, is no parameter of this node')]),
        ('/sample:\n  ros__parameters: {gain: 1.5, autostart: false, use_sim_time: true,'
         ' start_type_description_service: true, qos_overrides./tf.publisher.depth: 3}', []),
        ('/other:\n  ros__parameters: {gian: 1.5}\n/sample:\n  ros__parameters: {gain: 1.5}', []),
    ],
)  # fmt: skip
def test_unknown_parameter_in_a_file_is_told_with_the_likely_one(ros, said, tmp_path, text, lines):
    file = tmp_path / 'mine.yaml'
    file.write_text(text)

    Sample(arguments=Arguments(['program', '--ros-args', '--params-file', str(file)]))

    assert said == [(level, f'{file}: {line}') for level, line in lines]


def test_unknown_parameter_of_a_composed_node_is_told(ros, said):
    Sample(parameter_overrides=[Parameter('gian', value=1.5)])

    assert said == [
        ('warning', 'ignored gian, which is no parameter of this node; did you mean gain?')
    ]


def test_what_was_given_to_the_process_reaches_the_node(ros, tmp_path):
    file = tmp_path / 'mine.yaml'
    file.write_text('/**:\n  ros__parameters: {gain: 0.5, use_sim_time: true}')
    rules = ('-p', 'steps:=4', '-p', 'sample:mode:=hard')

    node = Sample(
        arguments=Arguments(['program', '--ros-args', '--params-file', str(file), *rules])
    )

    assert (node.settings['gain'], node.settings['steps'], node.settings['mode']) == (
        0.5, 4, 'hard',
    )  # fmt: skip
    assert node.get_parameter('use_sim_time').value is True


def test_on_the_command_line_a_number_is_text_where_text_is_expected(ros):
    words = ('-p', 'device:=0', '-p', 'sample:mode:=soft')

    node = Sample(arguments=Arguments(['program', '--ros-args', *words]))

    assert node.settings['device'] == '0'


ADDRESS = 'rtsp://someone:SECRET@camera:554/x?channel=1&pwd=SECRET'
PUBLIC = 'rtsp://camera:554/x?channel=1&pwd=…'


class Streaming(ManagedNode):
    """A node with an address."""

    TABLE = (
        Setting('source', 'none', 'what is shown', fixed=True),
        Setting('other', 'none', 'what is shown as well'),
        Setting('rate_hz', 1.0, 'how often'),
        Setting('mode', 'soft', 'how', choices=('soft', 'hard')),
        Setting('page.token', '', 'who may look'),
    )


def test_nothing_but_a_request_for_it_tells_the_user_and_password_of_an_address(
    ros, said, monkeypatch
):
    published = []
    publish = Publisher.publish
    monkeypatch.setattr(
        Publisher,
        'publish',
        lambda self, m: (published.append((self.topic_name, m)), publish(self, m)),
    )
    given = [Parameter('source', value=ADDRESS), Parameter('page.token', value='SECRET')]
    node = Streaming('streaming', parameter_overrides=given)
    node.autostart()
    node.set_parameters([Parameter('page.token', value='SECRET too')])
    results = node.set_parameters(
        [Parameter(name, value=ADDRESS) for name in ('other', 'source', 'rate_hz', 'mode')]
    )

    assert [result.successful for result in results] == [True, False, False, False]
    told = [*map(str, said), *(result.reason for result in results), *map(str, published)]
    assert not [text for text in told if 'SECRET' in text or 'someone' in text]
    assert f'source={PUBLIC!r}' in str(said)
    assert "page.token='…'" in str(said)
    for topic in ('/parameters', '/parameter_events'):
        assert PUBLIC in str([message for name, message in published if name == topic])
    assert [value.value for value in node.get_parameters(['source', 'other'])] == [ADDRESS] * 2
    assert node.settings['source'] == ADDRESS


def test_no_refused_argument_is_repeated_with_its_password(ros):
    def start(*given):
        arguments = Arguments(['program', '--ros-args', *given])
        Streaming('streaming', arguments=arguments)
        lines = arguments.unknown({'streaming': {'source'}})
        arguments.refuse_unused()
        raise ValueError(lines)

    for given in (
        *(('-p', f'{name}:={ADDRESS}') for name in ('sorce', '/other:source', 'mode', 'rate_hz')),
        ('-p', f'source:={{{ADDRESS}'),
        ('-p', ADDRESS),
        ('--', ADDRESS),
    ):
        with pytest.raises(ValueError, match='camera:554') as refusal:
            start(*given)
        assert 'SECRET' not in str(refusal.value)
        assert 'someone' not in str(refusal.value)
