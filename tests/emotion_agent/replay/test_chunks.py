# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A bag takes no more memory than it says, and no more than is allowed."""

import sys
from struct import pack, unpack_from

import lz4.frame
import pytest
from bag_maker import Line
from rosbags.rosbag2 import storage_mcap

from emotion_agent.logic import EVENT, STIMULUS
from emotion_agent.logic.events import RESET
from emotion_agent.replay import bag as bags
from emotion_agent.replay import chunks, recorded_agent
from emotion_agent.replay.bag import Bag
from emotion_agent.replay.bag_files import MIB, MOST_TIMES, unpacked
from emotion_agent.replay.chunks import CHUNK_BYTES, ERRORS, unpack
from emotion_agent.replay.salvage_mcap import CHUNK, MAGIC
from emotion_agent.replay.sources import Names
from node_kit.limits import BeyondLimit

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACKERS = {'': bytes, 'lz4': lz4.frame.compress, 'zstd': zstd.compress}
CONTENT = b'some records ' * 1000
each_packer = pytest.mark.parametrize('name', PACKERS)


@each_packer
def test_a_chunk_that_is_as_long_as_it_says_is_unpacked(name):
    assert unpack(name, PACKERS[name](CONTENT), len(CONTENT)) == CONTENT


@each_packer
@pytest.mark.parametrize('size', [0, 1, len(CONTENT) - 1, len(CONTENT) + 1])
def test_a_chunk_with_another_size_than_it_says_is_damaged(name, size):
    with pytest.raises(ValueError, match=f'does not have the {size} bytes that it says'):
        unpack(name, PACKERS[name](CONTENT), size)


@pytest.mark.parametrize('name', ['lz4', 'zstd'])
def test_no_more_is_unpacked_than_the_chunk_says(name, monkeypatch):
    lengths = []
    real = chunks._DECOMPRESSORS[name]

    class Watched:
        def __init__(self):
            self._real = real()

        def decompress(self, data, max_length):
            unpacked = self._real.decompress(data, max_length=max_length)
            lengths.append(len(unpacked))
            return unpacked

    monkeypatch.setitem(chunks._DECOMPRESSORS, name, Watched)

    with pytest.raises(ValueError, match='does not have'):
        unpack(name, PACKERS[name](bytes(50_000_000)), 1000)
    assert lengths == [1001]


@each_packer
def test_a_chunk_that_says_too_much_is_not_unpacked(name):
    with pytest.raises(BeyondLimit, match=f'at most {CHUNK_BYTES} are unpacked'):
        unpack(name, PACKERS[name](CONTENT), CHUNK_BYTES + 1)


@each_packer
def test_the_reader_of_whole_bags_unpacks_no_more_either(name):
    with pytest.raises(ERRORS):
        storage_mcap.decompress(PACKERS[name](CONTENT), name, 100, 0)
    with pytest.raises(BeyondLimit):
        storage_mcap.decompress(PACKERS[name](CONTENT), name, CHUNK_BYTES + 1, 0)


@pytest.fixture
def one_bag(maker, tmp_path):
    message = maker.stimulus('praise', 1.0)
    return maker.write(tmp_path / 'bag', [Line('/emotion/stimulus', STIMULUS, 1.0, message)])


def test_a_damaged_bag_names_the_limit_of_a_chunk_that_says_too_much(one_bag):
    (file,) = one_bag.glob('*.mcap')
    data = bytearray(file.read_bytes())
    place = len(MAGIC)
    while data[place] != CHUNK:
        place += 9 + unpack_from('<Q', data, place + 1)[0]
    data[place + 9 + 16 : place + 9 + 24] = pack('<Q', CHUNK_BYTES + 1)
    file.write_bytes(data[:-8])

    with pytest.raises(
        bags.BagError, match=f'skipped a chunk of {CHUNK_BYTES + 1} bytes; at most'
    ):
        Bag(one_bag)


def test_a_file_that_is_compressed_as_a_whole_is_unpacked_to_so_many_times_its_size(tmp_path):
    file = tmp_path / 'bag_0.mcap.zstd'
    file.write_bytes(zstd.compress(bytes(50_000_000)))
    most = max(MIB, MOST_TIMES * file.stat().st_size)

    (tmp_path / 'copies').mkdir()
    copy, lost = unpacked(file, tmp_path / 'copies')

    assert copy.stat().st_size == most
    assert f'{MOST_TIMES} times its size' in lost


def test_metadata_that_are_too_long_are_left_aside(one_bag, monkeypatch):
    monkeypatch.setattr(bags, 'METADATA_BYTES', 10)

    with Bag(one_bag) as opened:
        assert [event.time_ns for event in opened.messages(['/emotion/stimulus'])]
        assert 'at most 10 are read' in opened.damage[0]


@pytest.mark.parametrize(
    ('value', 'words'), [('"' + 'x' * 200 + '"', 'at most 100 are read'), ('[' * 90, 'Expecting')]
)
def test_an_event_of_which_too_much_is_said_is_named(maker, tmp_path, monkeypatch, value, words):
    monkeypatch.setattr(recorded_agent, 'EVENT_CHARACTERS', 100)
    event = maker.messages.make(
        EVENT, header=maker.header(1.0), kind=RESET, name='', value=value, source='emotion_state'
    )
    path = maker.write(tmp_path / 'bag', [Line('/emotion/events', EVENT, 1.0, event)])

    with Bag(path) as opened:
        agent = recorded_agent.read_agent(opened, Names('emotion', 'camera/image_raw'))

    assert words in agent.problems[0]
