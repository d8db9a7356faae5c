# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is too much is refused with the limit, cut, or counted; never passed on."""

from time import perf_counter
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.executors import SingleThreadedExecutor
from rclpy.parameter import Parameter
from sensor_msgs.msg import Image
from std_msgs.msg import Header, String

from node_kit import ManagedNode, Setting, limits
from node_kit.diagnostics import Diagnosis
from node_kit.limited_yaml import LimitedLoader, YamlLimit, without_content
from node_kit.limits import (
    LINE_CHARACTERS,
    LINES_EVERY_S,
    LIST_ITEMS,
    NAME_CHARACTERS,
    SHOWN_CHARACTERS,
    VALUE_CHARACTERS,
    YAML_BYTES,
    YAML_LEVELS,
    YAML_NODES,
    BeyondLimit,
    LinesByKind,
    cut,
    excess_of,
    read_text,
    shown,
    within_limits,
)
from node_kit.parameter_files import ParameterFileError, sections
from node_kit.settings import checked
from node_kit.suggestions import did_you_mean

LONG = 'x' * 10_000_000
LAUGHS = '\n'.join(
    ['a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]']
    + [f'a{n}: &a{n} [{", ".join([f"*a{n - 1}"] * 10)}]' for n in range(1, 9)]
)


def message(**fields):
    """A message as bags have them."""
    kind = type('Kind', (SimpleNamespace,), {'__dataclass_fields__': dict.fromkeys(fields)})
    return kind(**fields)


# Messages


@pytest.mark.parametrize(
    ('content', 'words'),
    [
        (String(data='x' * (NAME_CHARACTERS + 1)), f'data has {NAME_CHARACTERS + 1} characters'),
        (Header(frame_id=LONG), 'frame_id has 10000000 characters, at most 200 are taken'),
        (Image(header=Header(frame_id=LONG)), 'frame_id has 10000000 characters'),
        (Image(encoding=LONG), 'encoding has 10000000 characters'),
        (message(faces=[message(face_id=LONG)]), 'face_id has 10000000 characters'),
        (message(ids=['a', LONG]), 'ids has 10000000 characters'),
        (message(ids=['a'] * (LIST_ITEMS + 1)), f'at most {LIST_ITEMS} are taken'),
        (message(faces=[message(x=1)] * (LIST_ITEMS + 1)), f'faces has {LIST_ITEMS + 1} items'),
    ],
)
def test_what_is_too_long_in_a_message_is_named_with_the_limit(content, words):
    assert words in excess_of(content)
    assert len(excess_of(content)) < 100


@pytest.mark.parametrize(
    'content',
    [
        String(data='x' * NAME_CHARACTERS),
        Image(header=Header(frame_id='camera'), data=bytes(10_000_000)),
        message(ids=['a'] * LIST_ITEMS, pixels=np.zeros(5000), numbers=(1.0,) * 8, none=None),
    ],
)
def test_what_is_within_the_limits_passes_whatever_its_numbers(content):
    taken = []
    within_limits(taken.append)(content)

    assert taken == [content]
    assert excess_of(content) == ''


def test_what_is_too_long_does_not_reach_a_callback():
    within_limits(lambda content: pytest.fail('it was taken'))(String(data=LONG))


# Lines


def test_what_came_from_outside_is_cut_where_it_is_repeated():
    assert cut('abc', 3) == 'abc'
    assert cut('abcd', 3) == 'ab…'
    assert shown('abc') == "'abc'"
    assert len(shown(LONG)) <= SHOWN_CHARACTERS + 2
    assert len(shown([LONG] * 3)) <= SHOWN_CHARACTERS
    assert shown(1.5) == '1.5'


def test_one_line_of_each_kind_is_written_whatever_it_says(monkeypatch):
    now_s, lines = [100.0], []
    monkeypatch.setattr(limits, 'monotonic', lambda: now_s[0])
    warn = LinesByKind(lines.append)

    for number in range(1000):
        warn('late', f'late by {number} s')
        warn('unknown', f'unknown {number}')
    assert lines == ['late by 0 s', 'unknown 0']

    now_s[0] += LINES_EVERY_S
    warn('late', 'again')
    warn('late', 'and again')
    assert lines[2:] == ['again (999 more of this kind since the last line)']

    now_s[0] += LINES_EVERY_S
    warn('unknown', LONG)
    assert len(lines[3]) < LINE_CHARACTERS + 100


def test_a_long_name_is_compared_with_nothing():
    started_s = perf_counter()
    assert did_you_mean(LONG, ['praise'] * 1000) == ''
    assert perf_counter() - started_s < 1.0


# Parameters

TABLE = (Setting('path', 'a', 'where'), Setting('kind', 'a', 'which', choices=('a', 'b')))


def test_a_value_that_is_too_long_is_refused_with_the_limit():
    assert checked(TABLE, {'path': 'x' * VALUE_CHARACTERS})
    with pytest.raises(BeyondLimit, match=f'path: expected at most {VALUE_CHARACTERS} characters'):
        checked(TABLE, {'path': LONG})


@pytest.mark.parametrize('value', [LONG, [LONG] * 5, {'a': LONG}])
@pytest.mark.parametrize('name', ['kind', 'path'])
def test_a_refused_value_is_not_repeated_at_length(name, value):
    with pytest.raises(ValueError, match=name) as refusal:
        checked(TABLE, {name: value})

    assert len(str(refusal.value)) < 400


# Files


def test_yaml_that_grows_is_refused_before_anything_is_made_of_it():
    with pytest.raises(YamlLimit, match=f'more than {YAML_NODES} values'):
        yaml.load(LAUGHS, LimitedLoader)
    with pytest.raises(YamlLimit, match=f'more than {YAML_LEVELS} lists and mappings'):
        yaml.load('[' * 500 + ']' * 500, LimitedLoader)
    with pytest.raises(YamlLimit, match=f'at most {YAML_BYTES} are read'):
        yaml.load('#' * (YAML_BYTES + 1), LimitedLoader)


@pytest.mark.parametrize('text', ['&a [*a]', 'x: 1\ny: &a {z: [1, *a]}'])
def test_a_value_that_contains_itself_is_refused(text):
    with pytest.raises(YamlLimit, match=r'line \d: an alias within what it stands for'):
        yaml.load(text, LimitedLoader)


def test_ordinary_yaml_with_aliases_is_read():
    text = 'a: &a {x: 1}\nb: {<<: *a, y: 2}\nc: [*a, *a]\n'

    assert yaml.load(text, LimitedLoader) == yaml.safe_load(text)


def test_a_file_of_parameters_passes_the_limits(tmp_path):
    file = tmp_path / 'parameters.yaml'
    for text, words in (
        (LAUGHS, 'values where its aliases are written out'),
        ('#' * (YAML_BYTES + 1), f'has more than {YAML_BYTES} bytes'),
        ('[' * 500 + ']' * 500, 'lists and mappings in each other'),
    ):
        file.write_text(text)
        with pytest.raises(ParameterFileError, match=words):
            sections(file)


def test_of_a_file_no_more_is_read_than_is_taken(tmp_path):
    (tmp_path / 'file').write_text('abcdef')

    assert read_text(tmp_path / 'file', 6) == 'abcdef'
    with pytest.raises(BeyondLimit, match='more than 5 bytes'):
        read_text(tmp_path / 'file', 5)


@pytest.mark.parametrize(
    'text', ['a: {secret', 'secret: *x', 'a\n\tsecret: 1', '!secret x', '@secret']
)
def test_what_is_no_yaml_can_be_said_without_quoting_it(text):
    with pytest.raises(yaml.YAMLError) as refusal:
        yaml.load(text, LimitedLoader)

    assert 'secret' not in without_content(refusal.value)
    assert 'line' in without_content(refusal.value)


# Nodes


class Listener(ManagedNode):
    """A node that keeps what reaches it."""

    TABLE = (Setting('path', '', 'where'),)

    def __init__(self, **options):
        self.taken = []
        super().__init__('listener', **options)

    def on_start(self):
        self.create_subscription(String, 'words', self.take, 10)

    def take(self, words):
        self.taken.append(words.data)

    def diagnose(self):
        return [Diagnosis('words', 'm' * 5000, {'path': self.settings['path'] * 2})]


@pytest.fixture
def listener(ros):
    node = Listener()
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    node.autostart()
    node.spin = lambda: executor.spin_once(timeout_sec=0.05)
    yield node
    node.close()
    executor.shutdown()
    node.destroy_node()


def until(listener, condition):
    for _ in range(400):
        if condition():
            return
        listener.spin()
    raise AssertionError('timed out')


def test_a_message_beyond_the_limits_is_counted_and_does_not_reach_a_node(listener, ros, capfd):
    speaker = ros.create_node('speaker')
    publisher = speaker.create_publisher(String, 'words', 10)
    until(listener, publisher.get_subscription_count)

    for text in ('x' * 300, 'y' * 400, 'hello'):
        publisher.publish(String(data=text))
    until(listener, lambda: listener.taken)

    assert listener.taken == ['hello']
    assert listener.refused_messages == 2
    lifecycle = listener._diagnose_lifecycle()
    assert lifecycle.values['refused'] == 2
    assert 'the last on words: data has 400 characters, at most 200' in lifecycle.message
    warnings = [line for line in ''.join(capfd.readouterr()).splitlines() if 'ignored' in line]
    assert len(warnings) == 1
    assert 'words: data has 300 characters, at most 200 are taken' in warnings[0]
    speaker.destroy_node()


def test_a_parameter_beyond_the_limits_is_refused_with_the_limit(listener):
    refused = listener.set_parameters_atomically([Parameter('path', value='x' * 100_000)])
    assert not refused.successful
    assert refused.reason == f'path: expected at most {VALUE_CHARACTERS} characters, got 100000'

    wrong = listener.set_parameters_atomically([Parameter('path', value=['x' * 1000] * 1000)])
    assert not wrong.successful
    assert len(wrong.reason) < 400


def test_texts_in_the_diagnostics_are_cut(listener, ros):
    listener.set_parameters_atomically([Parameter('path', value='x' * VALUE_CHARACTERS)])
    got = []
    reader = ros.create_node('reader')
    executor = SingleThreadedExecutor()
    executor.add_node(reader)

    def keep(array):  # rclpy cannot read the signature of `append`
        got.append(array)

    reader.create_subscription(DiagnosticArray, '/diagnostics', keep, 10)
    for _ in range(400):
        if got:
            break
        listener._diagnostics.publish()
        executor.spin_once(timeout_sec=0.05)

    (status,) = (item for item in got[0].status if item.name.endswith('words'))
    assert len(status.message) == LINE_CHARACTERS
    assert [len(pair.value) for pair in status.values] == [LINE_CHARACTERS]
    executor.shutdown()
    reader.destroy_node()


def test_what_a_node_is_configured_with_is_one_readable_line(ros, capfd):
    node = Listener(parameter_overrides=[Parameter('path', value='x' * VALUE_CHARACTERS)])
    node.trigger_configure()
    said = ''.join(capfd.readouterr())
    node.close()
    node.destroy_node()

    (line,) = (line for line in said.splitlines() if 'configured with' in line)
    assert len(line) < LINE_CHARACTERS
