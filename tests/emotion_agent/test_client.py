# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The client inside another node, against the real state node in the same process."""

import math
import threading
from time import monotonic

import pytest

pytest.importorskip('rclpy')

from rclpy.executors import SingleThreadedExecutor

from emotion_agent.client import EmotionClient
from emotion_agent.nodes.emotion_state import EmotionStateNode
from emotion_msgs.msg import Stimulus
from node_kit.qos import EVENT

TIMEOUT_S = 10.0


@pytest.fixture
def executor(ros):
    executor = SingleThreadedExecutor()
    yield executor
    executor.shutdown()


@pytest.fixture
def node(ros, executor):
    node = ros.create_node('toy')
    executor.add_node(node)
    yield node
    node.destroy_node()


@pytest.fixture
def robot(ros, executor):
    robot = EmotionStateNode(namespace='emotion')
    executor.add_node(robot)
    robot.autostart()
    yield robot
    robot.close()
    robot.destroy_node()


@pytest.fixture
def wait_until(executor):
    def wait(condition, what):
        end_s = monotonic() + TIMEOUT_S
        while not condition():
            assert monotonic() < end_s, f'waited {TIMEOUT_S} s for {what}'
            executor.spin_once(timeout_sec=0.05)

    return wait


def test_stimulus_changes_the_state_that_the_client_receives(node, robot, wait_until):
    client = EmotionClient(node)
    heard = []
    client.on_state(heard.append)
    assert client.state is None
    wait_until(lambda: client.is_connected and client.state, 'the agent')

    assert client.stimulate('praise', intensity=0.5)

    wait_until(lambda: client.state.last_stimulus == 'praise', 'the praise')
    assert client.state.last_source == '/toy'
    assert client.state.joy > 0.1
    assert client.state is heard[-1]


def test_duration_of_the_caller_goes_before_that_of_the_library(node, robot, wait_until):
    client = EmotionClient(node, source='hand')
    wait_until(lambda: client.is_connected and client.state, 'the agent')

    client.stimulate('low_battery', duration_s=0.0)  # at once, where the library takes 20 s

    wait_until(lambda: client.state.last_source == 'hand', 'the stimulus')
    assert client.state.sad > 0.5


def test_library_is_given_on_request(node, robot, wait_until):
    client = EmotionClient(node)
    answers = []

    def asked():
        answers[:] = [client.stimuli()]
        return answers[0]

    wait_until(asked, 'the service')
    wait_until(answers[0].done, 'the answer')

    names = [info.name for info in answers[0].result().stimuli]
    assert 'praise' in names
    assert names == sorted(names)


def test_without_an_agent_nothing_waits_and_nothing_fails(node):
    client = EmotionClient(node)

    assert not client.stimulate('praise')
    assert client.stimuli() is None
    assert client.state is None


def test_namespaces_are_seen_from_the_node_unless_they_are_absolute(ros):
    node = ros.create_node('toy', namespace='robot')
    clients = [EmotionClient(node, namespace) for namespace in ('emotion', '/emotion/', '')]

    topics = dict(node.get_publisher_names_and_types_by_node('toy', '/robot'))

    assert {'/robot/emotion/stimulus', '/emotion/stimulus', '/robot/stimulus'} <= topics.keys()
    for client in clients:
        client.close()
    node.destroy_node()


def test_closed_client_leaves_nothing_on_the_graph(node):
    before = (list(node.subscriptions), list(node.publishers), list(node.clients))

    for _ in range(3):
        EmotionClient(node).close()

    assert (list(node.subscriptions), list(node.publishers), list(node.clients)) == before


def test_many_threads_may_stimulate_at_once(node, robot, wait_until):
    client = EmotionClient(node)
    wait_until(lambda: client.is_connected and client.state, 'the agent')
    names = ('praise', 'loud_sound', 'novelty', 'win')

    causes = []
    node.create_subscription(
        Stimulus, 'emotion/emotion_state/causes', lambda cause: causes.append(cause.name), EVENT
    )
    wait_until(lambda: node.count_publishers('emotion/emotion_state/causes'), 'the causes')

    threads = [threading.Thread(target=client.stimulate, args=(name,)) for name in names]
    for thread in threads:
        thread.start()

    wait_until(lambda: sorted(causes) == sorted(names), 'all of them')
    for thread in threads:
        thread.join()


@pytest.mark.parametrize(
    ('numbers', 'words'),
    [
        ({'intensity': 1.5}, 'expected an intensity of 0 to 1, got 1.5'),
        ({'intensity': math.nan}, 'expected an intensity of 0 to 1, got nan'),
        ({'duration_s': -1.0}, 'expected a duration of 0 s or more, or None, got -1.0'),
        ({'duration_s': math.inf}, 'expected a duration of 0 s or more, or None, got inf'),
    ],
)
def test_numbers_out_of_range_are_refused_in_plain_words(node, numbers, words):
    with pytest.raises(ValueError, match=words):
        EmotionClient(node).stimulate('praise', **numbers)
