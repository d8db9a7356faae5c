# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Hearts, blush and lips are shown whole or not at all, and come and go behind shut lids."""

import numpy as np
import pytest

from emotion_agent.animation import AnimatorConfig, FaceAnimator
from emotion_agent.animation.whole import Signs, with_clear_lips, with_whole_hearts
from emotion_models.drawing import ActionUnits, Identity, View
from emotion_models.labels.emotions import EMOTIONS

HEART, BLUSH, LIPS, JAW = (
    ActionUnits._fields.index(name) for name in ('heart', 'blush', 'lips_part', 'jaw_drop')
)
STILL = AnimatorConfig.preset('minimal', lean_back=0.0)


def opening_px(units, lip_gap=0.0):
    return lip_gap + 3.2 * units[LIPS] + 13.0 * units[JAW]


def love(animator, strength, now_s):
    visible = strength * np.array([name == 'love' for name in EMOTIONS])
    animator.set_emotion(visible, 0.0, strength, 'love', now_s)


def fading(config=STILL, seed=0):
    """Heart, blush and closure of the lids at 50 Hz while love fades from .8 in six seconds."""
    animator, seen = FaceAnimator(config, seed), []
    love(animator, 0.8, 0.0)
    for tick in range(300):
        now_s = 4.0 + tick / 50
        if tick % 5 == 0:
            love(animator, 0.8 * (1.0 - tick / 300), now_s)
        units, view = animator.pose(now_s)
        seen.append((units[HEART], units[BLUSH], view.blink))
    return np.array(seen)


def test_a_sign_goes_later_than_it_came():
    signs = Signs()
    strengths = [0.0, 0.25, 0.29, 0.31, 0.25, 0.21, 0.19, 0.25, 0.31]
    units = [np.array(ActionUnits(heart=s, blush=s, tear=s)) for s in strengths]

    shown = np.array([signs.whole(each)[[HEART, BLUSH]] for each in units])

    assert shown[:, 0].tolist() == shown[:, 1].tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 1]


def test_other_units_stay_as_they_are():
    units = np.linspace(0.0, 0.9, len(ActionUnits._fields))
    others = np.setdiff1d(np.arange(len(units)), [HEART, BLUSH])

    np.testing.assert_array_equal(Signs().whole(units)[others], units[others])


def test_signs_of_a_fading_love_are_never_in_between():
    seen = fading()

    assert set(np.unique(seen[:, :2])) == {0.0, 1.0}
    assert (np.abs(np.diff(seen[:, 0])) > 0).sum() == 1  # one exchange, no flutter


def test_signs_of_a_fading_love_go_behind_shut_lids_unless_a_blink_just_was():
    hidden = 0
    for seed in range(5):
        seen = fading(seed=seed)
        gone = np.flatnonzero(np.diff(seen[:, 0]) < 0)[0]
        assert seen[gone + 1, 1] == 0.0  # both at once
        hidden += seen[gone : gone + 2, 2].max() > 0.95

    assert hidden >= 4


def test_signs_go_where_no_lid_can_hide_them():
    seen = fading(AnimatorConfig.preset('minimal', blink_rate=0.0))

    assert seen[-1].tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize('lip_gap', [0.0, 1.0])
def test_lips_are_a_line_or_clearly_open(lip_gap):
    identity = Identity(lip_gap=lip_gap).as_vector()
    openings = []
    for share in np.linspace(0.0, 1.0, 101):
        units = np.array(ActionUnits(lips_part=0.6 * share, jaw_drop=0.4 * share))
        openings.append(opening_px(with_clear_lips(units, identity), lip_gap))
    openings = np.array(openings)

    assert ((openings <= lip_gap) | (openings > 3.59)).all()
    assert (np.diff(openings) >= -1e-9).all()
    assert openings[-1] == pytest.approx(lip_gap + 3.2 * 0.6 + 13.0 * 0.4)


def test_lips_keep_the_share_of_the_jaw():
    units = with_clear_lips(
        np.array(ActionUnits(lips_part=0.3, jaw_drop=0.15)), Identity().as_vector()
    )

    assert units[LIPS] / units[JAW] == pytest.approx(2.0)


def test_lids_cut_no_heart():
    hearts, pupils = np.array(ActionUnits(heart=1.0)), np.array(ActionUnits())
    down = View(gaze_x=0.4, gaze_y=0.95)

    assert with_whole_hearts(down, hearts) == down._replace(gaze_y=0.5)
    assert with_whole_hearts(down, pupils) == down
