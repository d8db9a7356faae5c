# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The agent in one process has the namespace and parameter file of the launch file by default."""

import pytest

pytest.importorskip('rclpy')

from emotion_agent.agent import CAMERA, NODES, defaults, find
from node_kit import ManagedNode


def test_every_node_is_found():
    assert all(issubclass(find(name), ManagedNode) for name in (*NODES, CAMERA))


def test_without_arguments_the_shipped_parameters_and_namespace_are_used():
    added = defaults([])

    assert added[0] == '--ros-args'
    assert added[added.index('--params-file') + 1].endswith('config/agent.yaml')
    assert added[added.index('-r') + 1] == '__ns:=/emotion'


def test_what_the_user_gives_is_not_overridden():
    assert '--params-file' not in defaults(['--ros-args', '--params-file', 'mine.yaml'])
    assert '__ns:=/emotion' not in defaults(['--ros-args', '-r', '__ns:=/robot1'])
    assert defaults(['--ros-args', '--params-file', 'mine.yaml', '-r', '__ns:=/robot1']) == []
