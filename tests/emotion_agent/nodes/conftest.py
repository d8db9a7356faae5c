# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Real nodes in this process, over real DDS, and a node that stands for the rest of the robot."""

import sys
from collections import defaultdict
from pathlib import Path
from time import monotonic

import pytest

pytest.importorskip('rclpy')

from rclpy.executors import SingleThreadedExecutor
from rclpy.parameter import Parameter

from emotion_agent.nodes import affect_estimator
from node_kit.diagnostics import RateMeter
from node_kit.time import to_seconds

# What several rooms of tests share is no package of its own.
sys.path.insert(0, str(Path(__file__).parents[2]))

TIMEOUT_S = 30.0


class World:
    """Starts nodes, publishes to them and keeps what they publish."""

    def __init__(self, ros):
        self._executor = SingleThreadedExecutor()
        self._node = ros.create_node('world', namespace='emotion')
        self._executor.add_node(self._node)
        self._started = []
        self.received = defaultdict(list)

    def start(self, kind, **parameters):
        """An active node of a kind."""
        overrides = [Parameter(name, value=value) for name, value in parameters.items()]
        node = kind(namespace='emotion', parameter_overrides=overrides)
        self._executor.add_node(node)
        self._started.append(node)
        node.autostart()
        assert node.is_active
        return node

    def publisher(self, kind, topic, qos, subscribers=1):
        """A publisher that has found at least so many subscribers."""
        publisher = self._node.create_publisher(kind, topic, qos)
        self.wait_until(
            lambda: publisher.get_subscription_count() >= subscribers, f'a subscriber of {topic}'
        )
        return publisher

    def subscribe(self, kind, topic, qos):
        """Keep the messages of a topic in `received`, once its publisher is found."""
        self._node.create_subscription(kind, topic, self.received[topic].append, qos)
        name = self._node.resolve_topic_name(topic)
        self.wait_until(lambda: self._node.count_publishers(name), f'a publisher of {topic}')

    def call(self, kind, name, request):
        """The response of a service."""
        client = self._node.create_client(kind, name)
        self.wait_until(client.service_is_ready, name)
        future = client.call_async(request)
        self.wait_until(future.done, f'an answer of {name}')
        return future.result()

    def now(self):
        return self._node.get_clock().now().to_msg()

    def wait_until(self, condition, what):
        end = monotonic() + TIMEOUT_S
        while not condition():
            assert monotonic() < end, f'waited {TIMEOUT_S} s for {what}'
            self._executor.spin_once(timeout_sec=0.02)

    def close(self):
        for node in self._started:
            node.close()
            node.destroy_node()
        self._node.destroy_node()
        self._executor.shutdown()


@pytest.fixture
def world(ros):
    world = World(ros)
    yield world
    world.close()


@pytest.fixture
def tracked_faces(monkeypatch):
    """Stands for the topics of a face detector; hri_msgs is not needed."""

    class TrackedFaces:
        lists = RateMeter()
        dropped = 0
        ids = frozenset('abc')

        def __init__(self, node, on_crop, on_loss, most):
            self.said, self.crops, self.on_crop = {}, {}, on_crop
            self.says_units = []
            made.append(self)

        def show(self, **crops):
            self.crops = crops
            self.on_crop(next(iter(crops.values())).header)

        def take_crops(self):
            taken, self.crops = self.crops, {}
            return taken

        def express(self, face, header, says_units=False):
            self.said[face.id] = to_seconds(header.stamp)
            self.says_units.append(says_units)

        def close(self):
            pass

    made = []
    monkeypatch.setattr(affect_estimator, 'TrackedFaces', TrackedFaces)
    monkeypatch.setattr(affect_estimator, 'require_hri_messages', lambda parameter: None)
    return made
