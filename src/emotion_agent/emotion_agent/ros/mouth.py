# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Moves the mouth of the face of one agent."""

from rclpy.node import Node
from std_msgs.msg import Float32

from node_kit.publishing import publish
from node_kit.qos import EVENT

FACE = 'face_sketcher'  # the node that draws the mouth


class Mouth:
    """A publisher of openings. Methods may be called from any thread, and do not block."""

    def __init__(self, node: Node, topic: str):
        self._node = node
        self._publisher = node.create_publisher(Float32, topic, EVENT)

    @property
    def topic(self) -> str:
        """Its whole name."""
        return self._publisher.topic_name

    def open(self, opening: float) -> None:
        """Open it so far, [0, 1]."""
        publish(self._node, self._publisher, Float32(data=opening))

    def is_drawn(self) -> bool:
        """Whether a face gets what is published; a recorder alone is none."""
        if not self._node.context.ok():
            return False
        found = self._node.get_subscriptions_info_by_topic(self.topic)
        is_there = any(info.node_name == FACE for info in found)
        return is_there and self._publisher.get_subscription_count() >= len(found)

    def close(self) -> None:
        """Destroy the publisher."""
        self._node.destroy_publisher(self._publisher)
