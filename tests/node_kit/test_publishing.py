# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Who publishes in a thread of his own need not know when ROS is shut down."""

import pytest
from rclpy.context import Context
from rclpy.exceptions import InvalidHandle
from std_msgs.msg import String

from node_kit import ManagedNode
from node_kit.qos import RESULT

pytestmark = pytest.mark.dds


@pytest.fixture
def node(ros):
    context = Context()
    context.init()
    node = ManagedNode('sample', context=context)
    yield node
    node.destroy_node()
    context.try_shutdown()


def test_listeners_are_counted_and_are_none_after_a_shutdown(node):
    publisher = node.create_publisher(String, 'words', RESULT)
    node.create_subscription(String, 'words', lambda _: None, RESULT)
    while not node.count_listeners(publisher):
        pass

    assert node.count_listeners(publisher) == 1

    node.context.shutdown()
    assert node.count_listeners(publisher) == 0
    node.send(publisher, String())


def test_a_destroyed_publisher_is_a_defect_only_while_ros_runs(node):
    publisher = node.create_publisher(String, 'words', RESULT)
    node.destroy_publisher(publisher)

    for use in (node.count_listeners, lambda publisher: node.send(publisher, String())):
        with pytest.raises(InvalidHandle):
            use(publisher)

    node.context.shutdown()
    assert node.count_listeners(publisher) == 0
    node.send(publisher, String())
