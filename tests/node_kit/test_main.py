# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The process goes on after a failed callback, and ends quietly when it is interrupted."""

import gc
import os
import signal
import subprocess
import sys

import pytest
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from rclpy.executors import SingleThreadedExecutor

from node_kit import ManagedNode
from node_kit.discovery import NEW_VARIABLE, OLD_VARIABLE, QUICK_START, variable
from node_kit.main import spin

pytestmark = pytest.mark.dds

SCRIPT = """
import os, signal, sys
import rclpy
from node_kit import ManagedNode
from node_kit.main import run

def interrupt():
    os.kill(os.getpid(), number)

class Interrupted(ManagedNode):
    def __init__(self, **options):
        if moment == 'making':
            interrupt()
        super().__init__('interrupted', **options)

    def on_start(self):
        if moment == 'starting':
            interrupt()
        self.create_timer(0.01, self.work)

    def work(self):
        if moment == 'working':
            interrupt()

moment, number = sys.argv[1], int(sys.argv[2])
signal.signal(signal.SIGHUP, signal.SIG_DFL)
del sys.argv[1:]
if moment == 'initialising':
    init = rclpy.init
    rclpy.init = lambda **options: (interrupt(), init(**options))
sys.exit(run(Interrupted))
"""


@pytest.mark.parametrize(
    ('moment', 'number'),
    [
        *((moment, signal.SIGINT) for moment in ('initialising', 'making', 'starting', 'working')),
        *((moment, signal.SIGTERM) for moment in ('initialising', 'working')),
        *((moment, signal.SIGHUP) for moment in ('initialising', 'making', 'starting', 'working')),
    ],
)
def test_an_interrupt_ends_the_process_quietly(moment, number):
    process = subprocess.run(
        [sys.executable, '-c', SCRIPT, moment, str(int(number))],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert process.returncode == 0
    assert 'Traceback' not in process.stderr


@pytest.fixture
def executor(ros):
    executor = SingleThreadedExecutor()
    yield executor
    executor.shutdown()


@pytest.fixture
def node(executor):
    node = ManagedNode('sample')
    executor.add_node(node)
    node.autostart()
    return node


COLLECTS = """
import gc, sys
from node_kit import programs

def main():
    import node_kit.main
    print(gc.isenabled())
    node_kit.main.spin = lambda executor, nodes: print(gc.isenabled())
    return node_kit.main.run(args=['none'])

programs._find = lambda target: main
sys.exit(programs.node('none', 'none:main')())
"""


def test_no_time_is_spent_on_garbage_until_the_nodes_are_started():
    answer = subprocess.run(
        [sys.executable, '-c', COLLECTS], capture_output=True, text=True, timeout=60, check=True
    )

    assert answer.stdout.split() == ['False', 'True']


def test_what_tests_are_made_of_is_no_garbage_again_once_a_node_has_run_in_their_process(request):
    gc.unfreeze()  # as `run` does at its end

    request.getfixturevalue('ros')

    assert gc.get_freeze_count() > 10_000


def test_invalid_transition_request_does_not_end_the_node(ros, executor, node):
    helper = ros.create_node('helper')
    executor.add_node(helper)
    client = helper.create_client(ChangeState, '/sample/change_state')
    request = ChangeState.Request(transition=Transition(id=Transition.TRANSITION_CONFIGURE))
    assert client.wait_for_service(timeout_sec=10.0)
    client.call_async(request)
    calls = []
    # After the refused request the node still runs its timers; the third call ends the spinning.
    helper.create_timer(0.2, lambda: calls.append(1) or len(calls) < 3 or ros.shutdown())

    spin(executor)

    assert len(calls) == 3
    assert node.is_active


def test_failing_callback_does_not_end_the_node(ros, executor, node):
    calls = []

    def fail():
        calls.append(1)
        if len(calls) == 3:
            ros.shutdown()
        raise ZeroDivisionError('a defect')

    node.create_timer(0.01, fail)

    spin(executor, [node])

    assert len(calls) == 3
    assert node.defects >= 2


ENVIRONMENT = """
import os, sys
import rclpy
from node_kit import ManagedNode
from node_kit.discovery import NEW_VARIABLE, OLD_VARIABLE
from node_kit.executor import LeanExecutor
from node_kit.main import run

class Teller(ManagedNode):
    def __init__(self, **options):
        super().__init__('teller', **options)
        names = (OLD_VARIABLE, NEW_VARIABLE, 'OPENCV_FOR_THREADS_NUM')
        print(*map(os.environ.get, names))

    def on_start(self):
        self.create_timer(0.01, self.tell)

    def tell(self):
        print(type(self.executor) is LeanExecutor)
        rclpy.shutdown()

sys.exit(run(Teller))
"""


@pytest.mark.parametrize('own', [{}, {NEW_VARIABLE: '/mine.xml'}])
def test_every_node_is_found_soon_and_takes_little(tmp_path, own):
    names = (OLD_VARIABLE, NEW_VARIABLE)
    expected = own or {variable(): str(QUICK_START)}

    told = subprocess.run(
        [sys.executable, '-c', ENVIRONMENT],
        env={name: value for name, value in os.environ.items() if name not in names} | own,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout.split()

    assert told == [*(expected.get(name, 'None') for name in names), '1', 'True']
