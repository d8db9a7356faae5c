# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from points_maker import write_photos

from emotion_models.data.photo_faces import PhotoBatch, PhotoFaces, draw_in_style
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.parts import FACIAL_UNITS, PROPORTIONS, identity_columns


@pytest.fixture(scope='module')
def data_set(tmp_path_factory):
    path, points = map(str, write_photos(tmp_path_factory.mktemp('photos')))
    return PhotoFaces(path, points, path, points, held_out=0.25, drawings=5)


@pytest.fixture(scope='module')
def parts(data_set):
    return data_set.load_parts(seed=1)


def test_photographs_have_votes_points_and_a_drawing_each(parts):
    batch = parts['test'].take(np.arange(64))

    assert [len(parts[name]) for name in ('training', 'validation', 'test')] == [48, 16, 64]
    assert isinstance(batch, PhotoBatch)
    assert batch.drawing.shape == (64, 1, 64, 128)
    assert batch.emotions.sum(1) == pytest.approx(1.0)
    assert batch.emotions[2::3].argmax(1).tolist() == [6] * 21  # surprise, after neutral
    gap = batch.units[:, FACIAL_UNITS.index('jaw_drop')]
    assert gap[2::3].min() > gap[::3].max()
    assert batch.has_points.all()


def test_each_photograph_of_a_batch_has_a_drawing_in_turn(parts):
    rows = np.array([0, 5, 3, 8])
    drawn = parts['training'].take(rows).drawn_units

    assert np.array_equal(drawn[0], drawn[1])
    assert np.array_equal(drawn[2], drawn[3])
    assert not np.array_equal(drawn[0], drawn[2])


def test_drawings_have_the_style_of_the_robot():
    identity = draw_in_style(seed=3, count=8, mixed=0.5)[2]
    own = Identity.default().as_vector()
    told = identity_columns(PROPORTIONS)

    assert identity[:, told].std(0).min() > 0.05
    style = np.delete(identity, told, axis=1)
    assert style == pytest.approx(np.tile(np.delete(own, told), (8, 1)), abs=1e-6)


def test_votes_without_an_emotion_count_for_nothing(tmp_path):
    path, points = write_photos(tmp_path)
    with np.load(path) as archive:
        arrays = dict(archive)
    arrays['votes'][1] = [0, 0, 0, 0, 0, 8, 0, 2, 0, 0]
    arrays['votes'][4] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 9]
    np.savez(path, **arrays)
    settings = (str(path), str(points)) * 2
    batch = PhotoFaces(*settings, drawings=2).load_parts(1)['test'].take(np.arange(64))

    assert batch.emotions_weight[1] == 0
    assert batch.is_face[[1, 4], 0].tolist() == [1, 0]
    of_face, of_none = batch.is_face_weight[[1, 4], 0]
    assert of_face == 1
    assert of_none == 10  # what is rare weighs more


def test_the_scales_are_those_of_the_faces_that_are_trained_on(data_set, parts):
    scales = data_set.load_scales(seed=1)
    measured = np.sort(parts['training'].take(np.arange(48)).units.ravel())

    assert scales.rising['lip_gap'][0] < scales.rising['lip_gap'][1]
    assert measured[-1] == 1


def test_points_of_other_faces_are_refused(tmp_path, data_set):
    path, _ = write_photos(tmp_path, 60)

    with pytest.raises(ValueError, match=r'has points of 64 faces, .* 60 faces'):
        PhotoFaces(str(path), data_set.points).load_parts(1)
