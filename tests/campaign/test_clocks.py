# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Whatever the clocks do, states and faces go on: the time of day is set, and /clock is odd."""

import random
from collections import Counter
from statistics import median
from time import monotonic

import pytest
from campaign import SEED, Figures, counts

pytest.importorskip('rclpy')

from rclpy.executors import SingleThreadedExecutor
from rclpy.parameter import Parameter
from rclpy.time import Time
from rosgraph_msgs.msg import Clock

from emotion_agent.nodes.emotion_state import EmotionStateNode
from emotion_agent.nodes.face_sketcher import FaceSketcherNode
from node_kit.qos import SENSOR_DATA
from node_kit.time import LATEST_S

START_S = 1_700_000_000.0
RATE_HZ = 50.0
SPEED = 10.0  # of the time of day here, so that a face is drawn again soon
TIMEOUT_S = 60.0
JUMPS_S = (-1e9, -86400.0 * 365, -3600.0, -3.0, -0.5, -1e-3, 0.5, 5.0, 3600.0, 86400.0, 1e8)


class Robot:
    """State and face in this process, and how often they send something."""

    def __init__(self, ros, folder, is_simulated: bool):
        self._executor = SingleThreadedExecutor()
        self.sent = Counter()
        self.nodes = [
            self._started(
                EmotionStateNode,
                is_simulated,
                publish_rate_hz=RATE_HZ,
                snapshot_path=str(folder / 'state.json'),
            ),
            self._started(FaceSketcherNode, is_simulated, decoder='parametric'),
        ]
        self._time = ros.create_node('time')
        self._executor.add_node(self._time)
        self.clock = self._time.create_publisher(Clock, '/clock', SENSOR_DATA)

    def _started(self, kind, is_simulated, **values):
        values = {'use_sim_time': is_simulated, **values}
        overrides = [Parameter(name, value=value) for name, value in values.items()]
        node = kind(namespace='clocks', parameter_overrides=overrides)
        self._executor.add_node(node)
        send = node.send

        def count(publisher, message):
            self.sent[type(message).__name__] += 1
            send(publisher, message)

        node.send = count
        node.autostart()
        assert node.is_active
        return node

    def goes_on(self, turn) -> float:
        """Wait for three states and a face; return how long that took, s."""
        states, faces = self.sent['EmotionState'] + 3, self.sent['Image'] + 1
        begun_s = monotonic()
        while self.sent['EmotionState'] < states or self.sent['Image'] < faces:
            assert monotonic() < begun_s + TIMEOUT_S, dict(self.sent)
            turn()
            self._executor.spin_once(timeout_sec=0.01)
        return monotonic() - begun_s

    def times(self) -> list[tuple[int, int]]:
        """The time of each node, and how often it was told one that cannot be."""
        return [(node.get_clock().now().nanoseconds, node.refused_messages) for node in self.nodes]

    def wait_until(self, condition) -> None:
        end_s = monotonic() + TIMEOUT_S
        while not condition():
            assert monotonic() < end_s
            self._executor.spin_once(timeout_sec=0.01)

    def is_well(self) -> bool:
        healths = [node._diagnose_lifecycle() for node in self.nodes]
        assert [node.defects for node in self.nodes] == [0, 0]
        return all(health.values['state'] == 'active' for health in healths)

    def close(self) -> None:
        for node in self.nodes:
            node.close()
            node.destroy_node()
        self._time.destroy_node()
        self._executor.shutdown()


def waits(quiet_s, waits_s) -> str:
    """Compare how long three states and a face take after a jump and without one."""
    usual_s, after_s = median(quiet_s), median(waits_s)
    assert after_s < 3 * usual_s + 0.2
    return (
        f'in {after_s:.2f} s after a jump, {usual_s:.2f} s without (medians), '
        f'at most {max(waits_s):.2f} and {max(quiet_s):.2f} s'
    )


@pytest.fixture
def start(ros, tmp_path):
    started = []

    def start(is_simulated):
        started.append(Robot(ros, tmp_path, is_simulated))
        return started[-1]

    yield start
    for robot in started:
        robot.close()


@pytest.mark.parametrize('jumps', counts(6, 100))
def test_the_time_of_day_is_set(jumps, start):
    figures, draw, robot = Figures('time of day set'), random.Random(SEED), start(False)
    offset_s, begun_s = START_S, monotonic()

    def tick():
        now_s = offset_s + SPEED * (monotonic() - begun_s)
        for node in robot.nodes:
            node.get_clock().set_ros_time_override(Time(nanoseconds=round(now_s * 1e9)))

    tick()
    for node in robot.nodes:
        node.get_clock()._set_ros_time_is_active(True)
    quiet_s, waits_s = [robot.goes_on(tick)], []
    for number in range(jumps):
        quiet_s.append(robot.goes_on(tick))
        offset_s += draw.choice(JUMPS_S)
        offset_s = offset_s if 0 < offset_s < LATEST_S - 1e6 else START_S
        if number % 3 == 0:
            robot.nodes[0]._keeper.stimulate_by_text(_text('praise'))
        waits_s.append(robot.goes_on(tick))
    figures.tell(
        jumps=jumps,
        three_states=waits(quiet_s, waits_s),
        noticed=robot.nodes[0]._keeper.counters['clock_jumps'],
    )
    assert robot.is_well()


def _text(data):
    from std_msgs.msg import String

    return String(data=data)


@pytest.mark.parametrize('jumps', counts(6, 100))
def test_clock_is_odd(jumps, start):
    figures, draw, robot = Figures('odd times on /clock'), random.Random(SEED), start(True)
    robot.wait_until(lambda: robot.clock.get_subscription_count() == len(robot.nodes))
    now_s = START_S
    odd = [(-1, 0), (-(2**31), 5), (2**31 - 1, 0), (LATEST_S + 1, 0), (5, 2**32 - 1), (0, 0)]

    def tell(sec, nanosec):
        message = Clock()
        message.clock.sec, message.clock.nanosec = sec, nanosec
        robot.clock.publish(message)

    def tick():
        nonlocal now_s
        now_s += 0.05
        tell(int(now_s), int(now_s % 1.0 * 1e9))

    quiet_s, waits_s = [robot.goes_on(tick)], []
    for number in range(jumps):
        quiet_s.append(robot.goes_on(tick))
        if number % 2:
            before = robot.times()
            tell(*draw.choice(odd))
            robot.wait_until(lambda: robot.times() != before)  # noqa: B023
        else:
            now_s += draw.choice(JUMPS_S)
            now_s = now_s if 1e6 < now_s < LATEST_S - 1e6 else START_S
        waits_s.append(robot.goes_on(tick))
    refused = sum(node.refused_messages for node in robot.nodes)
    figures.tell(jumps=jumps, three_states=waits(quiet_s, waits_s), refused=refused)
    assert robot.is_well()
    assert refused > 0
