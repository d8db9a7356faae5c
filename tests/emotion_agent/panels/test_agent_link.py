# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The link of the panels against the real state node; no Qt."""

import threading
from time import monotonic, sleep

import pytest

pytest.importorskip('rclpy')

from rclpy.executors import SingleThreadedExecutor
from rclpy.parameter import Parameter

from emotion_agent.neuromodulation import EmotionEngine, load
from emotion_agent.nodes.emotion_state import EmotionStateNode
from emotion_agent.panels.agent_link import (
    SETTINGS,
    WIZARD,
    AgentLink,
    namespaces_of_agents,
    resting_levels,
    wizard_message,
)
from emotion_agent.panels.plane import Affect
from emotion_agent.resources.temperaments import temperament_file
from emotion_msgs.msg import EmotionState, FaceAffect, FaceAffectArray
from node_kit.qos import RESULT

TIMEOUT_S = 15.0


@pytest.fixture
def robot(ros):
    """The state node, spun by a thread."""
    node = EmotionStateNode(namespace='emotion')
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    node.autostart()
    is_over = threading.Event()

    def spin():
        while not is_over.is_set():
            executor.spin_once(timeout_sec=0.1)

    thread = threading.Thread(target=spin)
    thread.start()
    yield node
    is_over.set()
    thread.join()
    executor.shutdown()
    node.close()
    node.destroy_node()


@pytest.fixture
def link(robot):
    link = AgentLink('/emotion')
    yield link
    link.close()


def wait_until(condition, what):
    end_s = monotonic() + TIMEOUT_S
    while not condition():
        assert monotonic() < end_s, f'waited {TIMEOUT_S} s for {what}'
        sleep(0.02)


def test_stimulus_comes_back_as_cause_and_state(link):
    wait_until(lambda: link.client.is_connected and link.state.count, 'the agent')
    wait_until(lambda: link.client.stimulate('praise', 0.5) and link.causes, 'a cause')

    cause = link.causes.popleft()
    assert (cause.name, cause.intensity, cause.source) == ('praise', 0.5, 'rqt')
    wait_until(lambda: link.state.value.joy > 0.1, 'joy')
    assert link.state.age_s < TIMEOUT_S
    assert '/emotion' in link.agents


def test_library_and_resting_levels_follow_the_temperament(link, robot):
    def has_answered():
        link.ask()
        return link.stimuli and link.rest

    wait_until(has_answered, 'the answers')
    assert 'praise' in [info.name for info in link.stimuli]
    assert link.rest == EmotionEngine(load(), now_s=0.0).read(0.0).levels

    robot.set_parameters([Parameter('temperament', value='timid')])
    timid = EmotionEngine(load(temperament_file('timid')), now_s=0.0).read(0.0).levels
    wait_until(lambda: link.ask() or link.rest == timid, 'the levels of a timid robot')


def test_simulated_person_is_answered_and_gone_again(link):
    wait_until(lambda: link.state.count, 'the agent')
    link.simulate_person(Affect(0.9, 0.4))

    wait_until(lambda: link.state.value.joy > 0.15, 'joy')
    assert link.causes.popleft().name == 'face_seen'
    (person,) = link.people
    assert person.is_simulated
    assert person.affect == pytest.approx((0.9, 0.4))

    link.simulate_person(None)
    wait_until(lambda: not link.people, 'nobody in view')


def test_simulated_person_is_marked_and_in_the_middle():
    message = wizard_message(Affect(-0.5, 0.25))
    (face,) = message.faces

    assert message.header.frame_id == face.face_id == WIZARD
    assert (face.valence, face.arousal, face.confidence) == (-0.5, 0.25, 1.0)
    assert sum(face.expression) == pytest.approx(1.0)
    middle = face.roi.x_offset + face.roi.width / 2, face.roi.y_offset + face.roi.height / 2
    assert middle == (message.image_width / 2, message.image_height / 2)


def test_units_are_those_of_the_person_attended_to(ros):
    node, link = ros.create_node('estimator'), AgentLink('/emotion')
    faces = node.create_publisher(FaceAffectArray, '/emotion/human_affect', RESULT)
    units = [0.25] * 18
    sent = FaceAffectArray(
        faces=[FaceAffect(face_id='large'), FaceAffect(face_id='anna', action_units=units)]
    )
    assert link.attended_units == ()

    wait_until(lambda: faces.publish(sent) or len(link.people) == 2, 'the people')
    nobody = link.attended_units
    link.state.put(EmotionState(attended_face='anna'))
    of_anna = link.attended_units
    link.state.put(EmotionState(attended_face='large'))
    of_large = link.attended_units
    link.close()
    node.destroy_node()

    assert (nobody, of_large) == ((), ())
    assert of_anna == tuple(units)


def test_closed_links_leave_no_thread_and_no_node(ros):
    threads = threading.active_count()
    observer = ros.create_node('observer')

    for _ in range(5):
        link = AgentLink('/emotion')
        link.simulate_person(Affect(0.0, 0.0))
        link.close()

    assert threading.active_count() == threads
    wait_until(lambda: link.name not in observer.get_node_names(), 'a graph without the links')
    observer.destroy_node()


def test_link_survives_the_end_of_ros(ros):
    link = AgentLink('/emotion')
    assert not link.is_over

    ros.shutdown()
    link.simulate_person(Affect(0.0, 0.0))
    link.simulate_person(None)

    assert link.is_over
    link.close()


def test_without_an_agent_everything_is_empty(ros):
    link = AgentLink('/nobody')
    link.ask()

    assert not link.client.is_connected
    assert (link.state.value, link.stimuli, link.rest, link.people) == (None, (), None, [])
    assert link.state.age_s == float('inf')
    link.close()


@pytest.mark.parametrize(
    'given', [{}, {'temperament': '/on/another/machine.yaml'}, {'temperament': None}]
)
def test_resting_levels_that_cannot_be_computed_are_none(given):
    settings = dict.fromkeys(SETTINGS, 0.0) | given if given else {}

    assert resting_levels(settings) is None


def test_agent_without_a_namespace_is_reached(ros):
    observer = ros.create_node('observer')
    link = AgentLink('/')

    wait_until(
        lambda: (
            {'/stimulus', '/human_affect', '/state'}
            <= dict(observer.get_topic_names_and_types()).keys()
        ),
        'the topics',
    )
    link.close()
    observer.destroy_node()


def test_invalid_namespace_is_refused_before_anything_is_made(ros):
    threads = threading.active_count()

    with pytest.raises(ValueError, match='expected a namespace such as /emotion: Invalid'):
        AgentLink('/my robot')
    assert threading.active_count() == threads


def test_agents_are_found_by_the_type_of_their_state():
    topics = [
        ('/robot2/emotion/state', ['emotion_msgs/msg/EmotionState']),
        ('/emotion/state', ['emotion_msgs/msg/EmotionState']),
        ('/arm/state', ['sensor_msgs/msg/JointState']),
        ('/state', ['emotion_msgs/msg/EmotionState']),
        ('/log', ['emotion_msgs/msg/EmotionState']),
    ]

    assert namespaces_of_agents(topics) == ['/', '/emotion', '/robot2/emotion']
