# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The agents on the network that take stimuli."""

from rclpy.exceptions import InvalidNamespaceException
from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.validate_namespace import validate_namespace

AGENT = 'emotion_state'  # the node that takes them
START_ONE = 'start one: ros2 launch emotion_agent agent.launch.py, or the program agent'


def agents_of(node: Node, publisher: Publisher) -> frozenset[bytes]:
    """
    Return the agents that get what is published on a topic.

    Recorders subscribe to stimuli too, so that the count of a publisher does not tell.

    Returns:
        Identifiers of their subscriptions, others after a restart; none if the publisher has not
        found all of them yet.
    """
    agents = subscriptions_of_agents(node, publisher)
    return agents if publisher.get_subscription_count() >= len(agents) else frozenset()


def subscriptions_of_agents(node: Node, publisher: Publisher) -> frozenset[bytes]:
    """Return identifiers of the agents' subscriptions, whether the publisher found them or not."""
    subscriptions = node.get_subscriptions_info_by_topic(publisher.topic_name)
    return frozenset(bytes(info.endpoint_gid) for info in subscriptions if info.node_name == AGENT)


def namespaces_of_agents(node: Node) -> list[str]:
    """Return the namespaces in which a node `emotion_state` runs, also an inactive one, sorted."""
    found = node.get_node_names_and_namespaces()
    return sorted({namespace for name, namespace in found if name == AGENT})


def nobody_listens(node: Node, namespace: str, has_found_all: bool = True) -> str:
    """
    Return a line that says why no stimulus is taken in a namespace, and where one would be.

    Args:
        node: looks for agents.
        namespace: of the agent that is missed.
        has_found_all: whether the node is there for long enough to know all others.
    """
    agents = namespaces_of_agents(node)
    if namespace in agents:
        why = ': it is not active, see its log' if has_found_all else ' so far'
        return f'{AGENT} in {namespace} takes no stimuli{why}'
    elsewhere = f'; agents run in {", ".join(agents)}' if agents else ''
    if not has_found_all:
        return f'no {AGENT} was found in {namespace} so far{elsewhere}'
    if agents:
        return f'no {AGENT} runs in {namespace}{elsewhere}'
    return f'no {AGENT} runs in {namespace}, nor in another namespace; {START_ONE}'


def nothing_to_record(node: Node) -> str:
    """Return a line that says why nothing of an agent comes in the namespace of a node."""
    namespace, agents = node.get_namespace(), namespaces_of_agents(node)
    line = f'nothing of an agent came in {namespace}'
    if namespace in agents:
        return f'{line}: {AGENT} there is not active, see its log'
    if agents:
        there = ', '.join(agents)
        return f'{line}; agents run in {there}: give --ros-args -r __ns:={agents[0]}'
    return f'{line}, and no agent runs in another namespace; {START_ONE}'


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
