# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.drawing import (
    EMOTION_ACTION_UNITS,
    N_ACTION_UNITS,
    NEUTRAL,
    ActionUnits,
    Identity,
    ParametricFace,
    affect_of_units,
)
from emotion_models.drawing.action_units import UNITS_HIGH, UNITS_LOW, cancel_opposing
from emotion_models.drawing.parts import (
    FACIAL_UNITS,
    PARTS,
    PROPORTIONS,
    identity_columns,
    unit_columns,
)
from emotion_models.labels.emotions import EMOTION_VAD


def test_every_unit_is_in_one_part():
    named = [name for names in PARTS.values() for name in names]
    assert sorted(named) == sorted(ActionUnits._fields)
    assert len(FACIAL_UNITS) == N_ACTION_UNITS - len(PARTS['signs'])


def test_columns_are_those_of_the_vectors():
    units = ActionUnits(jaw_drop=0.3, tear=0.6)
    np.testing.assert_array_equal(np.array(units)[unit_columns(['tear', 'jaw_drop'])], [0.6, 0.3])

    least = Identity(mouth_width=Identity.ranges()['mouth_width'][0])
    assert least.as_vector()[identity_columns(['mouth_width'])] == [0.0]


def test_proportions_replace_those_of_a_face_and_leave_its_style():
    face = Identity.random(np.random.default_rng(2))
    wanted = np.linspace(0.1, 0.9, len(PROPORTIONS))

    changed = face.with_proportions(wanted)

    np.testing.assert_allclose(changed.proportions(), wanted)
    style = [name for name in Identity.ranges() if name not in PROPORTIONS]
    for name in style:
        assert getattr(changed, name) == pytest.approx(getattr(face, name))


def test_proportions_beyond_the_range_are_its_ends():
    changed = Identity.default().with_proportions([-1, 2, 0, 1, 0.5, 0.5])
    np.testing.assert_allclose(changed.proportions(), [0, 1, 0, 1, 0.5, 0.5])


@pytest.mark.parametrize('wrong', [[0.5] * 5, [0.5] * 5 + [np.nan]])
def test_wrong_proportions_are_refused_by_name(wrong):
    with pytest.raises(ValueError, match='one number for each of eye_distance, .*nose_length'):
        Identity.default().with_proportions(wrong)


def test_units_are_drawn_a_little_beyond_their_range_and_no_farther():
    face = ParametricFace()
    smile = [
        face.render(np.array(ActionUnits(lip_corner_puller=strength)))
        for strength in (1.0, 1.15, 1.3)
    ]
    assert (smile[0] != smile[1]).any()
    np.testing.assert_array_equal(smile[1], smile[2])

    signs = [face.render(np.array(ActionUnits(heart=strength))) for strength in (1.0, 1.15)]
    np.testing.assert_array_equal(*signs)


def test_only_positive_parts_of_opposing_units_cancel():
    units = cancel_opposing(np.array(ActionUnits(lip_corner_puller=0.5, lip_corner_depressor=0.2)))
    assert ActionUnits(*units).lip_corner_puller == pytest.approx(0.3)
    assert ActionUnits(*units).lip_corner_depressor == 0.0

    swung_back = np.array(ActionUnits(lip_corner_puller=-0.1, lip_corner_depressor=0.2))
    np.testing.assert_array_equal(cancel_opposing(swung_back), swung_back)


def test_affect_of_units_is_that_of_the_emotions_they_come_from():
    expected = EMOTION_VAD[:, :2]
    found = affect_of_units(EMOTION_ACTION_UNITS)

    assert np.abs(found - expected).mean() < 0.12
    np.testing.assert_array_equal(affect_of_units(NEUTRAL), [0.0, 0.0])


def test_affect_of_units_stays_in_range_for_any_units():
    rng = np.random.default_rng(0)
    found = affect_of_units(rng.uniform(UNITS_LOW, UNITS_HIGH, (50, N_ACTION_UNITS)))
    assert found.shape == (50, 2)
    assert np.abs(found).max() <= 1.0

    with pytest.raises(ValueError, match=rf'expected {N_ACTION_UNITS} action units, got \(3,\)'):
        affect_of_units(np.zeros(3))
