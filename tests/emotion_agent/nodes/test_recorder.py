# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Messages in, a bag out."""

import errno
import os
import shutil
import struct
from collections import Counter
from contextlib import suppress

import pytest
from diagnostic_msgs.msg import DiagnosticStatus
from rclpy.parameter import Parameter
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import String
from std_srvs.srv import Trigger

import emotion_agent.ros.recording
from emotion_agent.nodes.emotion_state import EmotionStateNode
from emotion_agent.nodes.recorder import Recorder
from emotion_agent.replay.bag import Bag, BagError
from emotion_agent.replay.recorded_agent import read_agent
from emotion_agent.replay.sources import Names
from emotion_msgs.msg import FaceAffect, FaceAffectArray
from node_kit.limits import MESSAGE_BYTES
from node_kit.qos import EVENT, RESULT

ROUNDS, SIZE = 5, 10_000
CAMERA = {'camera/image_raw': Image, 'camera/image_raw/compressed': CompressedImage}


@pytest.mark.parametrize('with_images', [False, True])
def test_a_bag_has_camera_images_only_if_that_is_asked_for(world, tmp_path, with_images):
    recorder = world.start(Recorder, folder=str(tmp_path / 'bag'), record_images=with_images)
    cameras = [
        (world.publisher(kind, topic, EVENT, subscribers=int(with_images)), kind(data=bytes(SIZE)))
        for topic, kind in CAMERA.items()
    ]
    texts = world.publisher(String, 'stimulus_text', EVENT)

    for round_ in range(1, ROUNDS + 1):
        for camera, image in cameras:
            camera.publish(image)
        texts.publish(String(data='x' * SIZE))  # recorded after the images of earlier rounds
        expected = round_ * SIZE * (3 if with_images else 1)
        world.wait_until(lambda: recorder.diagnose()[0].values['bytes'] >= expected, 'the round')  # noqa: B023
    recorder.close()

    with Bag(tmp_path / 'bag') as bag:
        recorded = Counter(message.topic for message in bag.messages(bag.topics))
    assert recorded['/emotion/stimulus_text'] == ROUNDS
    for topic in CAMERA:
        assert recorded[f'/emotion/{topic}'] == (ROUNDS if with_images else 0)


@pytest.mark.parametrize('with_units', [False, True])
def test_units_are_recorded_only_if_that_is_asked_for_and_proportions_never(
    world, tmp_path, with_units
):
    recorder = world.start(Recorder, folder=str(tmp_path / 'bag'), record_action_units=with_units)
    publisher = world.publisher(FaceAffectArray, 'human_affect', RESULT)
    units = [0.25] * 18
    faces = [
        FaceAffect(face_id='a', valence=0.5, action_units=units, proportions=[0.75] * 6),
        FaceAffect(face_id='b', valence=-0.5),
    ]

    publisher.publish(FaceAffectArray(faces=faces, image_width=640))
    world.wait_until(lambda: recorder.recording.came['/emotion/human_affect'], 'the faces')
    recorder.close()

    with Bag(tmp_path / 'bag') as bag:
        (message,) = bag.messages(['/emotion/human_affect'])
        affect = bag.types.from_bytes(message.msgtype, message.data)
    assert affect.image_width == 640
    assert [(face.face_id, face.valence) for face in affect.faces] == [('a', 0.5), ('b', -0.5)]
    assert list(affect.faces[0].action_units) == (units if with_units else [])
    assert all(len(face.proportions) == 0 for face in affect.faces)
    if not with_units:
        assert struct.pack('<f', 0.25) not in message.data
    assert struct.pack('<f', 0.75) not in message.data


def test_no_message_fills_the_disk(world, tmp_path, capfd):
    recorder = world.start(Recorder, folder=str(tmp_path / 'bag'))
    texts = world.publisher(String, 'stimulus_text', EVENT, subscribers=1)

    for _ in range(3):
        texts.publish(String(data='x' * (MESSAGE_BYTES + 1)))
    world.wait_until(lambda: recorder.diagnose()[0].values['left_out'] == 3, 'all of them')

    assert recorder.diagnose()[0].values['bytes'] < MESSAGE_BYTES
    assert capfd.readouterr().err.count('left out a message of ') == 1


def test_a_bag_has_all_that_an_exact_replay_needs(world, tmp_path):
    state = world.start(EmotionStateNode, temperament='touchy')
    recorder = world.start(Recorder, folder=str(tmp_path / 'bag'))
    counted = recorder.recording._rate
    world.wait_until(lambda: state._snapshots_to, 'the recorder')
    state.set_parameters([Parameter('time_scale', value=2.0)])
    world.call(Trigger, 'emotion_state/reset', Trigger.Request())
    before = counted.count
    world.wait_until(lambda: counted.count > before + 5, 'further messages')
    recorder.close()

    with Bag(tmp_path / 'bag') as bag:
        agent = read_agent(bag, Names())
        topics = [message.topic for message in bag.messages(bag.topics)]
        changed = {
            parameter.name
            for message in bag.messages(['/parameter_events'])
            for parameter in bag.types.from_bytes(message.msgtype, message.data).changed_parameters
        }
    assert agent.problems == []
    assert agent.snapshot['parameters']['temperament'] == 'touchy'
    assert agent.parameters['emotion_state']['time_scale'] == 1.0
    assert agent.parameters['recorder']['folder'] == str(tmp_path / 'bag')
    assert [(change.kind, change.value) for change in agent.changes] == [
        ('parameters', {'time_scale': 2.0}),
        ('reset', {}),
    ]
    assert changed == {'time_scale'}
    assert topics.index('/emotion/emotion_state/snapshot') < topics.index('/emotion/state')


def test_recorder_that_hears_no_agent_says_where_one_is(world, ros, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(emotion_agent.ros.recording, 'AGENT_THERE_S', 0.0)
    elsewhere = ros.create_node('emotion_state', namespace='elsewhere')
    recorder = world.start(Recorder, folder=str(tmp_path / 'bag'))
    texts = world.publisher(String, 'stimulus_text', EVENT)
    texts.publish(String(data='praise'))
    world.wait_until(lambda: recorder.diagnose()[0].values['messages'], 'a message')
    line = (
        'nothing of an agent came in /emotion; agents run in /elsewhere: '
        'give --ros-args -r __ns:=/elsewhere'
    )
    world.wait_until(lambda: recorder.diagnose()[0].message == line, 'the other agent')
    assert recorder.diagnose()[0].level == DiagnosticStatus.WARN

    recorder.close()
    elsewhere.destroy_node()

    assert line in capfd.readouterr().err


def test_recorder_that_hears_an_agent_is_content(world, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(emotion_agent.ros.recording, 'AGENT_THERE_S', 0.0)
    world.start(EmotionStateNode)
    recorder = world.start(Recorder, folder=str(tmp_path / 'bag'))
    world.wait_until(lambda: recorder.diagnose()[0].message == 'ok', 'the state')

    recorder.close()

    assert 'nothing of an agent' not in capfd.readouterr().err


def test_what_came_is_on_the_disk_soon_without_an_end_of_the_bag(world, tmp_path, monkeypatch):
    synchronised = []
    monkeypatch.setattr(emotion_agent.ros.recording.os, 'fdatasync', synchronised.append)
    recorder = world.start(Recorder, folder=str(tmp_path / 'bag'))
    texts = world.publisher(String, 'stimulus_text', EVENT)

    def is_kept():
        """Whether a copy, as of a disk whose power was cut, has the message."""
        shutil.rmtree(tmp_path / 'copy', ignore_errors=True)
        shutil.copytree(tmp_path / 'bag', tmp_path / 'copy')
        with suppress(BagError), Bag(tmp_path / 'copy') as bag:
            return any(bag.messages(['/emotion/stimulus_text']))

    for number in range(1, 4):
        texts.publish(String(data='praise'))
        world.wait_until(lambda: recorder.recording.came['/emotion/stimulus_text'] >= number, 'it')  # noqa: B023
        world.wait_until(is_kept, 'the message in a copy')
        world.wait_until(lambda: len(synchronised) >= number, 'the disk')  # noqa: B023


@pytest.mark.parametrize('moment', ['write', 'flush', 'disk', 'disk at the end', 'end'])
def test_a_disk_that_fails_ends_the_bag_with_one_line(world, tmp_path, monkeypatch, capfd, moment):
    def fail(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    recorder = world.start(Recorder, folder=str(tmp_path / 'bag'))
    texts = world.publisher(String, 'stimulus_text', EVENT)
    if moment == 'disk':
        recorder.recording._disk._work = fail
    elif moment == 'disk at the end':
        recorder.destroy_timer(recorder.recording._timer)
        recorder.recording._note_disk_error(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    elif moment == 'flush':
        monkeypatch.setattr(emotion_agent.ros.recording, 'flush', fail)
    else:
        monkeypatch.setattr(
            recorder.recording._writer, 'write' if moment == 'write' else 'close', fail
        )
    texts.publish(String(data='praise'))
    if not moment.endswith('end'):
        world.wait_until(lambda: recorder.diagnose()[0].level == DiagnosticStatus.ERROR, 'it')
    recorder.close()

    lines = capfd.readouterr().err
    assert lines.count('stopped recording to') == 1
    assert 'No space left on device' in lines
    assert 'a defect' not in lines


def test_an_agent_that_falls_silent_is_a_warning(world, tmp_path, monkeypatch):
    state = world.start(EmotionStateNode)
    recorder = world.start(Recorder, folder=str(tmp_path / 'bag'))
    world.wait_until(lambda: recorder.recording.came['/emotion/state'], 'a state')
    monkeypatch.setattr('emotion_agent.ros.recording.SILENT_S', 0.3)
    state.trigger_deactivate()

    world.wait_until(
        lambda: 'neither state nor human_affect for' in recorder.diagnose()[0].message, 'it'
    )
