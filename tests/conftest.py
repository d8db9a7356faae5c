# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What all tests share: the place of real data, and a ROS domain of their own."""

import os
from pathlib import Path

# Threads that wait for each other on a busy machine make small computations many times slower.
# Read when NumPy is first imported, which cv2 does.
os.environ['OMP_NUM_THREADS'] = '1'

import cv2
import pytest

ROOT = Path(__file__).resolve().parent.parent

# Before anything imports rclpy. Every pytest process has a domain of its own on this machine.
os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'
os.environ['ROS_DOMAIN_ID'] = str(1 + os.getpid() % 100)
cv2.setNumThreads(1)
# A detector that the user has downloaded is not to change what is tested.
os.environ['XDG_CACHE_HOME'] = '/nonexistent'


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


@pytest.fixture
def ros():
    """rclpy, initialised for one test."""
    rclpy = pytest.importorskip('rclpy')
    rclpy.init()
    yield rclpy
    rclpy.try_shutdown()
