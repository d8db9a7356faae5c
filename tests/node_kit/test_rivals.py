# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A second node of a name, or a second publisher of a topic, is told in log and diagnostics."""

import time

import pytest
from std_msgs.msg import String

from node_kit import ManagedNode, rivals


class Keeper(ManagedNode):
    """A node that should be the only one to publish on `state`, and one of many on `said`."""

    def __init__(self, **options):
        super().__init__('keeper', namespace='emotion', **options)

    def on_prepare(self):
        self.create_lifecycle_publisher(String, 'state', 1, is_alone=True)
        self.create_lifecycle_publisher(String, 'said', 1)


@pytest.fixture
def keeper(ros):
    node = Keeper()
    node.autostart()
    yield node
    node.close()
    node.destroy_node()


@pytest.fixture
def clock(monkeypatch):
    """Steady time, which stands still."""
    now = [100.0]
    monkeypatch.setattr(rivals, 'monotonic', lambda: now[0])
    return now


def said(keeper) -> str:
    return keeper._diagnose_lifecycle().message


def wait_for(condition) -> None:
    end_s = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.02)


def test_another_publisher_of_the_state_is_told_once_it_stays(keeper, ros, clock, capfd):
    other = ros.create_node('mimic')
    publisher = other.create_publisher(String, '/emotion/state', 1)
    other.create_publisher(String, '/emotion/said', 1)
    wait_for(lambda: keeper.count_publishers('/emotion/state') == 2)
    first = said(keeper)

    clock[0] += rivals.PATIENCE_S
    lines = [said(keeper) for _ in range(3)]
    other.destroy_publisher(publisher)
    wait_for(lambda: keeper.count_publishers('/emotion/state') == 1)

    assert first == said(keeper) == 'active'
    line = (
        '/emotion/state is published by /mimic too, and who reads it gets both: stop it, or '
        'remap its topic'
    )
    assert lines == [line] * 3
    assert ''.join(capfd.readouterr()).count(line) == 1
    other.destroy_node()


def test_a_second_node_of_the_name_is_told_once_it_stays(keeper, ros, clock, capfd):
    other = ros.create_node('keeper', namespace='emotion')
    ros.create_node('keeper', namespace='elsewhere')
    mine = ('keeper', '/emotion')
    wait_for(lambda: keeper.get_node_names_and_namespaces().count(mine) == 2)
    said(keeper)

    clock[0] += rivals.PATIENCE_S - 0.1
    before = said(keeper)
    clock[0] += 0.1
    after = said(keeper)

    assert before == 'active'
    assert after.startswith('2 nodes are called /emotion/keeper: stop all but one, or give each')
    assert ''.join(capfd.readouterr()).count('2 nodes are called /emotion/keeper') == 1
    other.destroy_node()


def test_one_that_goes_and_comes_again_is_waited_for_again(keeper, ros, clock):
    for _ in range(2):
        other = ros.create_node('mimic')
        publisher = other.create_publisher(String, '/emotion/state', 1)
        wait_for(lambda: keeper.count_publishers('/emotion/state') == 2)
        clock[0] += rivals.PATIENCE_S
        assert said(keeper) == 'active'
        other.destroy_publisher(publisher)
        other.destroy_node()
        wait_for(lambda: keeper.count_publishers('/emotion/state') == 1)
        assert said(keeper) == 'active'
