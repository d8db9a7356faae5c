# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What comes at a time at which it is not expected: startles, other settings, other goals."""

import numpy as np
import pytest

from emotion_agent.animation import AnimatorConfig, FaceAnimator
from emotion_agent.animation.mirror import Mirror
from emotion_models.drawing import Identity
from emotion_models.drawing.action_units import N_ACTION_UNITS
from emotion_models.drawing.parts import FACIAL_UNITS
from emotion_models.labels.emotions import EMOTIONS

NO_MIRROR = np.zeros(len(FACIAL_UNITS))


def feel(animator, expression, now_s, strength=0.8):
    visible = strength * np.array([name == expression for name in EMOTIONS], float)
    animator.set_emotion(visible, 0.3, strength, expression, now_s)


def closures(animator, start_s, seconds):
    return [animator.pose(start_s + k * 0.04)[1].blink for k in range(round(seconds * 25))]


def asleep(config=None, **more):
    animator = FaceAnimator(config, **more)
    animator.pose(0.0)
    animator.pose(90.0)
    return animator


def test_a_startle_ends_a_slow_blink():
    animator = FaceAnimator()
    animator.pose(0.0)
    feel(animator, 'sad', 5.0)
    before = animator.pose(5.25)[1].blink
    feel(animator, 'surprise', 5.25)
    closed = closures(animator, 5.25, 0.5)

    assert before > 0.9
    assert closed[0] == pytest.approx(before)
    assert max(closed[3:]) == 0.0


def test_a_startle_in_sleep_opens_the_eyes_within_3_frames():
    animator = asleep()
    feel(animator, 'surprise', 90.0)

    assert max(closures(animator, 90.12, 1.0)) == 0.0


def test_waking_to_an_exchange_shuts_the_lids_once():
    animator = asleep(AnimatorConfig(exchange=1.0))
    feel(animator, 'joy', 90.0)
    closed = np.array(closures(animator, 90.0, 0.9))

    assert (np.diff(closed > 0.5).astype(int) != 0).sum() == 1


def test_a_face_that_does_not_blink_blinks_neither_before_sadness_nor_when_it_wakes():
    animator = FaceAnimator(AnimatorConfig(blink_rate=0.0))
    animator.pose(0.0)
    feel(animator, 'sad', 1.0)
    assert max(closures(animator, 1.0, 1.0)) == 0.0

    animator.pose(90.0)
    animator.wake(90.0)
    assert max(closures(animator, 90.3, 1.0)) == 0.0


def test_a_goal_that_moves_on_after_an_exchange_is_reached_soon():
    animator = FaceAnimator(AnimatorConfig.preset('minimal', exchange=1.0))
    animator.pose(0.0)
    feel(animator, 'joy', 1.0, strength=0.3)
    feel(animator, 'joy', 1.25, strength=0.9)
    soon, late = animator.pose(1.8)[0], animator.pose(20.0)[0]

    assert np.abs(late - soon).max() < 0.02


def test_sleep_that_is_set_later_ends_the_present_one():
    animator = asleep()
    animator.reconfigure(AnimatorConfig(sleep_after_s=1000.0, off_after_s=2000.0), 90.0)
    views = [animator.pose(90.0 + k * 0.04)[1] for k in range(500)]

    assert views[0].blink == 1.0
    assert views[2].blink > 0.5
    assert np.median([view.blink for view in views]) == 0.0
    assert len({view.gaze_x for view in views}) > 3
    first = next(k for k, view in enumerate(views) if view.gaze_x != views[0].gaze_x)
    assert first * 0.04 < 6.0  # the eyes look about again soon
    animator.frame(110.0)
    assert animator._life.motion(110.0, True).letter is None


def test_letters_that_are_switched_on_in_sleep_rise():
    animator = asleep(AnimatorConfig(snoring=0.0))
    animator.reconfigure(AnimatorConfig(), 90.0)

    assert any(animator._life.motion(90.0 + k, True).letter for k in range(20))


def test_a_panel_that_is_to_be_off_by_now_goes_off():
    animator = FaceAnimator()
    animator.frame(0.0)
    animator.frame(100.0)
    animator.reconfigure(AnimatorConfig(sleep_after_s=5.0, off_after_s=10.0), 100.0)
    off = animator.frame(100.04)

    assert not off.any()
    assert animator.frame(101.0) is off


def test_glances_that_are_switched_off_end_straight_ahead():
    animator = FaceAnimator(seed=3)
    now_s = next(k * 0.04 for k in range(1000) if abs(animator.pose(k * 0.04)[1].gaze_x) > 0.5)
    animator.reconfigure(AnimatorConfig(glances=0.0, sighing=0.0), now_s)

    assert animator.pose(now_s + 0.1)[1].gaze_x == 0.0


def test_somebody_who_would_have_been_let_go_of_is_let_go_of_now():
    mirror = Mirror(AnimatorConfig(mirror_hold_s=60.0), 1.0)
    mirror.see(NO_MIRROR + 0.8, 0.0)
    mirror.set_amount(0.5, 30.0)
    before = mirror.at(40.0)
    mirror.reconfigure(AnimatorConfig(), 40.0)

    assert mirror.at(40.0) == pytest.approx(before)
    assert mirror.at(45.0) == pytest.approx(NO_MIRROR, abs=1e-3)


@pytest.mark.parametrize('share', [-0.1, 1.1, float('nan')])
def test_a_share_to_mirror_that_is_none_is_refused(share):
    with pytest.raises(ValueError, match=r'in \[0, 1\]'):
        FaceAnimator(mirror=share)
    with pytest.raises(ValueError, match=r'in \[0, 1\]'):
        FaceAnimator().set_mirror(share, 0.0)


@pytest.mark.parametrize('now_s', [1.7e18, -1.7e18])
def test_nanoseconds_are_not_taken_for_seconds(now_s):
    with pytest.raises(ValueError, match='finite time in seconds'):
        FaceAnimator().frame(now_s)


@pytest.mark.parametrize('call', [FaceAnimator.wake, lambda a, now_s: a.speak(0.5, now_s)])
def test_a_clock_that_jumps_far_ahead_begins_another_life_whatever_is_called(call):
    animator = FaceAnimator()
    animator.pose(0.0)
    before = animator._life
    before.advance = lambda now_s: pytest.fail(f'lives through all the time until {now_s}')
    call(animator, 1.7e9)

    assert animator._life is not before


def test_a_face_that_turns_back_in_full_swing_stays_within_what_a_face_can_be():
    ranges = Identity.ranges()
    low, high = (Identity(**{k: ends[i] for k, ends in ranges.items()}) for i in (0, 1))
    animator = FaceAnimator(AnimatorConfig(exchange=0.0, tempo=4.0, glide_s=0.05))
    animator.change_face(low, 0.0)
    animator.pose(5.0)
    animator.change_face(high, 5.0)
    animator.reconfigure(AnimatorConfig(exchange=0.0, glide_s=5.0), 5.008)
    animator.change_face(high, 5.008)
    points = [animator.pose(5.01 + k * 0.04)[0][N_ACTION_UNITS:] for k in range(100)]
    inside = [animator._expression.at(animator._now_s).identity.max()]

    assert inside[0] > 1.0
    assert np.max(points) == 1.0
