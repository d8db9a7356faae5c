# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.face_archive import ArchiveVaFaces, load_archive
from emotion_models.labels.expressions import EXPRESSIONS, VA_MEANS


def grey(count):
    return np.full((count, 48, 48), 7, np.uint8)


def test_votes_say_what_a_face_shows(faces_archive):
    faces = load_archive(faces_archive)

    assert len(faces) == 96
    assert {EXPRESSIONS[k] for k in faces.expression} == {'HAPPY', 'ANGER', 'SAD'}
    assert np.isfinite(faces.affect).all()


def test_labels_give_the_mean_affect_of_their_class(tmp_path):
    path = tmp_path / 'faces.npz'
    np.savez(
        path,
        images=grey(3),
        label=np.array([0, 1, 2], np.int8),
        label_names=['anger', 'contempt', 'happy'],
    )

    faces = load_archive(path)

    assert [EXPRESSIONS[index] for index in faces.expression] == ['ANGER', 'CONTEMPT', 'HAPPY']
    assert faces.affect[0] == pytest.approx(VA_MEANS['ANGER'])
    assert np.isnan(faces.affect[1]).all()


def test_rated_colour_crops_become_bgr(tmp_path):
    path = tmp_path / 'faces.npz'
    crops = np.zeros((1, 10, 10, 3), np.uint8)
    crops[..., 0] = 255
    np.savez(path, crops=crops, va=np.array([[0.5, -0.25]], np.float32))

    faces = load_archive(path)

    assert faces.images[0][0, 0].tolist() == [0, 0, 255]
    assert faces.affect.tolist() == [[0.5, -0.25]]
    assert faces.expression.tolist() == [-1]


def test_another_form_is_refused_with_the_known_ones(tmp_path):
    path = tmp_path / 'faces.npz'
    np.savez(path, pictures=grey(1))

    with pytest.raises(ValueError, match=r'holds pictures; expected an \.npz archive with images'):
        load_archive(path)


def test_subjects_are_split(tmp_path, load, groups_of, class_names):
    generator = np.random.default_rng(0)
    path = tmp_path / 'faces.npz'
    np.savez(
        path,
        images=generator.integers(0, 256, (60, 48, 48), np.uint8),
        label=np.arange(60) % 3,
        label_names=['anger', 'contempt', 'happy'],
        subject=np.arange(60) // 6,
    )

    faces = ArchiveVaFaces(str(path), held_out=0.2, tested=0.1)
    parts, subjects = load(faces), list(groups_of(faces).values())

    counts = [len(parts[name].images) for name in ('training', 'validation', 'test')]
    assert counts == [28, 8, 4]  # contempt has no prototype
    assert set(class_names(faces, parts['training'])) == {'ANGER', 'HAPPINESS'}
    assert sum(map(len, subjects)) == len(set.union(*subjects)) == 10


def test_the_archive_of_posed_faces_splits_by_its_subjects(shared_data, load):
    faces = ArchiveVaFaces(str(shared_data / 'ckplus48' / 'ckplus48.npz'))
    parts = load(faces)

    images, affect, expression = parts['test']
    assert images.shape[1:] == (3, 64, 64)
    np.testing.assert_allclose(affect, faces.prototypes.mean[expression], atol=1e-6)
    assert sum(len(part.images) for part in parts.values()) == 981 - 54
