# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Nodes activate themselves, and say why if they cannot."""

import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rclpy.executors import SingleThreadedExecutor
from rclpy.parameter import Parameter

from node_kit import Diagnosis, ManagedNode, Setting, Unavailable


class Sample(ManagedNode):
    """A node that records the calls of its methods."""

    TABLE = (Setting('gain', 1.0, 'factor', 0.0, 2.0),)

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


def test_diagnosis_shows_every_problem_the_worst_first(ros, executor):
    node = Sample()
    executor.add_node(node)
    received = []
    helper = ros.create_node('helper')
    helper.create_subscription(DiagnosticArray, '/diagnostics', received.append, 10)
    executor.add_node(helper)

    spin_until(executor, lambda: received)

    status = received[0].status[0]
    assert status.level == DiagnosticStatus.ERROR
    assert status.message == 'a lot; a little; a little again'
    assert status.name == 'sample: work'
    assert status.values[0].value == '1.000'


class Talker(ManagedNode):
    """A node that publishes."""

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


class Breaks(ManagedNode):
    """A node whose transitions fail as `problems` says."""

    def __init__(self, **problems: Exception):
        self.problems = problems
        super().__init__('breaks')

    def on_prepare(self):
        self.fail('prepare')

    def on_start(self):
        self.fail('start')

    def on_release(self):
        self.fail('release')

    def fail(self, what):
        if what in self.problems:
            raise self.problems[what]

    def failures(self):
        return self._diagnose_lifecycle().message


def test_every_failed_transition_is_reported_also_a_defect(ros):
    node = Breaks(prepare=Unavailable('no bus; enable it'), release=KeyError('port'))

    node.autostart()

    expected = "no bus; enable it; cannot release, a defect: KeyError('port'); see the log"
    assert node.failures() == expected


def test_failure_is_reported_until_the_transition_succeeds(ros):
    node = Breaks(start=Unavailable('no camera; plug it in'))
    node.autostart()
    assert node.failures() == 'no camera; plug it in'

    node.problems.clear()
    node.trigger_activate()

    assert node.failures() == 'active'


def test_sim_time_without_a_clock_is_a_warning(ros, executor, monkeypatch):
    monkeypatch.setattr('node_kit.lifecycle.NO_CLOCK_S', -1.0)
    node = Talker(parameter_overrides=[Parameter('use_sim_time', value=True)])
    executor.add_node(node)
    node.autostart()

    status = status_of(executor, ros, node, 'lifecycle')

    assert status.level == DiagnosticStatus.WARN
    assert 'nothing is published on /clock' in status.message
