# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""States in, pictures out."""

import numpy as np
import pytest
from geometry_msgs.msg import Point
from rclpy.qos import QoSProfile
from sensor_msgs.msg import Image

from emotion_agent.nodes.face_sketcher import FaceSketcherNode
from emotion_msgs.msg import EmotionState
from node_kit.qos import LATCHED, RESULT
from node_kit.time import to_message

EVERY_PICTURE = QoSProfile(depth=1000)


@pytest.fixture
def sketcher(world):
    node = world.start(FaceSketcherNode, decoder='parametric')
    world.subscribe(Image, 'face_image', EVERY_PICTURE)
    world.wait_until(lambda: world.received['face_image'], 'a picture')
    return node


def pixels(image):
    return np.frombuffer(bytes(image.data), np.uint8).reshape(image.height, image.width)


def test_a_neutral_face_is_drawn_without_a_state(world, sketcher):
    picture = pixels(world.received['face_image'][-1])

    assert picture.shape == (64, 128)
    assert set(np.unique(picture)) == {0, 255}


def test_an_observation_is_answered_with_its_stamp(world, sketcher):
    states = world.publisher(EmotionState, 'state', LATCHED)
    neutral = pixels(world.received['face_image'][-1])
    state = EmotionState(visible_joy=0.9, visible_valence=0.7, visible_arousal=0.4, intensity=0.9)
    state.header.stamp, state.observation_stamp = world.now(), to_message(1234.5)

    states.publish(state)

    def answers():
        return [image for image in world.received['face_image'] if image.header.stamp.sec == 1234]

    world.wait_until(answers, 'the answer')
    world.wait_until(
        lambda: (pixels(world.received['face_image'][-1]) != neutral).sum() > 100, 'the smile'
    )
    assert len(answers()) == 1


def test_a_state_that_is_none_is_counted_and_drawing_goes_on(world, sketcher):
    states = world.publisher(EmotionState, 'state', LATCHED)

    states.publish(EmotionState(visible_joy=float('nan')))
    world.wait_until(lambda: sketcher.diagnose()[0].values['malformed'] == 1, 'the state')
    count = len(world.received['face_image'])

    world.wait_until(lambda: len(world.received['face_image']) > count, 'the next picture')
    assert 'messages ignored; the last: ignored a state' in sketcher.diagnose()[0].message


def test_the_face_looks_where_it_is_told_to(world, sketcher):
    gazes = world.publisher(Point, 'gaze', RESULT)

    def pupil():
        eye = pixels(world.received['face_image'][-1])[22:34, 20:46] > 0
        return (eye * np.arange(26)).sum() / max(1, eye.sum())

    gazes.publish(Point(x=1.0, y=0.0, z=0.0))
    world.wait_until(lambda: pupil() > 13.5, 'a look to the right')
    gazes.publish(Point(x=-1.0, y=0.0, z=0.0))
    world.wait_until(lambda: pupil() < 11.5, 'a look to the left')
