# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What strong feelings do again and again, on the numbers of `Motion`."""

from itertools import pairwise

import numpy as np
import pytest
from face_watcher import RATE_HZ, column, life_of, motions, runs, settings, times, views, visible

from emotion_agent.animation import AnimatorConfig, FaceAnimator
from emotion_agent.animation.loops import LOOPS
from emotion_models.drawing.action_units import NEUTRAL, ActionUnits

SETTINGS = {loop.setting: loop.emotion for loop in LOOPS}
CASES = list(SETTINGS.items())


def unit(seen, name):
    return np.array([ActionUnits(*motion.units)._asdict()[name] for motion in seen])


def shifts(expression, name, stop=300.0, rate=RATE_HZ, **own):
    return column(views(life_of(settings(**own), expression), stop, rate=rate), name)


def turns(is_moving, longest_pause_s):
    """First and last frame of what moves without a pause that is so long."""
    first, after = runs(is_moving)
    is_new = np.concatenate([[True], first[1:] - after[:-1] > longest_pause_s * RATE_HZ])
    return first[is_new], after[np.concatenate([is_new[1:], [True]])]


def does_anything(life, stop):
    seen = motions(life, stop)
    return any(m.view != seen[0].view or m.units.any() for m in seen)


@pytest.mark.parametrize(('setting', 'expression'), CASES)
def test_each_loop_runs_in_its_feeling_alone_and_can_be_switched_off(setting, expression):
    assert does_anything(life_of(settings(**{setting: 1.0}), expression), 120.0)
    assert not does_anything(life_of(settings(**{setting: 0.0}), expression), 120.0)
    assert not does_anything(life_of(settings(**{setting: 1.0}), 'surprise'), 120.0)


@pytest.mark.parametrize(('setting', 'expression'), CASES[:-1])
def test_loops_run_from_a_visible_emotion_of_0_6_on(setting, expression):
    config = settings(**{setting: 1.0})

    assert not does_anything(life_of(config, expression, 0.59), 60.0)
    assert does_anything(life_of(config, expression, 0.6), 60.0)


def test_laughter_bounces_2_px_at_4_to_5_hz_for_a_second_and_again_after_4_to_8():
    rate = 250.0
    shift = shifts('joy', 'shift_y', 100.0, rate=rate, laughter=1.0)
    tops = runs(shift == -2.0)[0]
    gaps = np.diff(tops) / rate
    first, after = turns(shift[::10] != 0.0, 1.0)

    assert set(shift) == {0.0, -1.0, -2.0}
    assert 1 / 5 <= gaps[gaps < 1.0].min() < gaps[gaps < 1.0].max() <= 1 / 4 + 0.01
    assert (after - first).min() / RATE_HZ >= 0.6
    assert (after - first).max() / RATE_HZ <= 1.3
    assert np.diff(first).min() / RATE_HZ >= 4.0 + 0.6
    assert np.diff(first).max() / RATE_HZ <= 8.0 + 1.3


def test_the_mouth_laughs_too():
    seen = motions(life_of(settings(laughter=1.0), 'joy'), 20.0)
    jaw = unit(seen, 'jaw_drop')
    shift = np.array([motion.view.shift_y for motion in seen])

    assert 0.2 < jaw.max() <= 0.25
    assert np.corrcoef(jaw, -shift)[0, 1] > 0.9


def test_a_tear_falls_is_gone_wells_up_and_falls_again_every_2_to_4_s():
    seen = motions(life_of(settings(tears=1.0), 'sad'), 300.0)
    fall = np.array([motion.view.tear_fall for motion in seen])
    welled = unit(seen, 'tear')
    first, _ = turns(fall > 0.0, 0.2)
    periods = np.diff(first) / RATE_HZ

    assert periods.min() >= 2.0 - 0.1
    assert periods.max() <= 4.0 + 0.1
    assert fall.max() >= 0.9
    assert welled.min() == -1.0
    assert welled.max() == 0.0
    for a, b in pairwise(first):
        turn_fall, turn_welled = fall[a:b], welled[a:b]
        last = np.nonzero(turn_fall)[0][-1]
        assert (np.diff(turn_fall[: last + 1]) >= 0.0).all()
        assert (turn_welled[: last + 1] == 0.0).all()
        assert (np.diff(turn_welled[last + 2 :]) >= 0.0).all()
        assert not turn_welled[-1]


def test_a_tear_falls_by_whole_pixels():
    fall = shifts('sad', 'tear_fall', 60.0, rate=250.0, tears=1.0)

    assert (np.round(10 * fall) == 10 * fall).all()
    assert len(set(fall)) == 11


def test_trembling_is_a_pixel_to_each_side_in_bursts_of_half_a_second():
    shift = shifts('fear', 'shift_x', trembling=1.0)
    first, after = turns(shift != 0.0, 0.2)

    assert set(shift) == {-1.0, 0.0, 1.0}
    assert (after - first) / RATE_HZ == pytest.approx(0.48, abs=0.09)
    assert np.diff(first).min() / RATE_HZ > 1.0
    assert np.abs(np.diff(shift)).max() == 1.0
    flips = [np.count_nonzero(np.diff(shift[a:b])) for a, b in zip(first, after, strict=True)]
    assert min(flips) >= 6


def test_the_heart_beats_at_1_1_hz():
    size = shifts('love', 'pupil_size', 120.0, rate=100.0, heartbeat=1.0)
    beats = runs(size > 0.8)[0] / 100.0

    assert size.max() == pytest.approx(1.0, abs=0.01)
    assert size.min() == 0.0
    assert np.diff(beats) == pytest.approx(1.0 / 1.1, abs=0.011)
    assert (size == 0.0).mean() > 0.4  # still between the beats


def test_anger_leans_slowly_by_steps_and_twitches_a_lid():
    seen = motions(life_of(settings(scowling=1.0), 'mad'), 300.0)
    tilt = np.array([motion.view.tilt for motion in seen])
    lid = unit(seen, 'lid_tightener')
    steps = np.abs(np.diff(tilt))

    assert -0.05 < tilt.min() < -0.04
    assert 0.04 < tilt.max() < 0.05
    assert steps[steps > 0].max() == pytest.approx(0.015)
    first, after = runs(tilt != 0.0)
    assert (after - first).min() / RATE_HZ > 3.0
    first, after = runs(lid > 0.0)
    assert 1 <= (after - first).min() <= (after - first).max() <= 3
    assert 300 / 7 / 1.5 < len(first) < 300 / 3 * 2


def test_power_lifts_one_brow():
    seen = motions(life_of(settings(smirking=1.0), 'power'), 120.0)
    raised = unit(seen, 'outer_brow_raiser_right')
    first, after = runs(raised > 0.0)

    assert raised.max() == pytest.approx(0.5)
    assert not unit(seen, 'outer_brow_raiser_left').any()
    assert (after - first).max() / RATE_HZ <= 1.5
    assert np.diff(first).min() / RATE_HZ > 4.0
    assert np.diff(first).max() / RATE_HZ < 10.0


def test_a_face_at_rest_sighs_or_looks_about_every_20_to_40_s():
    life = life_of(settings(sighing=1.0))
    seen = views(life, 1800.0)
    sighs = turns(column(seen, 'shift_y') != 0.0, 3.0)[0]
    glances = turns(column(seen, 'gaze_x') != 0.0, 3.0)[0]
    gaps = np.diff(np.sort(np.concatenate([sighs, glances]))) / RATE_HZ

    assert len(sighs) > 10
    assert len(glances) > 10
    assert gaps.min() >= 20.0
    assert gaps.max() <= 40.0 + 3.7
    assert set(column(seen, 'shift_y')) == {-1.0, 0.0, 1.0}
    assert column(seen, 'gaze_x').max() > 0.7
    assert column(seen, 'gaze_x').min() < -0.7
    assert 0.3 < column(seen, 'blink').max() < 0.6


@pytest.mark.parametrize(('setting', 'expression'), CASES)
def test_nothing_loops_before_the_expression_stands(setting, expression):
    config = settings(**{setting: 1.0})
    life = life_of(config, expression)
    seen = [life.motion(now_s / RATE_HZ, is_settled=False) for now_s in range(3000)]

    assert all(motion.units is NEUTRAL for motion in seen)
    assert {motion.view._replace(gaze_x=0.0, gaze_y=0.0) for motion in seen} == {
        seen[0].view._replace(gaze_x=0.0, gaze_y=0.0)
    }


@pytest.mark.parametrize(('setting', 'expression'), CASES)
def test_loops_say_when_they_move(setting, expression):
    life = life_of(settings(**{setting: 1.0}), expression)
    rest = life.motion(0.0, True)
    for frame in range(1, 2000):
        now_s = frame / RATE_HZ
        motion = life.motion(now_s, True)
        is_moved = motion.view != rest.view or motion.units.any()
        assert life.is_looping(now_s) or not is_moved


def test_a_loop_that_loses_its_feeling_ends_its_turn_and_one_that_is_gone_breaks_off():
    for strength, is_broken_off in ((0.5, False), (0.3, True)):
        life = life_of(settings(tears=1.0), 'sad')
        while life.motion(now_s := life._loops.next_s + 0.2, True).view.tear_fall == 0.0:
            life.motion(now_s, True)
        life.feel(visible('sad', strength), 0.0, now_s)
        later = motions(life, now_s + 30.0, start=now_s + 0.04)

        assert any(m.units.any() for m in later[:60]) != is_broken_off
        assert not any(m.units.any() or m.view.tear_fall for m in later[80:])


def test_half_a_setting_is_smaller_and_rarer():
    whole, half = (shifts('joy', 'shift_y', 600.0, laughter=amount) for amount in (1.0, 0.5))

    assert half.min() == -1.0
    assert (half != 0.0).mean() < 0.7 * (whole != 0.0).mean()


def test_loops_differ_from_turn_to_turn_and_from_seed_to_seed():
    config = AnimatorConfig()
    faces = [life_of(config, 'joy', seed=seed) for seed in (0, 0, 1)]
    first, same, other = ([m.view for m in motions(life, 40.0)] for life in faces)

    assert first == same
    assert first != other


def test_loops_go_on_while_a_feeling_fades():
    animator, shifts_seen = FaceAnimator(settings(laughter=1.0, anticipation=0.0)), []
    for now_s in times(15.0):
        fading = visible('joy', 0.95 - 0.01 * now_s)
        animator.set_emotion(fading, 0.3, fading.max(), 'joy', now_s)
        shifts_seen.append(animator.pose(now_s)[1].shift_y)

    assert min(shifts_seen) == -2.0


def test_a_sigh_is_in_and_a_longer_way_out_with_lids_that_fall_and_a_small_mouth():
    life = life_of(settings(sighing=1.0))
    seen = views(life, 300.0)
    began, ended = turns(column(seen, 'shift_y') != 0.0, 3.0)
    seen = motions(life_of(settings(sighing=1.0)), 300.0)[began[0] : ended[0]]
    shift = np.array([motion.view.shift_y for motion in seen])
    blowing = unit(seen, 'jaw_drop') > 0.1

    assert 2.0 <= len(shift) / RATE_HZ <= 3.7
    assert (shift < 0).sum() < 0.8 * (shift > 0).sum()  # a short way in, a long way out
    assert not blowing[shift < 0].any()
    assert len(runs(blowing)[0]) == 1  # one opening: no speech
    assert unit(seen, 'lip_tightener')[blowing].max() == pytest.approx(1.0)
    assert max(motion.view.blink for motion in seen) > 0.4
    assert max(motion.view.gaze_y for motion in seen) > 0.4


def test_a_loop_that_is_switched_off_cuts_off_no_turn_neither_its_own_nor_of_others():
    both = visible('mad') + visible('power')
    changed, left = (life_of(settings(scowling=1.0, smirking=1.0)) for _ in range(2))
    for life in (changed, left):
        life.feel(both, 0.0, 0.0)
    smirk = 'outer_brow_raiser_right'
    now_s = next(s for s in times(30.0) if unit(motions(changed, s + 0.04, s), smirk)[0] > 0.3)
    left.motion(now_s, True)
    changed.reconfigure(settings(scowling=1.0), now_s)
    end_s = now_s + 0.4
    is_, was = motions(changed, end_s, now_s), motions(left, end_s, now_s)

    assert [m.view for m in is_] == [m.view for m in was]
    assert unit(is_, smirk).tolist() == unit(was, smirk).tolist()
    assert not unit(motions(changed, end_s + 60.0, end_s + 2.0), smirk).any()
