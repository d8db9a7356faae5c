# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A face by itself as a whole: what never moves at rest, and what it is a function of."""

import numpy as np
import pytest
from face_watcher import (
    AWAKE,
    NOTHING,
    RATE_HZ,
    column,
    life_of,
    motions,
    runs,
    settings,
    times,
    views,
    visible,
)

from emotion_agent.animation.config import AnimatorConfig
from emotion_agent.animation.life import Life
from emotion_models.drawing import View

LIVELY = AnimatorConfig(**AWAKE)
QUIET = AnimatorConfig(**AWAKE, sighing=0.0)


def act(life, now_s, k):
    """What happens to a face, at times that do not depend on when it is watched."""
    life.advance(now_s)
    if k % 40 == 7:
        life.feel(visible(('joy', 'sad', 'fear', 'surprise')[k // 40 % 4]), 0.4, now_s)
    if k % 200 < 90 and k % 3 == 0:
        life.wake(now_s)
        life.look_at(np.sin(0.1 * k), 0.2, 0.3, now_s)
    if k % 150 == 91:
        life.look_about()
    if k % 170 == 120:
        life.shut(now_s)
    if k % 170 == 33:
        life.blink_slowly(now_s)
    if k % 100 == 0:
        life.wake(now_s)


def watched(rate, seed=0, stop=120.0, config=LIVELY):
    """Motions at four times a second, of a face that is watched `rate` times a second."""
    life, seen, actions = Life(config, seed, 0.0), [], 0
    for now_s in times(stop, rate=rate):
        while actions / 10 <= now_s:
            act(life, actions / 10, actions)
            actions += 1
        motion = life.motion(now_s, True)
        if now_s % 0.25 == 0.0:
            seen.append((motion.view, tuple(motion.units), motion.letter))
    return seen


@pytest.mark.parametrize('config', [LIVELY, AnimatorConfig(sleep_after_s=4.0, snoring=1.0)])
def test_what_it_does_does_not_depend_on_how_often_it_is_asked(config):
    seen = watched(4.0, config=config)

    assert seen == watched(100.0, config=config)
    assert len(set(seen)) > 100


def test_two_faces_with_one_seed_are_alike_and_others_are_not():
    assert watched(4.0, seed=5) == watched(4.0, seed=5)
    assert watched(4.0, seed=5) != watched(4.0, seed=6)


def test_every_seed_blinks_glances_and_drifts_at_its_own_times():
    starts = [
        (runs(column(seen, 'blink') > 0)[0][0], column(seen, 'gaze_x').tolist())
        for seen in (views(life_of(QUIET, seed=seed), 20.0) for seed in range(4))
    ]

    assert len({first for first, _ in starts}) == 4
    assert len({str(gaze) for _, gaze in starts}) == 4


def test_a_face_to_which_nothing_is_added_looks_straight_ahead_for_ever():
    life = life_of(AnimatorConfig.preset('minimal', blink_rate=0, drift_px=0, **AWAKE))

    assert {motion.view for motion in motions(life, 600.0, rate=5.0)} == {View()}
    assert settings() != NOTHING


def test_at_rest_pictures_differ_by_breath_gaze_blink_and_drift_alone():
    seen = motions(life_of(QUIET), 600.0)
    views_seen = np.array([motion.view for motion in seen])

    assert not any(motion.units.any() or motion.letter for motion in seen)
    for name in ('vergence', 'pupil_size', 'tear_fall', 'tilt'):
        assert not column(views_seen, name).any()
    assert (column(views_seen, 'zoom') == 1.0).all()
    shifts = views_seen[:, -2:]
    assert (shifts == np.round(shifts)).all()


def test_numbers_are_equal_to_the_bit_in_most_pairs_of_frames_at_rest():
    seen = views(life_of(QUIET), 600.0)
    is_blinking = column(seen, 'blink') > 0.0
    is_changed = (seen[1:] != seen[:-1]).any(axis=1)
    open_changes = is_changed & ~is_blinking[1:] & ~is_blinking[:-1]

    assert is_changed.mean() < 0.25
    # Jumps of at most two frames and a head that follows, and two changes a breath.
    assert open_changes.sum() / 10.0 <= 54 * 2 + 2 * 15 + 2


def test_a_breath_is_two_changes_of_a_pixel_in_3_to_5_s_and_faster_with_arousal():
    config = settings(breath_px=1.0)
    periods = []
    for arousal in (-1.0, 0.0, 1.0):
        shift = column(views(life_of(config, arousal=arousal), 120.0), 'shift_y')
        up, down = runs(shift == -1.0)
        assert set(shift) == {0.0, -1.0}
        assert np.diff(up).std() < 1.0
        periods.append(np.diff(up).mean() / RATE_HZ)
        assert (
            0.3 < ((down - up)[:-1] / np.diff(np.append(up, down[-1]))[: len(up) - 1]).mean() < 0.6
        )

    assert periods == pytest.approx([5.0, 4.0, 3.0], abs=0.05)


def test_breath_goes_on_where_it_was_when_arousal_changes():
    steady, changing = (life_of(settings(breath_px=1.0)) for _ in range(2))
    shifts = []
    for now_s in times(60.0):
        changing.feel(visible(), float(np.sin(3.0 * now_s)), now_s)
        shifts.append(changing.motion(now_s, True).view.shift_y)
    ups = np.diff(runs(np.array(shifts) == -1.0)[0]) / RATE_HZ

    assert ups.min() >= 3.0 - 0.05
    assert ups.max() <= 5.0 + 0.05
    assert len(ups) == pytest.approx(60 / 4, abs=2)
    assert set(column(views(steady, 60.0), 'shift_y')) == {0.0, -1.0}


@pytest.mark.parametrize(('breath_px', 'height'), [(0.0, 0), (1.4, 1), (2.0, 2)])
def test_breath_is_as_high_as_set_in_whole_pixels(breath_px, height):
    shift = column(views(life_of(settings(breath_px=breath_px)), 20.0), 'shift_y')

    assert shift.min() == -height


@pytest.mark.parametrize('drift_px', [1.0, 2.0])
def test_drift_is_single_pixels_behind_shut_lids_within_its_size(drift_px):
    seen = views(life_of(settings(drift_px=drift_px, blink_rate=16.0)), 900.0)
    place = seen[:, -2:]
    steps = np.diff(place, axis=0)
    moved = np.nonzero(steps.any(axis=1))[0]

    assert (column(seen, 'blink')[moved + 1] == 1.0).all()
    assert set(np.abs(steps[moved]).sum(axis=1)) == {1.0}
    assert np.abs(place).max(axis=0).tolist() == [drift_px, 1.0]
    assert 25 <= len(moved) <= 60  # every 15 to 30 s


def test_with_blinks_off_the_drift_goes_with_a_breath():
    seen = views(life_of(settings(drift_px=2.0, breath_px=1.0)), 1200.0)
    x = column(seen, 'shift_x')
    moved = np.nonzero(np.diff(x))[0]
    breathed = np.nonzero(np.diff(column(seen, 'shift_y')))[0]

    assert len(moved) > 10
    assert set(moved) <= set(breathed)


def test_without_drift_and_head_nothing_shifts_sideways():
    assert not column(
        views(life_of(settings(glances=1.0, blink_rate=16.0)), 300.0), 'shift_x'
    ).any()


def test_other_settings_take_over_without_a_jump():
    life = life_of(LIVELY)
    before = life.motion(30.0, True)
    life.reconfigure(QUIET, 30.0)
    assert life.motion(30.0, True) == before

    life.reconfigure(settings(blink_rate=30.0 / 1.6), 31.0)
    later = views(life, 91.0, start=32.0)
    assert len(runs(column(later, 'blink') > 0)[0]) > 10
    assert len(set(column(later, 'shift_y'))) == 1


def test_other_settings_can_start_and_stop_a_loop():
    life = life_of(settings(), 'joy')
    life.reconfigure(settings(laughter=1.0), 10.0)
    assert column(views(life, 13.0, start=10.0), 'shift_y').any()
    life.reconfigure(settings(), 13.0)

    assert not column(views(life, 40.0, start=15.0), 'shift_y').any()


def test_sleep_that_is_set_shorter_comes_at_once():
    for dozing in (0.0, 1.0):
        life = life_of(settings())
        life.motion(30.0, True)
        life.reconfigure(settings(sleep_after_s=20.0, dozing=dozing), 30.0)
        falling = column(views(life, 40.0, start=30.0), 'blink')

        assert np.abs(np.diff(falling)).max() < 0.06  # no lid snaps: a second and a half
        assert (falling[40:] == 1.0).all()


def test_lids_that_are_heavy_go_on_from_where_they_are_by_other_settings():
    for after_s in (65.0, 40.0, 30.0, 400.0):
        life = life_of(settings(sleep_after_s=60.0, dozing=1.0))
        before = life.motion(50.0, True).view.blink
        life.reconfigure(settings(sleep_after_s=after_s, dozing=1.0), 50.0)
        seen = column(views(life, 52.0, start=50.0, rate=50.0), 'blink')

        assert before > 0.1
        assert seen[0] == pytest.approx(before)
        assert np.abs(np.diff(seen)).max() < 0.1
