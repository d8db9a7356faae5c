# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A bag to look at: courses on one axis, and the newest messages at any time."""

import numpy as np
import pytest
from bag_maker import START_NS, Line
from rosbags.rosbag2 import StoragePlugin

from emotion_agent.export.courses import AFFECT, FACE, SERIES, STATE, Recording
from emotion_agent.logic import AFFECT as AFFECT_TYPE
from emotion_agent.logic import IMAGE, STIMULUS
from emotion_agent.logic import STATE as STATE_TYPE
from emotion_agent.replay.sources import NothingToPlay


def state(maker, at_s, **fields):
    return Line('/emotion/state', STATE_TYPE, at_s, maker.state(at_s, **fields))


def affect(maker, at_s, valence, **fields):
    return Line('/emotion/human_affect', AFFECT_TYPE, at_s, maker.affect(at_s, valence, **fields))


def nobody(maker, at_s):
    return Line('/emotion/human_affect', AFFECT_TYPE, at_s, maker.affect(at_s, faces=[]))


@pytest.fixture
def ten_seconds(maker, tmp_path):
    lines = [
        Line('/emotion/face_image', IMAGE, 0.0, maker.drawn(0.0, 7)),
        *(state(maker, at_s, joy=at_s / 10, attended_face='anna') for at_s in range(11)),
        affect(maker, 2.5, 0.5),
        affect(maker, 3.0, -0.25),
        nobody(maker, 4.0),
        affect(maker, 6.0, 1.0),
    ]
    return lambda storage: maker.write(
        tmp_path / 'bag', sorted(lines, key=lambda line: line.at_s), storage
    )


@pytest.mark.parametrize('storage', [StoragePlugin.MCAP, StoragePlugin.SQLITE3])
def test_courses_hold_what_was_last_recorded(ten_seconds, storage):
    with Recording(ten_seconds(storage)) as recording:
        times_s, series = recording.courses(most=21)  # every half second

    assert set(series) == set(SERIES)
    assert times_s - START_NS / 1e9 == pytest.approx(np.arange(0, 10.5, 0.5))
    assert series['joy'] == pytest.approx(np.floor(np.arange(21) / 2) / 10)
    person = series['person_valence']
    assert person[5:8].tolist() == [0.5, -0.25, -0.25]
    assert np.isnan(person[:5]).all()  # nobody has come
    assert np.isnan(person[8:12]).all()  # nobody is there
    assert (person[12:17] == 1.0).all()
    assert np.isnan(person[17:]).all()  # no more than 2 s


def test_only_the_person_who_is_attended_to_is_followed(maker, tmp_path):
    lines = [
        state(maker, 0.0, attended_face='anna'),
        affect(maker, 0.2, 0.5),
        state(maker, 0.4, attended_face='ben'),
        affect(maker, 0.6, 0.75),
        state(maker, 0.8, attended_face=''),
        affect(maker, 1.0, 1.0),
    ]

    with Recording(maker.write(tmp_path / 'bag', lines)) as recording:
        valence = recording.courses(most=6).series['person_valence']

    assert np.array_equal(valence, np.float32([np.nan, 0.5, 0.5, np.nan, np.nan, 1.0]), True)


@pytest.mark.parametrize('storage', [StoragePlugin.MCAP, StoragePlugin.SQLITE3])
def test_the_newest_messages_at_a_time_are_found_however_long_ago_they_came(ten_seconds, storage):
    with Recording(ten_seconds(storage)) as recording:
        before = recording.at(START_NS - 1)
        early = recording.at(START_NS + 1_500_000_000)
        late = recording.at(START_NS + 6_000_000_000)
        between = list(recording.between(START_NS, START_NS + 3_000_000_000, [STATE]))

    assert not before
    assert {name: message.time_ns for name, message in early.items()} == {
        FACE: START_NS,
        STATE: START_NS + 1_000_000_000,
    }
    assert late[AFFECT].content.faces[0].valence == 1.0
    assert late[STATE].content.joy == pytest.approx(0.6)
    assert (late[FACE].content.data == 7).all()
    assert [message.time_ns - START_NS for message in between] == [0, 10**9, 2 * 10**9]


def test_a_bag_without_its_end_is_looked_at_all_the_same(ten_seconds):
    bag = ten_seconds(StoragePlugin.MCAP)
    (bag / 'metadata.yaml').unlink()

    with Recording(bag) as recording:
        newest = recording.at(START_NS + 2_999_999_999)

    assert newest[STATE].time_ns == START_NS + 2_000_000_000
    assert newest[AFFECT].time_ns == START_NS + 2_500_000_000


def test_a_bag_of_others_says_what_is_not_there(maker, tmp_path):
    stimulus = Line('/emotion/stimulus', STIMULUS, 0.0, maker.stimulus('praise', 0.0))

    with pytest.raises(NothingToPlay, match=r'expected one of /emotion/human_affect.*stimulus'):
        Recording(maker.write(tmp_path / 'bag', [stimulus]))
