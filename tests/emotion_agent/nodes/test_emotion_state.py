# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Stimuli and observations in, states out."""

import json

import pytest
from rclpy.parameter import Parameter
from sensor_msgs.msg import RegionOfInterest
from std_msgs.msg import String
from std_srvs.srv import Trigger

from emotion_agent.neuromodulation import EmotionEngine, load
from emotion_agent.nodes.emotion_state import EmotionStateNode
from emotion_agent.resources.temperaments import temperament_file
from emotion_msgs.msg import EmotionState, Event, FaceAffect, FaceAffectArray, Stimulus
from emotion_msgs.srv import ListStimuli
from node_kit.qos import EVENT, LATCHED, RESULT
from node_kit.time import to_seconds


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


# Temperaments

TEMPERAMENT = 'emotion: {{modulators: {{dopamine: {{temperament: {value}}}}}}}'


@pytest.fixture
def folder(tmp_path):
    """A user's own temperaments: `mine`, `timid` (also shipped) and `broken`."""
    folder = tmp_path / 'temperaments'
    folder.mkdir()
    (folder / 'mine.yaml').write_text(TEMPERAMENT.format(value=0.4))
    (folder / 'timid.yaml').write_text(TEMPERAMENT.format(value=-0.4))
    (folder / 'broken.yaml').write_text('emotion: {capacity: big}')
    return folder


def dopamine(node):
    return node._keeper.engine.config.modulators['dopamine'].temperament


def put(node, **values):
    parameters = [Parameter(name, value=value) for name, value in values.items()]
    return node.set_parameters_atomically(parameters)


def test_a_temperament_that_is_set_again_is_read_again(world, folder):
    node = world.start(EmotionStateNode, temperament='mine', temperament_folder=str(folder))
    assert dopamine(node) == 0.4
    (folder / 'mine.yaml').write_text(TEMPERAMENT.format(value=0.2))

    assert put(node, time_scale=2.0).successful
    assert dopamine(node) == 0.4  # nobody asked to read it again
    assert put(node, temperament='mine').successful
    assert dopamine(node) == 0.2

    (folder / 'mine.yaml').write_text('emotion: {capacity: big}')
    refused = put(node, temperament='mine')
    assert not refused.successful
    assert 'emotion.capacity' in refused.reason
    assert dopamine(node) == 0.2
    assert put(node, time_scale=3.0).successful


def test_own_temperaments_go_before_shipped_ones(world, folder):
    node = world.start(EmotionStateNode, temperament='timid', temperament_folder=str(folder))
    assert dopamine(node) == -0.4

    for name, words in (
        ('mines', 'broken, mine, timid (in '),
        ('mines', '(shipped)'),
        ('mines', 'did you mean mine?'),
        ('../temperaments/mine', 'a file is taken only at start'),
        (str(folder / 'mine.yaml'), 'a file is taken only at start'),
        ('broken', 'emotion.capacity'),
    ):
        refused = put(node, temperament=name)
        assert not refused.successful
        assert words in refused.reason
    assert node.settings['temperament'] == 'timid'
    assert put(node, temperament='cheerful').successful


def test_a_path_is_taken_at_start_and_may_be_set_again(world, folder):
    path = str(folder / 'mine.yaml')
    node = world.start(EmotionStateNode, temperament=path)
    assert dopamine(node) == 0.4

    (folder / 'mine.yaml').write_text(TEMPERAMENT.format(value=0.1))
    assert put(node, temperament=path).successful
    assert dopamine(node) == 0.1
    assert put(node, temperament='calm').successful
    assert not put(node, temperament=path).successful


@pytest.mark.parametrize(
    ('parameters', 'words'),
    [
        ({'temperament': 'clam'}, 'did you mean calm'),
        ({'temperament_folder': '/no/such/folder'}, "got '/no/such/folder'"),
    ],
)
def test_a_temperament_that_is_not_there_is_refused_at_start(ros, parameters, words):
    overrides = [Parameter(name, value=value) for name, value in parameters.items()]

    with pytest.raises(ValueError, match=words):
        EmotionStateNode(parameter_overrides=overrides)


# What a recording needs


def test_what_decides_how_it_goes_on_is_an_event(world, keeper):
    world.subscribe(Event, 'events', EVENT)
    events = world.received['events']
    world.wait_until(keeper._event_publisher.get_subscription_count, 'a listener')

    world.call(Trigger, 'emotion_state/reset', Trigger.Request())
    assert put(keeper, temperament='timid').successful
    assert put(keeper, time_scale=2.0).successful
    world.wait_until(lambda: len(events) == 3, 'the events')

    assert [event.kind for event in events] == [Event.RESET, Event.TEMPERAMENT, Event.PARAMETERS]
    assert {event.source for event in events} == {'emotion_state'}
    assert events[1].name == 'timid'
    content = json.loads(events[1].value)
    assert content == load(temperament_file('timid')).as_mapping()
    assert json.loads(events[2].value) == {'time_scale': 2.0}


def test_each_listener_begins_with_a_snapshot_before_a_state(world, keeper):
    stimuli = world.publisher(Stimulus, 'stimulus', EVENT)
    stimuli.publish(Stimulus(name='insult', intensity=1.0, duration=-1.0))
    world.wait_until(lambda: newest(world).mad > 0.2, 'anger')
    world.subscribe(Event, 'emotion_state/snapshot', RESULT)
    snapshots = world.received['emotion_state/snapshot']
    world.wait_until(lambda: snapshots, 'a snapshot')
    world.subscribe(Event, '/emotion/emotion_state/snapshot', RESULT)
    world.wait_until(lambda: len(snapshots) > 1, 'another one')

    assert [snapshot.name for snapshot in snapshots[:2]] == ['start', '']
    for snapshot in snapshots:
        again = EmotionEngine(load(), now_s=0.0)
        again.recall(json.loads(snapshot.value)['engine'])
        assert again.read(to_seconds(snapshot.header.stamp)).emotions[1] > 0.0
