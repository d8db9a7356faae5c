# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
from types import SimpleNamespace

import numpy as np
import pytest

from emotion_agent.logic.hri import (
    EMOTION_NAMES,
    ID_CHARACTERS,
    N_FACS,
    choose_ids,
    expression_fields,
    robot_expression_fields,
    units_fields,
)
from emotion_agent.neuromodulation import EMOTIONS, NEUTRAL
from emotion_models.drawing.parts import FACIAL_UNITS
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime import Face


@pytest.mark.parametrize(
    ('expression', 'name'),
    [('NEUTRAL', 'neutral'), ('SURPRISE', 'surprised'), ('FEAR', 'scared'), ('ANGER', 'angry')],
)
def test_an_expression_has_the_name_of_rep_155(expression, name):
    shares = np.full(8, 0.05, np.float32)
    shares[EXPRESSIONS.index(expression)] = 0.65
    face = Face('a', (0, 0, 9, 9), 0.25, -0.5, 0.6, shares, 0.0, 0.0)

    assert expression_fields(face) == {
        'expression': name,
        'valence': 0.25,
        'arousal': -0.5,
        'confidence': 0.6,
    }


def test_units_have_the_codes_of_facs_and_two_sides_are_their_mean():
    units = np.zeros(len(FACIAL_UNITS), np.float32)
    for name, value in (
        ('lip_corner_puller', 0.75),
        ('outer_brow_raiser_left', 0.5),
        ('outer_brow_raiser_right', 0.25),
        ('dimpler_right', 1.0),
        ('eyes_closed', 0.125),
    ):
        units[FACIAL_UNITS.index(name)] = value
    face = Face('a', (0, 0, 9, 9), 0.25, -0.5, 0.5, np.full(8, 1 / 8), 0.0, 0.0, units)

    fields = units_fields(face)

    assert {name: value.shape for name, value in fields.items()} == {
        'intensity': (N_FACS,),
        'confidence': (N_FACS,),
    }
    found = {
        code: float(fields['intensity'][code]) for code in np.flatnonzero(fields['intensity'])
    }
    assert found == {12: 0.75, 2: 0.375, 14: 0.5, 43: 0.125}
    assert set(fields['confidence'].tolist()) == {0.0, 0.5}
    assert fields['confidence'][[1, 2, 4, 12, 43]].tolist() == [0.5] * 5
    assert not fields['confidence'][[0, 9, 10, 27, 98]].any()


def test_every_emotion_of_the_robot_has_an_expression():
    assert set(EMOTION_NAMES) == {*EMOTIONS, NEUTRAL}

    fields = robot_expression_fields(SimpleNamespace(dominant='mad', valence=-0.5, arousal=0.6))

    assert fields == {'expression': 'angry', 'valence': -0.5, 'arousal': 0.6, 'confidence': 1.0}


def test_only_ids_that_a_topic_can_have_are_chosen():
    assert choose_ids(['a1', '1a', '', 'b c', 'd/e', '~x', 'é', 'A_b'], (), 9) == ['a1', 'A_b']


def test_an_id_is_no_longer_than_a_topic_may_have_it():
    longest = 'x' * ID_CHARACTERS

    assert choose_ids([longest, longest + 'x'], (), 9) == [longest]


def test_a_face_that_is_followed_is_not_given_up_for_a_new_one():
    assert choose_ids(['new', 'old', 'old'], {'old'}, 1) == ['old']
    assert choose_ids(['new', 'old'], {'gone'}, 5) == ['new', 'old']
