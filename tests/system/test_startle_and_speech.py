# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The real nodes show a startle at once, and go on feeling and blinking while they speak."""

import wave
from time import monotonic

import numpy as np
import pytest
from rclpy.qos import QoSProfile
from reactions import STILL, blink_starts, pixels, seconds_to
from sensor_msgs.msg import Image
from std_msgs.msg import Float32
from std_srvs.srv import Trigger

from emotion_agent.client import EmotionClient
from node_kit.qos import EVENT
from node_kit.time import to_seconds

EVERY = QoSProfile(depth=1000)
RATE_HZ = 30.0
MOST_S = 1.0  # a startle; figures are those of tests/benchmarks/bench_startle.py
LATE_S = 2.0  # pictures of a busy machine


@pytest.fixture
def pictures(listener):
    """(time of drawing in s, picture) of every picture of the face."""
    seen = []

    def see(image):
        seen.append((to_seconds(image.header.stamp), pixels(image)))

    listener.node.create_subscription(Image, 'face_image', see, EVERY)
    return seen


def test_a_startle_is_shown_at_once(start_nodes, listener, pictures):
    nodes = start_nodes()
    nodes.start('emotion_agent', 'face_sketcher', STILL)
    nodes.start('emotion_agent', 'emotion_state', {'snapshot_path': 'none'})
    listener.wait_until(lambda: pictures and listener.last('state'), 'the robot')

    took_s = []
    for _ in range(3):
        listener.call(Trigger, 'emotion_state/reset', Trigger.Request())
        listener.spin_until(lambda: False, 2.0)
        before = pictures[-1]
        pictures[:] = [before]
        listener.stimulate('loud_sound')
        listener.wait_until(lambda: listener.last('state').dominant == 'surprise', 'surprise')
        listener.spin_until(lambda: False, MOST_S)
        cause = listener.last('emotion_state/causes')
        at_s, shown = zip(*pictures, strict=True)
        begin_s = to_seconds(cause.header.stamp)
        took_s.append(seconds_to(0.9, [-1.0, *(np.array(at_s[1:]) - begin_s)], shown))

    assert min(took_s) < MOST_S, took_s


@pytest.mark.parametrize(
    ('seconds', 'life', 'longest_s'),
    [(6, {'life.blink_rate': 30.0}, 5.0), pytest.param(60, {}, 8.0, marks=pytest.mark.slow)],
)
def test_speech_loses_no_word_no_state_and_no_blink(
    start_nodes, listener, pictures, seconds, life, longest_s
):
    nodes = start_nodes()
    nodes.start('emotion_agent', 'face_sketcher', life)
    nodes.start('emotion_agent', 'emotion_state', {'snapshot_path': 'none'})
    mouth = listener.node.create_publisher(Float32, 'mouth', EVENT)
    listener.wait_until(lambda: pictures and listener.last('state'), 'the robot')
    listener.wait_until(mouth.get_subscription_count, 'a listener to mouth')
    count = round(seconds * RATE_HZ)
    begin_s, spoken = monotonic(), 0

    def says_all():
        nonlocal spoken
        while spoken < min(count, (monotonic() - begin_s) * RATE_HZ):
            mouth.publish(Float32(data=0.5 + 0.5 * np.sin(spoken)))
            spoken += 1
        return spoken >= count

    def taken(what):
        return int(listener.diagnostics('face_sketcher').get(what, 0))

    listener.wait_until(says_all, 'the words', timeout_s=seconds + 60.0)
    heard = len(listener.heard['state'])
    listener.wait_until(lambda: taken('spoken') == count, 'every word')
    listener.wait_until(lambda: taken('states') >= 0.95 * heard, 'the states')

    assert taken('malformed') == 0
    assert heard >= 0.8 * 10 * seconds  # of 10 Hz
    blinks = blink_starts(*zip(*pictures, strict=True))
    gaps_s = np.diff([pictures[0][0], *blinks, pictures[-1][0]])
    assert len(blinks) >= 1
    assert gaps_s.max() <= longest_s + LATE_S, gaps_s
    # It speaks in between: the mouth is in many places.
    assert len({picture[44:, 44:84].tobytes() for _, picture in pictures}) > 10


def test_a_client_speaks_to_the_running_agent(start_nodes, listener, pictures, tmp_path):
    nodes = start_nodes()
    nodes.start('emotion_agent', 'face_sketcher', STILL)
    listener.wait_until(lambda: pictures, 'the face')
    shut = pictures[-1][1]
    path = tmp_path / 'a.wav'
    with wave.open(str(path), 'wb') as file:
        file.setparams((1, 2, 8000, 0, 'NONE', ''))
        file.writeframes((np.sin(np.arange(12000) / 3.0) * 9000).astype('<i2').tobytes())
    client = EmotionClient(listener.node, '/emotion')

    said = client.speak(path)
    listener.wait_until(lambda: said.is_done, 'the end of it')
    assert not said.problem
    shown = [picture for _, picture in pictures]
    listener.wait_until(lambda: (pictures[-1][1] != shut).sum() < 10, 'the own mouth')
    client.close()

    assert max((picture[44:] != shut[44:]).sum() for picture in shown) > 50
    assert max((picture[:36] != shut[:36]).sum() for picture in shown) < 20
