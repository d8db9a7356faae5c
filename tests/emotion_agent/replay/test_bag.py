# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Bags as they are met, damaged, empty, of other robots: clear words, or a counted skip."""

import shutil
import sqlite3

import pytest
import yaml
from bag_maker import START_NS, Line
from rosbags.rosbag2 import StoragePlugin, Writer

from emotion_agent.logic import STIMULUS, TEXT
from emotion_agent.replay.bag import Bag
from node_kit.time import to_seconds

BOTH = pytest.mark.parametrize('storage', [StoragePlugin.MCAP, StoragePlugin.SQLITE3])


def file_of(bag):
    (file,) = (file for file in bag.iterdir() if file.suffix in ('.mcap', '.db3'))
    return file


@pytest.fixture
def long_bag(maker, tmp_path):
    """A bag of several chunks and pages: 2000 stimuli with long names of their sources."""

    def make(storage):
        lines = [
            Line(
                '/emotion/stimulus',
                STIMULUS,
                index * 0.005,
                maker.stimulus('praise', index * 0.005, source='x' * 2000),
            )
            for index in range(2000)
        ]
        return maker.write(tmp_path / 'bag', lines, storage)

    return make


def count(bag):
    with Bag(bag) as opened:
        times = [event.time_ns for event in opened.messages(['/emotion/stimulus'])]
        assert times == sorted(times)
        return len(times), opened.damage


@BOTH
def test_whole_bag_is_read_whole(long_bag, storage):
    assert count(long_bag(storage)) == (2000, [])


@BOTH
def test_damage_in_the_middle_is_skipped_and_counted(long_bag, storage):
    bag = long_bag(storage)
    content = bytearray(file_of(bag).read_bytes())
    middle = len(content) // 2
    if storage is StoragePlugin.MCAP:
        # The length of a record within a chunk, so that the chunk cannot be read.
        middle = content.index(b'\x05', content.index(b'x' * 100, middle) + 2100)
    content[middle : middle + 5000] = b'\xff' * 5000
    file_of(bag).write_bytes(content)

    whole, damage = count(bag)

    assert 1200 < whole < 2000
    assert any('skipped' in line for line in damage), damage


@BOTH
def test_recording_cut_short_is_read_up_to_there(long_bag, storage):
    bag = long_bag(storage)
    content = file_of(bag).read_bytes()
    file_of(bag).write_bytes(content[: len(content) * 6 // 10])

    whole, damage = count(bag)

    assert 500 < whole < 1300
    assert damage


@BOTH
def test_recording_that_was_killed_has_no_metadata(long_bag, storage):
    bag = long_bag(storage)
    (bag / 'metadata.yaml').unlink()

    whole, damage = count(bag)

    assert whole == 2000
    assert damage == ['the recording has no metadata.yaml: it was not ended properly']


@BOTH
def test_single_file_is_a_bag(long_bag, storage):
    assert count(file_of(long_bag(storage))) == (2000, [])


def test_chunks_of_other_compressions_are_salvaged(maker, tmp_path):
    from rosbags.rosbag2 import CompressionFormat, CompressionMode

    writer = Writer(tmp_path / 'bag', version=9, storage_plugin=StoragePlugin.MCAP)
    writer.set_compression(CompressionMode.STORAGE, CompressionFormat.ZSTD)
    with writer:
        topic = writer.add_connection(
            '/emotion/stimulus', STIMULUS, typestore=maker.messages.typestore
        )
        for index in range(50):
            data = maker.messages.to_bytes(STIMULUS, maker.stimulus('praise', index))
            writer.write(topic, START_NS + index, data)
    file = file_of(tmp_path / 'bag')
    file.write_bytes(file.read_bytes()[:-20])

    whole, damage = count(tmp_path / 'bag')

    assert whole == 50
    assert len(damage) == 2


@pytest.mark.parametrize(
    ('name', 'content', 'problem'),
    [
        ('bag.mcap', b'', 'cannot be read'),
        ('bag.mcap', b'no bag at all' * 100, 'does not begin as an MCAP file'),
        ('bag.db3', b'no bag at all' * 100, 'cannot be read'),
        ('bag.txt', b'', 'expected a folder, a .mcap or a .db3 file'),
    ],
)
def test_file_that_is_no_bag_is_reported(replay, tmp_path, name, content, problem):
    (tmp_path / name).write_bytes(content)

    status, said, out = replay(tmp_path / name)

    assert status == 2
    assert problem in said
    assert said.startswith('emotion-agent replay: ')
    assert said.count('\n') == 1
    assert not out.exists()


def test_missing_and_empty_bags_are_reported(maker, replay, tmp_path):
    assert replay(tmp_path / 'nowhere')[:2] == (
        2, f'emotion-agent replay: there is no bag {tmp_path / "nowhere"}\n'
    )  # fmt: skip
    bag = maker.write(tmp_path / 'empty', [])
    assert replay(bag)[:2] == (2, f'emotion-agent replay: {bag} holds no messages\n')
    (tmp_path / 'folder').mkdir()
    assert 'has neither a .mcap nor a .db3 file' in replay(tmp_path / 'folder')[1]


def test_topic_of_the_right_name_and_the_wrong_type_is_skipped(maker, replay, tmp_path):
    text = maker.messages.make(TEXT, data='praise')
    bag = maker.write(
        tmp_path / 'bag',
        [Line('/emotion/human_affect', TEXT, 0.5, text), *maker.story()[:1]],
    )

    status, said, _ = replay(bag)

    assert status == 0
    assert (
        'skipped  /emotion/human_affect: expected emotion_msgs/msg/FaceAffectArray, '
        'got std_msgs/msg/String'
    ) in said


def test_nothing_but_a_wrong_type_is_reported(maker, replay, tmp_path):
    text = maker.messages.make(TEXT, data='praise')
    bag = maker.write(tmp_path / 'bag', [Line('/emotion/stimulus', TEXT, 0.5, text)])

    status, said, _ = replay(bag)

    assert status == 2
    assert 'expected emotion_msgs/msg/Stimulus, got std_msgs/msg/String' in said


def test_other_topics_are_listed(maker, replay, tmp_path):
    text = maker.messages.make(TEXT, data='hello')
    bag = maker.write(tmp_path / 'bag', [Line('/chatter', TEXT, 0.5, text), *maker.story()[:1]])

    _, said, _ = replay(bag)

    assert 'skipped  /chatter: not played from stimuli' in said


def test_bag_of_another_robot_says_what_it_has(maker, replay, tmp_path):
    text = maker.messages.make(TEXT, data='hello')
    bag = maker.write(tmp_path / 'bag', [Line('/chatter', TEXT, 0.5, text)])

    status, said, _ = replay(bag)

    assert status == 2
    assert 'recorded are /chatter' in said


def test_malformed_messages_are_counted(maker, replay, tmp_path):
    bag = maker.write(tmp_path / 'bag', maker.story()[:2], StoragePlugin.SQLITE3)
    with sqlite3.connect(file_of(bag)) as database:
        database.execute("UPDATE messages SET data = x'00010000ffffffff' WHERE id = 2")

    status, said, _ = replay(bag)

    assert status == 0
    assert 'ignored  1 malformed on /emotion/stimulus' in said


def test_bag_without_definitions_is_read_with_ours(maker, replay, tmp_path):
    """As those of Humble and before."""
    bag = maker.write(tmp_path / 'bag', maker.story()[:2], StoragePlugin.SQLITE3, version=8)
    with sqlite3.connect(file_of(bag)) as database:
        database.execute('DELETE FROM message_definitions')
        database.execute("UPDATE topics SET type_description_hash = ''")
    metadata = yaml.safe_load((bag / 'metadata.yaml').read_text())
    for topic in metadata['rosbag2_bagfile_information']['topics_with_message_count']:
        del topic['topic_metadata']['type_description_hash']
    (bag / 'metadata.yaml').write_text(yaml.safe_dump(metadata))

    status, said, _ = replay(bag)

    assert status == 0, said
    assert '2 /emotion/stimulus' in said


def test_another_definition_that_the_bag_does_not_hold_is_reported(maker, replay, tmp_path):
    bag = maker.write(tmp_path / 'bag', maker.story()[:2], StoragePlugin.SQLITE3)
    with sqlite3.connect(file_of(bag)) as database:
        database.execute('DELETE FROM message_definitions')
    metadata = (bag / 'metadata.yaml').read_text()
    digest = maker.messages.digest(STIMULUS)
    (bag / 'metadata.yaml').write_text(metadata.replace(digest, 'RIHS01_' + '0' * 64))

    status, said, _ = replay(bag)

    assert status == 2
    assert 'recorded with another definition of emotion_msgs/msg/Stimulus' in said


@BOTH
def test_stamps_out_of_order_count_at_their_own_time(maker, replay, read, tmp_path, storage):
    """Written out of order, and happened out of order: the state knows only when it happened."""
    lines = [
        Line('/emotion/stimulus', STIMULUS, at_s + late_s, maker.stimulus(name, at_s))
        for at_s, late_s, name in ((3.0, 0.5, 'insult'), (1.0, 4.0, 'praise'), (2.0, 0.1, 'win'),
                                   (2.5, 3.0, 'praise'), (0.5, 11.0, 'loud_sound'))
    ]  # fmt: skip
    in_order = sorted(
        (line._replace(at_s=to_seconds(line.message.header.stamp) - START_NS / 1e9)
         for line in lines[:4]), key=lambda line: line.at_s
    )  # fmt: skip
    end = Line('/emotion/stimulus', STIMULUS, 11.5, maker.stimulus('no_such', 11.5))

    status, said, out = replay(maker.write(tmp_path / 'mixed', lines, storage))
    straight = replay(maker.write(tmp_path / 'straight', [*in_order, end]), out='other.mcap')[2]

    assert status == 0
    assert 'ignored  1 late: older than 10 s on arrival' in said
    mixed, straight = (read(path, '/emotion/state') for path in (out, straight))
    assert mixed[-1].header.stamp == straight[-1].header.stamp
    assert mixed[-1].deviation == pytest.approx(straight[-1].deviation, abs=1e-6)


def test_latched_topics_of_several_publishers_are_played(maker, replay, tmp_path):
    bag = maker.write(tmp_path / 'bag', maker.story()[:2], is_latched=True)

    with Bag(bag) as opened:
        assert opened.topics['/emotion/stimulus'].is_latched
    assert '2 /emotion/stimulus' in replay(bag)[1]


def test_output_is_never_written_over(maker, replay, tmp_path):
    bag = maker.write(tmp_path / 'bag', maker.story()[:1])
    _, _, out = replay(bag)
    shutil.copy(out, tmp_path / 'kept')

    assert replay(bag)[:2] == (
        2,
        f'emotion-agent replay: {out} is there already; remove it or choose another name\n',
    )
    assert out.read_bytes() == (tmp_path / 'kept').read_bytes()
    assert 'ends in .mcap' in replay(bag, out='out.bag')[1]


@pytest.mark.parametrize(
    ('text', 'problem'),
    [
        ('/**:\n  emotion_state:\n    ros__parameters: {publish_rate_hz: 10}', 'decimal point'),
        (
            '/**:\n  emotion_state:\n    ros__parameters: {time_scal: 10.0}',
            'no parameter time_scal; did you mean time_scale?',
        ),
        ('emotion_state: [1', 'params.yaml'),
        ('3', 'sets nothing; parameters stand under the name of a node'),
    ],
)
def test_parameters_that_a_node_would_refuse_are_reported(maker, replay, tmp_path, text, problem):
    (tmp_path / 'params.yaml').write_text(text)

    status, said, _ = replay(
        maker.write(tmp_path / 'bag', maker.story()[:1]), '--params', str(tmp_path / 'params.yaml')
    )

    assert status == 2
    assert problem in said


def test_unknown_stimuli_are_named(maker, replay, tmp_path):
    asked = [(1.0, 'prase'), (2.0, 'prase'), (3.0, 'qqqq')]
    lines = [Line('/emotion/stimulus', STIMULUS, at_s, maker.stimulus(name, at_s))
             for at_s, name in asked]  # fmt: skip

    status, said, _ = replay(maker.write(tmp_path / 'bag', lines), '--temperament', 'calm')

    assert status == 0, said
    known = 'no stimulus of the temperament calm'
    assert f"unknown  'prase', 2 times: {known}; did you mean praise?" in said
    assert f"unknown  'qqqq', 1 times: {known}\n" in said
