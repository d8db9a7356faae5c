# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A bag is played at the intervals at which it was recorded, but no night is waited for."""

import sys
from pathlib import Path
from time import monotonic

import pytest

pytest.importorskip('rclpy')

from rosgraph_msgs.msg import Clock

from emotion_agent.commands.play_bag import BagPlayer
from emotion_agent.logic import STIMULUS
from emotion_agent.replay.bag import Bag

# What several rooms of tests share is no package of its own.
sys.path.insert(0, str(Path(__file__).parents[2]))

from bag_maker import START_NS, BagMaker, Line

START_S = START_NS / 1e9


@pytest.mark.parametrize(
    ('gaps', 'words'),
    [
        ([9 * 3600.0], ['jumped a gap of 9:00:00 without a message']),
        ([-START_S], ['without a message']),
        ([2.0**28], ['without a message']),
        ([2.0**62 / 1e9], []),
    ],
)
def test_a_gap_is_jumped_and_said(ros, tmp_path, monkeypatch, capfd, gaps, words):
    maker = BagMaker()
    lines = [
        Line('/emotion/stimulus', STIMULUS, at_s, maker.stimulus('praise', 0.0))
        for at_s in sorted([0.0, 0.1, 0.2, *gaps])
    ]
    node = ros.create_node('bag_player')
    times = []
    monkeypatch.setattr(
        'emotion_agent.commands.play_bag.publish',
        lambda node, publisher, message: (
            times.append(message.clock) if isinstance(message, Clock) else None
        ),
    )

    with Bag(maker.write(tmp_path / 'bag', lines)) as bag:
        begun_s = monotonic()
        count = BagPlayer(node, bag).play()
        took_s = monotonic() - begun_s
        damage = bag.damage

    assert 0.2 <= took_s < 30.0
    said = capfd.readouterr().err
    assert all(line in said for line in words)
    assert (count, damage) == (
        (4, []) if words else (3, ['1 messages: a time that cannot be'])
    )  # fmt: skip
    stamps = [time.sec + time.nanosec / 1e9 for time in times]
    assert stamps == sorted(stamps)
    node.destroy_node()
