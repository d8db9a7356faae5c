# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Bags as other tools leave them: unmerged, compressed, in parts, beside what is not ours."""

import random
import shutil
import sqlite3

import pytest
from bag_maker import START_NS
from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin, Writer

from emotion_agent.logic import STIMULUS
from emotion_agent.replay.bag import Bag, BagError
from emotion_agent.replay.bag_files import LARGEST_MESSAGE, unpacked_message

TOPIC = '/emotion/stimulus'
COUNT = 20
BOTH = pytest.mark.parametrize('storage', list(StoragePlugin), ids=lambda plugin: plugin.name)
HOW = {
    'as it is': None,
    'files': CompressionMode.FILE,
    'messages': CompressionMode.MESSAGE,
}


@pytest.fixture
def record(maker, tmp_path):
    """Writes `COUNT` stimuli, and messages of another encoding beside them if asked to."""

    def write(storage, mode=None, beside='', name='bag', count=COUNT, noise=0):
        generator = random.Random(0)
        writer = Writer(tmp_path / name, version=9, storage_plugin=storage)
        if mode:
            writer.set_compression(mode, CompressionFormat.ZSTD)
        with writer:
            ours = writer.add_connection(TOPIC, STIMULUS, typestore=maker.messages.typestore)
            if beside:
                other = writer.add_connection(
                    '/other', STIMULUS, typestore=maker.messages.typestore,
                    serialization_format=beside,
                )  # fmt: skip
            for index in range(count):
                source = generator.randbytes(noise).hex()
                stimulus = maker.stimulus('praise', index, source=source)
                data = maker.messages.to_bytes(STIMULUS, stimulus)
                writer.write(ours, START_NS + index, data)
                if beside:
                    writer.write(other, START_NS + index, b'{"name": "praise"}')
        return tmp_path / name

    return write


def file_of(bag):
    (file,) = (file for file in bag.iterdir() if file.suffix != '.yaml')
    return file


def names_and_damage(path):
    with Bag(path) as bag:
        read = [bag.types.from_bytes(STIMULUS, event.data).name for event in bag.messages([TOPIC])]
        return read, bag.damage


@BOTH
@pytest.mark.parametrize('how', HOW)
@pytest.mark.parametrize('given', ['folder', 'folder without metadata', 'file'])
def test_compressed_bags_are_read_in_every_form(record, storage, how, given):
    bag = record(storage, HOW[how])
    if given == 'folder without metadata':
        (bag / 'metadata.yaml').unlink()

    read, damage = names_and_damage(file_of(bag) if given == 'file' else bag)

    assert read == ['praise'] * COUNT
    assert len(damage) == (given == 'folder without metadata')


@BOTH
def test_a_compressed_file_that_is_cut_is_read_up_to_there(record, storage):
    bag = record(storage, CompressionMode.FILE, count=30, noise=100_000)
    file = file_of(bag)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) * 9 // 10])

    read, damage = names_and_damage(bag)

    assert 5 < len(read) <= 30
    assert any(f'{file.name} is unpacked up to' in line for line in damage)


@pytest.mark.parametrize('has_metadata', [True, False])
def test_rows_that_only_the_wal_has_are_read(record, tmp_path, has_metadata):
    bag = record(StoragePlugin.SQLITE3)
    database = sqlite3.connect(file_of(bag))
    database.execute('PRAGMA journal_mode = WAL')
    database.execute('PRAGMA wal_autocheckpoint = 0')
    database.execute(
        'INSERT INTO messages(topic_id, timestamp, data) '
        'SELECT topic_id, timestamp + 1000, data FROM messages'
    )
    database.commit()
    left = shutil.copytree(bag, tmp_path / 'left')  # as after a power cut
    database.close()
    if not has_metadata:
        (left / 'metadata.yaml').unlink()

    read, damage = names_and_damage(left)

    assert len(read) == 2 * COUNT
    assert (
        damage == ['the recording has no metadata.yaml: it was not ended properly'][has_metadata:]
    )


@BOTH
@pytest.mark.parametrize('is_file', [True, False])
def test_channels_of_other_encodings_are_named_and_are_no_damage(record, storage, is_file):
    bag = record(storage, beside='json')

    with Bag(file_of(bag) if is_file else bag) as opened:
        assert len(list(opened.messages([TOPIC, '/other']))) == COUNT
        assert opened.damage == []
        assert opened.topics['/other'].problem == 'recorded as json, expected cdr'
        assert opened.topics[TOPIC].problem == ''


def test_damage_beside_channels_of_other_encodings_is_said(record):
    bag = record(StoragePlugin.MCAP, beside='json')
    file = file_of(bag)
    file.write_bytes(file.read_bytes()[: -file.stat().st_size // 3])

    with Bag(bag) as opened:
        assert opened.damage


@BOTH
def test_a_part_that_the_metadata_does_not_list_is_named(record, storage):
    bag = record(storage)
    other = file_of(record(storage, name='later'))
    shutil.copy(other, bag / f'bag_1{other.suffix}')

    read, damage = names_and_damage(bag)

    assert len(read) == COUNT
    assert damage == [
        f'bag_1{other.suffix} is not listed in metadata.yaml: left out; play it by itself'
    ]


@BOTH
def test_a_part_that_cannot_be_read_is_named(record, storage):
    bag = record(storage)
    (bag / 'metadata.yaml').unlink()
    (bag / f'bag_1{file_of(bag).suffix}').write_bytes(b'nothing of a bag')

    read, damage = names_and_damage(bag)

    assert len(read) == COUNT
    assert any('bag_1' in line and 'left out' in line for line in damage), damage


@BOTH
def test_a_part_that_is_not_there_is_named(record, storage):
    bag = record(storage)
    file_of(bag).rename(bag / f'renamed{file_of(bag).suffix}')

    read, damage = names_and_damage(bag)

    assert len(read) == COUNT
    assert 'bag' in damage[0]
    assert 'missing' in damage[0]


@pytest.mark.parametrize('content', [b'', b'\x28\xb5\x2f\xfd nothing', b'[' * 999])
@pytest.mark.parametrize('suffix', ['.mcap', '.db3', '.mcap.zstd', '.db3.zstd'])
def test_what_is_no_bag_is_one_line(tmp_path, suffix, content):
    file = tmp_path / f'bag{suffix}'
    file.write_bytes(content)

    with pytest.raises(BagError, match='bag') as refusal:
        Bag(file)

    assert '\n' not in str(refusal.value)


def test_a_message_does_not_unpack_to_more_than_fits():
    from emotion_agent.replay.bag_files import zstd

    packed = zstd.compress(bytes(LARGEST_MESSAGE + 1))

    assert len(unpacked_message(packed)) <= LARGEST_MESSAGE
