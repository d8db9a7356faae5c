# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Faces of a ROS4HRI detector in, their expressions out; a clear word where hri_msgs is not."""

import cv2
import numpy as np
import pytest
from photo_maker import write_photo_encoder
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from emotion_agent.camera.sources import built_in_photo
from node_kit.images import array_to_image
from node_kit.qos import CAMERA_WRITER, RESULT
from node_kit.time import to_message

pytest.importorskip('skimage', reason='the photograph ships in scikit-image')

FACE = np.s_[60:170, 170:280]
"""The face in the photograph, about as a detector frames it."""


@pytest.fixture
def hri_msgs():
    return pytest.importorskip('hri_msgs.msg', reason='hri_msgs is not installed')


class FaceDetector:
    """The topics of somebody else's face detector."""

    def __init__(self, listener, hri_msgs):
        self._listener = listener
        self._hri_msgs = hri_msgs
        self._list = listener.node.create_publisher(
            hri_msgs.IdsList, '/humans/faces/tracked', CAMERA_WRITER
        )
        self._crops = {}
        self._time = 1000.0

    def show(self, **crops) -> None:
        """Publish a list and a crop for each face, all of one camera image."""
        self._time += 1 / 30
        header = Header(stamp=to_message(self._time), frame_id='camera')
        self._list.publish(self._hri_msgs.IdsList(header=header, ids=list(crops)))
        for face_id, pixels in crops.items():
            if face_id not in self._crops:
                topics = f'/humans/faces/{face_id}'
                self._crops[face_id] = self._listener.node.create_publisher(
                    Image, f'{topics}/cropped', CAMERA_WRITER
                )
                self._listener.listen(self._hri_msgs.Expression, f'{topics}/expression', RESULT)
            self._crops[face_id].publish(array_to_image(pixels, 'bgr8', header))

    def show_until(self, condition, what: str, **crops) -> None:
        """Show the same faces until a condition holds."""
        self._listener.wait_until(lambda: self.show(**crops) or condition(), what)


def names_of(message) -> set[str]:
    return {face.face_id for face in message.faces} if message else {'nothing heard'}


def test_tracked_faces_are_read_until_they_leave(start_nodes, listener, hri_msgs):
    smile = cv2.resize(np.ascontiguousarray(built_in_photo()[FACE]), (128, 128))
    nodes = start_nodes()
    nodes.start('emotion_agent', 'affect_estimator', {'use_hri': True})
    detector = FaceDetector(listener, hri_msgs)
    ours, other = '/humans/faces/abc12/expression', '/humans/faces/f_2/expression'

    detector.show_until(
        lambda: listener.last(ours) and listener.last(other),
        'expressions of both faces',
        abc12=smile,
        f_2=np.zeros((40, 30, 3), np.uint8),
    )
    detector.show_until(
        lambda: names_of(listener.last('human_affect')) == {'abc12', 'f_2'},
        'both in human_affect',
        abc12=smile,
        f_2=np.zeros((40, 30, 3), np.uint8),
    )
    seen = listener.last(ours)
    array = listener.last('human_affect')
    face = next(face for face in array.faces if face.face_id == 'abc12')

    assert seen.expression == 'happy'
    assert seen.valence > 0.4
    assert -1 <= seen.arousal <= 1
    assert 0.5 < seen.confidence <= 1
    assert seen.header.frame_id == array.header.frame_id == 'camera'
    assert (face.roi.width, face.roi.height) == (128, 128)
    assert (array.image_width, array.image_height) == (0, 0)

    detector.show_until(
        lambda: names_of(listener.last('human_affect')) == {'abc12'}, 'one less', abc12=smile
    )
    listener.wait_until(lambda: listener.node.count_publishers(other) == 0, 'its publisher gone')
    assert listener.node.count_publishers(ours) == 1
    detector.show_until(lambda: names_of(listener.last('human_affect')) == set(), 'nobody')
    listener.wait_until(lambda: listener.node.count_publishers(ours) == 0, 'nothing said of it')


def test_action_units_are_said_where_they_are_switched_on(
    start_nodes, listener, hri_msgs, tmp_path
):
    smile = cv2.resize(np.ascontiguousarray(built_in_photo()[FACE]), (128, 128))
    encoder = write_photo_encoder(tmp_path / 'photo')
    start_nodes().start(
        'emotion_agent',
        'affect_estimator',
        {'use_hri': True, 'action_units': True, 'photo_model': str(encoder)},
    )
    detector = FaceDetector(listener, hri_msgs)
    listener.listen(hri_msgs.FacialActionUnits, '/humans/faces/abc12/facs', RESULT)

    detector.show_until(
        lambda: listener.last('/humans/faces/abc12/facs'), 'its action units', abc12=smile
    )

    units = listener.last('/humans/faces/abc12/facs')
    assert units.header.frame_id == 'camera'
    assert 0.0 < units.intensity[hri_msgs.FacialActionUnits.LIP_CORNER_PULLER] <= 1.0
    assert units.confidence[hri_msgs.FacialActionUnits.NOSE_WRINKLER] == 0.0


def test_what_is_no_crop_and_no_name_is_counted_and_survived(start_nodes, listener, hri_msgs):
    smile = cv2.resize(np.ascontiguousarray(built_in_photo()[FACE]), (128, 128))
    nodes = start_nodes()
    nodes.start('emotion_agent', 'affect_estimator', {'use_hri': True})
    detector = FaceDetector(listener, hri_msgs)
    ids = listener.node.create_publisher(hri_msgs.IdsList, '/humans/faces/tracked', RESULT)
    ids.publish(hri_msgs.IdsList(ids=['no name', '/x', '12', '']))
    broken = listener.node.create_publisher(Image, '/humans/faces/torn/cropped', CAMERA_WRITER)

    def malformed() -> int:
        return int(listener.diagnostics('affect_estimator').get('malformed', 0))

    def show_torn() -> None:
        ids.publish(hri_msgs.IdsList(ids=['torn']))
        broken.publish(Image(height=9, width=9, encoding='bgr8', step=27, data=bytes(5)))

    listener.wait_until(lambda: show_torn() or malformed(), 'a crop that is counted')
    detector.show_until(
        lambda: names_of(listener.last('human_affect')) == {'abc12'}, 'a good one', abc12=smile
    )

    listener.wait_until(
        lambda: int(listener.diagnostics('affect_estimator')['processed']) > 0, 'a crop read'
    )
    figures = listener.diagnostics('affect_estimator')
    counted = sum(int(figures[name]) for name in ('processed', 'malformed', 'dropped'))
    assert 0 <= int(figures['received']) - counted <= 2


def test_the_robot_says_what_it_feels(start_nodes, listener, hri_msgs):
    nodes = start_nodes()
    nodes.start('emotion_agent', 'emotion_state', {'publish_expression': True})
    listener.listen(hri_msgs.Expression, 'expression', RESULT)

    listener.stimulate('threat_near')
    listener.wait_until(
        lambda: listener.last('expression') and listener.last('expression').expression == 'scared',
        'fear',
    )

    said = listener.last('expression')
    state = next(s for s in reversed(listener.heard['state']) if s.header == said.header)
    assert (said.valence, said.arousal) == (state.valence, state.arousal)
    assert said.valence < 0 < said.arousal
    assert said.confidence == 1


def test_without_hri_msgs_the_node_says_what_is_missing(start_nodes, listener):
    try:
        import hri_msgs.msg  # noqa: F401
    except ImportError:
        pass
    else:
        pytest.skip('hri_msgs is installed')
    nodes = start_nodes()
    nodes.start('emotion_agent', 'affect_estimator', {'use_hri': True})

    def complaints() -> list[str]:
        statuses = [status for array in listener.heard['/diagnostics'] for status in array.status]
        return [status.message for status in statuses if 'hri_msgs' in status.message]

    listener.wait_until(complaints, 'a diagnosis')

    assert complaints()[0] == (
        'use_hri needs the package hri_msgs, which is not installed: '
        'sudo apt install ros-$ROS_DISTRO-hri-msgs, or set use_hri to false'
    )
