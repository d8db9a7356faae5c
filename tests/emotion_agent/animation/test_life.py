# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_agent.animation import AnimatorConfig, FaceAnimator
from emotion_models.drawing import View
from emotion_models.labels.emotions import EMOTIONS

ONLY_BLINKS = AnimatorConfig(saccade_size=0.0, wander_size=0.0, breathing=0.0, drift_px=0.0)
AWAKE = {'sleep_after_s': 1e6, 'off_after_s': 1e6}


def visible(expression, strength=0.8):
    return strength * np.array([name == expression for name in EMOTIONS], dtype=float)


def views(animator, start, stop, rate=50.0):
    return [animator.pose(now_s)[1] for now_s in np.arange(start, stop, 1.0 / rate)]


def blink_starts(closures, rate):
    closed = np.asarray(closures) > 0.5
    return np.nonzero(closed[1:] & ~closed[:-1])[0] / rate


def blinks_of(arousal):
    animator = FaceAnimator(AnimatorConfig(**AWAKE))
    animator.set_emotion(np.zeros(7), arousal, 0.0, 'neutral', 0.0)
    return blink_starts([view.blink for view in views(animator, 0.0, 1200.0, 25.0)], 25.0)


def test_blinks_come_15_to_17_times_a_minute_and_a_second_apart():
    starts = blinks_of(arousal=0.0)

    assert 14.0 <= len(starts) / 20.0 <= 18.0
    assert np.diff(starts).min() >= 0.92  # seen at 25 Hz
    assert np.diff(starts).std() > 1.0  # not a metronome


def test_arousal_makes_blinks_more_frequent():
    assert len(blinks_of(arousal=1.0)) > 1.25 * len(blinks_of(arousal=0.0))


def test_blink_takes_eight_to_nine_frames():
    animator = FaceAnimator(AnimatorConfig(**AWAKE))
    closures = np.array([view.blink for view in views(animator, 0.0, 120.0, rate=250.0)])
    edges = np.diff(np.concatenate([[0], closures > 0.0, [0]]).astype(int))
    durations = (np.nonzero(edges < 0)[0] - np.nonzero(edges > 0)[0]) / 250.0

    durations = durations[:-1]  # the last may be cut off
    assert durations.min() >= 8 / 25 - 0.01
    assert durations.max() <= 9 / 25 + 0.01
    assert closures.max() == 1.0


def test_surprised_eyes_do_not_blink():
    animator = FaceAnimator(AnimatorConfig(**AWAKE))
    animator.set_emotion(visible('surprise'), 0.5, 0.8, 'surprise', 0.0)

    assert max(view.blink for view in views(animator, 0.5, 60.0)) == 0.0


def test_gaze_follows_what_is_looked_at_and_comes_back():
    animator = FaceAnimator(AnimatorConfig(saccade_size=0.02, wander_size=0.1))
    for k in range(50):
        animator.look_at(-0.8, 0.3, k * 0.04)
    view = animator.pose(2.0)[1]
    later = views(animator, 12.0, 20.0)

    assert (view.gaze_x, view.gaze_y) == pytest.approx((-0.8, 0.3), abs=0.1)
    assert all(abs(v.gaze_x) < 0.4 for v in later)


def test_gaze_is_released_on_request():
    animator = FaceAnimator(AnimatorConfig(saccade_size=0.0, wander_size=0.0))
    animator.look_at(0.9, 0.0, 0.0)
    animator.look_at(None, None, 0.1)

    assert animator.pose(4.0)[1].gaze_x == pytest.approx(0.0, abs=1e-3)


def test_large_gaze_shift_comes_with_a_blink():
    animator = FaceAnimator(ONLY_BLINKS, seed=3)
    animator.look_at(-0.5, 0.0, 0.0)
    animator.pose(1.2)
    before = animator.pose(1.2)[1].blink
    animator.look_at(0.6, 0.0, 1.2)

    assert before == 0.0
    assert animator.pose(1.33)[1].blink == pytest.approx(1.0, abs=0.01)


def test_idle_eyes_are_never_still_for_long():
    animator = FaceAnimator(AnimatorConfig(**AWAKE))
    gaze = np.array([view[:2] for view in views(animator, 0.0, 60.0)])
    moved = np.nonzero(np.abs(np.diff(gaze, axis=0)).max(axis=1) > 1e-4)[0] / 50.0

    assert np.diff(moved).max() <= 2.6
    assert np.abs(gaze).max() <= 1.0


def test_breath_and_drift_stay_within_their_sizes():
    animator = FaceAnimator(AnimatorConfig(**AWAKE))
    seen = views(animator, 0.0, 300.0, rate=5.0)
    zooms = [view.zoom for view in seen]
    shifts = np.array([(view.shift_x, view.shift_y) for view in seen])

    assert min(zooms) == pytest.approx(0.98, abs=1e-3)
    assert max(zooms) == pytest.approx(1.02, abs=1e-3)
    assert 1.0 <= np.abs(shifts).max() <= 1.5


def test_face_sleeps_after_a_minute_and_leaves_the_panel_after_five():
    animator = FaceAnimator(ONLY_BLINKS)
    animator.frame(0.0)

    assert animator.pose(59.0)[1].blink < 1.0
    assert all(view == View(blink=1.0) for view in views(animator, 62.0, 70.0))
    assert animator.frame(299.0).any()
    dark = animator.frame(300.0)
    assert not dark.any()
    assert animator.frame(400.0) is dark


@pytest.mark.parametrize(
    'happen',
    [
        lambda a, now_s: a.set_emotion(visible('joy', 0.3), 0.1, 0.3, 'joy', now_s),
        lambda a, now_s: a.look_at(0.1, 0.0, now_s),
        lambda a, now_s: a.wake(now_s),
    ],
)
@pytest.mark.parametrize('asleep_until', [100.0, 400.0])
def test_face_wakes_with_a_blink(happen, asleep_until):
    animator = FaceAnimator(ONLY_BLINKS)
    for now_s in np.arange(0.0, asleep_until, 1.0):
        animator.frame(now_s)

    happen(animator, asleep_until)

    assert animator.frame(asleep_until + 0.04).any()
    closures = [view.blink for view in views(animator, asleep_until + 0.04, asleep_until + 1.04)]
    assert closures[0] > 0.9
    assert closures[13] < 0.2
    assert max(closures[16:30]) > 0.9
    assert closures[-1] < 0.1


def test_faces_seen_and_feelings_that_change_keep_it_awake():
    looking, feeling = FaceAnimator(ONLY_BLINKS), FaceAnimator(ONLY_BLINKS)
    for second in range(200):
        looking.look_at(0.0, 0.0, float(second))
        feeling.set_emotion(visible('sad', 0.3 + 0.1 * (second % 2)), 0, 0.3, 'sad', float(second))

    for animator in (looking, feeling):
        assert np.median([view.blink for view in views(animator, 200.0, 203.0)]) == 0.0


def test_state_that_repeats_itself_does_not_keep_it_awake():
    animator = FaceAnimator(ONLY_BLINKS)
    for k in range(700):
        animator.set_emotion(visible('joy', 0.0), 0.0, 0.0, 'neutral', 0.1 * k)

    assert animator.pose(70.0)[1].blink == 1.0
