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
from emotion_agent.resources.temperaments import temperament_file
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
ARRIVALS = sorted(SCRIPT, key=lambda stimulus: stimulus[0] + stimulus[1])
END_S = 12.0
# Silence before the first stimulus, s of the wall: whoever is found late still hears it.
LEAD_S = 2.0
TOPIC = '/robot/stimulus'
EVERY_STATE = QoSProfile(depth=1000, durability=DurabilityPolicy.TRANSIENT_LOCAL)


def stimulus(name: str, at_s: float) -> Stimulus:
    message = Stimulus(name=name, intensity=1.0, duration=-1.0, source='bag')
    message.header.stamp = to_message(START + at_s)
    return message


def write_bag(folder: Path, storage: StoragePlugin, rate: int) -> Path:
    store = get_typestore(Stores.ROS2_JAZZY)
    text = Path(get_package_share_directory('emotion_msgs'), 'msg/Stimulus.msg').read_text()
    store.register(get_types_from_msg(text, 'emotion_msgs/msg/Stimulus'))
    # The first and the last one only keep the clock going.
    lead = (-LEAD_S * rate, 0.0, 'no_such_stimulus')
    recorded = [lead, *ARRIVALS, (END_S, 0.0, 'no_such_stimulus')]
    with Writer(folder, version=9, storage_plugin=storage) as writer:
        connection = writer.add_connection(TOPIC, 'emotion_msgs/msg/Stimulus', typestore=store)
        for at_s, late_s, name in recorded:
            data = serialize_message(stimulus(name, at_s))
            writer.write(connection, round((START + at_s + late_s) * 1e9), data)
    return folder


def in_order(config, arrived: int, stamp: float):
    """Read an engine at `stamp` that got the first `arrived` stimuli in time and in order."""
    engine = EmotionEngine(config, now_s=START)
    for at_s, _, name in sorted(ARRIVALS[:arrived]):
        if START + at_s <= stamp:
            assert engine.stimulate(name, now_s=START + at_s).accepted
    return engine.read(stamp)


@pytest.mark.parametrize(
    ('rate', 'storage', 'ticks_hz'),
    [(4, StoragePlugin.MCAP, (5.0, 30.0, 200.0)), (4, StoragePlugin.SQLITE3, (30.0,))],
)
def test_state_depends_on_the_stamps_alone(
    start_nodes, listener, tmp_path, rate, storage, ticks_hz
):
    bag = write_bag(tmp_path / 'bag', storage, rate)
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
        'emotion_agent', 'play_bag', arguments=[str(bag), f'--rate={rate}', '--wait=20']
    )
    listener.wait_until(lambda: player.poll() is not None, 'the end of the bag', 60.0)

    config = load(temperament_file('balanced'))
    for tick_hz in ticks_hz:
        heard = listener.heard[f'/robot_{tick_hz:g}/state']
        arrived = 0
        # The clock of the robots starts at 0.
        states = [state for state in heard if to_seconds(state.header.stamp) > START]
        for state in states:
            # Each state is that of an engine that got what had arrived, whenever that was.
            while not is_same(state, in_order(config, arrived, to_seconds(state.header.stamp))):
                arrived += 1
                assert arrived <= len(ARRIVALS), state
        assert arrived == len(ARRIVALS)
        assert len(states) > tick_hz
        assert to_seconds(states[-1].header.stamp) > START + END_S - 1.0


def is_same(state: EmotionState, reading) -> bool:
    """Whether a published state is a reading, up to the precision of the message."""
    published = np.concatenate(
        [
            [getattr(state, name) for name in (*MODULATORS, *EMOTIONS)],
            state.deviation,
            state.mood,
        ]
    )
    expected = np.concatenate([reading.levels, reading.emotions, reading.deviation, reading.mood])
    return state.dominant == reading.dominant and np.allclose(
        published, expected, rtol=0.0, atol=1e-6
    )
