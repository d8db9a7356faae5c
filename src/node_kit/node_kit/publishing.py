# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Publishing while the process may be shutting down."""

from typing import Any

from rclpy.impl.implementation_singleton import rclpy_implementation
from rclpy.node import Node
from rclpy.publisher import Publisher

from node_kit.hand_over import hand_over


def publish(node: Node, publisher: Publisher, message: Any) -> None:
    """
    Publish from any thread; does nothing once the process is shutting down.

    Raises:
        RCLError: if it fails while ROS is running.
    """
    try:
        if not hand_over(node, publisher, message):
            publisher.publish(message)
    except rclpy_implementation.RCLError:
        if node.context.ok():
            raise
