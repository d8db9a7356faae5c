# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from points_maker import BROWS, face

from emotion_models.data.face_points import (
    LARGEST_TURN,
    NEEDED,
    FacePoints,
    PointScales,
    is_frontal,
    load_points,
)
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.parts import FACIAL_UNITS, PROPORTIONS


def faces(*points, found=None):
    found = np.ones(len(points), bool) if found is None else np.array(found)
    return FacePoints(np.stack(points), np.array(NEEDED), found)


@pytest.fixture(scope='module')
def scales():
    """Fitted to neutral faces, and to ones in which each measure goes up and down."""
    rng = np.random.default_rng(0)
    names = ('corners', 'slope', 'width', 'gap', 'brow', 'outer', 'opening')
    middle, spread = (0.0, 0.0, 0.8, 0.05, 0.3, 0.3, 0.1), (0.2, 0.1, 0.2, 0.15, 0.1, 0.1, 0.06)
    drawn = [
        dict(zip(names, middle + share * np.array(spread) * rng.uniform(-1, 1, 7), strict=True))
        for share in (0.1, 1.0)
        for _ in range(200)
    ]
    return PointScales.fit(
        faces(*(face(**numbers) for numbers in drawn)).measure(), np.arange(400) < 200
    )


def units_of(scales, **numbers):
    return dict(
        zip(FACIAL_UNITS, scales.action_units(faces(face(**numbers)).measure())[0], strict=True)
    )


def turned(points, degrees, scale=1.0):
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return scale * points @ turn.T + 24


def test_measures_know_neither_size_nor_tilt():
    lively = face(corners=0.1, slope=0.05, gap=0.2)
    measures = faces(lively, turned(lively, 20), turned(lively, -30, 12.0)).measure()

    assert measures.corner_height == pytest.approx([0.125] * 3)
    assert measures.lip_gap == pytest.approx([0.2] * 3)
    assert measures.corner_slope == pytest.approx([0.05] * 3)
    assert measures.eye_opening == pytest.approx([0.25] * 3)


@pytest.mark.parametrize(
    ('numbers', 'unit'),
    [
        ({'corners': 0.2, 'width': 1.0}, 'lip_corner_puller'),
        ({'width': 1.0, 'corners': -0.05}, 'lip_stretcher'),
        ({'width': 0.6}, 'lip_tightener'),
        ({'gap': 0.2}, 'jaw_drop'),
        ({'gap': 0.12}, 'lips_part'),
        ({'brow': 0.4}, 'inner_brow_raiser'),
        ({'brow': 0.2}, 'brow_lowerer'),
        ({'opening': 0.16}, 'upper_lid_raiser'),
        ({'opening': 0.04}, 'eyes_closed'),
        ({'slope': 0.1}, 'dimpler_right'),
        ({'slope': -0.1}, 'dimpler_left'),
    ],
)
def test_a_measure_raises_its_unit_and_no_other_face_has_it(scales, numbers, unit):
    assert units_of(scales, **numbers)[unit] > 0.8
    assert units_of(scales)[unit] < 0.1


def test_outer_brows_are_told_by_side(scales):
    points = face()
    for number in BROWS['outer'][-1]:
        points[NEEDED.index(number)] -= (0.0, 0.1)
    units = scales.action_units(faces(points).measure())[0]

    assert units[FACIAL_UNITS.index('outer_brow_raiser_left')] > 0.8
    assert units[FACIAL_UNITS.index('outer_brow_raiser_right')] < 0.1


def test_a_smile_is_no_wide_mouth(scales):
    smile = scales.proportions(faces(face(width=1.0, corners=0.2)).measure())[0]
    column = PROPORTIONS.index('mouth_width')

    assert units_of(scales, corners=0.2, width=1.0)['lip_stretcher'] == 0
    assert units_of(scales, corners=0.0, width=1.0)['lip_stretcher'] > 0.8
    assert abs(smile[column] - 0.5) < 0.3


def test_proportions_fill_the_middle_of_the_range():
    points = [face() for _ in range(101)]
    for number, one in enumerate(points):  # the lower face sinks: no unit has to do with it
        one[:, 1] += np.where(one[:, 1] > 0.4, number / 500, 0.0)
    measures = faces(*points).measure()
    scales = PointScales.fit(measures, np.ones(101, bool))
    column = scales.proportions(measures)[:, PROPORTIONS.index('mouth_height')]

    assert np.all(np.diff(column) > 0)
    assert column[[5, 95]] == pytest.approx([0.1, 0.9], abs=0.01)


def test_higher_brows_are_those_of_an_identity():
    points = [face() for _ in range(101)]
    lengths = np.linspace(0.2, 0.6, 101)
    for length, one in zip(lengths, points, strict=True):
        brows = one[:, 1] < -0.2
        one[brows, 1] = -length
    measures = faces(*points).measure()
    column = PROPORTIONS.index('brow_height')
    low, high = measures.proportions[[0, -1], column]

    assert low > high
    assert Identity().with_proportions([0.5, 0.5, 1.0, 0.5, 0.5, 0.5]).brow_height > -21


def test_profiles_and_faces_not_found_take_no_part(scales):
    side_on = 2.1 * LARGEST_TURN
    measures = faces(face(), face(nose_x=side_on), face(), found=[True, True, False]).measure()

    assert is_frontal(measures).tolist() == [True, False, False]
    assert np.isnan(scales.action_units(measures)[2]).all()
    assert np.isnan(scales.proportions(measures)[2]).all()


def test_too_few_faces_are_refused():
    with pytest.raises(ValueError, match='1 faces seen from the front, 1 of them neutral'):
        PointScales.fit(faces(face()).measure(), np.array([True]))


def test_scales_come_back_from_a_card(scales):
    measures = faces(face(gap=0.1, brow=0.35)).measure()
    again = PointScales.from_dict(scales.as_dict())

    assert again.action_units(measures) == pytest.approx(scales.action_units(measures))
    assert again.proportions(measures) == pytest.approx(scales.proportions(measures))


def save(path, **changes):
    points = 100 * face(gap=0.1)
    arrays = {
        'points': np.concatenate([points, np.zeros((len(points), 1))], 1)[:, :, None],
        'mesh_index': np.array(NEEDED),
        'found': np.ones(1, bool),
    } | changes
    np.savez(path, **{key: value for key, value in arrays.items() if value is not None})
    return path


def test_points_are_read_in_pixels(tmp_path):
    loaded = load_points(save(tmp_path / 'points.npz'))

    assert len(loaded) == 1
    assert loaded.measure().lip_gap == pytest.approx([0.1])


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        ({'found': None}, 'has no found; expected'),
        ({'mesh_index': np.array(NEEDED[1:])}, 'holds points .* and mesh_index'),
        ({'mesh_index': np.array((9999, *NEEDED[1:]))}, r'lacks the points \[1\] of the mesh'),
        ({'found': np.ones(3, bool)}, 'different numbers of rows'),
    ],
)
def test_files_laid_out_otherwise_are_refused(tmp_path, changes, message):
    with pytest.raises(ValueError, match=message):
        load_points(save(tmp_path / 'points.npz', **changes))


def test_class_means_of_real_faces_are_those_of_the_specification(shared_data):
    points = shared_data / 'fer2013plus_landmarks' / 'fer2013plus_landmarks_train.npz'
    measures = load_points(points).measure()
    with np.load(shared_data / 'fer2013plus' / 'fer2013plus_train.npz') as voted:
        votes = zip(voted['vote_names'], voted['votes'].T, strict=True)
        named = {str(name): count >= 8 for name, count in votes}
    scales = PointScales.fit(measures, named['neutral'])
    units = scales.action_units(measures)
    mean = {
        name: dict(
            zip(FACIAL_UNITS, units[is_frontal(measures) & named[name]].mean(0), strict=True)
        )
        for name in ('neutral', 'happiness', 'surprise', 'anger')
    }

    expected = {
        ('happiness', 'lip_corner_puller'): 0.50,
        ('surprise', 'jaw_drop'): 0.58,
        ('surprise', 'inner_brow_raiser'): 0.52,
        ('surprise', 'outer_brow_raiser_left'): 0.50,
        ('surprise', 'outer_brow_raiser_right'): 0.48,
        ('surprise', 'upper_lid_raiser'): 0.60,
        ('anger', 'brow_lowerer'): 0.46,
    }
    for (name, unit), value in expected.items():
        assert mean[name][unit] == pytest.approx(value, abs=0.05), (name, unit)
        assert mean['neutral'][unit] <= 0.155, unit
