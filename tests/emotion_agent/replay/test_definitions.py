# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Bags of earlier versions: what has been added to our messages since has a value of today."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from bag_maker import BagMaker, Line
from rosbags.interfaces import MessageDefinition, MessageDefinitionFormat
from rosbags.rosbag2 import StoragePlugin
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

from emotion_agent.commands.cli import main
from emotion_agent.logic import AFFECT, FACE, STATE, STIMULUS
from emotion_agent.replay.bag import Bag
from emotion_agent.replay.definitions import OtherDefinition, update_for
from emotion_agent.replay.messages import BagMessages
from emotion_agent.resources.folders import message_definitions
from emotion_models.labels.emotions import EMOTIONS, emotion_vad

# Eight seconds of observations, causes and states, recorded before EmotionState had attended_face,
# visible_valence and visible_arousal.
EARLIER = Path(__file__).parent / 'data' / 'earlier_definitions.mcap'
ADDED_SINCE = ('attended_face', 'visible_valence', 'visible_arousal')
BOTH = pytest.mark.parametrize('storage', [StoragePlugin.MCAP, StoragePlugin.SQLITE3])


def maker_of(changes: dict[str, tuple[str, str]]) -> BagMaker:
    """A maker of bags in whose definitions a line of a type is replaced by another."""
    definitions = message_definitions()
    for name, (line, other) in changes.items():
        assert line in definitions[name]
        definitions[name] = definitions[name].replace(line, other)
    store = get_typestore(Stores.ROS2_JAZZY)
    for name, text in definitions.items():
        store.register(get_types_from_msg(text, name))
    maker = BagMaker()
    maker.messages = BagMessages(store)
    return maker


def messages_of(path: Path, topic: str) -> list:
    with Bag(path) as bag:
        name = bag.topics[topic].msgtype
        return [bag.types.from_bytes(name, event.data) for event in bag.messages([topic])]


def test_a_bag_of_an_earlier_version_is_read():
    states = messages_of(EARLIER, '/emotion/state')

    assert len(states) > 80
    assert max(state.joy for state in states) > 0.3
    assert {state.attended_face for state in states} == {''}
    with Bag(EARLIER) as bag:
        assert bag.is_of_earlier_definitions
        assert not bag.damage


def test_a_bag_of_an_earlier_version_is_replayed_and_compared(replay, read, capfd):
    status, said, out = replay(EARLIER, '--at-recorded-stamps')

    assert status == 0, said
    assert 'skipped' not in said
    compared = ['compare', str(EARLIER), str(out), '--topics', '/emotion/state']
    assert main([*compared, '--tolerance', '1e-6', '--ignore', *ADDED_SINCE]) == 0
    assert main(compared) == 1
    named = {line.split(':')[0].strip() for line in capfd.readouterr().out.splitlines()}
    assert 'attended_face' in named
    assert {state.attended_face for state in read(out, '/emotion/state')} >= {'anna'}


def test_valence_and_arousal_of_what_is_visible_are_filled_in_for_the_face():
    states = messages_of(EARLIER, '/emotion/state')

    assert max(state.visible_joy for state in states) > 0.1
    for state in states:
        visible = [getattr(state, f'visible_{name}') for name in EMOTIONS]
        filled_in = (state.visible_valence, state.visible_arousal)
        np.testing.assert_allclose(filled_in, emotion_vad(visible)[:2], atol=1e-6)


def test_a_recorded_valence_of_what_is_visible_is_kept(tmp_path):
    earlier = maker_of({STATE: ('string attended_face', '#')})
    fields = {'visible_joy': 1.0, 'visible_valence': -0.25, 'visible_arousal': 0.5}
    message = earlier.messages.make(STATE, **fields)
    bag = earlier.write(tmp_path / 'bag', [Line('/emotion/state', STATE, 0.5, message)])

    (state,) = messages_of(bag, '/emotion/state')

    assert (state.visible_valence, state.visible_arousal) == (-0.25, 0.5)


def test_a_damaged_bag_of_an_earlier_version_is_read(tmp_path):
    torn = tmp_path / 'torn.mcap'
    torn.write_bytes(EARLIER.read_bytes()[:-20])

    whole, read = (
        [(state.header.stamp.nanosec, state.joy) for state in messages_of(bag, '/emotion/state')]
        for bag in (EARLIER, torn)
    )

    assert len(read) > 80
    assert read == whole


@BOTH
@pytest.mark.parametrize('is_ended', [True, False])
def test_fields_that_were_added_within_a_list_have_their_defaults(tmp_path, storage, is_ended):
    earlier = maker_of({FACE: ('float32 confidence', '#'), AFFECT: ('uint32 image_width', '#')})
    line = earlier.observations(0.1)[0]
    bag = earlier.write(tmp_path / 'bag', [line], storage)
    if not is_ended:
        (bag / 'metadata.yaml').unlink()

    (affect,) = messages_of(bag, '/emotion/human_affect')

    assert (affect.image_width, affect.image_height) == (0, 480)
    (face,) = affect.faces
    assert (face.face_id, face.roi.width, face.confidence) == ('anna', 120, 0.0)
    assert face.valence == pytest.approx(0.8)


def test_what_is_played_to_nodes_is_of_today(tmp_path):
    serialization = pytest.importorskip('rclpy.serialization')
    from emotion_msgs.msg import EmotionState

    with Bag(EARLIER) as bag:
        data = next(bag.messages(['/emotion/state'])).data
    state = serialization.deserialize_message(data, EmotionState)

    assert state.attended_face == ''
    assert state.dominant


@pytest.mark.parametrize(
    ('line', 'other', 'reason'),
    [
        ('float32 intensity', 'float64 intensity', 'its intensity is of another type today'),
        ('string name', 'string label', 'its label is not there today'),
    ],
)
def test_a_definition_that_is_no_earlier_one_is_reported(replay, tmp_path, line, other, reason):
    changed = maker_of({STIMULUS: (line, other)})
    field = other.split()[1]
    message = changed.messages.make(STIMULUS, **{field: 'praise' if field == 'label' else 1.0})
    bag = changed.write(tmp_path / 'bag', [Line('/emotion/stimulus', STIMULUS, 0.5, message)])

    status, said, _ = replay(bag)

    assert status == 2
    assert f'recorded with another definition of {STIMULUS}: {reason}' in said


@pytest.mark.parametrize(
    ('text', 'missing'),
    [
        ('std_msgs/Header header\nstring name', 'std_msgs/msg/Header'),
        ('geometry_msgs/Point[] points', 'geometry_msgs/msg/Point'),
        (
            f'geometry_msgs/Twist twist\n{"=" * 80}\nMSG: geometry_msgs/Twist\n'
            'geometry_msgs/Vector3 linear',
            'geometry_msgs/msg/Vector3',
        ),
    ],
)
def test_a_definition_that_lacks_a_part_is_reported(text, missing):
    connection = SimpleNamespace(
        msgtype=STIMULUS,
        digest='another',
        msgdef=MessageDefinition(MessageDefinitionFormat.MSG, text),
    )

    with pytest.raises(OtherDefinition, match=f'definition of {STIMULUS} that lacks {missing}$'):
        update_for(BagMessages(), connection)


def test_bytes_that_are_no_message_are_counted(replay, tmp_path):
    bag = tmp_path / 'bag.db3'
    earlier = maker_of({STIMULUS: ('string source', '#')})
    fields = {'name': 'praise', 'intensity': 1.0, 'duration': -1.0}
    lines = [
        Line('/emotion/stimulus', STIMULUS, at_s, earlier.messages.make(STIMULUS, **fields))
        for at_s in (0.5, 1.5)
    ]
    written = earlier.write(tmp_path / 'written', lines, StoragePlugin.SQLITE3)
    shutil.copy(next(written.glob('*.db3')), bag)
    cut(bag)

    status, said, _ = replay(bag)

    assert status == 0
    assert 'ignored  1 malformed on /emotion/stimulus' in said


def cut(file: Path) -> None:
    import sqlite3

    with sqlite3.connect(file) as database:
        database.execute("UPDATE messages SET data = x'0001000000' WHERE id = 2")
