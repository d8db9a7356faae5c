# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Blinks over an hour, on the numbers of `Motion`."""

import numpy as np
import pytest
from face_watcher import (
    AWAKE,
    RATE_HZ,
    column,
    life_of,
    motions,
    runs,
    settings,
    views,
    visible,
)

from emotion_agent.animation.config import PRESETS, AnimatorConfig

LIVELY = {'blink_rate': 16.0, 'double_blinks': 0.1}
ALL = {**LIVELY, 'glances': 1.0}


def closures(config, stop, rate=RATE_HZ, **life):
    return column(views(life_of(config, **life), stop, rate=rate), 'blink')


def starts_of(seen, rate=RATE_HZ):
    return runs(seen > 0.0)[0] / rate


@pytest.fixture(scope='module')
def hour():
    return closures(settings(**ALL), 3600.0)


def test_blinks_come_15_to_20_times_a_minute_at_rest(hour):
    assert 15.0 <= len(starts_of(hour)) / 60.0 <= 20.0


def test_gaps_are_a_second_at_least_but_for_a_tenth_of_double_blinks(hour):
    gaps = np.diff(starts_of(hour))
    is_double = gaps < 0.96

    assert 0.07 <= is_double.sum() / (~is_double).sum() <= 0.13
    assert gaps[is_double].max() <= 0.6
    assert gaps[is_double].min() >= 0.28
    assert not (is_double[1:] & is_double[:-1]).any()


def test_no_gap_is_longer_than_eight_seconds(hour):
    assert np.diff(starts_of(hour)).max() <= 8.0


def test_gaps_are_log_normal():
    config = settings(blink_rate=16.0)
    gaps = np.diff(starts_of(closures(config, 1800.0))) - config.blink_gap_s
    logarithms = np.log(gaps[gaps > 0.0])
    standard = (logarithms - logarithms.mean()) / logarithms.std()

    assert gaps.mean() > 1.03 * np.median(gaps)  # a tail of long ones
    assert abs((standard**3).mean()) < 0.25  # and none on the scale of logarithms
    assert 0.3 < logarithms.std() < 0.7  # no metronome


@pytest.mark.parametrize('glances', [0.0, 1.0])
def test_arousal_makes_blinks_more_frequent_up_to_26(glances):
    config = settings(**{**LIVELY, 'glances': glances})
    rates = [
        len(starts_of(closures(config, 600.0, arousal=arousal))) / 10.0
        for arousal in (0.0, 0.5, 1.0)
    ]

    assert rates[0] < rates[1] < rates[2]
    assert 1.3 * rates[0] < rates[2] <= 26.0


def test_lids_take_two_to_three_frames_down_one_to_two_shut_and_three_to_four_up(hour):
    for start, stop in zip(*runs(hour > 0.0), strict=True):
        blink = hour[start:stop]
        shut = np.nonzero(blink == 1.0)[0]

        assert 1 <= len(shut) <= 2
        assert 1 <= shut[0] <= 3
        assert 2 <= len(blink) - 1 - shut[-1] <= 4
        assert (np.diff(blink[: shut[0] + 1]) > 0.0).all()
        assert (np.diff(blink[shut[-1] :]) < 0.0).all()
    assert len(runs(hour > 0.0)[0]) > 900


def test_whole_blinks_take_six_to_nine_frames_at_any_rate():
    seen = closures(settings(blink_rate=16.0), 100.0, rate=250.0)
    first, last = runs(seen > 0.0)
    durations = (last - first) / 250.0

    assert 6 / 25 - 0.01 <= durations.min() < durations.max() <= 9 / 25 + 0.01


def test_sadness_brings_half_blinks():
    sad = closures(settings(blink_rate=16.0), 600.0, expression='sad')
    depths = np.array([sad[a:b].max() for a, b in zip(*runs(sad > 0.0), strict=True)])
    is_half = depths < 1.0

    assert 0.3 < is_half.mean() < 0.7
    assert depths[is_half].min() >= 0.5
    assert depths[is_half].max() <= 0.65


def test_sleepiness_brings_half_blinks():
    config = settings(blink_rate=16.0, dozing=1.0, sleep_after_s=1200.0)
    seen = closures(config, 900.0)  # lids grow heavy at 600 s, and more so at 900

    awake, sleepy = seen[: int(600 * RATE_HZ)], seen[int(602 * RATE_HZ) :]
    assert share_of_half(awake, 0.0) == 0.0
    assert 0.4 < share_of_half(sleepy, 0.21) < 0.8


def share_of_half(seen, rest):
    """Share of the blinks that do not shut the lids, which are so far shut between them."""
    depths = [seen[a:b].max() for a, b in zip(*runs(seen > rest), strict=True)]
    return np.mean(np.array(depths) < 1.0)


@pytest.mark.parametrize(('strength', 'is_startled'), [(0.39, False), (0.4, True)])
def test_surprised_eyes_do_not_blink(strength, is_startled):
    life = life_of(settings(**ALL), expression='surprise', strength=strength)
    seen = column(views(life, 60.0), 'blink')

    assert (seen.max() == 0.0) == is_startled


def test_surprise_calls_off_blinks_that_have_not_begun():
    life = life_of(settings(blink_rate=0.0, sleep_after_s=10.0))
    life.motion(20.0, True)
    life.wake(20.0)
    life.feel(visible('surprise'), 0.0, 20.0)

    assert column(views(life, 30.0, start=20.6), 'blink').max() == 0.0


def test_a_face_that_is_startled_no_more_blinks_soon():
    life = life_of(settings(**LIVELY), expression='surprise')
    life.motion(30.0, True)
    life.feel(visible(), 0.0, 30.0)

    assert starts_of(column(views(life, 38.0, start=30.0), 'blink')).size > 0


def test_rate_0_means_no_blinks_and_glances_without_them():
    life = life_of(settings(glances=1.0))
    seen = views(life, 120.0)

    assert column(seen, 'blink').max() == 0.0
    assert column(seen, 'gaze_x').max() > 0.5


def test_exchange_behind_shut_lids_is_told_when_they_are_shut_and_counts_for_the_gap():
    life = life_of(settings(blink_rate=16.0))
    for now_s in np.arange(1.0, 300.0, 7.3).tolist():
        shut_s, opens_s = life.shut(now_s)
        seen = views(life, now_s + 1.2, start=now_s, rate=500.0)
        at_s = np.arange(len(seen)) / 500.0 + round(now_s * 500.0) / 500.0
        whole = at_s[column(seen, 'blink') == 1.0]

        assert 0.0 < shut_s - now_s <= 0.12
        assert 0.04 <= opens_s - shut_s <= 0.08
        assert whole.min() == pytest.approx(shut_s, abs=0.003)
        assert whole.max() == pytest.approx(opens_s, abs=0.003)
        assert len(starts_of(column(seen, 'blink')[150:], 500.0)) <= 1  # the tail of this one


def test_exchange_uses_a_blink_that_is_closing_anyway():
    life = life_of(settings(blink_rate=0.0))
    first = life.shut(1.0)

    assert life.shut(1.05) == first
    assert life.shut(1.6) != first


def test_blink_before_sadness_is_slow():
    life = life_of(settings(blink_rate=0.0))
    shut_s, opens_s = life.blink_slowly(2.0)
    seen = column(views(life, 4.0, start=1.0), 'blink')
    first, last = runs(seen > 0.0)

    assert 0.5 <= (last - first)[0] / RATE_HZ <= 1.0
    assert 2.0 < shut_s < opens_s < 3.0
    assert seen.max() == 1.0


@pytest.mark.parametrize('preset', PRESETS)
def test_no_gap_of_a_preset_is_longer_than_eight_seconds(preset):
    blinks = starts_of(closures(AnimatorConfig.preset(preset, **AWAKE, sighing=0.0), 1800.0))

    assert np.diff(blinks).max() <= 8.0


def test_other_settings_leave_the_gap_of_blinks_as_it_is():
    left, changed = (life_of(settings(**LIVELY)) for _ in range(2))
    for second in range(120):
        changed.reconfigure(settings(**LIVELY, breath_px=float(second % 2)), float(second))
        seen = [motion.view.blink for motion in motions(changed, second + 1.0, second)]
        assert seen == [motion.view.blink for motion in motions(left, second + 1.0, second)]


def test_a_rate_that_changes_again_and_again_delays_no_blink():
    life, seen = life_of(settings(**LIVELY)), []
    for second in range(240):
        life.reconfigure(settings(blink_rate=15.0 + second % 2), float(second))
        seen += [motion.view.blink for motion in motions(life, second + 1.0, second)]
    blinks = starts_of(np.array(seen))

    assert np.diff(blinks).max() <= 8.0
    assert np.diff(blinks).min() >= 0.95
