# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A script that is played live arrives as it is written, at the real state node over real DDS."""

import json
from collections import defaultdict
from time import monotonic

import pytest

pytest.importorskip('rclpy')

from geometry_msgs.msg import Point
from rclpy.executors import SingleThreadedExecutor
from std_msgs.msg import Float32

from emotion_agent.nodes.emotion_state import EmotionStateNode
from emotion_agent.panels.agent_link import WIZARD as OF_PANEL
from emotion_agent.panels.agent_link import wizard_message
from emotion_agent.panels.plane import Affect
from emotion_agent.script_runner import ScriptRunner
from emotion_agent.scripts.people import WIZARD
from emotion_agent.scripts.reading import read_script
from emotion_agent.scripts.script import Script
from emotion_msgs.msg import Event, FaceAffectArray, Stimulus
from node_kit.qos import EVENT, RESULT
from node_kit.time import to_seconds

TIMEOUT_S = 15.0
SCRIPT = """
duration_s: 1.6
stimuli: [{at_s: 0.2, name: praise, intensity: 0.5}, {at_s: 1.2, name: scold}]
people:
  - {from_s: 0.4, to_s: 1.0, id: anna, course: [{at_s: 0.4, valence: 0.8, arousal: 0.1}]}
gaze: [{at_s: 0.1, x: -0.5, y: 0.2}, {at_s: 0.9, look: about}]
speech: [{at_s: 0.3, for_s: 0.4}]
markers: [{at_s: 0.4, text: anna comes}]
waits: [{at_s: 0.6, for: key, key: yes}]
"""


class Stage:
    """A runner in a node of its own, the state, and somebody who takes note of all."""

    def __init__(self, ros):
        self.heard = defaultdict(list)
        self.robot = EmotionStateNode(namespace='emotion')
        self.node = ros.create_node('stage')
        self.other = ros.create_node('face_sketcher')  # a voice waits for its mouth
        self.runner = ScriptRunner(self.node, '/emotion')
        self.executor = SingleThreadedExecutor()
        for node in (self.robot, self.node, self.other):
            self.executor.add_node(node)
        self.robot.autostart()
        for kind, topic, qos in (
            (Stimulus, 'emotion_state/causes', EVENT),
            (FaceAffectArray, 'human_affect', RESULT),
            (Point, 'gaze', RESULT),
            (Float32, 'mouth', EVENT),
            (Event, 'events', EVENT),
        ):
            self.other.create_subscription(
                kind, f'/emotion/{topic}', self.heard[topic].append, qos
            )
        self.events = self.other.create_publisher(Event, '/emotion/events', EVENT)
        self.affect = self.other.create_publisher(FaceAffectArray, '/emotion/human_affect', RESULT)
        assert self.spin_until(lambda: self.runner.is_connected)
        assert self.spin_until(lambda: self.events.get_subscription_count() == 2)
        assert self.spin_until(lambda: self.affect.get_subscription_count() == 2)

    def spin_until(self, condition, timeout_s=TIMEOUT_S):
        end_s = monotonic() + timeout_s
        while not condition() and monotonic() < end_s:
            self.executor.spin_once(timeout_sec=0.05)
        return condition()

    def spin_until_it_is(self, state):
        assert self.spin_until(lambda: self.runner.status.state == state), self.runner.status

    def close(self):
        self.runner.close()
        self.runner.close()
        self.executor.shutdown()
        self.robot.close()
        for node in (self.robot, self.node, self.other):
            node.destroy_node()


@pytest.fixture
def stage(ros):
    stage = Stage(ros)
    yield stage
    stage.close()


def events_of(stage):
    return [
        (event.kind, event.name, json.loads(event.value or '{}'))
        for event in stage.heard['events']
        if event.source == 'stage'
    ]


def test_what_arrives_is_what_is_written(stage, tmp_path):
    path = tmp_path / 'visit.yaml'
    path.write_text(SCRIPT)

    stage.runner.play(read_script(path))
    stage.spin_until_it_is('waiting')
    assert stage.runner.status.waits_for == 'key yes'
    assert stage.spin_until(lambda: len(stage.heard['human_affect']) > 5)  # she stays in view
    stage.runner.key('no')
    assert stage.runner.status.state == 'waiting'
    assert stage.runner.key('yes')
    stage.spin_until_it_is('ended')
    assert not stage.runner.key('yes')
    assert stage.spin_until(lambda: events_of(stage)[-1][2].get('state') == 'ended')
    assert stage.spin_until(lambda: len(stage.heard['emotion_state/causes']) >= 3)
    assert stage.spin_until(lambda: len(stage.heard['mouth']) >= 10)

    assert [(c.name, c.intensity) for c in stage.heard['emotion_state/causes'] if c.source] == [
        ('praise', 0.5),
        ('face_seen', 1.0),
        ('scold', 1.0),
    ]
    faces = stage.heard['human_affect']
    assert {m.header.frame_id for m in faces} == {'script'}
    assert not faces[-1].faces  # she left
    assert {(f.face_id, round(f.valence, 3)) for m in faces for f in m.faces} == {('anna', 0.8)}
    stamps = [to_seconds(m.header.stamp) for m in faces]
    assert (stamps[-2] - stamps[0]) / (len(stamps) - 2) == pytest.approx(0.1, rel=0.3)
    assert {(p.x, p.y, p.z) for p in stage.heard['gaze']} == {(-0.5, 0.2, 0.0)}
    assert len(stage.heard['gaze']) >= 2  # again, as a face holds it for 2 s
    assert max(opening.data for opening in stage.heard['mouth']) > 0.3
    assert events_of(stage) == [
        ('script', 'visit', {'state': 'playing', 'at_s': 0.0}),
        ('marker', 'anna comes', {'script': 'visit', 'at_s': 0.4}),
        ('script', 'visit', {'state': 'waiting', 'at_s': 0.6}),
        ('key', 'no', {}),
        ('key', 'yes', {}),
        ('script', 'visit', {'state': 'playing', 'at_s': 0.6}),
        ('script', 'visit', {'state': 'ended', 'at_s': 1.6}),
    ]


def test_events_and_stimuli_of_others_end_waits_for_them(stage, tmp_path):
    path = tmp_path / 'waits.yaml'
    path.write_text("""
duration_s: 9
stimuli: [{at_s: 0, name: praise}]
markers: [{at_s: 0, text: own}]
waits:
  - {at_s: 0, for: event, kind: marker}
  - {at_s: 0, for: stimulus}
  - {at_s: 1, for: key, key: 7}
""")

    stage.runner.play(read_script(path))
    own = ('marker', 'own', {'script': 'waits', 'at_s': 0.0})
    assert stage.spin_until(lambda: own in events_of(stage))
    assert stage.spin_until(lambda: len(stage.heard['emotion_state/causes']) == 1)
    assert stage.runner.status.waits_for == 'any event marker'
    stage.events.publish(Event(kind='marker', name='ready', source='other'))
    assert stage.spin_until(lambda: stage.runner.status.waits_for == 'any stimulus')
    stage.affect.publish(wizard_message(Affect(0.5, 0.0)))  # face_seen
    assert stage.spin_until(lambda: stage.runner.status.waits_for == 'key 7')
    stage.events.publish(Event(kind='key', name='7', source='other'))
    stage.spin_until_it_is('playing')


def test_nobody_fights_over_the_person_who_is_seen(stage, tmp_path):
    assert WIZARD == OF_PANEL
    path = tmp_path / 'long.yaml'
    path.write_text(
        'duration_s: 60\npeople: [{from_s: 0, to_s: 60, course: '
        '[{at_s: 0, valence: -0.5, arousal: 0.0}]}]\n'
    )
    stage.runner.play(read_script(path))
    assert stage.spin_until(lambda: stage.heard['human_affect'])
    assert stage.spin_until(lambda: stage.affect.get_subscription_count() == 3)

    stage.affect.publish(wizard_message(Affect(0.5, 0.0)))
    assert stage.spin_until(lambda: stage.heard['human_affect'][-1].header.frame_id == WIZARD)
    heard = len(stage.heard['human_affect'])
    stage.spin_until(lambda: False, timeout_s=0.5)
    assert len(stage.heard['human_affect']) <= heard + 1
    assert stage.spin_until(lambda: len(stage.heard['human_affect']) > heard + 1)

    other = ScriptRunner(stage.other, '/emotion')
    assert stage.spin_until(lambda: other.is_connected)
    other.play(Script(30.0, name='newer'))
    stage.spin_until_it_is('ended')
    assert other.status.state == 'playing'
    other.close()
    assert other.status.state == 'ended'
