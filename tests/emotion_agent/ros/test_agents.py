# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Where agents are, in a line."""

from types import SimpleNamespace

import pytest

pytest.importorskip('rclpy')

from emotion_agent.ros.agents import (
    START_ONE,
    namespaces_of_agents,
    nobody_listens,
    nothing_to_record,
)


def graph(*names):
    """A node that sees others."""
    found = [(name.rpartition('/')[2], name.rpartition('/')[0] or '/') for name in names]
    return SimpleNamespace(
        get_node_names_and_namespaces=lambda: found, get_namespace=lambda: '/emotion'
    )


def test_agents_are_where_a_node_of_their_name_is():
    node = graph('/b/emotion_state', '/emotion_state', '/a/c/emotion_state', '/a/camera')

    assert namespaces_of_agents(node) == ['/', '/a/c', '/b']


@pytest.mark.parametrize(
    ('names', 'line'),
    [
        ((), f'no emotion_state runs in /emotion, nor in another namespace; {START_ONE}'),
        (
            ('/b/emotion_state', '/a/emotion_state'),
            'no emotion_state runs in /emotion; agents run in /a, /b',
        ),
        (
            ('/emotion/emotion_state',),
            'emotion_state in /emotion takes no stimuli: it is not active, see its log',
        ),
    ],
)
def test_line_says_why_nobody_listens(names, line):
    assert nobody_listens(graph(*names), '/emotion') == line


@pytest.mark.parametrize(
    ('names', 'line'),
    [
        ((), f', and no agent runs in another namespace; {START_ONE}'),
        (('/b/emotion_state', '/a/emotion_state'),
         '; agents run in /a, /b: give --ros-args -r __ns:=/a'),
        (('/emotion/emotion_state',), ': emotion_state there is not active, see its log'),
    ],
)  # fmt: skip
def test_line_says_why_nothing_is_recorded(names, line):
    assert nothing_to_record(graph(*names)) == f'nothing of an agent came in /emotion{line}'
