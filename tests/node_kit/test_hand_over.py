# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Within a process messages are handed over as they are; whoever listens outside hears too."""

import gc
import threading
import weakref
from time import monotonic

import pytest
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.qos import qos_profile_sensor_data
from rclpy.task import Future
from std_msgs.msg import String

from node_kit import ManagedNode
from node_kit.executor import LeanExecutor
from node_kit.qos import LATCHED, RESULT

pytestmark = pytest.mark.dds
TIMEOUT_S = 30.0


class Talker(ManagedNode):
    """Says what it is told to."""

    def __init__(self, qos=RESULT, **options):
        self._qos = qos
        super().__init__('talker', **options)

    def on_prepare(self):
        self.publisher = self.create_lifecycle_publisher(String, 'words', self._qos)

    def say(self, message):
        self.send(self.publisher, message)


class Hearer(ManagedNode):
    """Keeps what it hears, as it is."""

    def __init__(self, name='hearer', qos=RESULT, **options):
        self.heard, self._qos = [], qos
        super().__init__(name, **options)

    def on_start(self):
        self.subscription = self.create_subscription(String, 'words', self.heard.append, self._qos)

    def on_stop(self):
        self.destroy_subscription(self.subscription)


class Process:
    """Nodes of one process, spun in a thread."""

    def __init__(self, executor):
        self.executor, self.nodes = executor, []
        self._thread = threading.Thread(target=executor.spin)

    def add(self, node):
        self.nodes.append(node)
        self.executor.add_node(node)
        node.autostart()
        return node

    def start(self):
        self._thread.start()

    def end(self):
        self.executor.shutdown()
        self._thread.join(TIMEOUT_S)
        assert not self._thread.is_alive()
        for node in self.nodes:
            node.close()
            node.destroy_node()


@pytest.fixture
def process(ros):
    process = Process(LeanExecutor())
    process.start()
    yield process
    process.end()


@pytest.fixture
def outside(ros):
    """A process of somebody else: another context has another participant."""
    context = Context()
    context.init()
    process = Process(SingleThreadedExecutor(context=context))
    process.context = context
    process.start()
    yield process
    process.end()
    context.try_shutdown()


def wait_for(condition):
    """Wait until a condition holds that another thread brings about."""
    tick, end_s = threading.Event(), monotonic() + TIMEOUT_S
    while not condition():
        assert monotonic() < end_s, 'waited in vain'
        tick.wait(0.005)


def connect(talker, count):
    wait_for(lambda: talker.publisher.get_subscription_count() == count)


def test_a_message_within_the_process_is_the_same_object(process):
    talker, hearers = process.add(Talker()), [process.add(Hearer(name)) for name in 'ab']
    connect(talker, 2)
    message = String(data='hello')

    talker.say(message)

    wait_for(lambda: all(hearer.heard for hearer in hearers))
    assert all(hearer.heard == [message] for hearer in hearers)
    assert all(hearer.heard[0] is message for hearer in hearers)


def nodes_of_a_process_that_has_ended():
    process = Process(LeanExecutor())
    process.start()
    talker, hearer = process.add(Talker()), process.add(Hearer())
    connect(talker, 1)
    talker.say(String(data='hello'))
    wait_for(lambda: hearer.heard)
    process.end()
    return [weakref.ref(node) for node in process.nodes]


def test_what_was_handed_over_keeps_no_node_alive(ros):
    nodes = nodes_of_a_process_that_has_ended()

    gc.collect()

    assert [node() for node in nodes] == [None, None]


def test_everybody_hears_once_when_somebody_outside_listens(process, outside):
    talker, hearer = process.add(Talker()), process.add(Hearer())
    other = outside.add(Hearer('other', context=outside.context))
    connect(talker, 2)

    talker.say(String(data='hello'))

    wait_for(lambda: hearer.heard and other.heard)
    assert [message.data for message in hearer.heard] == ['hello']
    assert [message.data for message in other.heard] == ['hello']


def test_handing_over_begins_again_when_the_listener_outside_leaves(process, outside):
    talker, hearer = process.add(Talker()), process.add(Hearer())
    other = outside.add(Hearer('other', context=outside.context))
    connect(talker, 2)
    talker.say(String(data='to all'))
    wait_for(lambda: hearer.heard and other.heard)

    other.trigger_deactivate()
    connect(talker, 1)
    message = String(data='to us')
    talker.say(message)

    wait_for(lambda: len(hearer.heard) == 2)
    assert hearer.heard[0].data == 'to all'
    assert hearer.heard[1] is message


def test_a_latched_message_reaches_who_comes_later(process, outside):
    talker, hearer = process.add(Talker(LATCHED)), process.add(Hearer(qos=LATCHED))
    connect(talker, 1)
    talker.say(String(data='before'))
    wait_for(lambda: hearer.heard)

    late = outside.add(Hearer('late', LATCHED, context=outside.context))

    wait_for(lambda: late.heard)
    assert [message.data for message in (*hearer.heard, *late.heard)] == ['before', 'before']


def test_the_newest_wait_and_what_is_stopped_hears_nothing(process):
    talker, hearer = process.add(Talker()), process.add(Hearer())
    connect(talker, 1)

    def say_many():
        for number in range(8):
            talker.say(String(data=str(number)))

    process.executor.call_soon(say_many)  # the hearer has no turn before it ends
    wait_for(lambda: len(hearer.heard) >= RESULT.depth)
    assert [message.data for message in hearer.heard] == ['3', '4', '5', '6', '7']

    process.executor.call_soon(lambda: (talker.say(String()), hearer.trigger_deactivate()))
    wait_for(lambda: not hearer.is_active)
    done = []
    process.executor.call_soon(lambda: done.append(1))
    wait_for(lambda: done)
    assert len(hearer.heard) == RESULT.depth


def test_an_inactive_publisher_says_nothing(process):
    talker, hearer = process.add(Talker()), process.add(Hearer())
    connect(talker, 1)
    talker.trigger_deactivate()
    talker.say(String(data='lost'))
    talker.trigger_activate()

    talker.say(String(data='kept'))

    wait_for(lambda: hearer.heard)
    assert [message.data for message in hearer.heard] == ['kept']


def deliver_until(talker, condition):
    """Say words until a condition holds."""

    def holds():
        talker.say(String(data='again'))
        return condition()

    wait_for(holds)


def test_who_listens_outside_hears_although_one_inside_cannot(process, outside):
    talker = process.add(Talker(qos_profile_sensor_data))
    unfit = process.add(Hearer('unfit', RESULT))
    other = outside.add(Hearer('other', qos_profile_sensor_data, context=outside.context))
    connect(talker, 1)

    deliver_until(talker, lambda: other.heard)

    assert unfit.heard == []


def test_one_inside_that_cannot_hear_does_not_hinder_the_others(process):
    talker = process.add(Talker(qos_profile_sensor_data))
    unfit = process.add(Hearer('unfit', RESULT))
    hearer = process.add(Hearer(qos=qos_profile_sensor_data))
    connect(talker, 1)
    message = String(data='hello')

    def is_handed_over():
        talker.say(message)
        return any(word is message for word in hearer.heard)

    # The first may go through DDS, as long as who listens is not known.
    wait_for(is_handed_over)

    assert unfit.heard == []


def test_the_count_is_not_taken_for_those_inside(process, outside):
    """One inside is made anew, and the publisher has found only the one outside."""
    talker, hearer = process.add(Talker()), process.add(Hearer())
    other = outside.add(Hearer('other', context=outside.context))
    connect(talker, 2)

    class NotMatchedYet:
        """The publisher at that moment."""

        is_activated = True

        def get_subscription_count(self):
            return 1

        def __getattr__(self, name):
            return getattr(talker.publisher, name)

    talker.send(NotMatchedYet(), String(data='hello'))

    wait_for(lambda: other.heard and hearer.heard)
    assert other.heard[0].data == 'hello'


@pytest.mark.parametrize('spin', ['spin_once', 'spin_until_future_complete'])
def test_messages_arrive_however_the_executor_is_spun(ros, spin):
    executor = LeanExecutor()
    process = Process(executor)
    talker, hearer = process.add(Talker()), process.add(Hearer())
    connect(talker, 1)

    def spin_a_while():
        if spin == 'spin_once':
            executor.spin_once(timeout_sec=0.01)
        else:
            executor.spin_until_future_complete(Future(), timeout_sec=0.01)

    deliver_until(talker, lambda: (spin_a_while(), hearer.heard)[1])

    executor.shutdown()
    for node in process.nodes:
        node.close()
        node.destroy_node()


def test_with_another_executor_messages_go_through_dds(ros):
    process = Process(SingleThreadedExecutor())
    talker, hearer = process.add(Talker()), process.add(Hearer())
    connect(talker, 1)
    message = String(data='hello')

    process.start()
    talker.say(message)

    wait_for(lambda: hearer.heard)
    process.end()
    assert hearer.heard == [message]
    assert hearer.heard[0] is not message
