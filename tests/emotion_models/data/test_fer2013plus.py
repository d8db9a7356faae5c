# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.fer2013plus import VOTE_NAMES, expected_va, load_voted_faces
from emotion_models.labels.expressions import EXPRESSIONS, VA_MEANS


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
    assert set(VOTE_NAMES) == set(EXPRESSIONS)


def test_a_missing_file_is_named_with_its_layout(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'nowhere\.npz; expected an \.npz archive with'):
        load_voted_faces(tmp_path / 'nowhere.npz')


def test_a_missing_key_is_named(save):
    with pytest.raises(ValueError, match='has no votes; expected'):
        load_voted_faces(save(votes=None))


def test_images_of_another_size_are_refused(save):
    with pytest.raises(ValueError, match=r'holds images \(2, 32, 32\)'):
        load_voted_faces(save(images=np.zeros((2, 32, 32), np.uint8)))


def test_expected_affect_of_a_mixture_ignores_contempt():
    votes = np.zeros((1, 8), np.float32)
    votes[0, EXPRESSIONS.index('HAPPY')] = 3
    votes[0, EXPRESSIONS.index('ANGER')] = 1
    votes[0, EXPRESSIONS.index('CONTEMPT')] = 6

    affect, counted = expected_va(votes)

    mixture = 0.75 * np.array(VA_MEANS['HAPPY']) + 0.25 * np.array(VA_MEANS['ANGER'])
    assert affect[0] == pytest.approx(mixture, abs=1e-6)
    assert counted.tolist() == [4]


def test_no_vote_gives_zero_and_says_so():
    affect, counted = expected_va(np.zeros((1, 8), np.float32))

    assert affect.tolist() == [[0, 0]]
    assert counted.tolist() == [0]
