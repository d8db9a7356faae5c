# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Stimuli and observations in, states out."""

import json
import os
from itertools import pairwise

import pytest
from rclpy.duration import Duration
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


def test_while_somebody_is_looked_at_states_answer_images_alone(world):
    world.start(EmotionStateNode, publish_rate_hz=2.0)
    world.subscribe(EmotionState, 'state', LATCHED)
    observations = world.publisher(FaceAffectArray, 'human_affect', RESULT)
    world.wait_until(lambda: world.received['state'], 'the first state')

    seen_for_s, begun = 0.0, None
    while seen_for_s < 1.6:  # three periods of the steady rate
        affect = smile(world)
        begun = begun or to_seconds(affect.header.stamp)
        observations.publish(affect)
        world.wait_until(
            lambda stamp=affect.header.stamp: newest(world).observation_stamp == stamp,
            'the observation in a state',
        )
        seen_for_s = to_seconds(affect.header.stamp) - begun

    stamps = [to_seconds(state.observation_stamp) for state in world.received['state']]
    repeated = sum(a == b > 0.0 for a, b in pairwise(stamps))
    assert len(stamps) > 10
    assert repeated <= 1  # by a tick before there were two answers


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


# What is kept over a restart


def kept(path):
    """The deviations in the file; none if there is no file."""
    return json.loads(path.read_text())['y'] if path.exists() else None


def smile(world):
    roi = RegionOfInterest(width=50, height=50)
    faces = [FaceAffect(face_id='anna', roi=roi, valence=0.8, arousal=0.3, confidence=0.9)]
    affect = FaceAffectArray(faces=faces, image_width=640, image_height=480)
    affect.header.stamp = world.now()
    return affect


def test_what_happens_is_kept_at_once_and_what_is_seen_now_and_then(world, tmp_path):
    path = tmp_path / 'state.json'
    node = world.start(
        EmotionStateNode, snapshot_path=str(path), snapshot_period_s=86400.0, snapshot_delay_s=0.1
    )
    stimuli = world.publisher(Stimulus, 'stimulus', EVENT)
    observations = world.publisher(FaceAffectArray, 'human_affect', RESULT)

    stimuli.publish(Stimulus(name='praise', intensity=1.0, duration=-1.0))
    world.wait_until(lambda: any(kept(path) or ()), 'the praise in the file')
    world.call(Trigger, 'emotion_state/reset', Trigger.Request())
    world.wait_until(lambda: not any(kept(path)), 'rest in the file')

    observations.publish(smile(world))  # somebody comes, and is looked at
    world.wait_until(lambda: any(kept(path)), 'the face in the file')
    changes, before = node._keeper.changes, kept(path)
    observations.publish(smile(world))
    world.wait_until(lambda: node._keeper.changes > changes, 'another observation')
    assert kept(path) == before

    assert put(node, snapshot_period_s=0.1).successful
    world.wait_until(lambda: kept(path) != before, 'the observation in the file')


@pytest.mark.parametrize('what', ['folder', 'pipe', 'damage', 'much'])
def test_a_file_that_is_no_snapshot_is_one_line_and_a_start_at_rest(world, tmp_path, what):
    path = tmp_path / 'state.json'
    if what == 'folder':
        path.mkdir()
    elif what == 'pipe':
        os.mkfifo(path)
    elif what == 'damage':
        path.write_text('{"y": [')
    else:
        with path.open('wb') as file:
            file.truncate(120_000_000)

    node = world.start(EmotionStateNode, snapshot_path=str(path))

    assert node._keeper.engine.read(node._now()).deviation == (0.0,) * 7
    if what == 'folder':
        assert f'cannot read {path}: there is something else' in node.diagnose()[0].message
        assert path.is_dir()
    else:
        world.wait_until(lambda: path.is_file() and kept(path) is not None, 'a new file')
        assert (tmp_path / 'state.json.bad').exists()


def test_a_place_that_cannot_be_written_is_said_at_the_start(world):
    node = world.start(EmotionStateNode, snapshot_path='/proc/nowhere/state.json')

    world.wait_until(lambda: 'cannot write' in node.diagnose()[0].message, 'the problem')


# The time of day


def test_a_time_of_day_that_is_set_back_stops_nothing(world, keeper):
    """The clock of a node is set here as the time of day is: nobody is told."""
    clock = keeper.get_clock()
    observations = world.publisher(FaceAffectArray, 'human_affect', RESULT)
    start = clock.now()

    def set_clock(to):
        clock.set_ros_time_override(to)
        world.received['state'].clear()
        affect = smile(world)
        affect.header.stamp = to.to_msg()
        observations.publish(affect)
        is_answered = lambda state: state.observation_stamp == to.to_msg()  # noqa: E731
        world.wait_until(
            lambda: any(map(is_answered, world.received['state'])), 'the observation in a state'
        )
        world.received['state'].clear()
        world.wait_until(lambda: len(world.received['state']) > 2, 'states')

    clock.set_ros_time_override(start)
    clock._set_ros_time_is_active(True)
    keeper._jumps.unregister()  # the time of day has none
    set_clock(start + Duration(seconds=5))
    set_clock(start - Duration(seconds=3600))
    set_clock(start + Duration(seconds=3600))

    assert keeper.defects == 0
    assert newest(world).attended_face == 'anna'
