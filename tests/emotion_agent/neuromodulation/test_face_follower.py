# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Whom the robot looks at, and when somebody came or went."""

import pytest

from emotion_agent.neuromodulation import Face, FaceEvent, FaceFollower


def face(name, area=100.0, confidence=0.9):
    return Face(name, area, 0.5, 0.1, confidence)


def followed(follower, stamp_s, *faces):
    chosen, events = follower.update(stamp_s, faces)
    return chosen and chosen.face_id, [event.name for event in events]


def test_the_largest_certain_face_is_followed():
    follower = FaceFollower(p_min=0.4)

    assert followed(follower, 0.0, face('near', 900, 0.3), face('mid', 400), face('far', 100)) == (
        'mid',
        ['face_seen'],
    )


def test_nobody_certain_is_nobody():
    assert followed(FaceFollower(p_min=0.4), 0.0, face('blur', confidence=0.39)) == (None, [])


def test_a_followed_face_is_kept_when_another_is_larger_or_it_becomes_uncertain():
    follower = FaceFollower(p_min=0.4)
    followed(follower, 0.0, face('a'))

    assert followed(follower, 0.1, face('a', confidence=0.1), face('b', 900)) == ('a', [])


def test_another_face_is_followed_only_after_a_second():
    follower = FaceFollower(p_min=0.4)
    followed(follower, 0.0, face('a'))

    assert followed(follower, 0.9, face('b')) == (None, [])
    assert followed(follower, 1.0, face('b')) == ('b', ['face_seen'])


def test_nobody_is_lost_when_somebody_else_has_come():
    follower = FaceFollower(p_min=0.4)
    followed(follower, 0.0, face('a'))
    followed(follower, 1.5, face('b'))

    assert followed(follower, 5.5, face('b')) == ('b', [])


def test_a_face_that_comes_back_within_five_seconds_was_not_away():
    follower = FaceFollower(p_min=0.4)
    followed(follower, 0.0, face('a'))
    followed(follower, 3.0)

    assert followed(follower, 4.9, face('a')) == ('a', [])


def test_a_face_is_lost_once_at_its_own_time():
    follower = FaceFollower(p_min=0.4)
    followed(follower, 0.0, face('a'))

    assert follower.lost(4.99) == ()
    assert follower.lost(5.3) == (FaceEvent('face_lost', 5.0),)
    assert follower.lost(6.0) == ()
    assert followed(follower, 6.0) == (None, [])


def test_a_face_that_comes_back_later_is_met_again():
    follower = FaceFollower(p_min=0.4)
    followed(follower, 0.0, face('a'))

    assert followed(follower, 7.0, face('a')) == ('a', ['face_lost', 'face_seen'])


def test_how_often_one_asks_does_not_matter():
    rarely, often = FaceFollower(p_min=0.4), FaceFollower(p_min=0.4)
    for follower in (rarely, often):
        followed(follower, 0.0, face('a'))

    events = [event for tick in range(1, 700) for event in often.lost(tick / 100)]

    assert events == list(rarely.lost(7.0))


def test_a_clock_set_back_loses_nobody():
    follower = FaceFollower(p_min=0.4)
    followed(follower, 1000.0, face('a'))
    followed(follower, 1003.0)

    assert followed(follower, 10.0) == (None, [])
    assert followed(follower, 11.9) == (None, [])
    assert followed(follower, 12.1) == (None, ['face_lost'])


@pytest.mark.parametrize('back_s', [0.1, 3.0, 3600.0])
@pytest.mark.parametrize('absent_s', [0.0, 0.5, 3.0])
def test_who_is_not_seen_after_the_clock_was_set_back_is_lost_all_the_same(back_s, absent_s):
    follower = FaceFollower(p_min=0.4)
    followed(follower, 10_000.0, face('a'))
    now_s = 10_000.0 + absent_s - back_s

    follower.clock_set_back(now_s)

    assert follower.attended == 'a'
    assert follower.lost(now_s + 1.9) == ()
    assert [event.name for event in follower.lost(now_s + 5.1)] == ['face_lost']
    assert follower.attended == ''


@pytest.mark.parametrize('late_s', [0.2, 4.5, 9.0])
def test_who_is_seen_in_late_images_is_not_lost_between_them(late_s):
    follower = FaceFollower(p_min=0.4)
    names = []
    for tick in range(200):
        now_s = 100.0 + 0.1 * tick
        if tick % 2 == 0 and tick <= 100:
            _, events = follower.update(now_s - late_s, [face('a')], late_s=late_s)
            names += [event.name for event in events]
            ended_s = now_s
        lost = follower.lost(now_s)
        names += [event.name for event in lost]
        if lost and late_s > 1.0:
            assert now_s == pytest.approx(ended_s + 5.0, abs=0.11)

    assert names == ['face_seen', 'face_lost']


def test_when_images_without_the_face_come_does_not_matter():
    soon, late = FaceFollower(p_min=0.4), FaceFollower(p_min=0.4)
    for follower, late_s in ((soon, 0.1), (late, 4.0)):
        follower.update(100.0, [face('a')], late_s=0.1)
        follower.update(101.0, [], late_s=late_s)

    assert soon.lost(104.9) == late.lost(104.9) == ()
    assert soon.lost(105.0) == late.lost(105.0) != ()


def test_what_is_remembered_of_late_images_is_all():
    follower, again = FaceFollower(p_min=0.4), FaceFollower(p_min=0.4)
    follower.update(100.0, [face('a')], late_s=7.0)

    again.recall(follower.memory())

    assert again.lost(111.9) == follower.lost(111.9) == ()
    assert again.lost(112.1) == follower.lost(112.1) != ()
