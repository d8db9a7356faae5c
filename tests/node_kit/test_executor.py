# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The executor serves everything that rclpy's does, and wakes much less."""

import threading
from time import monotonic

import pytest
from rclpy.callback_groups import MutuallyExclusiveCallbackGroup
from rclpy.event_handler import SubscriptionEventCallbacks
from rclpy.executors import SingleThreadedExecutor
from rclpy.parameter import Parameter
from rclpy.parameter_client import AsyncParameterClient
from rclpy.qos import QoSProfile, ReliabilityPolicy, qos_profile_sensor_data
from std_msgs.msg import Bool, String
from std_srvs.srv import Trigger

from node_kit import ManagedNode
from node_kit.executor import LeanExecutor, make_executor
from node_kit.waiting import WaitSet

pytestmark = pytest.mark.dds
TIMEOUT_S = 30.0


class Spinning:
    """Nodes that are spun in a thread by an executor."""

    def __init__(self, executor):
        self.executor = executor
        self.failures = []
        self._thread = threading.Thread(target=self._spin)

    def _spin(self):
        try:
            self.executor.spin()
        except Exception as failure:
            self.failures.append(failure)

    def start(self):
        self._thread.start()

    def join(self):
        self._thread.join(TIMEOUT_S)
        assert not self._thread.is_alive()

    def end(self):
        self.executor.shutdown()
        self.join()


@pytest.fixture
def spinning(ros):
    spinning = Spinning(LeanExecutor())
    spinning.start()
    yield spinning
    spinning.end()
    assert not spinning.failures


def wait_for(condition, timeout_s=TIMEOUT_S):
    """Wait until a condition holds that another thread brings about."""
    tick = threading.Event()
    end_s = monotonic() + timeout_s
    while not condition():
        assert monotonic() < end_s, 'waited in vain'
        tick.wait(0.005)


@pytest.fixture
def node(ros, spinning):
    node = ros.create_node('served')
    spinning.executor.add_node(node)
    yield node
    spinning.end()
    node.destroy_node()


def test_timers_and_messages_are_served(node):
    heard = []
    node.create_subscription(String, 'words', lambda message: heard.append(message.data), 10)
    publisher = node.create_publisher(String, 'words', 10)

    node.create_timer(0.01, lambda: publisher.publish(String(data='hello')))

    wait_for(lambda: len(heard) >= 5)
    assert set(heard) == {'hello'}


def test_services_clients_and_parameters_are_served(node):
    node.declare_parameter('number', 1)
    node.create_service(Trigger, 'pull', lambda _, response: answered(response))
    client = node.create_client(Trigger, 'pull')
    assert client.wait_for_service(TIMEOUT_S)
    parameters = AsyncParameterClient(node, 'served')
    assert parameters.wait_for_services(TIMEOUT_S)

    pulled = client.call_async(Trigger.Request())
    was_set = parameters.set_parameters([Parameter('number', value=2)])

    wait_for(lambda: pulled.done() and was_set.done())
    assert pulled.result().message == 'pulled'
    assert node.get_parameter('number').value == 2


def answered(response):
    response.success, response.message = True, 'pulled'
    return response


def test_events_of_subscriptions_are_served_though_no_wait_is_for_them(ros, monkeypatch):
    monkeypatch.setattr('node_kit.waiting.LONGEST_SLEEP_S', 0.2)
    node, other = ros.create_node('reliable'), ros.create_node('other')
    refused, ticks = [], []
    node.create_timer(0.01, lambda: ticks.append(1))
    node.create_subscription(
        String,
        'words',
        lambda message: None,
        QoSProfile(depth=1, reliability=ReliabilityPolicy.RELIABLE),
        event_callbacks=SubscriptionEventCallbacks(incompatible_qos=refused.append),
    )
    spinning = Spinning(LeanExecutor())
    spinning.executor.add_node(node)
    spinning.start()
    try:
        wait_for(lambda: ticks)
        assert not spinning.executor._wait_set._waitables
        other.create_publisher(String, 'words', qos_profile_sensor_data)
        wait_for(lambda: refused)
    finally:
        spinning.end()
        node.destroy_node()
        other.destroy_node()
    assert not spinning.failures


def test_guard_conditions_tasks_and_coroutines_are_served(node, spinning):
    done = []
    node.create_service(Trigger, 'pull', lambda _, response: answered(response))
    client = node.create_client(Trigger, 'pull')
    assert client.wait_for_service(TIMEOUT_S)

    async def ask(*_):
        done.append((await client.call_async(Trigger.Request())).message)

    node.create_guard_condition(lambda: done.append('guard')).trigger()
    spinning.executor.create_task(lambda: done.append('task'))
    spinning.executor.create_task(ask)
    # Beside the service, which is of the group that the coroutine would occupy.
    group = MutuallyExclusiveCallbackGroup()
    node.create_subscription(Bool, 'go', ask, 10, callback_group=group)
    publisher = node.create_publisher(Bool, 'go', 10)
    wait_for(lambda: publisher.get_subscription_count() == 1)
    publisher.publish(Bool())

    wait_for(lambda: len(done) == 4)
    assert sorted(done) == ['guard', 'pulled', 'pulled', 'task']


def test_the_rest_goes_on_while_a_coroutine_waits(node, spinning):
    ticks, never = [], spinning.executor.create_task(lambda: None).__class__(None)

    async def wait_for_ever():
        await never

    node.create_timer(0.01, lambda: ticks.append('timer'))
    task = spinning.executor.create_task(wait_for_ever)
    spinning.executor.call_soon(lambda: ticks.append('call'))

    wait_for(lambda: 'call' in ticks and ticks.count('timer') >= 3)
    never.cancel()
    task.cancel()


def test_what_comes_and_goes_while_it_spins_is_noticed(node):
    ticks = []
    first = node.create_timer(0.01, lambda: ticks.append('first'))
    wait_for(lambda: ticks)

    node.destroy_timer(first)
    second = node.create_timer(0.01, lambda: ticks.append('second'))
    wait_for(lambda: 'second' in ticks)
    count = ticks.count('first')
    wait_for(lambda: ticks.count('second') >= 5)
    assert ticks.count('first') == count
    second.cancel()
    node.create_service(Trigger, 'late', lambda _, response: answered(response))
    client = node.create_client(Trigger, 'late')
    assert client.wait_for_service(TIMEOUT_S)
    called = client.call_async(Trigger.Request())
    wait_for(called.done)


def test_a_timer_that_is_cancelled_in_a_callback_does_not_fire(node):
    fired = []
    timers = []
    timers += [node.create_timer(0.02, lambda: (fired.append(0), timers[1].cancel()))]
    timers += [node.create_timer(0.02, lambda: (fired.append(1), timers[0].cancel()))]

    wait_for(lambda: len(fired) >= 3)

    assert len(set(fired)) == 1


def test_a_failure_comes_out_of_spin_and_spinning_can_go_on(ros):
    executor, node = LeanExecutor(), ros.create_node('failing')
    executor.add_node(node)
    calls = []

    def fail():
        calls.append(1)
        if len(calls) == 3:
            ros.shutdown()
        raise ZeroDivisionError

    node.create_timer(0.01, fail)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            executor.spin()

    assert len(calls) == 3


def test_a_failure_of_the_second_thread_comes_out_of_spin_and_spinning_can_go_on(ros, monkeypatch):
    node, executor = ManagedNode('sample'), LeanExecutor()
    wait, failures = WaitSet.wait, []

    def fail_once(wait_set, *longest_s):
        if threading.current_thread().name == 'rare_entities' and not failures:
            failures.append(ZeroDivisionError())
            raise failures[0]
        return wait(wait_set, *longest_s)

    monkeypatch.setattr(WaitSet, 'wait', fail_once)
    executor.add_node(node)
    failing = Spinning(executor)
    failing.start()
    failing.join()
    assert failing.failures == failures

    node.create_service(Trigger, 'ping', lambda _, answer: answer)
    client = node.create_client(Trigger, 'ping')
    going_on = Spinning(executor)
    going_on.start()
    assert client.wait_for_service(TIMEOUT_S)
    wait_for(client.call_async(Trigger.Request()).done)
    going_on.end()
    assert not going_on.failures
    node.destroy_node()


def test_shutdown_ends_spinning_and_leaves_no_thread(ros):
    before = threading.active_count()
    spinning = Spinning(LeanExecutor())
    node = ManagedNode('sample')
    spinning.executor.add_node(node)
    spinning.start()
    wait_for(lambda: threading.active_count() == before + 2)

    ros.shutdown()
    spinning.join()
    node.destroy_node()

    assert threading.active_count() == before


@pytest.mark.parametrize('waits_before', [0, 1])
def test_a_shutdown_just_before_a_wait_ends_spinning(ros, monkeypatch, waits_before):
    executor = LeanExecutor()
    node = ros.create_node('sample')  # no timer ends its waits
    node.create_subscription(Bool, 'quiet', lambda message: None, 10)
    executor.add_node(node)
    work, waits = executor._work_on_busy, []

    def work_after_a_shutdown():
        waits.append(None)
        if len(waits) > waits_before:
            executor.shutdown()
        else:
            executor.interrupt()
        return work()

    monkeypatch.setattr(executor, '_work_on_busy', work_after_a_shutdown)
    spinning = Spinning(executor)
    spinning.start()
    spinning.join()
    node.destroy_node()

    assert not spinning.failures
    assert len(waits) > waits_before


def test_calls_of_other_threads_are_made_in_the_spinning_one(spinning):
    threads = []
    for _ in range(100):
        spinning.executor.call_soon(lambda: threads.append(threading.get_ident()))

    wait_for(lambda: len(threads) == 100)

    assert set(threads) == {spinning._thread.ident}


@pytest.mark.parametrize('kind', [LeanExecutor, SingleThreadedExecutor])
def test_waits_are_fewer_than_those_of_rclpy(ros, monkeypatch, kind):
    """A timer is one wait; rclpy's own executor, as a peer, takes about two."""
    waits = []
    wait_sets = ros.executors._rclpy.WaitSet
    monkeypatch.setattr(wait_sets, 'wait', counting(wait_sets.wait, waits), raising=True)
    spinning = Spinning(kind())
    node = ManagedNode('sample')
    spinning.executor.add_node(node)
    ticks = []
    node.create_timer(0.01, lambda: ticks.append(len(waits)))
    spinning.start()

    wait_for(lambda: len(ticks) >= 40)
    ros.shutdown()
    spinning.join()
    node.destroy_node()

    per_tick = (ticks[39] - ticks[9]) / 30
    assert per_tick < 1.5 if kind is LeanExecutor else per_tick > 1.5


def counting(wait, waits):
    return lambda *arguments: (waits.append(1), wait(*arguments))[1]


def test_an_rclpy_that_is_built_otherwise_is_left_alone(ros, monkeypatch):
    ours = make_executor()
    assert isinstance(ours, LeanExecutor)

    # As in Humble.
    monkeypatch.setattr(
        SingleThreadedExecutor, '_make_handler', lambda self, entity, node, take, call: None
    )
    theirs = make_executor()

    assert type(theirs) is SingleThreadedExecutor
    for executor in (ours, theirs):
        executor.shutdown()
