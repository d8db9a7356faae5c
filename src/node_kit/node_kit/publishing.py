# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Publishing, and whether anybody listens, while the process may be shutting down."""

from typing import Any

from rclpy.exceptions import InvalidHandle
from rclpy.impl.implementation_singleton import rclpy_implementation
from rclpy.node import Node
from rclpy.publisher import Publisher

from node_kit.hand_over import hand_over


def count_listeners(node: Node, publisher: Publisher) -> int:
    """
    Count the subscriptions that a publisher has found, from any thread; none at a shutdown.

    Raises:
        RCLError: if it fails while ROS is running.
    """
    try:
        return publisher.get_subscription_count()
    except (rclpy_implementation.RCLError, InvalidHandle):
        if node.context.ok():
            raise
        return 0


def publish(node: Node, publisher: Publisher, message: Any) -> None:
    """
    Publish from any thread; does nothing once the process is shutting down.

    Raises:
        RCLError: if it fails while ROS is running.
        InvalidHandle: if the publisher was destroyed while ROS is running.
    """
    try:
        if not hand_over(node, publisher, message):
            publisher.publish(message)
    except (rclpy_implementation.RCLError, InvalidHandle):
        if node.context.ok():
            raise
