# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A recorded script of stimuli gives the same state at any tick rate and any playing rate."""

from pathlib import Path

import numpy as np
import pytest
from ament_index_python.packages import get_package_share_directory
from rclpy.qos import DurabilityPolicy, QoSProfile
from rclpy.serialization import serialize_message
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

from emotion_agent.neuromodulation import EMOTIONS, MODULATORS, EmotionEngine, load
from emotion_agent.temperaments import temperament_file
from emotion_msgs.msg import EmotionState, Stimulus
from node_kit.time import to_message, to_seconds

START = 1_700_000_000.0
# (happened at, s; arrived after, s; name): late by up to a second, and out of order.
SCRIPT = (
    (1.0, 0.0, 'praise'),
    (1.5, 1.0, 'picked_up'),
    (1.8, 0.1, 'loud_sound'),
    (2.2, 0.5, 'low_battery'),
    (7.0, 0.9, 'insult'),
    (7.3, 0.0, 'touch_gentle'),
    (7.5, 0.3, 'praise'),
    (7.8, 0.05, 'goal_failed'),
)
END_S = 12.0
# How long a message may be on its way between processes on a busy machine, s of the wall.
IN_FLIGHT_S = 0.5
TOPIC = '/robot/stimulus'
EVERY_STATE = QoSProfile(depth=1000, durability=DurabilityPolicy.TRANSIENT_LOCAL)


def stimulus(name: str, at_s: float) -> Stimulus:
    message = Stimulus(name=name, intensity=1.0, duration=-1.0, source='bag')
    message.header.stamp = to_message(START + at_s)
    return message


def write_bag(folder: Path, storage: StoragePlugin) -> Path:
    store = get_typestore(Stores.ROS2_JAZZY)
    text = Path(get_package_share_directory('emotion_msgs'), 'msg/Stimulus.msg').read_text()
    store.register(get_types_from_msg(text, 'emotion_msgs/msg/Stimulus'))
    arrivals = sorted((at_s + late_s, at_s, name) for at_s, late_s, name in SCRIPT)
    # The last one only keeps the clock going to the end.
    arrivals.append((END_S, END_S, 'no_such_stimulus'))
    with Writer(folder, version=9, storage_plugin=storage) as writer:
        connection = writer.add_connection(TOPIC, 'emotion_msgs/msg/Stimulus', typestore=store)
        for arrived_s, at_s, name in arrivals:
            data = serialize_message(stimulus(name, at_s))
            writer.write(connection, round((START + arrived_s) * 1e9), data)
    return folder


def in_order(config, stamp: float):
    """Read an engine at `stamp` that got everything until then in time and in order."""
    engine = EmotionEngine(config, now=START)
    for at_s, _, name in sorted(SCRIPT):
        if START + at_s <= stamp:
            assert engine.stimulate(name, now=START + at_s).accepted
    return engine.read(stamp)


def is_settled(seconds: float, rate: int) -> bool:
    """Whether at this time nothing that had happened was still on its way."""
    return not any(
        at_s <= seconds <= at_s + late_s + rate * IN_FLIGHT_S for at_s, late_s, _ in SCRIPT
    )


@pytest.mark.parametrize(
    ('rate', 'storage', 'ticks_hz'),
    [(1, StoragePlugin.MCAP, (5.0, 30.0, 200.0)), (4, StoragePlugin.SQLITE3, (5.0, 30.0))],
)
def test_state_depends_on_the_stamps_alone(
    start_nodes, listener, tmp_path, rate, storage, ticks_hz
):
    bag = write_bag(tmp_path / 'bag', storage)
    for tick_hz in ticks_hz:
        namespace = f'robot_{tick_hz:g}'
        start_nodes(namespace).start(
            'emotion_agent',
            'emotion_state',
            {'use_sim_time': True, 'publish_rate_hz': tick_hz},
            remappings={'stimulus': TOPIC},
        )
        listener.listen(EmotionState, f'/{namespace}/state', EVERY_STATE)
    count_publishers = listener.node.count_publishers
    listener.wait_until(
        lambda: (
            listener.node.count_subscribers(TOPIC) == len(ticks_hz)
            and all(count_publishers(f'/robot_{tick_hz:g}/state') for tick_hz in ticks_hz)
        ),
        'all robots',
    )

    player = start_nodes().start(
        'emotion_agent', 'play_bag', arguments=[str(bag), f'--rate={rate}']
    )
    listener.wait_until(lambda: player.poll() is not None, 'the end of the bag')

    config = load(temperament_file('balanced'))
    for tick_hz in ticks_hz:
        heard = listener.heard[f'/robot_{tick_hz:g}/state']
        states = {to_seconds(state.header.stamp): state for state in heard}
        settled = [s for s in states if s > START + 1 and is_settled(s - START, rate)]
        assert len(settled) > 4
        assert min(settled) < START + 7.0 < START + 10.0 < max(settled)
        for stamp in settled:
            assert_same(states[stamp], in_order(config, stamp))


def assert_same(state: EmotionState, reading) -> None:
    for names, values in ((MODULATORS, reading.levels), (EMOTIONS, reading.emotions)):
        published = [getattr(state, name) for name in names]
        np.testing.assert_allclose(published, values, atol=1e-6)
    np.testing.assert_allclose(state.deviation, reading.deviation, atol=1e-6)
    np.testing.assert_allclose(state.mood, reading.mood, atol=1e-6)
    assert state.dominant == reading.dominant
