# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Heavy lids, sleep and waking, on the numbers of `Motion`."""

import numpy as np
import pytest
from face_watcher import RATE_HZ, column, life_of, motions, runs, settings, times, views, visible

from emotion_models.drawing.parts import unit_columns

SLEEPER = {'sleep_after_s': 60.0, 'off_after_s': 300.0}


def closures(life, stop, start=0.0, rate=RATE_HZ):
    return column(views(life, stop, start, rate), 'blink')


def test_face_sleeps_after_a_minute_and_leaves_the_panel_after_five():
    life = life_of(settings(**SLEEPER, glances=1.0, blink_rate=16.0))
    life.motion(0.0, True)

    assert closures(life, 59.9)[-25:].min() < 1.0
    assert (closures(life, 75.0, start=62.0) == 1.0).all()
    assert not life.is_panel_off(299.9)
    assert life.is_panel_off(300.0)


def test_lids_grow_heavy_after_half_of_the_time_and_the_head_nods():
    life = life_of(settings(**SLEEPER, dozing=1.0))
    seen = closures(life, 60.0)
    half, three_quarters = int(30 * RATE_HZ), int(45 * RATE_HZ)
    nods = runs(seen > 0.6)[0]

    assert not seen[: half + 1].any()
    assert seen[half + 30] == pytest.approx(0.2)
    assert seen[three_quarters + 30] == pytest.approx(0.35)
    assert len(nods) == 2
    assert nods.min() > 45 * RATE_HZ


def test_a_nod_goes_slowly_down_and_up_with_a_jerk():
    seen = closures(life_of(settings(**SLEEPER, dozing=1.0)), 60.0)
    peak = 45 * 25 + int(np.argmax(seen[45 * 25 :]))
    down = np.nonzero(seen[:peak] < 0.4)[0][-1]
    after = np.nonzero(seen[peak:] < 0.4)[0][0] + peak
    last = np.nonzero(seen[:after] > 0.79)[0][-1]

    assert seen[peak] == pytest.approx(0.8)
    assert peak - down > 10
    assert after - last <= 4


@pytest.mark.parametrize('dozing', [0.0, 0.5])
def test_heavy_lids_are_as_heavy_as_set(dozing):
    seen = closures(life_of(settings(**SLEEPER, dozing=dozing)), 60.0)

    assert seen.max() == pytest.approx(0.8 * dozing)


def test_a_face_that_grows_sleepy_opens_its_eyes_without_a_blink():
    life = life_of(settings(**SLEEPER, dozing=1.0))
    life.motion(50.0, True)

    assert not life.wake(50.0)
    seen = closures(life, 51.0, start=50.0)
    assert 0.3 < seen[0] < 0.9
    assert (np.diff(seen) <= 0.0).all()
    assert not seen[8:].any()


@pytest.mark.parametrize('asleep_until', [65.0, 100.0, 400.0])
def test_face_wakes_with_a_blink(asleep_until):
    life = life_of(settings(**{**SLEEPER, 'blink_rate': 1.0}))
    life.motion(asleep_until, True)

    assert life.wake(asleep_until)
    assert not life.is_panel_off(asleep_until)
    seen = closures(life, asleep_until + 2.0, start=asleep_until)
    first, after = runs(seen > 0.5)
    assert seen[0] == 1.0
    assert len(first) == 2
    assert seen[first[1] : after[1]].max() == 1.0
    assert not seen[20:].any()


def test_waking_again_and_again_opens_the_eyes_once():
    once, often = (life_of(settings(**SLEEPER)) for _ in range(2))
    seen = []
    for life in (once, often):
        life.motion(80.0, True)
        life.wake(80.0)
        closed = []
        for k, now_s in enumerate(times(82.0, start=80.0)):
            if life is often and k % 3 == 1:
                assert not life.wake(now_s)
            closed.append(life.motion(now_s, True).view.blink)
        seen.append(closed)

    assert seen[0] == seen[1]


def test_nothing_but_a_slow_breath_moves_in_sleep():
    config = settings(
        **SLEEPER, glances=1.0, head_px=2.0, blink_rate=16.0, breath_px=1.0, laughter=1.0
    )
    life = life_of(config, 'joy')
    seen = views(life, 250.0, start=62.0)
    shift = column(seen, 'shift_y')
    breaths = np.diff(runs(shift == -1.0)[0]) / RATE_HZ

    assert set(shift) == {0.0, -1.0}
    assert breaths[1:-1] == pytest.approx(4.0 / 0.7, abs=0.05)
    still = np.delete(seen, [9], axis=1)
    assert (still == still[0]).all()
    jaw = np.array([m.units for m in motions(life, 320.0, 250.0)])[:, unit_columns(['jaw_drop'])]
    assert jaw.min() == 0.0  # the mouth opens a little where the air is out
    assert 0.1 < jaw.max() < 0.3
    assert not life.is_looping(100.0)


def test_eyes_look_about_again_after_sleep():
    life = life_of(settings(**SLEEPER, glances=1.0))
    life.motion(100.0, True)
    assert life.motion(100.0, True).view.gaze_x == 0.0
    life.wake(100.0)

    assert len(set(column(views(life, 110.0, start=100.0), 'gaze_x'))) > 3


def letters(life, stop, start=0.0):
    return [motion.letter for motion in motions(life, stop, start)]


def test_letters_float_up_by_8_px_now_and_then_in_sleep_alone():
    life = life_of(settings(**SLEEPER, snoring=1.0))
    assert not any(letters(life, 61.5))
    seen = letters(life, 200.0, start=61.5)
    first, after = runs([letter is not None for letter in seen])

    assert np.diff(first).min() / RATE_HZ >= 3.4
    assert np.diff(first).max() / RATE_HZ <= 6.5
    for a, b in zip(first[:-1], after[:-1], strict=True):
        rows = [letter.y for letter in seen[a:b]]
        assert rows[0] - rows[-1] == 8
        assert set(np.diff(rows)) == {0, -1}
        assert len({letter.size for letter in seen[a:b]}) == 1
    shown = [letter for letter in seen if letter]
    assert max(letter.x + letter.size for letter in shown) <= 128
    assert min(letter.y for letter in shown) >= 0
    assert life.is_looping(61.5 + (first[-2] + 1) / RATE_HZ) or after[-1] > 0

    life.wake(200.0)
    assert not any(letters(life, 250.0, start=200.0))


def test_letters_can_be_switched_off():
    assert not any(letters(life_of(settings(**SLEEPER)), 200.0))


def test_a_panel_with_the_same_seed_dozes_the_same_way():
    config = settings(**SLEEPER, dozing=1.0, snoring=1.0)
    first, same, other = (motions(life_of(config, seed=seed), 120.0) for seed in (3, 3, 4))

    assert [(m.view, m.letter) for m in first] == [(m.view, m.letter) for m in same]
    assert [(m.view, m.letter) for m in first] != [(m.view, m.letter) for m in other]


def test_what_happens_keeps_it_awake():
    life = life_of(settings(**SLEEPER, dozing=1.0))
    for second in range(0, 200, 20):
        life.motion(float(second), True)
        assert not life.wake(float(second))

    assert not closures(life, 205.0, start=200.0).any()


def test_surprise_that_wakes_it_leaves_the_eyes_open():
    life = life_of(settings(**SLEEPER))
    life.motion(100.0, True)
    life.feel(visible('surprise'), 0.5, 100.0)
    life.wake(100.0)

    assert not closures(life, 102.0, start=100.4).any()


def test_brows_and_mouth_are_slack_in_sleep_and_no_more_after_waking():
    life = life_of(settings(**SLEEPER))
    awake, asleep = life.motion(59.0, True).units, life.motion(70.0, True).units
    life.wake(71.0)

    assert not awake.any()
    assert asleep[unit_columns(['outer_brow_raiser_left'])] == -0.15
    assert asleep[unit_columns(['lip_tightener'])] == 1.0
    assert not life.motion(73.0, True).units.any()
