# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Whatever comes into the nodes: no exception, no number that is none comes out, memory stays.

The nodes are real and in this process; messages are given to the callbacks of their
subscriptions, which are what the executor calls, and the time is in the hands of the test.
"""

import math
import random
from array import array
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from campaign import SEED, Figures, counts, resident_mb

pytest.importorskip('rclpy')

from rcl_interfaces.srv import SetParameters
from rclpy.parameter import Parameter
from rclpy.time import Time
from std_srvs.srv import Trigger
from wild import Wild

from emotion_agent.nodes.affect_estimator import AffectEstimatorNode
from emotion_agent.nodes.emotion_state import EmotionStateNode
from emotion_agent.nodes.face_sketcher import FaceSketcherNode
from node_kit.images import ImageError
from oled_face.node import OledFaceNode

START_S = 1.7e9
MOST_GROWTH_MB = 40
TOLD_EVERY = 50_000
NODES = {
    EmotionStateNode: {},
    FaceSketcherNode: {'decoder': 'parametric', 'mirror': 1.0},
    AffectEstimatorNode: {'detector': 'haar'},
    OledFaceNode: {'output': 'none'},
}


class Robot:
    """
    All nodes, each in a namespace of its own, and what they send.

    Attributes:
        inputs: callbacks by the last part of their topic.
        sent: how many messages of which type.
    """

    def __init__(self, folder):
        self.now_s = START_S
        self.sent = Counter()
        self.nodes = [self._started(kind, folder, values) for kind, values in NODES.items()]
        self.state, self.sketcher, self.estimator, self.display = self.nodes
        self.estimator._worker.close()
        self.estimator._worker = SimpleNamespace(offer=self._look, close=lambda: True, dropped=0)
        self.inputs = {
            sub.topic_name.split('/', 2)[2]: sub.callback
            for node in self.nodes
            for sub in node.subscriptions
        }
        also = self.inputs['human_affect']  # both take the faces
        takers = [
            sub.callback
            for node in (self.state, self.sketcher)
            for sub in node.subscriptions
            if sub.topic_name.endswith('human_affect')
        ]
        assert also in takers
        self.inputs['human_affect'] = lambda message: [take(message) for take in takers]

    def _started(self, kind, folder, values):
        if kind is EmotionStateNode:
            values = {**values, 'snapshot_path': str(folder / 'state.json')}
        overrides = [Parameter(name, value=value) for name, value in values.items()]
        node = kind(namespace=f'of_{kind.__name__.lower()}', parameter_overrides=overrides)
        clock = node.get_clock()
        clock.set_ros_time_override(Time(seconds=self.now_s))
        clock._set_ros_time_is_active(True)
        publish = node.send
        node.send = lambda publisher, message: self._check(publish, publisher, message)
        node.autostart()
        assert node.is_active
        return node

    def go_on(self, seconds):
        self.now_s += seconds
        for node in self.nodes:
            node.get_clock().set_ros_time_override(Time(seconds=self.now_s))

    def take(self, topic, message):
        self.inputs[topic](message)

    def told(self):
        """Figures of all that came of it."""
        counters = self.state._keeper.counters
        return {
            'beyond_a_limit': sum(node.refused_messages for node in self.nodes),
            'malformed_images': self.estimator._malformed,
            'counters': {name: count for name, count in counters.items() if count},
            'sent': dict(self.sent),
        }

    def is_well(self):
        told = self.told()
        assert [node.defects for node in self.nodes] == [0] * len(self.nodes)
        assert self.state._keeper.engine.read(self.now_s).intensity <= 1.0
        assert min(told['beyond_a_limit'], *map(told['counters'].get, ('accepted', 'observed')))
        return set(self.sent) > {'EmotionState', 'Stimulus', 'Image', 'FaceAffectArray'}

    def _look(self, item):
        """As the thread of the estimator, but only what is no picture is expected to fail."""
        try:
            self.estimator._read_image(item)
        except ImageError as error:
            self.estimator._count_failure(error)

    def _check(self, publish, publisher, message):
        assert all(map(math.isfinite, numbers_of(message))), message
        self.sent[type(message).__name__] += 1
        publish(publisher, message)

    def close(self):
        for node in self.nodes:
            node.close()
            node.destroy_node()


def numbers_of(message):
    """All floats of a message."""
    for name, kind in message.get_fields_and_field_types().items():
        value = getattr(message, name)
        if kind in ('float', 'double'):
            yield value
        elif isinstance(value, np.ndarray | array):
            yield from value.tolist()
        elif kind.startswith('sequence<emotion'):
            for item in value:
                yield from numbers_of(item)
        elif hasattr(value, 'get_fields_and_field_types'):
            yield from numbers_of(value)


def set_by_network(node, given):
    """What the service of a node answers who sets its parameters."""
    request = SetParameters.Request(parameters=[item.to_parameter_msg() for item in given])
    return service(node, 'set_parameters')(request, SetParameters.Response()).results


def service(node, name):
    """What a service of a node calls."""
    return next(one.callback for one in node.services if one.srv_name.endswith(f'/{name}'))


@pytest.fixture
def robot(ros, tmp_path):
    robot = Robot(tmp_path)
    yield robot
    robot.close()


def something_else(robot, wild):
    """What happens beside messages: time, ticks, parameters, services, diagnostics."""
    draw = wild.draw
    robot.go_on(draw.expovariate(100.0))
    if draw.random() < 1e-3:
        robot.go_on(draw.choice([-3600.0, -5.0, -1e-3, 3.0, 86400.0]))
    if draw.random() < 0.05:
        robot.state._keeper.tick()
        robot.sketcher._sketcher.tick()
    if draw.random() < 0.02:
        node = draw.choice(robot.nodes)
        given = [wild.parameter(node.TABLE) for _ in range(draw.choice([1, 1, 3]))]
        for result in set_by_network(node, given):
            assert result.successful or result.reason
    if draw.random() < 2e-3:
        for node in robot.nodes:
            for diagnosis in [*node.diagnose(), node._diagnose_lifecycle()]:
                assert diagnosis.message
    if draw.random() < 2e-3:
        assert service(robot.sketcher, 'draw_me')(Trigger.Request(), Trigger.Response()).message
    if draw.random() < 2e-4:
        for node, name in ((robot.state, 'reset'), (robot.state, 'save'), (robot.display, 'wake')):
            assert service(node, name)(Trigger.Request(), Trigger.Response()).success


@pytest.mark.parametrize('messages', counts(1500, 1_000_000))
def test_whatever_comes_in(messages, robot):
    figures, came = Figures('messages in process'), Counter()
    draw = random.Random(SEED)
    wild = Wild(draw, lambda: robot.now_s)
    for number in range(1, messages + 1):
        kind, topic = draw.choice(wild.KINDS)
        message = wild.message(kind)
        something_else(robot, wild)
        robot.take(topic, message)
        if topic == 'face_image':
            try:
                robot.display._to_frame(message)
            except ImageError:
                came['no picture for the panel'] += 1
        came[topic] += 1
        if number == min(messages // 5, TOLD_EVERY // 2):
            warm_mb = resident_mb()
        elif number % TOLD_EVERY == 0 or number == messages:
            grown_mb = resident_mb() - warm_mb
            figures.tell(
                messages=number, came=dict(came), **robot.told(), grown_mb=f'{grown_mb:.1f}'
            )
            assert grown_mb < MOST_GROWTH_MB
            assert robot.is_well()
