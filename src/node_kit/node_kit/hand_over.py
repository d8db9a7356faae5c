# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Messages between nodes of one process without DDS, which would copy an image five times.

A message is handed over as the object that it is when every subscription that its publisher has
found is in this process. As soon as anybody else listens, a recorder or `ros2 topic echo`, it
goes through DDS to all of them. Latched topics always do: DDS keeps their newest message.
"""

import threading
from collections import deque
from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any

from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.qos import DurabilityPolicy
from rclpy.subscription import Subscription

from node_kit.executor import LeanExecutor

_lock = threading.Lock()
_receivers: dict[tuple[int, str], tuple['Receiver', ...]] = {}
"""By the context of the nodes, and the topic."""


class Receiver:
    """
    A subscription that takes messages of its own process.

    Args:
        node: which has the subscription.
        subscription: whose callback gets the messages, in the thread of the node's executor.
    """

    def __init__(self, node: Node, subscription: Subscription):
        self._node = node
        self._key = _key(node, subscription)
        # Bytes and coroutines are left to rclpy.
        is_plain = not subscription.raw and not iscoroutinefunction(subscription.callback)
        self._types: tuple[Any, ...] = (subscription.msg_type,) if is_plain else ()
        self._callback: Callable[[Any], None] | None = subscription.callback
        # As in DDS, the newest so many wait.
        self._waiting: deque[Any] = deque(maxlen=subscription.qos_profile.depth)
        with _lock:
            _receivers[self._key] = (*_receivers.get(self._key, ()), self)

    def close(self) -> None:
        """Take nothing more, also nothing of what waits."""
        self._callback = None
        with _lock:
            _receivers[self._key] = tuple(r for r in _receivers[self._key] if r is not self)

    def takes(self, message: Any) -> bool:
        """Whether it can be handed over."""
        return isinstance(self._node.executor, LeanExecutor) and isinstance(message, self._types)

    def give(self, message: Any) -> None:
        """Let the callback have it soon; from any thread."""
        if isinstance(executor := self._node.executor, LeanExecutor):
            self._waiting.append(message)
            executor.call_soon(self._deliver)

    def _deliver(self) -> None:
        if self._waiting and self._callback is not None:
            self._callback(self._waiting.popleft())


def hand_over(node: Node, publisher: Publisher, message: Any) -> bool:
    """
    Give a message to all who listen, if they are all in this process.

    Returns:
        Whether that was done; otherwise it is to be published.
    """
    receivers = _receivers.get(_key(node, publisher), ())
    if (
        not receivers
        or not getattr(publisher, 'is_activated', True)
        or publisher.qos_profile.durability != DurabilityPolicy.VOLATILE
        or publisher.get_subscription_count() != len(receivers)
        or not all(receiver.takes(message) for receiver in receivers)
    ):
        return False
    for receiver in receivers:
        receiver.give(message)
    return True


def _key(node: Node, end: Publisher | Subscription) -> tuple[int, str]:
    return id(node.context), end.topic_name
