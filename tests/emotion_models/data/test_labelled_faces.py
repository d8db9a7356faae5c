# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.labelled_faces import load_archive
from emotion_models.labels.expressions import EXPRESSIONS, VA_MEANS


def grey(count):
    return np.full((count, 48, 48), 7, np.uint8)


def test_votes_decide_only_where_the_most_voted_is_unique_and_an_expression(tmp_path):
    votes = np.zeros((5, 3), np.uint8)
    votes[0] = (7, 2, 1)
    votes[1] = (4, 4, 0)  # a tie
    votes[2] = (3, 0, 0)  # too few
    votes[3] = (2, 1, 7)  # most say it is no face
    votes[4] = (0, 5, 4)
    names = ['neutral', 'happiness', 'not_a_face']
    missing = ['sadness', 'surprise', 'fear', 'disgust', 'anger', 'contempt']
    path = tmp_path / 'faces.npz'
    np.savez(
        path,
        images=grey(5),
        votes=np.hstack((votes, np.zeros((5, 6), np.uint8))),
        vote_names=names + missing,
    )

    faces = load_archive(path)

    assert faces.expression.tolist() == [0, -1, -1, -1, 1]
    assert np.isfinite(faces.affect).all(1).tolist() == [True, True, False, False, True]


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


def test_rated_colour_crops_become_blue_green_red(tmp_path):
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
