# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.fer2013plus import FerVaFaces, load_voted_faces
from emotion_models.labels.expressions import VA_MEANS


@pytest.fixture
def save(tmp_path, vote_names):
    """save(**changes): an archive of two faces, its arrays changed; none leaves one out."""

    def save(**changes):
        arrays = {
            'images': np.zeros((2, 48, 48), np.uint8),
            'votes': np.eye(10, dtype=np.uint8)[[3, 8]] * 10,
            'vote_names': np.array(vote_names),
        }
        arrays.update(changes)
        path = tmp_path / 'faces.npz'
        np.savez(path, **{key: value for key, value in arrays.items() if value is not None})
        return path

    return save


def test_votes_come_in_our_order(save):
    faces = load_voted_faces(save())

    assert faces.expression_votes[0].tolist() == [0, 0, 10, 0, 0, 0, 0, 0]
    assert faces.expression_votes[1].sum() == 0


def test_a_missing_file_is_named_with_its_layout(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'nowhere\.npz; expected an \.npz archive with'):
        load_voted_faces(tmp_path / 'nowhere.npz')


def test_a_missing_key_is_named(save):
    with pytest.raises(ValueError, match='has no votes; expected'):
        load_voted_faces(save(votes=None))


def test_images_of_another_size_are_refused(save):
    with pytest.raises(ValueError, match=r'holds images of uint8 \(2, 32, 32\)'):
        load_voted_faces(save(images=np.zeros((2, 32, 32), np.uint8)))


def test_voted_faces_have_the_affect_expected_under_their_votes(faces_archive, load):
    faces = FerVaFaces(str(faces_archive), str(faces_archive), held_out=0.25)
    parts = load(faces)

    images, affect, expression = parts['training']
    assert {name: len(part.images) for name, part in parts.items()} == {
        'training': 72,
        'validation': 24,
        'test': 96,
    }
    assert images.shape == (72, 3, 64, 64)
    expected = 0.9 * faces.prototypes.mean[expression] + 0.1 * np.array(VA_MEANS['NEUTRAL'])
    np.testing.assert_allclose(affect, expected, atol=1e-6)


def test_faces_with_few_votes_for_expressions_are_left_out(faces_archive, tmp_path):
    with np.load(faces_archive) as archive:
        arrays = dict(archive)
    names = list(arrays['vote_names'])
    arrays['votes'][:10] = 0
    arrays['votes'][:10, names.index('unknown')] = 7
    arrays['votes'][:10, names.index('fear')] = 3
    path = tmp_path / 'faces.npz'
    np.savez(path, **arrays)

    parts = FerVaFaces(str(path), str(faces_archive), held_out=0).load_parts(5230)

    assert [len(parts[name]) for name in ('training', 'validation', 'test')] == [86, 0, 96]


def test_the_real_archives_split_as_documented(shared_data):
    folder = shared_data / 'fer2013plus'
    paths = (str(folder / f'fer2013plus_{part}.npz') for part in ('train', 'valid'))

    parts = FerVaFaces(*paths).load_parts(5230)

    assert {name: len(part) for name, part in parts.items()} == {
        'training': 27_048,
        'validation': 1_424,
        'test': 3_275,
    }
