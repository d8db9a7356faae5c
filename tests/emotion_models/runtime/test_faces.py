# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.runtime import CropReader

FRAME_S = 1 / 30


@pytest.fixture(scope='module')
def timings():
    """What every crop took."""
    return []


@pytest.fixture(scope='module')
def reader(timings):
    return CropReader(report_timings=timings.append)


@pytest.fixture(scope='module')
def smile(astronaut):
    return np.ascontiguousarray(astronaut[60:170, 170:280])


def test_a_happy_crop_is_joy(reader, smile, timings):
    timings.clear()

    face = reader('a', smile, 0.0)

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

    before = reader('a', upside_down, 0.0)
    other = reader('b', smile, FRAME_S)
    after = reader('a', smile, FRAME_S)
    reader.keep({'b'})
    again = reader('a', smile, 2 * FRAME_S)

    assert other.valence == pytest.approx(other.raw_valence)
    assert before.raw_valence < after.valence < after.raw_valence
    assert again.valence == pytest.approx(again.raw_valence)


@pytest.mark.parametrize('shape', [(1, 1), (9, 200, 3), (300, 7)])
def test_crops_of_any_shape_are_read(reader, shape):
    face = reader('odd', np.full(shape, 90, np.uint8), 0.0)

    assert np.isfinite([face.valence, face.arousal, *face.expression]).all()


@pytest.mark.parametrize('shape', [(0, 4), (4, 4, 4)])
def test_what_is_no_picture_is_refused(reader, shape):
    with pytest.raises(ValueError, match='image'):
        reader('a', np.zeros(shape, np.uint8), 0.0)
