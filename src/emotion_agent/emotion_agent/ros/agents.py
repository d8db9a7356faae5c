# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The agents on the network that take stimuli."""

from rclpy.exceptions import InvalidNamespaceException
from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.validate_namespace import validate_namespace

AGENT = 'emotion_state'  # the node that takes them


def agents_of(node: Node, publisher: Publisher) -> frozenset[bytes]:
    """
    Return the agents that get what is published on a topic.

    Recorders subscribe to stimuli too, so that the count of a publisher does not tell.

    Returns:
        Identifiers of their subscriptions, others after a restart; none if the publisher has not
        found all of them yet.
    """
    subscriptions = node.get_subscriptions_info_by_topic(publisher.topic_name)
    agents = frozenset(
        bytes(info.endpoint_gid) for info in subscriptions if info.node_name == AGENT
    )
    return agents if publisher.get_subscription_count() >= len(agents) else frozenset()


def namespaces_of_agents(node: Node) -> list[str]:
    """Return the namespaces in which a node `emotion_state` runs, also an inactive one, sorted."""
    found = node.get_node_names_and_namespaces()
    return sorted({namespace for name, namespace in found if name == AGENT})


def nobody_listens(node: Node, namespace: str) -> str:
    """Return a line that says why no stimulus is taken in a namespace, and where one would be."""
    agents = namespaces_of_agents(node)
    if namespace in agents:
        return f'{AGENT} in {namespace} takes no stimuli: it is not active, see its log'
    elsewhere = f'; agents run in {", ".join(agents)}' if agents else ', nor in another namespace'
    return f'no {AGENT} runs in {namespace}{elsewhere}'


def check_namespace(namespace: str) -> None:
    """
    Check a namespace.

    Raises:
        ValueError: if it is not valid.
    """
    try:
        validate_namespace(namespace)
    except InvalidNamespaceException as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f'expected a namespace such as /emotion: {reason}') from None
