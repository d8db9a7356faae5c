# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Others on the network that do what only one node should do."""

from collections.abc import Iterable, Iterator
from time import monotonic

from rclpy.exceptions import InvalidHandle
from rclpy.impl.implementation_singleton import rclpy_implementation
from rclpy.node import Node
from rclpy.publisher import Publisher

PATIENCE_S = 10.0
"""A process that crashed is found for some seconds more, in which its successor starts."""


class Rivals:
    """Finds nodes with the name of this one, and others that publish on its topics."""

    def __init__(self, node: Node):
        self._node = node
        self._since_s: dict[str, float] = {}
        self._told: set[str] = set()

    def find(self, publishers: Iterable[Publisher]) -> list[str]:
        """
        Return a line for each that has been found for `PATIENCE_S`, which the log has once.

        Args:
            publishers: of this node, each the only one that its topic should have.
        """
        now_s = monotonic()
        found = self._found(publishers)
        self._since_s = {line: self._since_s.get(line, now_s) for line in found}
        lines = [line for line, since_s in self._since_s.items() if now_s - since_s >= PATIENCE_S]
        for line in lines:
            if line not in self._told:
                self._node.get_logger().warning(line)
        self._told = set(lines)
        return lines

    def _found(self, publishers: Iterable[Publisher]) -> list[str]:
        try:
            lines = [*self._namesakes(), *map(self._others, publishers)]
        except (rclpy_implementation.RCLError, InvalidHandle):
            if self._node.context.ok():
                raise
            return []
        return list(filter(None, lines))

    def _namesakes(self) -> Iterator[str]:
        mine = self._node.get_name(), self._node.get_namespace()
        count = self._node.get_node_names_and_namespaces().count(mine)
        if count > 1:
            yield (
                f'{count} nodes are called {self._node.get_fully_qualified_name()}: stop all but '
                'one, or give each agent a namespace of its own'
            )

    def _others(self, publisher: Publisher) -> str:
        """The line about other publishers of a topic; '' if there are none."""
        found = self._node.get_publishers_info_by_topic(publisher.topic_name)
        names = {f'{info.node_namespace.rstrip("/")}/{info.node_name}' for info in found}
        others = sorted(names - {self._node.get_fully_qualified_name()})
        if not others:
            return ''
        return (
            f'{publisher.topic_name} is published by {", ".join(others)} too, and who reads it '
            'gets both: stop it, or remap its topic'
        )
