# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A photograph of a smiling person goes in as camera images; a face that answers comes out."""

import math
import os

import cv2
import numpy as np
import pytest
from rcl_interfaces.msg import Parameter, ParameterValue
from rcl_interfaces.srv import SetParameters
from sensor_msgs.msg import CompressedImage
from std_msgs.msg import String
from std_srvs.srv import Trigger

from emotion_agent.camera.sources import BUILT_IN_PHOTO, built_in_photo
from emotion_agent.logic.compressed_images import compressed_to_array
from emotion_models.drawing import measure_mouth_corner_lift
from emotion_msgs.msg import EmotionState, FaceAffect, FaceAffectArray
from emotion_msgs.srv import ListStimuli
from node_kit.images import image_to_array
from node_kit.qos import CAMERA_WRITER, EVENT, LATCHED, PICTURE, RESULT
from node_kit.time import to_seconds

pytest.importorskip('skimage', reason='the photograph ships in scikit-image')


def start_feeling_face(nodes):
    nodes.start('emotion_agent', 'face_sketcher')
    nodes.start('emotion_agent', 'emotion_state')


def start_camera(nodes):
    nodes.start('emotion_agent', 'camera', {'source': BUILT_IN_PHOTO})


def last_stimulus(listener) -> str:
    state = listener.last('state')
    return state.last_stimulus if state else ''


def lift(listener) -> float:
    return measure_mouth_corner_lift(image_to_array(listener.last('face_image')))


def test_smile_is_seen_felt_and_shown_in_faces_stamped_as_the_images_they_answer(
    start_nodes, listener
):
    nodes = start_nodes()
    nodes.start('oled_face', 'oled_face', {'output': 'emulator'})
    start_feeling_face(nodes)
    nodes.start('emotion_agent', 'affect_estimator')
    listener.wait_until(lambda: listener.last('face_image'), 'the first face')
    at_rest = lift(listener)

    start_camera(nodes)
    listener.wait_until(lambda: listener.last('human_affect'), 'an image looked at')
    first = to_seconds(listener.last('human_affect').header.stamp)
    listener.wait_until(
        lambda: listener.last('state') and listener.last('state').visible_joy > 0.3, 'visible joy'
    )
    joyful = to_seconds(listener.last('state').header.stamp)
    listener.wait_until(lambda: lift(listener) > at_rest + 1.0, 'mouth corners that rise')

    assert joyful - first < 10.0
    seen = [array.faces[0] for array in listener.heard['human_affect'] if array.faces]
    assert len(seen) > 0.9 * len(listener.heard['human_affect'])
    assert np.mean([face.valence for face in seen]) > 0.3
    assert abs(sum(seen[-1].expression) - 1.0) < 1e-3
    assert listener.last('state').dominant in ('joy', 'love')
    assert 'face_seen' in {state.last_stimulus for state in listener.heard['state']}

    def answered():
        cameras = {to_seconds(message.header.stamp) for message in listener.heard['human_affect']}
        faces = [to_seconds(message.header.stamp) for message in listener.heard['face_image']]
        return [stamp for stamp in faces if stamp in cameras]

    listener.wait_until(lambda: len(answered()) > 20, 'faces stamped as camera images')
    assert len(set(answered())) == len(answered())


def test_threat_frightens_and_changes_the_face(start_nodes, listener):
    start_feeling_face(start_nodes())
    listener.wait_until(lambda: listener.last('face_image'), 'the first face')
    before = image_to_array(listener.last('face_image'))

    listener.stimulate('threat_near')

    listener.wait_until(lambda: last_stimulus(listener) == 'threat_near', 'the threat')
    state = listener.last('state')
    assert (state.dominant, state.last_source) == ('fear', 'test')
    assert state.fear > max(state.mad, state.joy, state.sad, state.surprise)

    def changed_pixels():
        return np.count_nonzero(image_to_array(listener.last('face_image')) != before)

    listener.wait_until(lambda: changed_pixels() > 300, 'another face')


def test_emulator_shows_the_pixels_of_the_topic(start_nodes, listener, tmp_path):
    nodes = start_nodes()
    folder = tmp_path / 'frames'
    nodes.start('oled_face', 'oled_face', {'output': 'png', 'png_folder': str(folder)})
    start_feeling_face(nodes)
    faces = listener.heard['face_image']
    published, shown = [], []
    # Only the newest picture is kept for a reader, so on a busy machine each misses some.
    while len(set(published) & set(shown)) < 10:
        count = len(faces)
        listener.stimulate('goal_reached')
        listener.wait_until(lambda count=count: len(faces) > count + 30, 'more faces')
        published = [image_to_array(image).tobytes() for image in faces]
        shown = [panel_pixels(picture).tobytes() for picture in pictures(folder)]
    nodes.stop()

    # What both have is the same, in the same order.
    both = [picture for picture in dict.fromkeys(shown) if picture in published]
    assert both == [picture for picture in dict.fromkeys(published) if picture in both]


def pictures(folder) -> list[np.ndarray]:
    """The numbered pictures in their order, without one that is being written."""
    read = (cv2.imread(str(file), cv2.IMREAD_GRAYSCALE) for file in sorted(folder.glob('*.png')))
    return [picture for picture in read if picture is not None]


def panel_pixels(picture: np.ndarray) -> np.ndarray:
    """What the panel shows, from a picture that draws each of its pixels large."""
    scale = picture.shape[0] // 64
    centres = picture[scale // 2 :: scale, scale // 2 :: scale]
    return np.where(centres > 128, 255, 0).astype(np.uint8)


def test_text_and_services_of_the_state(start_nodes, listener):
    nodes = start_nodes()
    nodes.start('emotion_agent', 'emotion_state')
    text = listener.node.create_publisher(String, 'stimulus_text', EVENT)
    listener.wait_until(lambda: text.get_subscription_count() > 0, 'a listener for text')

    stimuli = listener.call(ListStimuli, 'emotion_state/list_stimuli', ListStimuli.Request())
    text.publish(String(data='praise:loud'))
    text.publish(String(data='no_such_thing'))
    text.publish(String(data='praise:0.5'))
    listener.wait_until(lambda: listener.heard['emotion_state/causes'], 'a cause')
    listener.wait_until(lambda: last_stimulus(listener) == 'praise', 'the praise')
    assert listener.last('emotion_state/causes').intensity == 0.5
    assert listener.last('state').joy > 0.2

    assert listener.call(Trigger, 'emotion_state/reset', Trigger.Request()).success
    listener.wait_until(lambda: listener.last('state').joy == 0.0, 'rest')

    assert {'praise', 'threat_near', 'low_battery'} <= {info.name for info in stimuli.stimuli}
    listener.wait_until(
        lambda: listener.diagnostics('emotion_state').get('unknown') == '1', 'the count'
    )


def test_late_joiner_gets_the_newest_state(start_nodes, listener, ros):
    nodes = start_nodes()
    nodes.start('emotion_agent', 'emotion_state', {'publish_rate_hz': 0.1})
    listener.stimulate('win')
    listener.wait_until(lambda: last_stimulus(listener) == 'win', 'the win')

    late = type(listener)(ros, 'emotion')
    late.wait_until(lambda: late.last('state'), 'the latched state', timeout_s=5.0)

    assert late.last('state').last_stimulus == 'win'
    late.close()


def test_compressed_images_are_taken(start_nodes, listener):
    nodes = start_nodes()
    nodes.start('emotion_agent', 'affect_estimator')
    camera = listener.node.create_publisher(
        CompressedImage, 'camera/image_raw/compressed', CAMERA_WRITER
    )
    photo = cv2.imencode('.jpg', built_in_photo())[1].tobytes()
    message = CompressedImage(format='jpeg', data=photo)
    message.header.frame_id = 'eye'
    listener.wait_until(lambda: camera.get_subscription_count() > 0, 'the estimator')

    def answer():
        message.header.stamp = listener.node.get_clock().now().to_msg()
        camera.publish(message)
        return listener.last('human_affect')

    listener.wait_until(answer, 'a result')
    result = listener.last('human_affect')
    assert result.header.frame_id == 'eye'
    assert (result.image_width, result.image_height) == (512, 512)
    assert result.faces[0].valence > 0.3


def test_annotated_image_is_there_for_whoever_subscribes_where_it_is_allowed(
    start_nodes, listener
):
    nodes = start_nodes()
    nodes.start('emotion_agent', 'affect_estimator', {'allow_annotated_image': True})
    start_camera(nodes)
    listener.listen(CompressedImage, 'annotated_image/compressed', PICTURE)

    listener.wait_until(lambda: listener.last('annotated_image/compressed'), 'an annotated image')

    picture = compressed_to_array(listener.last('annotated_image/compressed'))
    assert picture.shape == (480, 640, 3)


def test_agent_runs_in_one_process_without_torch(start_nodes, listener, tmp_path):
    (tmp_path / 'torch.py').write_text('raise ImportError("no torch on a robot")\n')
    nodes = start_nodes(PYTHONPATH=f'{tmp_path}:{os.environ["PYTHONPATH"]}')
    nodes.start('emotion_agent', 'agent')
    start_camera(nodes)

    listener.wait_until(lambda: listener.last('state') and listener.last('state').joy > 0.3, 'joy')
    listener.wait_until(lambda: listener.last('face_image'), 'a face')
    listener.wait_until(
        lambda: listener.diagnostics('face_sketcher').get('decoder') == 'latent', 'a learned face'
    )
    listener.wait_until(
        lambda: int(listener.diagnostics('oled_face').get('frames_shown', 0)) > 0, 'the display'
    )


def test_observations_without_a_stamp_meet_one_person_once(start_nodes, listener):
    start_nodes().start('emotion_agent', 'emotion_state', {'publish_rate_hz': 30.0})
    face = FaceAffect(face_id='f1', valence=0.8, confidence=0.9)
    face.roi.width = face.roi.height = 100
    affect = listener.node.create_publisher(FaceAffectArray, 'human_affect', RESULT)
    listener.wait_until(lambda: affect.get_subscription_count() > 0, 'the state')

    for count in range(60):
        affect.publish(FaceAffectArray(faces=[face]))
        listener.wait_until(lambda count=count: len(listener.heard['state']) > count, 'a state')

    met = {to_seconds(s.last_change_stamp) for s in listener.heard['state']} - {0.0}
    assert len(met) == 1
    listener.wait_until(
        lambda: listener.diagnostics('emotion_state').get('refractory') == '0', 'the count'
    )


def test_odd_messages_end_no_node(start_nodes, listener):
    nodes = start_nodes()
    nodes.start('emotion_agent', 'emotion_state')
    nodes.start('emotion_agent', 'face_sketcher')
    state = listener.node.create_publisher(EmotionState, 'state', LATCHED)
    listener.wait_until(lambda: listener.last('face_image'), 'the first face')

    odd = EmotionState(dominant='fear', valence=math.nan, visible_fear=math.inf)
    odd.observation_stamp.sec = -9

    def odd_states() -> int:
        state.publish(odd)
        return int(listener.diagnostics('face_sketcher').get('malformed', 0))

    listener.wait_until(odd_states, 'the count')
    odd.valence, odd.visible_fear = 0.0, 0.5
    state.publish(odd)
    listener.stimulate('', intensity=math.nan, duration=math.inf)
    listener.stimulate('praise', intensity=1e30, duration=-math.inf)
    faces = len(listener.heard['face_image'])

    listener.wait_until(lambda: len(listener.heard['face_image']) > faces + 5, 'more faces')


def test_two_robots_do_not_disturb_each_other(start_nodes, listener, ros):
    start_nodes('emotion').start('emotion_agent', 'emotion_state')
    start_nodes('other').start('emotion_agent', 'emotion_state')
    other = type(listener)(ros, 'other')
    try:
        other.wait_until(lambda: other.last('state'), 'the state of the other robot')

        listener.stimulate('threat_near')
        listener.wait_until(lambda: last_stimulus(listener) == 'threat_near', 'the threat')
        other.stimulate('praise')
        other.wait_until(lambda: last_stimulus(other) == 'praise', 'the praise')

        assert listener.last('state').dominant == 'fear'
        assert all(state.fear == 0.0 for state in other.heard['state'])
        assert {state.last_stimulus for state in other.heard['state']} <= {'', 'praise'}
    finally:
        other.close()


def test_parameters_change_while_running_and_bad_ones_are_refused(start_nodes, listener):
    start_nodes().start('emotion_agent', 'emotion_state')

    def change(name, **value):
        parameter = Parameter(name=name, value=ParameterValue(**value))
        request = SetParameters.Request(parameters=[parameter])
        return listener.call(SetParameters, 'emotion_state/set_parameters', request).results[0]

    assert change('offset.dopamine', type=3, double_value=1.0).successful
    listener.wait_until(
        lambda: listener.last('state') and listener.last('state').joy > 0.5, 'the new temperament'
    )
    refused = change('temperament', type=4, string_value='grumpy')

    assert not refused.successful
    assert 'expected one of balanced, calm, cheerful, timid, touchy (shipped)' in refused.reason
    assert "got 'grumpy'" in refused.reason
    assert listener.last('state').joy > 0.5
