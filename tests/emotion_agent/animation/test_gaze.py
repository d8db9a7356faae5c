# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Fixations and jumps of the gaze, on the numbers of `Motion`."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from face_watcher import RATE_HZ, column, life_of, runs, settings, times, views, visible

from emotion_agent.animation.gaze import FAR_PX, TRAVEL_PX
from emotion_models.drawing.geometry import PARALLAX_PX

PERSON = (0.5, 0.2)
PERSON_PX = (3, 1)


class Jump(NamedTuple):
    frame: int  # the first that differs
    frames: int  # until it is over
    way_px: float


def pupils(seen):
    """Where pupils are, whole pixels (T, 2)."""
    pixels = np.stack([column(seen, 'gaze_x'), column(seen, 'gaze_y')], 1) * TRAVEL_PX
    assert np.abs(pixels - np.round(pixels)).max() < 1e-9
    return np.round(pixels).astype(int)


def jumps_of(seen):
    places = pupils(seen)
    first, after = runs((np.diff(places, axis=0) != 0).any(axis=1))
    return [
        Jump(a + 1, b - a, float(np.hypot(*(places[b] - places[a]))))
        for a, b in zip(first, after, strict=True)
    ]


def looking_at_somebody(config, stop, arousal=0.0):
    """A person is reported five times a second."""
    life, seen = life_of(config, arousal=arousal), []
    for k, now_s in enumerate(times(stop)):
        if k % 5 == 0:
            life.look_at(*PERSON, 0.0, now_s)
        seen.append(life.motion(now_s, True).view)
    return np.array(seen)


@pytest.fixture(scope='module')
def alone():
    return views(life_of(settings(glances=1.0)), 1200.0)


def test_travel_of_the_pupils_is_that_of_the_drawing():
    assert tuple(3.0 * PARALLAX_PX) == TRAVEL_PX
    assert pytest.approx(0.6 * TRAVEL_PX[0]) == FAR_PX


def test_jumps_are_2_px_to_the_full_travel_or_a_single_pixel(alone):
    ways = np.array([jump.way_px for jump in jumps_of(alone)])
    is_jump = ways > 1.0

    assert ways[is_jump].min() >= 2.0
    assert ways.max() <= 2.0 * TRAVEL_PX[0]
    assert (ways > FAR_PX).any()
    assert set(ways[~is_jump]) == {1.0}
    assert 0.1 < (~is_jump).mean() < 0.4
    assert np.abs(column(alone, 'gaze_x')).max() <= 1.0
    assert np.abs(column(alone, 'gaze_y')).max() <= 1.0


def test_jumps_take_one_or_two_frames_and_are_over_to_the_bit(alone):
    jumps = jumps_of(alone)

    assert {jump.frames for jump in jumps} == {1, 2}
    assert all(jump.frames == 1 for jump in jumps if jump.way_px <= FAR_PX)
    for this, other in pairwise(jumps):
        still = alone[this.frame + 1 : other.frame]
        assert (still == still[-1]).all()


def test_fixations_last_from_0_4_to_2_s(alone):
    starts = np.array([jump.frame for jump in jumps_of(alone)])
    fixations = np.diff(starts) / RATE_HZ

    assert fixations.min() >= 0.4 - 0.04
    assert fixations.max() <= 2.0 + 0.04
    assert fixations.std() > 0.2


def test_head_follows_by_one_or_two_pixels_to_the_same_side():
    life = life_of(settings(glances=1.0, head_px=1.5))
    seen = views(life, 600.0)
    shift, x = column(seen, 'shift_x'), pupils(seen)[:, 0]
    jumps = np.flatnonzero(np.diff(x, prepend=x[0]))
    since = np.arange(len(x)) - jumps[np.searchsorted(jumps, np.arange(len(x)), 'right') - 1]
    is_settled = since >= 9

    assert set(np.abs(shift)) == {0.0, 1.0, 2.0}
    assert (shift * x >= 0.0)[is_settled].all()
    assert (np.abs(shift)[is_settled & (np.abs(x) >= 3)] >= 1.0).all()
    assert np.abs(np.diff(shift)).max() == 1.0


def test_head_stays_where_it_is_not_to_follow(alone):
    assert not column(alone, 'shift_x').any()
    assert not column(alone, 'shift_y').any()


@pytest.mark.parametrize('arousal', [0.0, 1.0])
@pytest.mark.parametrize('is_alone', [True, False])
def test_60_to_80_percent_of_far_jumps_come_with_a_blink(arousal, is_alone):
    config = settings(glances=1.0, blink_rate=16.0, double_blinks=0.1)
    if is_alone:
        seen = views(life_of(config, arousal=arousal), 900.0)
    else:
        seen = looking_at_somebody(config, 900.0, arousal)
    blinks = runs(column(seen, 'blink') > 0.0)[0]
    far = np.array([jump.frame for jump in jumps_of(seen) if jump.way_px > FAR_PX])
    with_blink = np.abs(far[:, None] - blinks).min(axis=1) <= 2

    assert len(far) > 90
    assert 0.6 <= with_blink.mean() <= 0.8
    assert len(blinks) / 15.0 <= 26.0


def test_two_looks_of_three_and_more_go_to_a_person_who_is_there():
    places = pupils(looking_at_somebody(settings(glances=1.0), 600.0))
    is_there = np.hypot(*(places - PERSON_PX).T) <= 1.0

    assert 0.6 < is_there.mean() < 0.8
    first, last = runs(~is_there)
    assert np.median(last - first) < 2.0 * RATE_HZ  # it comes back
    assert (last - first).max() < 8.0 * RATE_HZ


def test_size_of_glances_scales_how_far_they_go():
    half = pupils(views(life_of(settings(glances=0.5)), 300.0))

    assert 3 <= np.abs(half[:, 0]).max() <= 4  # and a pixel beside it
    assert np.abs(half[:, 1]).max() <= 2


def test_without_glances_a_person_is_looked_at_and_left():
    life = life_of(settings(person_s=2.0))
    before = views(life, 1.0)
    life.look_at(-0.8, 0.0, 0.0, 1.0)
    seen = views(life, 6.0, start=1.0)

    assert set(pupils(before)[:, 0]) == {0}
    assert set(pupils(seen[int(0.2 * RATE_HZ) : int(1.9 * RATE_HZ)])[:, 0]) == {-5}
    assert set(pupils(seen[int(2.2 * RATE_HZ) :])[:, 0]) == {0}


def test_gaze_follows_somebody_who_walks_by_jumps_of_2_px():
    life, seen = life_of(settings()), []
    for frame in range(200):
        now_s = frame / RATE_HZ
        life.look_at(-0.9 + 0.009 * frame, 0.0, 0.0, now_s)
        seen.append(life.motion(now_s, True).view)
    seen = np.array(seen)
    jumps = jumps_of(seen)

    assert (
        np.abs(pupils(seen)[1:, 0] - TRAVEL_PX[0] * (-0.9 + 0.009 * np.arange(1, 200))).max() < 3
    )
    assert {jump.way_px for jump in jumps[1:]} <= {2.0, 3.0}
    assert np.diff([jump.frame for jump in jumps]).min() >= 5


def test_somebody_who_stops_right_after_a_jump_is_found():
    life = life_of(settings())
    life.look_at(0.0, 0.0, 0.0, 0.0)
    life.look_at(0.5, 0.0, 0.0, 1.0)
    life.look_at(0.95, 0.0, 0.0, 1.08)

    assert pupils(views(life, 1.2, start=1.16))[-1, 0] == 3
    assert pupils(views(life, 1.4, start=1.3))[-1, 0] == 6


def test_jitter_of_a_detector_does_not_move_the_eyes():
    life, rng = life_of(settings()), np.random.default_rng(0)
    life.look_at(*PERSON, 0.0, 0.0)
    seen = []
    for frame in range(1, 250):
        x, y = np.array(PERSON) + rng.uniform(-0.07, 0.07, 2)
        life.look_at(x, y, 0.0, frame / RATE_HZ)
        seen.append(life.motion(frame / RATE_HZ, True).view)

    assert len({tuple(view) for view in seen[2:]}) == 1


def test_both_eyes_turn_inward_to_somebody_near_by_whole_pixels():
    life = life_of(settings())
    life.look_at(0.0, 0.0, 0.7, 0.0)

    assert life.motion(0.5, True).view.vergence == pytest.approx(2.0 / 3.0)


def test_looking_about_again_ends_the_look_at_a_person():
    life = life_of(settings(glances=1.0))
    life.look_at(*PERSON, 0.0, 0.0)
    life.look_about()
    places = pupils(views(life, 120.0, start=10.0))

    assert (np.hypot(*(places - PERSON_PX).T) <= 1.0).mean() < 0.3


def test_startled_eyes_jump_without_a_blink():
    life = life_of(settings(glances=1.0, blink_rate=16.0))
    life.feel(visible('surprise'), 0.5, 0.0)
    seen = views(life, 120.0)

    assert any(jump.way_px > FAR_PX for jump in jumps_of(seen))
    assert not column(seen, 'blink').any()
