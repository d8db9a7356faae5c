# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A recorded script of stimuli gives the same state at any tick rate and any playing rate."""

from pathlib import Path

import numpy as np
import pytest
from ament_index_python.packages import get_package_share_directory
from rclpy.serialization import serialize_message
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

from emotion_agent.neuromodulation import EMOTIONS, MODULATORS, EmotionEngine, load
from emotion_agent.temperaments import temperament_file
from emotion_msgs.msg import EmotionState, Stimulus
from node_kit.qos import LATCHED
from node_kit.time import to_message, to_seconds

START = 1_700_000_000.0
# (happened at, s; arrived after, s; name): late by up to a second, and out of order.
SCRIPT = (
    (1.0, 0.0, 'praise'),
    (2.0, 1.0, 'picked_up'),
    (2.5, 0.1, 'loud_sound'),
    (3.5, 0.9, 'low_battery'),
    (4.2, 0.0, 'insult'),
    (5.0, 0.8, 'touch_gentle'),
    (5.5, 0.05, 'praise'),
    (7.0, 0.0, 'goal_failed'),
)
END_S = 9.0
TICKS_HZ = (5.0, 30.0, 200.0)
TOPIC = '/robot/stimulus'
# What is on its way while a state is published may or may not be in it yet.
IN_FLIGHT_S = 1.0


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


def is_settled(seconds: float) -> bool:
    """Whether at this time nothing that had happened was still on its way."""
    return not any(at_s <= seconds <= at_s + late_s + IN_FLIGHT_S for at_s, late_s, _ in SCRIPT)


@pytest.mark.parametrize(
    ('rate', 'storage'), [(1, StoragePlugin.MCAP), (4, StoragePlugin.SQLITE3)]
)
def test_state_depends_on_the_stamps_alone(start_nodes, listener, tmp_path, rate, storage):
    bag = write_bag(tmp_path / 'bag', storage)
    for tick_hz in TICKS_HZ:
        namespace = f'robot_{tick_hz:g}'
        start_nodes(namespace).start(
            'emotion_agent',
            'emotion_state',
            {'use_sim_time': True, 'publish_rate_hz': tick_hz},
            remappings={'stimulus': TOPIC},
        )
        listener.listen(EmotionState, f'/{namespace}/state', LATCHED)
    listener.wait_until(
        lambda: listener.node.count_subscribers(TOPIC) == len(TICKS_HZ), 'three robots'
    )

    player = start_nodes().start(
        'emotion_agent', 'play_bag', arguments=[str(bag), f'--rate={rate}']
    )
    listener.wait_until(lambda: player.poll() is not None, 'the end of the bag')

    config = load(temperament_file('balanced'))
    for tick_hz in TICKS_HZ:
        heard = listener.heard[f'/robot_{tick_hz:g}/state']
        states = {to_seconds(state.header.stamp): state for state in heard}
        settled = [stamp for stamp in states if is_settled(stamp - START) and stamp > START]
        assert len(settled) > 2
        assert max(settled) > START + 8.0
        for stamp in settled:
            assert_same(states[stamp], in_order(config, stamp))


def assert_same(state: EmotionState, reading) -> None:
    for names, values in ((MODULATORS, reading.levels), (EMOTIONS, reading.emotions)):
        published = [getattr(state, name) for name in names]
        np.testing.assert_allclose(published, values, atol=1e-6)
    np.testing.assert_allclose(state.deviation, reading.deviation, atol=1e-6)
    np.testing.assert_allclose(state.mood, reading.mood, atol=1e-6)
    assert state.dominant == reading.dominant
