# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""An expression of REP-155 by its topic; without hri_msgs one line, and all else works."""

import numpy as np
import pytest
from sensor_msgs.msg import Image

from emotion_agent.logic.hri import EXPRESSION
from emotion_agent.nodes import face_sketcher
from emotion_agent.nodes.face_sketcher import FaceSketcherNode
from emotion_agent.nodes.recorder import Recorder
from emotion_agent.replay.bag import Bag
from emotion_agent.ros import messages, recording
from node_kit.qos import EVENT


def test_an_expression_is_shown_and_recorded(world, tmp_path):
    hri_msgs = pytest.importorskip('hri_msgs.msg', reason='hri_msgs is not installed')
    recorder = world.start(Recorder, folder=str(tmp_path / 'bag'))
    sketcher = world.start(FaceSketcherNode, decoder='parametric', expression_s=60.0)
    world.subscribe(Image, 'face_image', 10)
    asked = world.publisher(hri_msgs.Expression, 'show_expression', EVENT, subscribers=2)

    def lit():
        pictures = world.received['face_image']
        return np.count_nonzero(pictures[-1].data) if pictures else 0

    world.wait_until(lambda: lit() > 0, 'a picture')
    asked.publish(hri_msgs.Expression(expression='horified'))
    world.wait_until(lambda: sketcher.diagnose()[0].values['malformed'] == 1, 'the refusal')
    asked.publish(hri_msgs.Expression(expression=hri_msgs.Expression.HORRIFIED))
    world.wait_until(lambda: sketcher.diagnose()[0].values['expressions'] == 2, 'the expression')
    recorder.close()

    assert 'did you mean horrified?' in sketcher.diagnose()[0].message
    with Bag(tmp_path / 'bag') as bag:
        topic = bag.topics['/emotion/show_expression']
    assert (topic.msgtype, topic.messages, topic.problem) == (EXPRESSION, 2, '')


def test_without_hri_msgs_there_is_one_line_and_a_face(world, monkeypatch, tmp_path, capfd):
    for module in (face_sketcher, recording):
        monkeypatch.setattr(module, 'is_installed', lambda name: False)
    world.start(Recorder, folder=str(tmp_path / 'bag'))
    world.start(FaceSketcherNode, decoder='parametric')
    world.subscribe(Image, 'face_image', 10)
    world.wait_until(lambda: world.received['face_image'], 'a picture')

    said = [line for line in capfd.readouterr().err.splitlines() if 'needs hri_msgs' in line]
    assert len(said) == 1
    assert 'show_expression is not there: it needs hri_msgs (sudo apt install ' in said[0]


def test_a_type_whose_package_is_not_there_is_not_installed():
    assert messages.is_installed('std_msgs/msg/String')
    assert not messages.is_installed('no_such_msgs/msg/Expression')
