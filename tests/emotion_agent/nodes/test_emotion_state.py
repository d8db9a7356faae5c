# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Stimuli and observations in, states out."""

import pytest
from sensor_msgs.msg import RegionOfInterest
from std_msgs.msg import String
from std_srvs.srv import Trigger

from emotion_agent.nodes.emotion_state import EmotionStateNode
from emotion_msgs.msg import EmotionState, FaceAffect, FaceAffectArray, Stimulus
from emotion_msgs.srv import ListStimuli
from node_kit.qos import EVENT, LATCHED, RESULT


@pytest.fixture
def keeper(world):
    node = world.start(EmotionStateNode)
    world.subscribe(EmotionState, 'state', LATCHED)
    world.wait_until(lambda: world.received['state'], 'the first state')
    return node


def newest(world):
    return world.received['state'][-1]


def test_a_stimulus_changes_the_state(world, keeper):
    stimuli = world.publisher(Stimulus, 'stimulus', EVENT)

    stimuli.publish(Stimulus(name='praise', intensity=1.0, duration=-1.0, source='test'))
    world.wait_until(lambda: newest(world).last_stimulus == 'praise', 'the praise')

    assert newest(world).joy > 0.3
    assert newest(world).visible_valence > 0.3
    assert newest(world).attended_face == ''


def test_a_stimulus_may_be_a_text(world, keeper):
    texts = world.publisher(String, 'stimulus_text', EVENT)

    texts.publish(String(data='praise:lots'))
    texts.publish(String(data='praise:0.5'))
    world.wait_until(lambda: newest(world).last_stimulus == 'praise', 'the praise')

    assert newest(world).last_source == 'stimulus_text'
    assert keeper.diagnose()[0].values['malformed_text'] == 1


def test_a_node_that_was_configured_again_reports_no_old_problem(world, keeper):
    stimuli = world.publisher(Stimulus, 'stimulus', EVENT)
    stimuli.publish(Stimulus(name='nothing', intensity=1.0))
    world.wait_until(lambda: '1 unknown: ' in keeper.diagnose()[0].message, 'the problem')

    keeper.trigger_deactivate()
    keeper.trigger_cleanup()
    keeper.autostart()

    assert keeper.diagnose()[0].message == 'ok'


def test_the_state_names_the_face_that_it_answers(world, keeper):
    observations = world.publisher(FaceAffectArray, 'human_affect', RESULT)
    roi = RegionOfInterest(width=50, height=50)
    faces = [FaceAffect(face_id='anna', roi=roi, valence=0.8, arousal=0.3, confidence=0.9)]
    affect = FaceAffectArray(faces=faces, image_width=640, image_height=480)
    affect.header.stamp = world.now()

    observations.publish(affect)
    world.wait_until(lambda: newest(world).attended_face == 'anna', 'anna')

    assert newest(world).observation_stamp == affect.header.stamp


def test_services_list_the_stimuli_and_put_the_robot_to_rest(world, keeper):
    stimuli = world.publisher(Stimulus, 'stimulus', EVENT)
    stimuli.publish(Stimulus(name='insult', intensity=1.0, duration=-1.0))
    world.wait_until(lambda: newest(world).mad > 0.2, 'anger')

    listed = world.call(ListStimuli, 'emotion_state/list_stimuli', ListStimuli.Request())
    assert 'insult' in {stimulus.name for stimulus in listed.stimuli}
    assert world.call(Trigger, 'emotion_state/reset', Trigger.Request()).success

    world.wait_until(lambda: newest(world).mad == 0.0, 'rest')
