# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A model of valence and arousal over time in the node, and in the replay of what it saw."""

import cv2
import numpy as np
import pytest
from bag_maker import START_NS, BagMaker, Line
from rclpy.parameter import Parameter
from sensor_msgs.msg import CompressedImage
from std_msgs.msg import Header
from temporal_maker import A_STEP, write_temporal

from emotion_agent.camera.sources import built_in_photo
from emotion_agent.commands.cli import main
from emotion_agent.logic import COMPRESSED_IMAGE
from emotion_agent.nodes.affect_estimator import AffectEstimatorNode
from emotion_agent.replay.bag import Bag
from node_kit.images import array_to_image
from node_kit.time import to_message

START_S = START_NS / 1e9


@pytest.fixture
def folder(tmp_path):
    return write_temporal(tmp_path / 'course')


@pytest.fixture
def start(world, monkeypatch):
    """start(**parameters): a node, and the list of what it sends."""

    def run(**parameters):
        node, sent = world.start(AffectEstimatorNode, detector='haar', **parameters), []
        monkeypatch.setattr(node, 'send', lambda publisher, message: sent.append(message))
        return node, sent

    return run


def figures(node):
    return node.diagnose()[0].values


def seen():
    """(stamp in s after the start, JPEG): a face that moves and darkens, with gaps."""
    photo = cv2.resize(built_in_photo(), (200, 200))
    stamps_s = np.cumsum(
        [0.033, 0.034, 0.033, 0.2, 0.033, 0.05, 0.033, 0.7, 0.04, 1.4, 0.033, 0.033]
    )
    for number, stamp_s in enumerate(stamps_s):
        picture = np.roll(photo, number, 1) // (1 + number % 3)
        yield float(stamp_s), cv2.imencode('.jpg', picture)[1].ravel()


def as_sent(face):
    """Id and numbers of a face in single precision, in which they are sent."""
    numbers = (face.valence, face.arousal, face.confidence, *face.expression)
    return face.face_id, np.float32(numbers).tolist()


def test_a_replay_says_the_same_as_the_node_to_the_bit(world, start, folder, tmp_path, capfd):
    node, sent = start(temporal=str(folder))
    for number, (stamp_s, data) in enumerate(seen()):
        header = Header(stamp=to_message(START_S + stamp_s))
        node._take(CompressedImage(header=header, format='jpeg', data=data.tobytes()))
        world.wait_until(lambda count=number + 1: len(sent) >= count, 'an answer')
    maker = BagMaker()
    make, topic = maker.messages.make, '/emotion/camera/image_raw/compressed'
    lines = [
        Line(
            topic,
            COMPRESSED_IMAGE,
            stamp_s + 0.01,
            make(COMPRESSED_IMAGE, header=maker.header(stamp_s), format='jpeg', data=data),
        )
        for stamp_s, data in seen()
    ]
    bag = maker.write(tmp_path / 'bag', lines)
    params = tmp_path / 'params.yaml'
    params.write_text(
        f'/**:\n  affect_estimator:\n    ros__parameters: {{temporal: {folder}, detector: haar}}\n'
    )

    call = ['replay', str(bag), '--out', str(tmp_path / 'out.mcap'), '--no-plot']
    assert main([*call, '--params', str(params)]) == 0

    with Bag(tmp_path / 'out.mcap') as out:
        again = [
            maker.messages.from_bytes(event.msgtype, event.data)
            for event in out.messages(['/emotion/human_affect'])
        ]
    live, replayed = (
        [as_sent(face) for affect in answers for face in affect.faces] for answers in (sent, again)
    )
    assert len(live) >= 10
    assert live == replayed
    assert figures(node)['temporal'] == 'course'
    assert figures(node)['temporal_ms'] > 0
    # The face was lost for more than a second, or is another one since.
    assert np.diff([arousal for _, (_, arousal, *_) in live]).min() < 0


def test_tracked_faces_have_a_state_each(world, start, folder, tracked_faces):
    node, sent = start(temporal=str(folder), use_hri=True)
    faces = np.random.default_rng(0).integers(0, 256, (4, 48, 48), dtype=np.uint8)

    def show(stamp_s, names):
        count = len(sent) + 1
        header = Header(stamp=to_message(START_S + stamp_s))
        tracked_faces[0].show(
            **{
                name: array_to_image(faces[ord(name) - ord('a')], 'mono8', header)
                for name in names
            }
        )
        world.wait_until(lambda: len(sent) >= count, 'an answer')
        return {face.face_id: round(face.arousal / A_STEP) for face in sent[-1].faces}

    assert show(0.0, 'ab') == {'a': 1, 'b': 1}
    assert show(0.04, 'ab') == {'a': 2, 'b': 2}
    assert show(0.12, 'a') == {'a': 4, 'b': 2}
    assert show(0.16, 'abc') == {'a': 5, 'b': 5, 'c': 1}
    tracked_faces[0].ids = frozenset('bc')
    assert show(0.2, 'bc') == {'b': 6, 'c': 2}
    tracked_faces[0].ids = frozenset('abc')
    assert show(0.24, 'abc') == {'a': 1, 'b': 7, 'c': 3}
    assert figures(node)['temporal'] == 'course'


def test_a_model_for_another_network_is_off_in_one_line(world, start, tmp_path, capfd):
    folder = write_temporal(
        tmp_path / 'other',
        change=lambda card: card['training_data'].update(affect_network='0' * 64),
    )

    node, _ = start(temporal=str(folder))

    lines = [line for line in ''.join(capfd.readouterr()).splitlines() if 'temporal: ' in line]
    assert len(lines) == 1
    assert 'WARN' in lines[0]
    assert 'temporal: off, as other reads features of another affect network' in lines[0]
    assert figures(node)['temporal'] == 'none'


def test_it_is_chosen_at_the_start_alone(start, folder):
    node, _ = start(temporal=str(folder))

    (answer,) = node.set_parameters([Parameter('temporal', value='none')])

    assert not answer.successful
    assert figures(node)['temporal'] == 'course'


def test_how_late_it_speaks_is_in_the_diagnostics(start, tmp_path):
    folder = write_temporal(tmp_path / 'late', change=lambda card: card.update(delay_frames=5))

    assert figures(start(temporal=str(folder))[0])['temporal'] == 'late, 0.2 s late'
