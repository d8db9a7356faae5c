# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emotion_models.drawing import (
    EMOTION_ACTION_UNITS,
    N_ACTION_UNITS,
    N_IDENTITY,
    NEUTRAL,
    ActionUnits,
    Identity,
    ParametricFace,
    View,
    blend_action_units,
    measure_mouth_corner_lift,
    mouth_corners,
    to_one_bit,
)
from emotion_models.drawing.geometry import brow_outline, eye_curves, mouth_curves
from emotion_models.labels.emotions import EMOTIONS, emotion_vad
from emotion_models.runtime.parametric_decoder import ParametricDecoder

EXPRESSIONS = ('neutral', *EMOTIONS)
STRANGERS = [Identity.random(np.random.default_rng([7, k])) for k in range(50)]


def visible(expression, strength):
    return strength * np.array([name == expression for name in EMOTIONS], dtype=float)


def draw(expression, strength=0.8, identity=None, view=None):
    units = blend_action_units(visible(expression, strength))
    return ParametricFace(identity).render(units, view)


def lit(grey):
    return to_one_bit(grey) > 0


def test_picture_is_anti_aliased_white_on_black():
    grey = draw('joy')

    assert grey.shape == (64, 128)
    assert grey.dtype == np.float32
    assert grey.min() == 0.0
    assert grey.max() == pytest.approx(1.0)
    assert ((grey > 0.1) & (grey < 0.9)).any()


def test_same_input_draws_the_same_picture():
    np.testing.assert_array_equal(draw('fear'), draw('fear'))


def test_wrong_number_of_action_units_is_named():
    with pytest.raises(ValueError, match=rf'expected {N_ACTION_UNITS} action units, got \(3,\)'):
        ParametricFace().render(np.zeros(3))


def test_face_covers_between_4_and_25_percent_of_the_panel():
    for expression, strength in itertools.product(EXPRESSIONS, (0.3, 0.6, 1.0)):
        for identity in STRANGERS[:10]:
            assert 0.04 <= lit(draw(expression, strength, identity)).mean() <= 0.25


@pytest.mark.parametrize('zoom', [0.8, 1.0])
def test_no_feature_is_cut_off_up_to_zoom_1(zoom):
    mixtures = [
        blend_action_units(np.maximum(visible(a, 1.0), visible(b, 1.0)))
        for a, b in itertools.combinations_with_replacement(EXPRESSIONS, 2)
    ]
    for identity, units in itertools.product([Identity.default(), *STRANGERS[:12]], mixtures):
        picture = lit(ParametricFace(identity).render(units, View(zoom=zoom)))
        frame = [picture[0], picture[-1], picture[:, 0], picture[:, -1]]
        assert not any(edge.any() for edge in frame)


def test_stranger_is_recognised_by_the_nearest_prototype():
    def blurred(expression, identity=None):
        picture = lit(draw(expression, 0.8, identity)).astype(np.float32)
        return cv2.GaussianBlur(picture, (0, 0), 1.5)

    prototypes = np.array([blurred(expression) for expression in EXPRESSIONS])
    hits = [
        np.argmin(((prototypes - blurred(expression, identity)) ** 2).sum(axis=(1, 2))) == true
        for identity in STRANGERS
        for true, expression in enumerate(EXPRESSIONS)
    ]

    assert np.mean(hits) >= 0.97


def test_prototypes_are_far_apart():
    pictures = [lit(draw(expression)) for expression in EXPRESSIONS]
    distances = [int((a != b).sum()) for a, b in itertools.combinations(pictures, 2)]

    assert min(distances) >= 150


def test_strangers_have_different_faces():
    pictures = [lit(draw('neutral', identity=identity)) for identity in STRANGERS[:10]]
    assert min((a != b).sum() for a, b in itertools.combinations(pictures, 2)) >= 100


def test_mouth_corners_rise_with_au_12():
    heights = []
    for smile in np.linspace(0.0, 1.0, 11):
        units = np.array(ActionUnits(lip_corner_puller=smile))
        heights.append(-mouth_corners(units, Identity.default())[:, 1])

    assert (np.diff(heights, axis=0) > 0.0).all()


def test_mouth_corners_follow_the_view():
    near = mouth_corners(NEUTRAL, Identity.default(), View(zoom=1.5, shift_x=3.0))
    usual = mouth_corners(NEUTRAL, Identity.default())

    np.testing.assert_allclose(near - (67.0, 32.0), 1.5 * (usual - (64.0, 32.0)))


def test_smirk_lifts_one_corner_only():
    left, right = mouth_corners(np.array(ActionUnits(dimpler_right=1.0)), Identity.default())
    assert left[1] - right[1] >= 3.0


def test_eyes_shut_hide_the_pupils():
    def eye_region(view):
        return lit(draw('neutral', view=view))[18:38, 22:42]

    assert eye_region(View(blink=1.0)).sum() < 0.4 * eye_region(View()).sum()


def test_blink_closes_the_lids_steadily():
    def opening(blink):
        eye = eye_curves(ActionUnits(), Identity.default(), View(blink=blink), side=1)
        return (eye.lower_lid - eye.upper_lid)[:, 1]

    openings = [opening(blink) for blink in np.linspace(0.0, 1.0, 11)]

    assert (np.diff(openings, axis=0) <= 1e-12).all()
    np.testing.assert_allclose(openings[-1], 0.0, atol=1e-12)


@pytest.mark.parametrize(
    ('view', 'column_shift', 'row_shift'),
    [(View(gaze_x=1.0), 1, 0), (View(gaze_x=-1.0), -1, 0), (View(gaze_y=1.0), 0, 1)],
)
def test_gaze_moves_the_pupils(view, column_shift, row_shift):
    def pupil_centre(view):
        rows, columns = np.nonzero(lit(draw('neutral', view=view))[20:37, 20:45])
        return columns.mean(), rows.mean()

    moved, straight = pupil_centre(view), pupil_centre(View())

    assert np.sign(np.round(moved[0] - straight[0], 0)) == column_shift
    assert np.sign(np.round(moved[1] - straight[1], 0)) == row_shift


def test_nothing_moves_farther_than_the_decoder_says():
    def lines(units, identity):
        eyes = [eye_curves(units, identity, View(), side) for side in (-1, 1)]
        return np.concatenate(
            [
                *(brow_outline(units, identity, side) for side in (-1, 1)),
                *(lid for eye in eyes for lid in (eye.upper_lid, eye.lower_lid)),
                *mouth_curves(units, identity),
            ]
        )

    def travel(start, goal):
        return np.hypot(*(lines(*goal) - lines(*start)).T).max()

    rest, own = ActionUnits(), Identity.default()
    ways = ParametricDecoder.pixels_per_unit
    for way, unit in zip(ways, np.eye(N_ACTION_UNITS), strict=False):
        assert travel((rest, own), (ActionUnits(*unit), own)) <= way
    for way, proportion in zip(ways[N_ACTION_UNITS:], np.eye(N_IDENTITY), strict=True):
        least, most = (Identity.from_vector(0.5 + side * proportion) for side in (-0.5, 0.5))
        assert travel((rest, least), (rest, most)) <= way + 1e-9


def test_decoder_takes_points_beyond_the_space():
    decoder = ParametricDecoder()
    size = N_ACTION_UNITS + N_IDENTITY
    edge = decoder.decode(np.full(size, 1.15), View())

    np.testing.assert_array_equal(decoder.decode(np.full(size, 1.4), View()), edge)


@given(st.lists(st.floats(0.0, 1.0), min_size=7, max_size=7))
def test_blend_stays_in_range_and_resolves_opposing_pairs(strengths):
    units = ActionUnits(*blend_action_units(strengths))

    assert min(units) >= 0.0
    assert max(units) <= 1.0
    assert min(units.lip_corner_puller, units.lip_corner_depressor) == 0.0
    assert min(units.upper_lid_raiser, units.eyes_closed) == 0.0


def test_blend_of_nothing_is_neutral_and_of_one_emotion_its_own_units():
    np.testing.assert_array_equal(blend_action_units(np.zeros(7)), NEUTRAL)
    for index, row in enumerate(np.eye(7)):
        np.testing.assert_array_equal(blend_action_units(row), EMOTION_ACTION_UNITS[index])


@pytest.mark.parametrize(
    ('strengths', 'message'),
    [
        (np.zeros(6), r'one number for each of fear, mad, .* got \(6,\)'),
        ([0, 0, 1.2, 0, 0, 0, 0], r'must lie in \[0, 1\]'),
        ([0, 0, np.nan, 0, 0, 0, 0], r'must lie in \[0, 1\]'),
    ],
)
def test_bad_emotions_are_refused_in_words(strengths, message):
    with pytest.raises(ValueError, match=message):
        blend_action_units(strengths)


@settings(max_examples=50)
@given(st.lists(st.floats(0.0, 1.0), min_size=7, max_size=7))
def test_vad_of_a_mixture_lies_within_that_of_the_emotions(strengths):
    assert (np.abs(emotion_vad(strengths)) <= 0.76 + 1e-12).all()


def test_identity_survives_its_vector():
    for identity in STRANGERS[:5]:
        again = Identity.from_vector(identity.as_vector())
        np.testing.assert_allclose(again.as_vector(), identity.as_vector())


def test_identity_out_of_range_is_named():
    with pytest.raises(ValueError, match=r'identity\.eye_width must lie in \[26\.0, 34\.0\]'):
        Identity(eye_width=60.0)


@pytest.mark.parametrize(
    ('expression', 'sign'), [('joy', 1), ('love', 1), ('neutral', 0), ('mad', 0), ('sad', -1)]
)
@pytest.mark.parametrize(
    'view', [View(), View(zoom=1.02, shift_x=1.5), View(zoom=0.95, shift_x=-1.5, shift_y=0.7)]
)
def test_lift_of_the_mouth_corners_is_read_from_the_pixels(expression, sign, view):
    lift = measure_mouth_corner_lift(to_one_bit(draw(expression, 0.8, view=view)))
    assert (lift > 2.0) - (lift < -2.0) == sign


def test_measured_lift_rises_with_joy():
    lifts = [measure_mouth_corner_lift(draw('joy', strength)) for strength in (0.0, 0.3, 0.6, 1.0)]
    assert (np.diff(lifts) >= 1.0).all()


def test_picture_without_a_mouth_is_refused():
    with pytest.raises(ValueError, match='no mouth'):
        measure_mouth_corner_lift(np.zeros((64, 128), np.uint8))
    with pytest.raises(ValueError, match=r'shape \(64, 128\), got \(2, 2\)'):
        measure_mouth_corner_lift(np.zeros((2, 2), np.uint8))


def test_documented_action_units_are_those_that_are_drawn():
    page = (Path(__file__).parents[3] / 'docs' / 'face.md').read_text(encoding='utf-8')
    for emotion, row in zip(EMOTIONS, EMOTION_ACTION_UNITS, strict=True):
        units = zip(ActionUnits._fields, row, strict=True)
        listed = ', '.join(f'{name} {value:g}' for name, value in units if value)
        assert f'| {emotion} | {listed} |' in page
