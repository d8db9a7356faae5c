# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime import Crop, CropReader
from emotion_models.runtime.affect import AffectModel

FRAME_S = 1 / 30


@pytest.fixture(scope='module')
def timings():
    """What every call took."""
    return []


@pytest.fixture(scope='module')
def reader(timings):
    return CropReader(report_timings=timings.append, prior='in_the_wild')


@pytest.fixture(scope='module')
def smile(astronaut):
    return np.ascontiguousarray(astronaut[60:170, 170:280])


def test_a_happy_crop_is_joy(reader, smile, timings):
    timings.clear()

    (face,) = reader([Crop('a', smile, 0.0)])

    assert face.id == 'a'
    assert face.box == (0, 0, 110, 110)
    assert EXPRESSIONS[face.expression.argmax()] == 'HAPPY'
    assert face.valence == pytest.approx(face.raw_valence)
    assert face.valence > 0.5
    assert face.confidence == pytest.approx(face.expression.max(), abs=1e-5)
    assert [timing.network > 0 for timing in timings] == [True]


def test_each_face_is_smoothed_by_itself_until_it_is_forgotten(reader, smile):
    upside_down = np.ascontiguousarray(smile[::-1])
    reader.keep(())

    (before,) = reader([Crop('a', upside_down, 0.0)])
    other, after = reader([Crop('b', smile, FRAME_S), Crop('a', smile, FRAME_S)])
    reader.keep({'b'})
    (again,) = reader([Crop('a', smile, 2 * FRAME_S)])

    assert other.valence == pytest.approx(other.raw_valence)
    assert before.raw_valence < after.valence < after.raw_valence
    assert again.valence == pytest.approx(again.raw_valence)


@pytest.mark.parametrize('shape', [(1, 1), (9, 200, 3), (300, 7)])
def test_crops_of_any_shape_are_read(reader, shape):
    (face,) = reader([Crop('odd', np.full(shape, 90, np.uint8), 0.0)])

    assert np.isfinite([face.valence, face.arousal, *face.expression]).all()


@pytest.fixture
def runs(monkeypatch):
    """How many faces each run of the network read."""
    counts = []
    call = AffectModel.__call__

    def count(self, squares):
        counts.append(len(squares))
        return call(self, squares)

    monkeypatch.setattr(AffectModel, '__call__', count)
    return counts


def test_all_crops_of_a_call_are_read_in_one_run(reader, smile, timings, runs):
    names = ['c', 'a', 'b']
    reader.keep(())
    timings.clear()

    faces = reader([Crop(name, smile, 0.0) for name in names])

    assert [face.id for face in faces] == names
    assert runs == [3]
    assert len(timings) == 1
    assert timings[0].network > 0


def test_crops_together_are_read_as_apart(smile):
    together, apart = CropReader(), CropReader()
    pictures = [smile, smile[::-1], smile[5:90, 20:]]
    for frame in range(3):
        crops = [
            Crop(name, np.ascontiguousarray(picture[frame:]), frame * FRAME_S + late_s)
            for name, picture, late_s in zip('abc', pictures, (0.0, 0.005, -0.02), strict=True)
        ]

        at_once = together(crops)
        one_by_one = [face for crop in crops for face in apart([crop])]

        for first, second in zip(at_once, one_by_one, strict=True):
            assert (first.id, first.box) == (second.id, second.box)
            assert first.expression == pytest.approx(second.expression, abs=1e-4)
            for value in ('valence', 'arousal', 'confidence', 'raw_valence', 'raw_arousal'):
                assert getattr(first, value) == pytest.approx(getattr(second, value), abs=1e-4)


def test_without_crops_nothing_is_run(reader, timings, runs):
    timings.clear()

    assert reader([]) == []
    assert (runs, timings) == ([], [])


@pytest.mark.parametrize('shape', [(0, 4), (4, 4, 4)])
def test_what_is_no_picture_is_refused_by_the_name_of_its_face(reader, shape):
    with pytest.raises(ValueError, match="crop of the face 'a': .*image"):
        reader([Crop('a', np.zeros(shape, np.uint8), 0.0)])


def test_none_of_the_crops_is_read_where_one_is_refused(reader, smile, runs):
    reader.keep(())
    floats = smile / 255

    with pytest.raises(TypeError, match="crop of the face 'bad': .*uint8, got float64"):
        reader([Crop('a', smile[::-1], 0.0), Crop('bad', floats, 0.0)])
    (face,) = reader([Crop('a', smile, FRAME_S)])

    assert runs == [1]
    assert face.valence == pytest.approx(face.raw_valence)
