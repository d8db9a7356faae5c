# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Messages between nodes of one process without DDS, which would copy an image five times.

A message is handed over as the object that it is when every subscription that its publisher has
found is in this process; a subscription whose quality of service does not fit the publisher's gets
nothing, as with DDS. As soon as anybody else listens, a recorder or `ros2 topic echo`, it
goes through DDS to all of them. Latched topics always do: DDS keeps their newest message.
"""

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable
from inspect import iscoroutinefunction
from typing import Any
from weakref import WeakKeyDictionary

from rclpy.duration import Infinite
from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.qos import DurabilityPolicy, QoSCompatibility, QoSProfile, qos_check_compatible
from rclpy.subscription import Subscription

from node_kit.executor import LeanExecutor

_lock = threading.Lock()
_receivers: dict[tuple[int, str], tuple['Receiver', ...]] = {}
"""By the context of the nodes, and the topic."""
_listeners: WeakKeyDictionary[
    Publisher, tuple[int, tuple['Receiver', ...], tuple['Receiver', ...]]
] = WeakKeyDictionary()
"""By publisher: its count, all receivers of its topic, and those who are the only listeners."""


class Receiver:
    """
    A subscription that takes messages of its own process.

    Args:
        node: which has the subscription.
        subscription: whose callback gets the messages, in the thread of the node's executor.
    """

    def __init__(self, node: Node, subscription: Subscription):
        self._node = node
        self._qos = subscription.qos_profile
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
            others = tuple(r for r in _receivers.pop(self._key) if r is not self)
            if others:
                _receivers[self._key] = others
            # What was decided holds receivers, they their nodes, and those the publishers.
            for publisher, (_, receivers, _) in list(_listeners.items()):
                if self in receivers:
                    del _listeners[publisher]

    @property
    def node_name(self) -> tuple[str, str]:
        """Namespace and name of its node, as the graph has them."""
        return self._node.get_namespace(), self._node.get_name()

    def fits(self, publisher: Publisher) -> bool:
        """Whether DDS would bring it what the publisher publishes."""
        return _fit(publisher.qos_profile, self._qos)

    def takes(self, message: Any) -> bool:
        """Whether it can be handed over."""
        executor = self._node.executor
        is_delivering = isinstance(executor, LeanExecutor) and executor.is_spinning
        return is_delivering and isinstance(message, self._types)

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
    ):
        return False
    takers = _all_listeners(node, publisher, receivers)
    if not takers or not all(receiver.takes(message) for receiver in takers):
        return False
    for receiver in takers:
        receiver.give(message)
    return True


def _all_listeners(
    node: Node, publisher: Publisher, receivers: tuple[Receiver, ...]
) -> tuple[Receiver, ...]:
    """
    Return the receivers that get what is published, if they are all who get it; otherwise none.

    The count of the publisher alone does not tell: it may have found somebody outside, and not
    yet a receiver that was made just now. So it is asked once who they are, after every change.
    """
    count = publisher.get_subscription_count()
    known = _listeners.get(publisher)
    if known is None or known[:2] != (count, receivers):
        takers = tuple(receiver for receiver in receivers if receiver.fits(publisher))
        if count != len(takers) or _names_on_graph(node, publisher) != _names_of(takers):
            takers = ()
        with _lock:
            if takers and _receivers.get(_key(node, publisher)) == receivers:
                _listeners[publisher] = count, receivers, takers
            else:
                _listeners.pop(publisher, None)
        return takers
    return known[2]


def _names_on_graph(node: Node, publisher: Publisher) -> Counter[tuple[str, str]]:
    return Counter(
        (info.node_namespace, info.node_name)
        for info in node.get_subscriptions_info_by_topic(publisher.topic_name)
        if _fit(publisher.qos_profile, info.qos_profile)
    )


def _names_of(receivers: Iterable[Receiver]) -> Counter[tuple[str, str]]:
    return Counter(receiver.node_name for receiver in receivers)


def _fit(offered: QoSProfile, requested: QoSProfile) -> bool:
    compatibility, _ = qos_check_compatible(_explicit(offered), _explicit(requested))
    return compatibility != QoSCompatibility.ERROR


def _explicit(qos: QoSProfile) -> QoSProfile:
    """Return what the graph says of a profile: where it names no duration, it is infinite."""
    return QoSProfile(
        depth=1,
        reliability=qos.reliability,
        durability=qos.durability,
        liveliness=qos.liveliness,
        deadline=qos.deadline if qos.deadline.nanoseconds else Infinite,
        liveliness_lease_duration=(
            qos.liveliness_lease_duration
            if qos.liveliness_lease_duration.nanoseconds
            else Infinite
        ),
    )


def _key(node: Node, end: Publisher | Subscription) -> tuple[int, str]:
    return id(node.context), end.topic_name
