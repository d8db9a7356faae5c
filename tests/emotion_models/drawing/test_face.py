# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import itertools
from dataclasses import replace
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
    sample,
    to_one_bit,
)
from emotion_models.drawing.geometry import (
    PARALLAX_PX,
    brow_outline,
    eye_curves,
    face_shift,
    mouth_curves,
)
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


def test_face_covers_between_4_and_30_percent_of_the_panel():
    for expression, strength in itertools.product(EXPRESSIONS, (0.3, 0.6, 1.0)):
        for identity in STRANGERS[:10]:
            assert 0.04 <= lit(draw(expression, strength, identity)).mean() <= 0.30


@pytest.mark.parametrize('zoom', [0.8, 1.0])
def test_no_feature_is_cut_off_up_to_zoom_1(zoom):
    mixtures = [
        blend_action_units(np.maximum(visible(a, 1.0), visible(b, 1.0)))
        for a, b in itertools.combinations_with_replacement(EXPRESSIONS, 2)
    ]
    for identity, units in itertools.product([Identity.default(), *STRANGERS[:6]], mixtures):
        picture = lit(ParametricFace(identity).render(units, View(zoom=zoom)))
        frame = [picture[0], picture[-1], picture[:, 0], picture[:, -1]]
        assert not any(edge.any() for edge in frame)


@pytest.mark.parametrize('eye_fill', [0.0, 0.5, 1.0])
def test_stranger_is_recognised_by_the_nearest_prototype_of_the_same_style(eye_fill):
    def blurred(expression, identity):
        picture = draw(expression, 0.8, replace(identity, eye_fill=eye_fill))
        return cv2.GaussianBlur(lit(picture).astype(np.float32), (0, 0), 1.5)

    prototypes = [blurred(expression, Identity.default()) for expression in EXPRESSIONS]
    for identity in STRANGERS:
        for expression in EXPRESSIONS:
            distances = ((prototypes - blurred(expression, identity)) ** 2).sum(axis=(1, 2))
            assert EXPRESSIONS[np.argmin(distances)] == expression


@pytest.mark.parametrize('eye_fill', [0.0, 0.25, 0.5, 0.75, 1.0])
def test_prototypes_are_far_apart(eye_fill):
    face = replace(Identity.default(), eye_fill=eye_fill)
    pictures = [lit(draw(expression, identity=face)) for expression in EXPRESSIONS]
    distances = [int((a != b).sum()) for a, b in itertools.combinations(pictures, 2)]

    assert min(distances) >= 150


def drawings():
    """Labelled ones, half of them with mixed parts, half of them looking about."""
    for index in range(0, 100 * 21, 21):  # other faces in most
        drawn = sample(11, index, nuance=0.1, is_framed=False, mixed=0.5)
        yield drawn if index % 2 else replace(drawn, view=View())


def test_nothing_is_cut_off():
    for drawn in drawings():
        picture = drawn.image > 0
        if drawn.view == View():
            picture = lit(
                ParametricFace(Identity.from_vector(drawn.identity)).render(drawn.action_units)
            )
        assert not any(edge.any() for edge in (picture[0], picture[-1], *picture.T[[0, -1]]))


def test_small_change_of_a_unit_or_a_proportion_is_a_small_change_of_the_picture():
    worst = []
    for drawn in itertools.islice(drawings(), 8):
        vector = drawn.identity
        for column in range(N_ACTION_UNITS + N_IDENTITY):
            units, other = drawn.action_units.copy(), vector.copy()
            if column < N_ACTION_UNITS:
                units[column] += 0.02
            else:
                other[column - N_ACTION_UNITS] += 0.02
            before = lit(ParametricFace(Identity.from_vector(vector)).render(drawn.action_units))
            after = lit(ParametricFace(Identity.from_vector(other)).render(units))
            worst.append(int((before != after).sum()))
    assert np.mean(worst) < 8
    assert np.quantile(worst, 0.99) < 70


def test_a_blink_widens_the_lids_and_lowers_the_brows():
    def features(blink):
        units, view = ActionUnits(), View(blink=blink)
        lid = eye_curves(units, Identity.default(), view, 1).upper_lid
        return np.ptp(lid[:, 0]), brow_outline(units, Identity.default(), 1, view)[:, 1].mean()

    (open_width, open_brow), (shut_width, shut_brow) = features(0.0), features(1.0)

    assert 2.0 <= shut_width - open_width <= 3.0
    assert shut_brow - open_brow == pytest.approx(1.0)


def test_the_face_follows_a_third_of_the_way_of_the_pupils():
    def pupil(view):
        eye = eye_curves(ActionUnits(), Identity.default(), view, 1)
        return eye.pupil.mean(axis=0) + face_shift(view)

    travelled = pupil(View(gaze_x=1.0, gaze_y=1.0)) - pupil(View())
    np.testing.assert_allclose(PARALLAX_PX / travelled, 1.0 / 3.0, atol=0.01)
    rest, glance = (
        np.nonzero(lit(draw('neutral', view=view))[47:57])[1].mean()
        for view in (View(), View(gaze_x=1.0))
    )
    assert glance - rest == pytest.approx(PARALLAX_PX[0], abs=0.5)


def test_pupils_grow_and_a_tear_falls():
    def dark(size):
        return (~lit(draw('neutral', view=View(pupil_size=size))))[20:38, 20:44].sum()

    assert dark(-1.0) < dark(0.0) < dark(1.0)

    def tear_row(fall):
        return np.nonzero(lit(draw('sad', view=View(tear_fall=fall)))[42:, 98:108])[0].mean()

    assert tear_row(1.0) > tear_row(0.0) + 5.0


def test_strangers_have_different_faces():
    pictures = [lit(draw('neutral', identity=identity)) for identity in STRANGERS[:10]]
    assert min((a != b).sum() for a, b in itertools.combinations(pictures, 2)) >= 100


def test_mouth_corners_rise_above_its_middle_with_au_12():
    corners, lifts = [], []
    for smile in np.linspace(0.0, 1.0, 11):
        lip = mouth_curves(ActionUnits(lip_corner_puller=smile), Identity.default()).upper_lip
        corners.append(-lip[0, 1])
        lifts.append(lip[14, 1] - lip[[0, -1], 1])

    assert (np.diff(lifts, axis=0) > 0.0).all()
    assert (np.diff(corners) > -0.2).all()  # they stop below the eyes
    assert corners[-1] > corners[0] + 2.0


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
        dark = (~lit(draw('neutral', view=view)))[:, :64].astype(np.uint8)  # one eye
        _, _, boxes, centres = cv2.connectedComponentsWithStats(dark, connectivity=4)
        return centres[1:][np.argsort(boxes[1:, cv2.CC_STAT_AREA])][-2]  # before the ground

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
    with pytest.raises(ValueError, match=r'identity\.eye_width must lie in \[25\.0, 34\.0\]'):
        Identity(eye_width=60.0)


@pytest.mark.parametrize(
    ('expression', 'sign'), [('joy', 1), ('love', 1), ('neutral', 0), ('mad', -1), ('sad', -1)]
)
@pytest.mark.parametrize(
    'view', [View(), View(zoom=1.02, shift_x=1.5), View(zoom=0.95, shift_x=-1.5, shift_y=0.7)]
)
def test_lift_of_the_mouth_corners_is_read_from_the_pixels(expression, sign, view):
    lift = measure_mouth_corner_lift(to_one_bit(draw(expression, 0.8, view=view)))
    assert (lift > 3.5) - (lift < -2.0) == sign


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
