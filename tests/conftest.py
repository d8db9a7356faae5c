# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What all tests share: how they are run, the place of real data, a ROS domain of their own."""

import gc
import os
import signal
from collections.abc import Generator
from pathlib import Path

# Threads that wait for each other on a busy machine make small computations many times slower.
# Read when NumPy is first imported, which cv2 does.
os.environ['OMP_NUM_THREADS'] = '1'

import cv2
import hypothesis
import pytest

from emotion_agent.ros.domain import claim_domain

ROOT = Path(__file__).resolve().parent.parent
MOST_COLLECTED = 50_000  # objects that a search for garbage may look through before each test

# Before anything imports rclpy. Every pytest process, worker or not, has a domain of its own.
os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
os.environ['ROS_DOMAIN_ID'] = str(claim_domain())
cv2.setNumThreads(1)
# A detector that the user has downloaded is not to change what is tested.
os.environ['XDG_CACHE_HOME'] = '/nonexistent'
# The same examples in every run, and no verdict on the speed of the machine.
hypothesis.settings.register_profile(
    'repeatable', derandomize=True, deadline=None, max_examples=40
)
hypothesis.settings.load_profile('repeatable')


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Import test modules without a search for garbage among what stays, a quarter of the time."""
    gc.disable()
    result = yield
    gc.freeze()
    gc.enable()
    return result


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Tell pytest-xdist which tests one worker runs in turn.

    Those that talk over DDS, as they wait for each other's processes, in two halves: whole systems
    and the rest; otherwise those of a file, as they share its fixtures, unless it says that each
    stands alone. xdist begins with the largest groups, and fills the end with those that do.
    """
    for item in items:
        is_system = item.path.parent.name == 'system'
        if is_system or 'ros' in getattr(item, 'fixturenames', ()):
            item.add_marker('dds')
        talks = item.get_closest_marker('dds')
        file = item.nodeid.partition('::')[0]
        group = 'dds of systems' if is_system else 'dds' if talks else file
        if talks or not item.get_closest_marker('apart'):
            item.add_marker(pytest.mark.xdist_group(group))


def pytest_sessionfinish() -> None:
    """Spare pytest five searches for garbage among all that was ever made, seconds each."""
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """
    Let signals end the processes that tests start.

    They are ignored in the background of a shell script and under nohup, and once a test has run a
    node in this process; what is ignored stays so in every process that is started.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


@pytest.fixture(scope='session')
def repository() -> Path:
    """The folder of this repository."""
    return ROOT


@pytest.fixture(scope='session')
def shared_data() -> Path:
    """The folder of real faces and poses, which is never part of the repository."""
    folder = Path(os.environ.get('EMOTION_AGENT_SHARED', ROOT.parent / 'shared')) / 'data'
    if not folder.is_dir():
        pytest.skip(f'real data is not there: {folder} (set EMOTION_AGENT_SHARED)')
    return folder


@pytest.fixture(autouse=True)
def ros_home(request, monkeypatch):
    """A folder for what nodes keep, so that no test begins as another one ended."""
    if request.node.get_closest_marker('dds'):
        folder = request.getfixturevalue('tmp_path') / 'ros_home'
        monkeypatch.setenv('ROS_HOME', str(folder))


@pytest.fixture
def ros():
    """rclpy, initialised for one test."""
    rclpy = pytest.importorskip('rclpy')
    # A destroyed LifecycleNode of rclpy is seen by others until its cycles are collected; some are
    # held by the fixtures of the test until that has ended.
    gc.collect()
    # `node_kit.run` unfreezes all once a node has run here. To count what is frozen takes long.
    if len(gc.get_objects(generation=2)) > MOST_COLLECTED:
        gc.freeze()
    rclpy.init()
    yield rclpy
    rclpy.try_shutdown()
    gc.collect()
