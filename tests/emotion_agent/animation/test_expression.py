# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Times of section 1 of the specification of motion, on the numbers of the expression."""

import numpy as np
import pytest

from emotion_agent.animation.config import AnimatorConfig
from emotion_agent.animation.expression import Expression, FacePoint, Shut
from emotion_agent.animation.timing import FRAME_S, SUDDEN, may_be_exchanged, timing_of
from emotion_models.drawing import Identity, View, blend_action_units
from emotion_models.drawing.action_units import UNITS_HIGH, UNITS_LOW, ActionUnits
from emotion_models.drawing.geometry import brow_outline, eye_curves, mouth_curves
from emotion_models.drawing.parts import PARTS, unit_columns
from emotion_models.labels.emotions import EMOTIONS

EXPRESSIONS = ('neutral', *EMOTIONS)
FRAMES_TO_90 = {
    'surprise': (3, 4),
    'fear': (4, 5),
    'mad': (5, 6),
    'joy': (6, 8),
    'power': (8, 10),
    'love': (10, 14),
    'sad': (16, 22),
}
OVERSHOOT = {
    'surprise': (0.08, 0.15),
    'fear': (0.03, 0.06),
    'mad': (0.06, 0.1),
    'joy': (0.1, 0.14),
    'power': (0.03, 0.06),
    'love': (0.0, 0.001),
    'sad': (0.0, 0.001),
}
MOVING = {part: unit_columns(PARTS[part]) for part in ('brows', 'eyes', 'mouth')}
SIGNS = unit_columns(['blush', 'tear'])


def point(expression, strength=0.8, zoom=1.0):
    emotions = strength * np.array([name == expression for name in EMOTIONS], float)
    identity = Identity.default().as_vector()
    return FacePoint(blend_action_units(emotions), np.zeros(2), identity, zoom)


def standing(expression, **settings):
    return Expression(AnimatorConfig(**settings), point(expression), True, 0.0)


def change(expression, goal, start, now_s=0.0):
    expression.change(point(goal), timing_of(goal, start), goal, now_s)
    return expression


def course(expression, frames=80):
    """Action units of every frame, (frames + 1, 21)."""
    return np.array([expression.at(k * FRAME_S).units for k in range(frames + 1)])


def moving(goal, start):
    """Parts of which a number goes farther than a tenth."""
    way = np.abs(point(goal).units - point(start).units)
    return [part for part, columns in MOVING.items() if way[columns].max() > 0.1]


def shares(units, part, goal, start):
    """What is done of the way of the number of a part that goes farthest, (frames + 1,)."""
    way = point(goal).units - point(start).units
    column = MOVING[part][np.abs(way[MOVING[part]]).argmax()]
    return (units[:, column] - point(start).units[column]) / way[column]


def key_points(units):
    """Corners of the mouth, middles of the upper lids and inner ends of the brows, (6, 2) px."""
    units, own = ActionUnits(*units.tolist()), Identity.default()
    mouth = mouth_curves(units, own)
    points = [mouth.upper_lip[0], mouth.upper_lip[-1]]
    for side in (-1, 1):
        points.append(eye_curves(units, own, View(), side).upper_lid[14])
        points.append(brow_outline(units, own, side)[0])
    return np.array(points)


def drawn_shares(goal, start, frames=60):
    """What is done of the ways of the points that go 2 px or more, (frames + 1, points)."""
    units = course(change(standing(start, anticipation=0.0), goal, start), frames)
    points = np.array([key_points(row) for row in units])
    way = key_points(point(goal).units) - points[0]
    length = np.hypot(*way.T)
    assert (length >= 2.0).any()
    return ((points - points[0]) * way).sum(axis=-1)[:, length >= 2.0] / length[length >= 2.0] ** 2


def frames_to_90(done):
    """Counted from the first frame in which something moves, for each column."""
    first = np.argmax((np.abs(done) > 0.01).any(axis=1))
    return np.argmax(done >= 0.9, axis=0) - first + 1


@pytest.mark.parametrize('goal', EMOTIONS)
def test_lines_have_done_90_percent_in_the_frames_of_the_table_and_overshoot_as_it_says(goal):
    done = drawn_shares(goal, 'neutral')
    low, high = FRAMES_TO_90[goal]
    least, most = OVERSHOOT[goal]

    assert low <= frames_to_90(done).max() <= high
    assert least <= done.max() - 1.0 <= most


@pytest.mark.parametrize('start', EMOTIONS)
def test_the_way_back_takes_one_and_a_half_times_as_long_and_twelve_frames_at_least(start):
    back = frames_to_90(drawn_shares('neutral', start)).max()
    way_in = frames_to_90(drawn_shares(start, 'neutral')).max()

    assert back >= 12
    assert abs(back - max(12, 1.5 * way_in)) <= 3


@pytest.mark.parametrize('goal', EXPRESSIONS)
@pytest.mark.parametrize('start', EXPRESSIONS)
def test_parts_settle_within_six_frames(start, goal):
    if start == goal:
        return
    units = course(change(standing(start, anticipation=0.0), goal, start), frames=120)
    for part in moving(goal, start):
        done = shares(units, part, goal, start)
        at_90 = int(np.argmax(done >= 0.9))
        assert np.abs(done[at_90 + 6 :] - 1.0).max() <= 0.051


def test_parts_start_one_after_another():
    units = course(change(standing('neutral', anticipation=0.0), 'surprise', 'neutral'))
    begins = {part: np.argmax(shares(units, part, 'surprise', 'neutral') > 0.0) for part in MOVING}

    assert begins['brows'] == begins['eyes'] < begins['mouth']


@pytest.mark.parametrize(
    ('goal', 'part', 'frames'), [('mad', 'brows', 2), ('joy', 'mouth', 3), ('joy', 'eyes', 3)]
)
def test_parts_swing_back_before_they_start(goal, part, frames):
    units = course(change(standing('neutral'), goal, 'neutral'))
    done = shares(units, part, goal, 'neutral')

    assert done[1 : frames + 1].max() < 0.0
    assert -0.2 <= done.min() <= -0.05
    assert (units >= UNITS_LOW).all()
    assert (units <= UNITS_HIGH).all()


@pytest.mark.parametrize('goal', sorted(SUDDEN))
def test_nothing_comes_before_what_is_sudden(goal):
    units = course(change(standing('neutral'), goal, 'neutral'))

    for part in moving(goal, 'neutral'):
        assert shares(units, part, goal, 'neutral').min() >= 0.0


@pytest.mark.parametrize('goal', EXPRESSIONS)
@pytest.mark.parametrize('start', ['love', 'sad'])
def test_signs_of_two_expressions_are_never_seen_together(start, goal):
    units = course(change(standing(start), goal, start))
    own = SIGNS[point(start).units[SIGNS] > point(goal).units[SIGNS]]
    others = SIGNS[point(start).units[SIGNS] < point(goal).units[SIGNS]]
    if start == goal:
        return

    assert (units[2:, own] < 0.01).all()
    pose = unit_columns([name for part in MOVING for name in PARTS[part]])
    is_there = np.abs(units[:, pose] - point(goal).units[pose]).max(axis=1) < 0.12
    assert is_there[(units[:, others] > 0.05).any(axis=1)].all()
    np.testing.assert_allclose(units[-1], point(goal).units, atol=1e-3)


def test_behind_shut_lids_mouth_and_pupils_are_exchanged_at_once():
    expression = standing('joy')
    expression.exchange(point('love'), Shut(0.12, 0.2), 0.0)
    units = course(expression)
    rest = unit_columns([*PARTS['mouth'], *PARTS['eyes'], 'heart'])

    np.testing.assert_array_equal(units[2, rest], point('joy').units[rest])
    np.testing.assert_array_equal(units[3, rest], point('love').units[rest])
    np.testing.assert_allclose(units[5], point('love').units * (units[5] > 0), atol=0.15)
    assert expression.has_arrived(3.0)


def test_which_changes_may_hide_behind_a_blink():
    assert may_be_exchanged('joy', 'neutral')
    assert may_be_exchanged('neutral', 'love')
    assert may_be_exchanged('mad', 'sad')
    assert not may_be_exchanged('neutral', 'power')
    assert not may_be_exchanged('joy', 'mad')
    for name in EXPRESSIONS:
        assert not may_be_exchanged(name, name)
        for sudden in SUDDEN:
            assert not may_be_exchanged(name, sudden)
            assert not may_be_exchanged(sudden, name)


def test_a_goal_that_moves_on_the_way_keeps_the_times():
    once, often = standing('neutral'), standing('neutral')
    for expression in (once, often):
        change(expression, 'joy', 'neutral')
    for k in range(1, 30):
        often.glide(point('joy', 0.8 - 1e-4 * k), k / 30.0)
        np.testing.assert_allclose(often.at(k / 30.0).units, once.at(k / 30.0).units, atol=0.02)


def test_a_small_change_glides_as_one():
    expression = standing('joy')
    expression.glide(point('joy', 0.75), 0.0)
    units = course(expression, 20)
    way = point('joy', 0.75).units - point('joy').units
    moving = way != 0.0
    done = (units[:, moving] - point('joy').units[moving]) / way[moving]

    assert np.ptp(done, axis=1).max() < 1e-9
    assert done[10, 0] == pytest.approx(0.99, abs=0.001)


def test_where_it_is_does_not_depend_on_how_often_it_is_asked():
    often, seldom = (change(standing('sad'), 'joy', 'sad') for _ in range(2))
    course(often, 37)

    np.testing.assert_array_equal(often.at(1.5).as_vector(), seldom.at(1.5).as_vector())


def test_a_face_without_parts_moves_as_one_and_never_past_its_goal():
    start, goal = (
        FacePoint(np.array(numbers), np.zeros(2), np.zeros(16), 1.0)
        for numbers in ([1.0, 0.0], [0.0, 0.6])
    )
    expression = Expression(AnimatorConfig(), start, False, 0.0)
    expression.change(goal, timing_of('joy', 'neutral'), 'joy', 0.0)
    units = course(expression)

    assert (units[:, 1] <= 0.6).all()
    np.testing.assert_allclose(1.0 - units[:, 0], units[:, 1] / 0.6, atol=1e-9)
    np.testing.assert_array_equal(expression.at(4.0).units, goal.units)


def test_tempo_stretches_a_change():
    quick, slow = (
        change(standing('neutral', tempo=tempo), 'joy', 'neutral') for tempo in (1.0, 0.5)
    )

    for k in range(1, 30):
        np.testing.assert_allclose(
            slow.at(2 * k * FRAME_S).units, quick.at(k * FRAME_S).units, atol=1e-9
        )
