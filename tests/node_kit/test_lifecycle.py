# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Nodes start themselves, say why they cannot, and take only sensible parameters."""

import math

import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from rclpy.executors import SingleThreadedExecutor
from rclpy.parameter import Parameter

from node_kit import Diagnosis, ManagedNode, Setting, Unavailable
from node_kit.main import _spin


class Sample(ManagedNode):
    """A node that writes down what is asked of it."""

    TABLE = (
        Setting('gain', 1.0, 'factor', 0.0, 2.0),
        Setting('steps', 3, 'count', 1, 9),
        Setting('mode', 'soft', 'how', choices=('soft', 'hard')),
        Setting('low', 0.0, 'less than high'),
        Setting('high', 1.0, 'more than low'),
        Setting('device', 'none', 'read at start', fixed=True),
    )

    def __init__(self, problem: Exception | None = None, **options):
        self.calls = []
        self.problem = problem
        super().__init__('sample', **options)

    def on_prepare(self):
        self.calls.append('prepare')
        if self.problem:
            raise self.problem

    def on_start(self):
        self.calls.append('start')

    def on_stop(self):
        self.calls.append('stop')

    def on_release(self):
        self.calls.append('release')

    def check_settings(self, values):
        if values['low'] >= values['high']:
            raise ValueError(f'low: expected < high ({values["high"]}), got {values["low"]}')

    def on_settings(self, changed):
        self.calls.append(changed)

    def diagnose(self):
        diagnosis = Diagnosis('work', values={'gain': self.settings['gain']})
        diagnosis.warn('a little')
        diagnosis.error('a lot')
        diagnosis.warn('a little again')
        return [diagnosis]


@pytest.fixture
def executor(ros):
    executor = SingleThreadedExecutor()
    yield executor
    executor.shutdown()


def spin_until(executor, condition, timeout_s=10.0):
    clock_ends = 200
    for _ in range(clock_ends):
        if condition():
            return
        executor.spin_once(timeout_sec=timeout_s / clock_ends)
    raise AssertionError('timed out')


def test_node_activates_itself_and_ends_cleanly(ros):
    node = Sample()

    node.autostart()
    assert node.is_active
    node.close()
    node.close()

    assert node.calls == ['prepare', 'start', 'stop', 'release']


def test_autostart_can_be_left_to_others(ros):
    node = Sample(parameter_overrides=[Parameter('autostart', value=False)])

    node.autostart()

    assert not node.is_active
    assert node.calls == []


@pytest.mark.parametrize('problem', [Unavailable('no bus; enable it'), RuntimeError('a defect')])
def test_failed_transition_releases_and_can_be_tried_again(ros, problem):
    node = Sample(problem)
    node.autostart()
    assert not node.is_active
    assert node.calls == ['prepare', 'release']

    node.problem = None
    node.autostart()

    assert node.is_active


def test_deactivate_and_activate_again(ros):
    node = Sample()
    node.autostart()

    node.trigger_deactivate()
    assert not node.is_active
    node.trigger_cleanup()
    node.autostart()

    assert node.is_active
    assert node.calls == ['prepare', 'start', 'stop', 'release', 'prepare', 'start']


def test_invalid_transition_request_does_not_end_the_node(ros, executor):
    node = Sample()
    executor.add_node(node)
    node.autostart()
    helper = ros.create_node('helper')
    executor.add_node(helper)
    client = helper.create_client(ChangeState, '/sample/change_state')
    request = ChangeState.Request(transition=Transition(id=Transition.TRANSITION_CONFIGURE))
    spin_until(executor, client.service_is_ready)
    client.call_async(request)
    calls = []
    # After the refused request the node still runs its timers; the second one ends the spinning.
    helper.create_timer(0.2, lambda: calls.append(1) or len(calls) < 3 or ros.shutdown())

    _spin(executor)

    assert len(calls) == 3
    assert node.is_active


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


def test_diagnosis_shows_the_worst_problem(ros, executor):
    node = Sample()
    executor.add_node(node)
    received = []
    helper = ros.create_node('helper')
    helper.create_subscription(DiagnosticArray, '/diagnostics', received.append, 10)
    executor.add_node(helper)

    spin_until(executor, lambda: received)

    status = received[0].status[0]
    assert (status.level, status.message) == (DiagnosticStatus.ERROR, 'a lot')
    assert status.name == 'sample: work'
    assert status.values[0].value == '1.000'


class Talker(ManagedNode):
    """A node that publishes, and whose callback fails when told so."""

    def __init__(self, **options):
        super().__init__('talker', **options)

    def on_prepare(self):
        self.publisher = self.create_lifecycle_publisher(DiagnosticArray, 'said', 10)


def test_prepared_again_it_still_has_one_publisher(ros):
    node = Talker()
    for _ in range(3):
        node.autostart()
        node.trigger_deactivate()
        node.trigger_cleanup()
    node.autostart()

    assert node.count_publishers('said') == 1


def test_failing_callback_does_not_end_the_node(ros, executor):
    node = Talker()
    executor.add_node(node)
    node.autostart()
    calls = []

    def fail():
        calls.append(1)
        if len(calls) == 3:
            ros.shutdown()
        raise ZeroDivisionError('a defect')

    node.create_timer(0.01, fail)

    _spin(executor, [node])

    assert len(calls) == 3
    assert node.defects >= 2


def status_of(executor, ros, node, name):
    received = []
    helper = ros.create_node('helper')
    helper.create_subscription(DiagnosticArray, '/diagnostics', received.append, 10)
    executor.add_node(helper)

    def found():
        return [
            status
            for array in received
            for status in array.status
            if status.name == f'{node.get_name()}: {name}'
        ]

    spin_until(executor, found)
    return found()[-1]


def test_node_that_cannot_start_says_so_in_its_diagnostics(ros, executor):
    node = Sample(Unavailable('no bus; enable it'))
    executor.add_node(node)
    node.autostart()

    status = status_of(executor, ros, node, 'lifecycle')

    assert (status.level, status.message) == (DiagnosticStatus.ERROR, 'no bus; enable it')


def test_sim_time_without_a_clock_is_a_warning(ros, executor, monkeypatch):
    monkeypatch.setattr('node_kit.lifecycle.NO_CLOCK_S', -1.0)
    node = Talker(parameter_overrides=[Parameter('use_sim_time', value=True)])
    executor.add_node(node)
    node.autostart()

    status = status_of(executor, ros, node, 'lifecycle')

    assert status.level == DiagnosticStatus.WARN
    assert '/clock is silent' in status.message
