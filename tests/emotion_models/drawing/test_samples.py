# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.drawing import (
    N_ACTION_UNITS,
    N_IDENTITY,
    Identity,
    ParametricFace,
    affect_of_units,
    sample,
)
from emotion_models.drawing.action_units import UNITS_HIGH, UNITS_LOW
from emotion_models.drawing.face import to_one_bit
from emotion_models.drawing.parts import PARTS, unit_columns
from emotion_models.drawing.samples import FRAMES_PER_IDENTITY


def assert_same(a, b):
    for name, value in vars(a).items():
        np.testing.assert_array_equal(value, vars(b)[name])


def test_sample_depends_on_seed_and_index_only():
    forward = [sample(3, index) for index in range(5)]
    backward = [sample(3, index) for index in reversed(range(5))]

    for a, b in zip(forward, reversed(backward), strict=True):
        assert_same(a, b)


def test_other_seed_and_other_index_are_other_drawings():
    pictures = [sample(seed, index).image for seed in (0, 1) for index in (0, 1)]
    for k, picture in enumerate(pictures):
        assert all((picture != other).any() for other in pictures[:k])


def test_labels_draw_the_picture_again():
    drawn = sample(0, 70)
    face = ParametricFace(Identity.from_vector(drawn.identity))
    again = to_one_bit(face.render(drawn.action_units, drawn.view))

    assert (again != drawn.image).mean() < 0.001  # the vector is rounded in its last bits


def test_labels_have_their_shapes_and_ranges():
    for index in range(40):
        drawn = sample(1, index)
        assert drawn.image.shape == (64, 128)
        assert set(np.unique(drawn.image)) == {0, 255}
        assert drawn.action_units.shape == (N_ACTION_UNITS,)
        assert drawn.identity.shape == (N_IDENTITY,)
        assert drawn.emotions.shape == (7,)
        assert drawn.vad.shape == (3,)
        for values, low in (
            (drawn.action_units, 0.0),
            (drawn.identity, 0.0),
            (drawn.emotions, 0.0),
            (drawn.vad, -1.0),
        ):
            assert values.min() >= low
            assert values.max() <= 1.0


def test_neighbours_share_a_face_so_that_splits_keep_faces_apart():
    last, first = sample(0, FRAMES_PER_IDENTITY - 1), sample(0, FRAMES_PER_IDENTITY)

    np.testing.assert_array_equal(sample(0, 0).identity, last.identity)
    assert (first.identity != last.identity).any()
    assert (last.identity_id, first.identity_id) == (0, 1)


def test_negative_numbers_are_refused():
    with pytest.raises(ValueError, match='seed and index >= 0, got 0 and -1'):
        sample(0, -1)


def test_mixed_drawings_have_parts_of_their_own_and_no_emotions():
    drawn = [sample(4, index, mixed=0.5) for index in range(60)]
    mixed = [drawing for drawing in drawn if drawing.is_mixed]

    assert 15 <= len(mixed) <= 45
    for drawing in mixed:
        assert not drawing.emotions.any()
        np.testing.assert_allclose(drawing.vad[:2], affect_of_units(drawing.action_units))
        assert (drawing.action_units >= UNITS_LOW).all()
        assert (drawing.action_units <= UNITS_HIGH).all()
    units = np.array([drawing.action_units for drawing in mixed])
    assert units.max() > 1.0
    assert units.min() < 0.0
    assert not any(sample(4, index).is_mixed for index in range(10))


def test_a_share_of_faces_has_the_style_of_the_robot_and_half_of_these_its_proportions():
    robot = Identity.default()
    faces = [
        Identity.from_vector(sample(3, FRAMES_PER_IDENTITY * k, own=0.6).identity)
        for k in range(120)
    ]
    proportions = np.array([face.proportions() for face in faces])
    is_robot = (np.abs(proportions - robot.proportions()) < 1e-6).all(axis=1)
    in_style = [
        np.allclose(face.with_proportions(robot.proportions()).as_vector(), robot.as_vector())
        for face in faces
    ]

    assert 55 <= sum(in_style) <= 90
    assert 22 <= sum(is_robot) <= 50
    assert not (is_robot & ~np.array(in_style)).any()


def test_faint_drawings_show_little_and_keep_their_faces():
    plain, faint = ([sample(6, k, faint=share) for k in range(20)] for share in (0.0, 1.0))

    assert max(drawing.emotions.max() for drawing in plain) > 0.9
    for before, after in zip(plain, faint, strict=True):
        shown = before.emotions > 0.0
        np.testing.assert_allclose(after.emotions[shown], 0.1 + 0.4 * before.emotions[shown])
        assert after.view == before.view
        np.testing.assert_array_equal(after.identity, before.identity)


def test_faint_mixed_drawings_have_weak_signs_alone():
    signs = unit_columns(PARTS['signs'])
    plain, faint = (
        np.array([sample(6, k, mixed=1.0, faint=share).action_units for k in range(30)])
        for share in (0.0, 1.0)
    )

    shown = faint[:, signs][faint[:, signs] > 0.0]
    assert len(shown) > 5
    assert shown.min() >= 0.1
    assert shown.max() <= 0.5
    np.testing.assert_array_equal(np.delete(plain, signs, 1), np.delete(faint, signs, 1))


def test_shares_of_drawings_look_straight_ahead_and_far_aside():
    views = [sample(6, k, ahead=0.5, aside=0.5).view for k in range(60)]
    others = np.array([view[:2] for view in views if view[:2] != (0.0, 0.0)])

    assert 18 <= len(others) <= 42
    assert np.abs(others).max() > 0.9
    assert 0.4 < np.abs(others).mean() < 0.6
    assert all(view.vergence > 0.0 for view in views if view[:2] != (0.0, 0.0))


@pytest.mark.parametrize('name', ['mixed', 'own', 'faint', 'ahead', 'aside'])
def test_probabilities_are_checked(name):
    with pytest.raises(ValueError, match=rf'probability {name} in \[0, 1\], got 1.5'):
        sample(1, 1, **{name: 1.5})
