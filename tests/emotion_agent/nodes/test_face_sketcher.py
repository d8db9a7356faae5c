# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""States in, pictures out."""

from contextlib import suppress

import numpy as np
import pytest
from geometry_msgs.msg import Point
from rclpy.parameter import Parameter
from rclpy.qos import QoSProfile
from sensor_msgs.msg import Image
from std_msgs.msg import Float32
from std_srvs.srv import Trigger

from emotion_agent.animation.config import AnimatorConfig
from emotion_agent.nodes.face_sketcher import FaceSketcherNode
from emotion_models.drawing import measure_mouth_corner_lift
from emotion_msgs.msg import EmotionState, FaceAffect, FaceAffectArray
from node_kit.qos import EVENT, LATCHED, RESULT
from node_kit.time import to_message

EVERY_PICTURE = QoSProfile(depth=1000)


@pytest.fixture
def sketcher(world):
    # Outlines of eyes show where it looks.
    parameters = {'decoder': 'parametric', 'identity.eye_fill': 0.0}
    node = world.start(FaceSketcherNode, **parameters)
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


def lift(world):
    """Of the corners of the mouth, px; none while a blink hides it."""
    with suppress(ValueError):
        return measure_mouth_corner_lift(pixels(world.received['face_image'][-1]))
    return np.nan


def smiling(**fields):
    units = [0.0] * 18
    units[FaceAffect.LIP_CORNER_PULLER] = 1.0
    face = FaceAffect(face_id='anna', action_units=units, **fields)
    face.roi.width = face.roi.height = 100
    return FaceAffectArray(faces=[face], image_width=640, image_height=480)


def test_a_mirror_that_is_set_while_it_runs_smiles_back(world, sketcher):
    faces = world.publisher(FaceAffectArray, 'human_affect', RESULT)
    rest = lift(world)

    for _ in range(10):
        faces.publish(smiling())
    world.wait_until(lambda: sketcher._sketcher._seen, 'the face')
    before = lift(world)
    (answer,) = sketcher.set_parameters([Parameter('mirror', value=1.0)])
    world.wait_until(lambda: faces.publish(smiling()) or lift(world) > rest + 3.0, 'a smile')

    assert answer.successful
    assert before == pytest.approx(rest, abs=1.0)
    assert not sketcher.set_parameters([Parameter('mirror', value=1.5)])[0].successful


def test_somebody_is_drawn_by_a_service_and_given_back(world, sketcher):
    faces = world.publisher(FaceAffectArray, 'human_affect', RESULT)

    def drawn(share=None):
        """The answer to a call while somebody is there; none = nobody."""
        if share is not None:
            faces.publish(smiling(proportions=[share] * 6 if share else []))
            world.wait_until(lambda: sketcher._sketcher._seen, 'the face')
        else:
            world.wait_until(lambda: sketcher._sketcher._seen is None, 'the empty room')
        answer = world.call(Trigger, 'face_sketcher/draw_me', Trigger.Request())
        return answer.success, answer.message

    nobody = drawn()
    withheld = drawn(0.0)
    world.wait_until(lambda: sketcher._sketcher._seen is None, 'the empty room')
    done = drawn(1.0)
    identity = sketcher._sketcher._identity
    back = drawn()

    assert nobody == back == (True, 'nobody is seen: the own face')
    assert withheld[0] is False
    assert 'share_proportions of affect_estimator' in withheld[1]
    assert done == (True, 'the face of the person who is attended to')
    assert identity.proportions() == pytest.approx([1.0] * 6)
    assert sketcher._sketcher._identity.proportions() != pytest.approx([1.0] * 6)


def opening(world):
    """Rows that are lit about the middle of the mouth."""
    return int((pixels(world.received['face_image'][-1])[40:, 54:74] > 0).any(axis=1).sum())


def test_a_voice_opens_the_mouth(world, sketcher):
    mouth = world.publisher(Float32, 'mouth', EVENT)
    shut = opening(world)

    world.wait_until(lambda: mouth.publish(Float32(data=1.0)) or opening(world) > shut + 3, 'an a')
    world.wait_until(lambda: mouth.publish(Float32(data=0.0)) or opening(world) < shut + 2, 'an m')
    before = sketcher.diagnose()[0].values
    mouth.publish(Float32(data=float('nan')))
    world.wait_until(lambda: sketcher.diagnose()[0].values['malformed'] == 1, 'nothing')

    values = sketcher.diagnose()[0].values
    assert values['spoken'] > before['spoken'] > 2
    assert 'ignored speech: expected an opening' in sketcher.diagnose()[0].message


def test_how_the_face_lives_is_set_while_it_runs(world, sketcher):
    def answer(**values):
        given = [Parameter(f'life.{name}', value=value) for name, value in values.items()]
        result = sketcher.set_parameters_atomically(given)
        return result.successful, result.reason

    def config():
        return sketcher._sketcher._animator._config

    assert answer(blink_rate=20.0) == (True, '')
    assert config().blink_rate == 20.0
    assert answer(preset='calm', blink_rate=-1.0, breath_px=0.0)[0]
    assert config() == AnimatorConfig.preset('calm', breath_px=0.0)

    assert answer(blink_rate=-0.5) == (
        False, 'life.blink_rate: expected 0 to 30, or -1, got -0.5'
    )  # fmt: skip
    assert answer(sleep_after_s=400.0) == (
        False, 'life.*: sleep_after_s must be <= off_after_s, got 400.0 > 300'
    )  # fmt: skip
    assert not answer(blink_rate=31.0)[0]
    assert not answer(preset='dead')[0]
    assert config() == AnimatorConfig.preset('calm', breath_px=0.0)
    assert answer(sleep_after_s=400.0, off_after_s=500.0)[0]


def test_numbers_that_contradict_each_other_are_refused_at_the_start(ros):
    given = [Parameter('life.glance_least_s', value=3.0)]

    with pytest.raises(ValueError, match=r'life.\*: glance_least_s must be <= glance_most_s'):
        FaceSketcherNode(parameter_overrides=given)
