# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Parameters of a node are described, checked as a whole, and passed on when they change."""

import math

import pytest
from rclpy.parameter import Parameter

from node_kit import ManagedNode, Setting


class Sample(ManagedNode):
    """A node that records the changes of its parameters."""

    TABLE = (
        Setting('gain', 1.0, 'factor', 0.0, 2.0),
        Setting('steps', 3, 'count', 1, 9),
        Setting('mode', 'soft', 'how', choices=('soft', 'hard')),
        Setting('low', 0.0, 'less than high'),
        Setting('high', 1.0, 'more than low'),
        Setting('device', 'none', 'read at start', fixed=True),
    )

    def __init__(self, **options):
        self.calls = []
        super().__init__('sample', **options)

    def check_settings(self, values):
        if values['low'] >= values['high']:
            raise ValueError(f'low: expected < high ({values["high"]}), got {values["low"]}')

    def on_settings(self, changed):
        self.calls.append(changed)


@pytest.mark.parametrize(
    ('name', 'value', 'words'),
    [
        ('gain', 2.5, 'gain'),
        ('gain', math.nan, 'gain'),
        ('steps', 10, 'steps'),
        ('mode', 'loud', "mode: expected one of 'soft', 'hard', got 'loud'"),
        ('low', 5.0, 'low: expected < high (1.0), got 5.0'),
        ('device', 'i2c', 'read-only'),
        ('gain', 'much', ''),
    ],
)
def test_bad_change_is_refused_and_the_old_value_kept(ros, name, value, words):
    node = Sample()
    before = node.settings[name]

    (result,) = node.set_parameters([Parameter(name, value=value)])

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
