# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.fer2013plus import load_voted_faces
from emotion_models.data.voted_faces import (
    VOTE_NAMES,
    VotedFaces,
    expected_va,
    label_by_votes,
    make_targets,
    mix_with_teacher,
    teacher_predictions,
)
from emotion_models.labels.expressions import EXPRESSIONS, VA_MEANS
from emotion_models.runtime.affect import AffectModel


@pytest.fixture
def faces(faces_archive):
    return load_voted_faces(faces_archive)


def test_ferplus_has_a_name_for_each_of_our_expressions():
    assert set(VOTE_NAMES) == set(EXPRESSIONS)


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


def test_votes_decide_only_where_the_most_voted_is_unique_and_an_expression():
    votes = np.zeros((5, 9), np.uint8)
    votes[0, :3] = (7, 2, 1)
    votes[1, :3] = (4, 4, 0)  # a tie
    votes[2, :3] = (3, 0, 0)  # too few
    votes[3, :3] = (2, 1, 7)  # most say it is not a face
    votes[4, :3] = (0, 5, 4)
    names = ('neutral', 'happiness', 'not_a_face', 'sadness', 'surprise', 'fear', 'disgust')
    faces = VotedFaces(np.zeros((5, 48, 48), np.uint8), votes, (*names, 'anger', 'contempt'))

    expression, affect = label_by_votes(faces)

    assert expression.tolist() == [0, -1, -1, -1, 1]
    assert np.isfinite(affect).all(1).tolist() == [True, True, False, False, True]


def test_targets_are_shares_of_the_votes_and_count_by_them(vote_names):
    votes = np.zeros((2, 10), np.uint8)
    votes[0, [0, 1, 8]] = (2, 6, 2)
    votes[1, [1, 8]] = (3, 7)
    faces = VotedFaces(np.zeros((2, 48, 48), np.uint8), votes, vote_names)

    targets = make_targets(faces, least_va_votes=4)

    happy, neutral = EXPRESSIONS.index('HAPPY'), EXPRESSIONS.index('NEUTRAL')
    assert targets.expression[0, [neutral, happy]].tolist() == [0.25, 0.75]
    assert targets.expression_weight == pytest.approx([0.8, 0.3])
    assert targets.affect_weight == pytest.approx([0.8, 0])
    assert targets.affect[1] == pytest.approx(VA_MEANS['HAPPY'])
    assert targets.faces.shape == (2, 1, 48, 48)


def test_a_teacher_has_its_share_of_the_votes(faces):
    teacher = AffectModel('affect')

    mixed = mix_with_teacher(faces, teacher, 0.4)

    votes = faces.expression_votes
    own, taught = (v / v.sum(1, keepdims=True) for v in (votes, mixed))
    predictions, _ = teacher_predictions(teacher, faces.images)
    np.testing.assert_allclose(taught, 0.6 * own + 0.4 * predictions, atol=1e-6)
    np.testing.assert_allclose(mixed.sum(1), votes.sum(1), rtol=1e-5)


def test_predictions_of_a_teacher_are_of_both_sides_and_not_sharpened(faces):
    few = faces.images[:5]
    teacher = AffectModel('affect')

    predictions, affect = teacher_predictions(teacher, few)

    np.testing.assert_allclose(predictions.sum(1), 1, atol=1e-5)
    mirrored = teacher_predictions(teacher, few[:, :, ::-1])
    np.testing.assert_allclose(mirrored[0], predictions, atol=1e-5)
    np.testing.assert_allclose(mirrored[1], affect, atol=1e-5)
    teacher.card['metrics']['held_out']['temperature'] = 1.0
    assert (teacher_predictions(teacher, few)[0].max(1) > predictions.max(1)).all()
