# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Where agents are, in a line."""

from types import SimpleNamespace

import pytest

pytest.importorskip('rclpy')

from emotion_agent.ros.agents import namespaces_of_agents, nobody_listens


def graph(*names):
    """A node that sees others."""
    found = [(name.rpartition('/')[2], name.rpartition('/')[0] or '/') for name in names]
    return SimpleNamespace(get_node_names_and_namespaces=lambda: found)


def test_agents_are_where_a_node_of_their_name_is():
    node = graph('/b/emotion_state', '/emotion_state', '/a/c/emotion_state', '/a/camera')

    assert namespaces_of_agents(node) == ['/', '/a/c', '/b']


@pytest.mark.parametrize(
    ('names', 'line'),
    [
        ((), 'no emotion_state runs in /emotion, nor in another namespace'),
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
