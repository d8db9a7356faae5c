# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is published of tracked faces, with stand-ins for hri_msgs."""

from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip('rclpy')

from emotion_agent.ros import tracked_faces
from emotion_agent.ros.tracked_faces import TrackedFaces
from emotion_models.runtime import Face


class Node:
    """Its topics: what there is, and what was sent on each."""

    def __init__(self):
        self.sent, self.topics = [], []
        self.on_list = None

    def create_subscription(self, kind, topic, callback, qos):
        if topic.endswith('/tracked'):
            self.on_list = callback
        return topic

    def create_publisher(self, kind, topic, qos):
        self.topics.append(topic)
        return topic

    def destroy_subscription(self, topic):
        pass

    def destroy_publisher(self, topic):
        self.topics.remove(topic)

    def send(self, topic, message):
        self.sent.append((topic, message))


@pytest.fixture
def node(monkeypatch):
    monkeypatch.setattr(tracked_faces, 'message_class', lambda name: name)
    monkeypatch.setattr(
        tracked_faces, 'make_message', lambda name, **fields: SimpleNamespace(**fields)
    )
    return Node()


@pytest.fixture
def faces(node):
    faces = TrackedFaces(node, lambda header: None, lambda header: None, most=3)
    node.on_list(SimpleNamespace(ids=['a', 'b'], header=None))
    return faces


def face(face_id, units=None):
    shares = np.full(8, 0.125, np.float32)
    return Face(face_id, (0, 0, 9, 9), 0.5, 0.0, 0.75, shares, 0.5, 0.0, units)


UNITS = np.linspace(0.0, 1.0, 18, dtype=np.float32)


def test_units_have_a_topic_once_they_are_said(node, faces):
    faces.express(face('a', UNITS), 'header', says_units=True)
    faces.express(face('a', UNITS), 'header', says_units=True)

    assert [topic for topic, _ in node.sent] == 2 * [
        '/humans/faces/a/expression',
        '/humans/faces/a/facs',
    ]
    message = node.sent[1][1]
    assert message.header == 'header'
    assert message.intensity[1] == UNITS[0]
    assert message.intensity[2] == pytest.approx((UNITS[1] + UNITS[2]) / 2)
    assert node.topics.count('/humans/faces/a/facs') == 1
    assert '/humans/faces/b/facs' not in node.topics


@pytest.mark.parametrize(('units', 'says_units'), [(UNITS, False), (None, True)])
def test_no_units_are_said_that_are_off_or_not_known(node, faces, units, says_units):
    faces.express(face('a', units), 'header', says_units=says_units)

    assert [topic for topic, _ in node.sent] == ['/humans/faces/a/expression']


def test_topics_go_with_the_face(node, faces):
    faces.express(face('a', UNITS), 'header', says_units=True)

    node.on_list(SimpleNamespace(ids=['b'], header=None))
    faces.express(face('a', UNITS), 'header', says_units=True)

    assert node.topics == ['/humans/faces/b/expression']
    assert len(node.sent) == 2
