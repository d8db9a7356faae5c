# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The parameters of a node as a topic, for recordings."""

from collections.abc import Iterator
from contextlib import contextmanager

from rcl_interfaces.msg import ParameterEvent
from rclpy.event_handler import PublisherEventCallbacks
from rclpy.node import Node
from rclpy.publisher import Publisher

from node_kit.publishing import publish
from node_kit.qos import LATCHED
from node_kit.text import public_name, public_value


class PublicPublisher(Publisher):
    """A publisher of parameters that leaves out tokens, and users and passwords of addresses."""

    def publish(self, msg: ParameterEvent) -> None:
        """Publish a message, which is changed."""
        for parameter in (*msg.new_parameters, *msg.changed_parameters):
            value = parameter.value
            value.string_value = public_value(parameter.name, value.string_value)
            value.string_array_value = [public_name(text) for text in value.string_array_value]
        super().publish(msg)


class ParametersPublisher:
    """
    Publishes all parameters of a node on `parameters`, latched, now and after every change;
    after those of one request once.

    All nodes of a namespace share the topic, so that a recording has what each was started with,
    whenever it began.
    """

    def __init__(self, node: Node):
        """
        Begin with what is declared by now.

        Args:
            node: whose parameters.
        """
        self._node = node
        self._publisher = node.create_publisher(
            ParameterEvent,
            'parameters',
            LATCHED,
            event_callbacks=PublisherEventCallbacks(use_default_callbacks=False),
        )
        self._waits = self._has_changed = False
        node.add_post_set_parameters_callback(lambda parameters: self._publish())
        self._publish()

    @contextmanager
    def once(self) -> Iterator[None]:
        """Publish all changes that are made within at their end."""
        self._waits, self._has_changed = True, False
        try:
            yield
        finally:
            self._waits = False
            if self._has_changed:
                self._publish()

    def _publish(self) -> None:
        self._has_changed = True
        if self._waits:
            return
        names = self._node.get_parameters_by_prefix('')
        parameters = self._node.get_parameters(list(names))
        message = ParameterEvent(
            stamp=self._node.get_clock().now().to_msg(),
            node=self._node.get_fully_qualified_name(),
            new_parameters=[parameter.to_parameter_msg() for parameter in parameters],
        )
        publish(self._node, self._publisher, message)
