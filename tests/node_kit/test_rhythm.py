# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Periodic work goes on whatever the clocks do, and /clock may say anything."""

from time import monotonic

import pytest
from rclpy.duration import Duration
from rclpy.executors import SingleThreadedExecutor
from rclpy.parameter import Parameter
from rosgraph_msgs.msg import Clock

from node_kit import ManagedNode
from node_kit.executor import LeanExecutor
from node_kit.qos import SENSOR_DATA
from node_kit.time import LATEST_S

TIMEOUT_S = 30.0


class Worker(ManagedNode):
    def __init__(self, **options):
        self.count = 0
        super().__init__('worker', **options)

    def on_start(self):
        self.rhythm = self.every(0.01, self.work)

    def on_stop(self):
        self.rhythm.close()

    def work(self):
        self.count += 1

    @property
    def health(self) -> str:
        return self._diagnose_lifecycle().message


class Bench:
    def __init__(self, ros, executor):
        self.executor = executor
        self.nodes = []
        self.time = ros.create_node('time')
        self.executor.add_node(self.time)
        self.clock = self.time.create_publisher(Clock, '/clock', SENSOR_DATA)

    def start(self, is_simulated):
        node = Worker(parameter_overrides=[Parameter('use_sim_time', value=is_simulated)])
        self.executor.add_node(node)
        self.nodes.append(node)
        node.autostart()
        return node

    def close(self):
        for node in self.nodes:
            node.close()
            node.destroy_node()
        self.time.destroy_node()
        self.executor.shutdown()

    def tell(self, node, sec, nanosec=0):
        """Publish a time, and wait until it has come."""
        self.wait_until(self.clock.get_subscription_count)
        message = Clock()
        message.clock.sec, message.clock.nanosec = sec, nanosec
        before = node.get_clock().now(), node.refused_messages
        self.clock.publish(message)
        self.wait_until(lambda: (node.get_clock().now(), node.refused_messages) != before)

    def wait_until(self, condition):
        end_s = monotonic() + TIMEOUT_S
        while not condition():
            assert monotonic() < end_s
            self.executor.spin_once(timeout_sec=0.02)

    def goes_on(self, node):
        count = node.count
        self.wait_until(lambda: node.count > count + 2)
        return True


@pytest.fixture(params=[SingleThreadedExecutor, LeanExecutor])
def bench(ros, request):
    bench = Bench(ros, request.param())
    yield bench
    bench.close()


def test_a_time_of_day_that_is_set_stops_nothing(bench):
    node = bench.start(is_simulated=False)
    clock = node.get_clock()
    start = clock.now()
    clock.set_ros_time_override(start)
    clock._set_ros_time_is_active(True)  # the time of day, in the hands of this test

    for hours in (1, -1, 2):
        clock.set_ros_time_override(start + Duration(seconds=3600 * hours))
        assert bench.goes_on(node)
    assert node.health == 'active'


def test_simulated_time_drives_the_work_and_a_stop_is_said(bench, monkeypatch):
    node = bench.start(is_simulated=True)
    for number in range(1, 6):
        bench.tell(node, number)
    bench.wait_until(lambda: node.count > 3)

    monkeypatch.setattr('node_kit.rhythm.LONGEST_SILENCE_S', -1.0)
    monkeypatch.setattr('node_kit.rhythm.LONGEST_SILENCE', 0)
    assert 'the time on /clock stands still' in node.health
    count = node.count
    for _ in range(5):
        bench.executor.spin_once(timeout_sec=0.02)
    assert node.count <= count + 1  # what was due by the last time


def test_simulated_time_may_be_chosen_while_the_node_runs(bench):
    node = bench.start(is_simulated=False)
    assert bench.goes_on(node)

    node.set_parameters([Parameter('use_sim_time', value=True)])
    for number in range(1, 6):
        bench.tell(node, number)
    bench.wait_until(lambda: node.rhythm.silence_s == 0.0)
    node.set_parameters([Parameter('use_sim_time', value=False)])

    assert bench.goes_on(node)
    node.trigger_deactivate()
    count = node.count
    node.set_parameters([Parameter('use_sim_time', value=True)])  # begins nothing again
    node.set_parameters([Parameter('use_sim_time', value=False)])
    for _ in range(5):
        bench.executor.spin_once(timeout_sec=0.02)
    assert node.count == count


@pytest.mark.parametrize(
    ('sec', 'nanosec'), [(-1, 0), (-(2**31), 0), (2**31 - 1, 0), (LATEST_S + 1, 0), (5, 4 * 10**9)]
)
def test_a_time_that_cannot_be_is_one_warning_and_forgotten(bench, capfd, sec, nanosec):
    node = bench.start(is_simulated=True)
    bench.tell(node, 10)

    for _ in range(3):
        bench.tell(node, sec, nanosec)
    assert node.get_clock().now().nanoseconds == 10 * 10**9
    assert node.defects == 0
    assert f'ignored {sec} s and {nanosec} ns on /clock' in node.health

    bench.tell(node, 11)
    assert node.get_clock().now().nanoseconds == 11 * 10**9
    assert capfd.readouterr().err.count('on /clock; expected 0 to') == 1
