# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A run in numbers: what was seen, which emotions were dominant, how long a face took."""

import json

import pytest

pytest.importorskip('rclpy')

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from sensor_msgs.msg import Image

from emotion_agent.reporting.recording import Recording
from emotion_msgs.msg import EmotionState, FaceAffect, FaceAffectArray


def affect(second: int, *valences: float) -> FaceAffectArray:
    message = FaceAffectArray(faces=[FaceAffect(valence=value) for value in valences])
    message.header.stamp.sec = second
    return message


def face_image(second: int) -> Image:
    image = Image()
    image.header.stamp.sec = second
    return image


def test_images_with_and_without_a_face_are_counted():
    recording = Recording()
    for message in (affect(1, 0.5, -1.0), affect(2), affect(3, 0.7)):
        recording.add_affect(message)

    summary = recording.summary()

    assert (summary['frames_looked_at'], summary['frames_with_face']) == (3, 2)
    assert summary['mean_valence'] == pytest.approx(0.6)  # of the largest face of each image


def test_dominant_emotions_are_named_once_for_each_time():
    recording = Recording()
    for name in ('neutral', 'joy', 'joy', 'neutral', 'joy'):
        recording.add_state(EmotionState(dominant=name))

    assert recording.dominant_emotions() == ['neutral', 'joy', 'neutral', 'joy']


def test_latency_is_that_of_the_first_face_with_the_stamp_of_an_image():
    recording = Recording()
    recording.add_affect(affect(10))
    recording.add_face_image(face_image(9), now_s=9.5)  # drawn by itself
    recording.add_face_image(face_image(10), now_s=10.02)
    recording.add_face_image(face_image(10), now_s=10.5)

    summary = recording.summary()

    assert summary['faces_drawn'] == 3
    assert summary['latency_p50_ms'] == summary['latency_p95_ms'] == pytest.approx(20.0)


def test_newest_diagnostics_of_each_node_count():
    recording = Recording()
    for count in ('7', '12'):
        status = DiagnosticStatus(name='emotion/oled_face: panel')
        status.values = [KeyValue(key='bytes_sent', value=count)]
        recording.add_diagnostics(DiagnosticArray(status=[status]))

    assert recording.summary()['bytes_to_display'] == 12


def test_empty_run_is_none_and_can_be_written_as_json():
    summary = Recording().summary()

    assert summary['mean_valence'] is summary['latency_p50_ms'] is summary['frames_in'] is None
    assert json.loads(json.dumps(summary)) == summary


def diagnostics(second: int, node: str, **values: int) -> DiagnosticArray:
    pairs = [KeyValue(key=key, value=str(value)) for key, value in values.items()]
    array = DiagnosticArray(
        status=[DiagnosticStatus(name=f'emotion/{node}: sample', values=pairs)]
    )
    array.header.stamp.sec = second
    return array


def test_it_says_what_has_not_come_of_all_that_is_counted():
    recording = Recording()
    deeds = {
        'state': lambda: recording.add_state(EmotionState()),
        'human_affect': lambda: recording.add_affect(affect(1)),
        'face_image': lambda: recording.add_face_image(face_image(1), now_s=1.0),
        'diagnostics of affect_estimator': lambda: recording.add_diagnostics(
            diagnostics(1, 'affect_estimator', received=0)
        ),
        'diagnostics of oled_face': lambda: recording.add_diagnostics(
            diagnostics(1, 'oled_face', frames_shown=0, bytes_sent=0)
        ),
    }

    for number, deed in enumerate(deeds.values()):
        assert recording.missing() == list(deeds)[number:]
        deed()

    assert recording.missing() == []


def test_it_is_complete_when_every_node_has_counted_until_then():
    recording = Recording()
    recording.add_diagnostics(diagnostics(9, 'affect_estimator', received=3))
    recording.add_diagnostics(diagnostics(11, 'oled_face', frames_shown=5, bytes_sent=7))
    assert not recording.is_complete(10.0)

    recording.add_diagnostics(diagnostics(10, 'affect_estimator', received=4))

    assert recording.is_complete(10.0)
