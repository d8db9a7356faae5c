# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""No drawing has faults of single pixels; every rule finds the fault that it is for."""

import itertools
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest

from emotion_models.drawing import (
    ActionUnits,
    Identity,
    ParametricFace,
    View,
    blend_action_units,
    sample,
    to_one_bit,
)
from emotion_models.drawing.action_units import as_action_units
from emotion_models.drawing.fields import field_to_grey
from emotion_models.drawing.geometry import mouth_curves
from emotion_models.drawing.hygiene import (
    SMALLEST_PX,
    Drawn,
    count_blush_faults,
    count_dark_specks,
    count_faults,
    count_gap_faults,
    count_lit_specks,
    count_merged_parts,
    count_mouth_faults,
    heart_notches,
    highlight_mask,
    lower_lid_curves,
    mirror_difference,
)
from emotion_models.drawing.specks import find_specks
from emotion_models.labels.emotions import EMOTIONS

OWN = Identity.default()
STRANGERS = [Identity.random(np.random.default_rng([7, k])) for k in range(50)]
FILLS = (0.0, 0.5, 1.0)


def units_of(**strengths):
    return as_action_units(blend_action_units([strengths.get(name, 0.0) for name in EMOTIONS]))


def picture_of(drawn):
    return to_one_bit(ParametricFace(drawn.identity).render(drawn.units, drawn.view))


def styles():
    return [replace(OWN, eye_fill=fill) for fill in FILLS]


def emotions_at_all_strengths():
    for identity, name, strength in itertools.product(styles(), EMOTIONS, (0.2, 0.4, 0.6, 0.8, 1)):
        yield Drawn(units_of(**{name: strength}), identity)
    for a, b in itertools.combinations(EMOTIONS, 2):
        yield Drawn(units_of(**{a: 0.6, b: 0.4}), OWN)


def looks():
    views = [View(blink=blink) for blink in (0.2, 0.5, 0.8, 1.0)]
    views += [View(gaze_x=x, gaze_y=y) for x in (-1.0, 0.4) for y in (-1.0, 0.0, 1.0)]
    views += [View(zoom=0.8), View(zoom=1.2), View(shift_x=-3.0, shift_y=1.0)]
    for identity, name, view in itertools.product(styles()[::2], ('', *EMOTIONS), views):
        yield Drawn(units_of(**{name: 0.7} if name else {}), identity, view)


def overshoots():
    for identity, name, strength in itertools.product(styles(), EMOTIONS, (-0.15, 1.15)):
        units = strength * np.array(units_of(**{name: 1.0}))
        yield Drawn(as_action_units(units), identity)


def strangers():
    for number, identity in enumerate(STRANGERS[:30]):
        for name in EMOTIONS[number % 2 :: 2]:
            yield Drawn(units_of(**{name: 0.3 + 0.01 * number}), identity)


def mixed_parts():
    for index in range(0, 150 * 21, 21):
        drawn = sample(21, index, mixed=1.0, is_framed=index % 2 == 0)
        identity = Identity.from_vector(drawn.identity)
        yield Drawn(as_action_units(drawn.action_units), identity, drawn.view)


@pytest.mark.parametrize(
    ('drawings', 'allowed'),
    [
        (emotions_at_all_strengths, {}),
        (looks, {}),
        (overshoots, {}),
        (strangers, {}),
        (mixed_parts, {'mouth': 1}),  # a tilted slit that closes at one place
    ],
)
def test_drawings_have_no_faults(drawings, allowed):
    found = {}
    for drawn in drawings():
        for rule, count in count_faults(picture_of(drawn), drawn).items():
            is_cut = rule == 'heart' and drawn.view.blink > 0.0  # the lids cut it
            found[rule] = found.get(rule, 0) + (count > 0 and not is_cut)

    assert {rule: n for rule, n in found.items() if n > allowed.get(rule, 0)} == {}


def test_fields_show_the_same_pictures():
    for drawn in itertools.islice(mixed_parts(), 20):
        field = ParametricFace(drawn.identity).render_field(drawn.units, drawn.view)
        np.testing.assert_array_equal(to_one_bit(field_to_grey(field)), picture_of(drawn))


@pytest.mark.parametrize('eye_fill', FILLS)
def test_halves_mirror_each_other_at_every_strength(eye_fill):
    for face in (OWN, *STRANGERS[:8]):
        identity = replace(face, asymmetry=0.0, eye_fill=eye_fill)
        for name in set(EMOTIONS) - {'power', 'sad'}:
            for strength, shift in ((0.3, 0), (0.6, 2), (1.0, -1)):
                drawn = Drawn(units_of(**{name: strength}), identity, View(shift_x=shift))
                picture = picture_of(drawn)
                assert mirror_difference(picture, shift, highlight_mask(drawn)) <= 2


@pytest.mark.parametrize('strength', [0.4, 0.6, 1.0])
def test_lower_lid_of_joy_is_a_curve(strength):
    for face, fill in itertools.product((OWN, *STRANGERS[:8]), FILLS):
        drawn = Drawn(units_of(joy=strength), replace(face, eye_fill=fill))
        assert min(lower_lid_curves(picture_of(drawn), drawn)) >= 3


def test_both_hearts_are_shown_and_both_cheeks_blush_in_love():
    for identity, strength in itertools.product(styles(), (0.3, 0.6, 1.0)):
        drawn = Drawn(units_of(love=strength), identity)
        picture = picture_of(drawn)
        assert len(heart_notches(picture, drawn)) == 2
        strokes = cv2.connectedComponents(picture[46:62, :24].copy(), connectivity=8)[0] - 1
        assert strokes == 3


def test_anger_has_pupils():
    for identity, strength in itertools.product(styles(), (0.4, 0.7, 1.0)):
        picture = picture_of(Drawn(units_of(mad=strength), identity))[:, :64]
        dark = cv2.connectedComponentsWithStats((picture == 0).astype(np.uint8), connectivity=4)
        eye = (dark[3][1:, 1] > 20) & (dark[3][1:, 1] < 36) & (dark[2][1:, cv2.CC_STAT_AREA] >= 6)
        assert eye.any()


@pytest.mark.parametrize('strength', [0.3, 0.5, 0.8, 1.0])
def test_the_mouth_of_fear_is_one_line_that_waves(strength):
    for identity in styles():
        drawn = Drawn(units_of(fear=strength), identity)
        mouth = mouth_curves(drawn.units, identity)
        np.testing.assert_array_equal(mouth.upper_lip, mouth.lower_lip)
        turns = np.diff(np.sign(np.diff(mouth.upper_lip[:, 1]))) != 0
        assert turns.sum() >= 5


def test_a_fearful_mouth_that_falls_open_has_no_waves():
    units = units_of(fear=1.0)._replace(jaw_drop=1.0)
    mouth = mouth_curves(units, OWN)
    assert (mouth.lower_lip - mouth.upper_lip)[:, 1].max() > 6.0
    assert (np.diff(np.sign(np.diff(mouth.upper_lip[:, 1]))) != 0).sum() == 1


# Every rule finds its fault.

REST = Drawn(ActionUnits(), OWN)


def changed(drawn, rows, columns, value):
    picture = picture_of(drawn)
    picture[rows, columns] = value
    return picture


@pytest.mark.parametrize(('pixels', 'specks'), [(1, 1), (2, 1), (3, 0)])
def test_specks_are_fewer_than_three_pixels(pixels, specks):
    lit = np.zeros((64, 128), np.uint8)
    lit[np.arange(pixels) + 10, np.arange(pixels) + 10] = 255  # joined over corners
    dark = np.full((64, 128), 255, np.uint8)
    dark[10, 10 : 10 + pixels] = 0

    assert (count_lit_specks(lit), count_dark_specks(dark)) == (specks, specks)
    assert count_dark_specks(255 - lit) == pixels  # dark is not joined over corners


@pytest.mark.parametrize('density', [0.02, 0.3, 0.7, 0.98])
def test_specks_are_found_where_shapes_are_small(density):
    lit = (np.random.default_rng(1).random((64, 128)) < density).astype(np.uint8)
    for found, shape, joined in zip(find_specks(lit), (lit, 1 - lit), (8, 4), strict=True):
        _, labels, stats, _ = cv2.connectedComponentsWithStats(shape, connectivity=joined)
        small = np.nonzero(stats[:, cv2.CC_STAT_AREA] < SMALLEST_PX)[0]
        expected = np.argwhere(np.isin(labels, small)).tolist()
        assert sorted(found) == [tuple(place) for place in expected]


def test_a_pixel_on_one_side_is_a_mirror_difference_about_the_axis():
    picture = picture_of(Drawn(ActionUnits(), OWN, View(shift_x=2.0)))
    mask = highlight_mask(Drawn(ActionUnits(), OWN, View(shift_x=2.0)))
    assert mirror_difference(picture, 2, mask) == 0
    assert mirror_difference(picture, 0, mask) > 50
    picture[40, 60] = 255
    assert mirror_difference(picture, 2, mask) == 1


def test_parts_that_touch_are_named():
    whole = Drawn(ActionUnits(), replace(OWN, nose=1.0))
    assert set(count_merged_parts(picture_of(whole), whole).values()) == {0}

    bridged = changed(whole, slice(8, 20), 32, 255)
    assert count_merged_parts(bridged, whole)['brow_eye'] == 1
    bridged = changed(whole, slice(36, 50), 64, 255)
    assert count_merged_parts(bridged, whole)['nose_mouth'] == 1
    bridged = changed(whole, slice(36, 50), slice(40, 48), 255)
    assert count_merged_parts(bridged, whole)['eye_mouth'] == 1


def test_a_bar_and_dark_in_pieces_are_no_mouth():
    assert count_mouth_faults(picture_of(REST), REST) == 0
    assert count_mouth_faults(changed(REST, slice(46, 52), slice(50, 78), 255), REST) == 1
    open_mouth = Drawn(units_of(surprise=0.6), OWN)
    assert count_mouth_faults(picture_of(open_mouth), open_mouth) == 0
    assert count_mouth_faults(changed(open_mouth, slice(40, 60), 64, 255), open_mouth) == 1


def test_a_stroke_that_is_missing_is_a_fault_of_blush():
    drawn = Drawn(units_of(love=1.0), OWN)
    assert count_blush_faults(changed(drawn, slice(44, 64), slice(0, 13), 0), drawn) >= 1


def test_a_heart_without_notch_is_found():
    drawn = Drawn(units_of(love=1.0), OWN)
    assert min(heart_notches(picture_of(drawn), drawn)) >= 1
    assert min(heart_notches(changed(drawn, slice(22, 27), slice(24, 40), 0), drawn)) < 1


def test_a_hole_between_pupil_and_lid_is_found():
    outlined = Drawn(units_of(sad=0.6), replace(OWN, eye_fill=0.0))
    assert count_gap_faults(picture_of(outlined), outlined) == 0
    assert count_gap_faults(changed(outlined, 22, slice(30, 34), 0), outlined) >= 1


def test_a_flat_lower_lid_is_found():
    drawn = Drawn(units_of(joy=0.8), OWN)
    assert min(lower_lid_curves(changed(drawn, slice(30, 37), slice(14, 50), 255), drawn)) < 3


# From afar.


@cache
def pictures(strength):
    faces = [OWN, *STRANGERS]
    names = ('', *EMOTIONS)
    units = [units_of(**{name: strength} if name else {}) for name in names]
    return np.array(
        [[picture_of(Drawn(u, replace(f, eye_fill=1.0))) for u in units] for f in faces]
    )


@pytest.mark.parametrize(
    ('strength', 'blur_px', 'least'),
    [(0.8, 1.7, 0.98), (0.8, 3.4, 0.90), (0.5, 1.7, 0.95), (0.5, 3.4, 0.85)],
)
def test_strangers_are_named_from_2_and_4_metres(strength, blur_px, least):
    blurred = np.array(
        [
            [cv2.GaussianBlur(p.astype(np.float32), (0, 0), blur_px) for p in face]
            for face in pictures(strength)
        ]
    )
    prototypes, strangers = blurred[0], blurred[1:]
    distances = ((strangers[:, :, None] - prototypes) ** 2).sum(axis=(3, 4))
    named = distances.argmin(axis=2) == np.arange(len(prototypes))

    assert named.mean() >= least
