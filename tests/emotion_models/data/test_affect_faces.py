# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import csv
import zipfile
from dataclasses import replace

import cv2
import numpy as np
import pytest

from emotion_models.data.affect_faces import PICTURE_PX, AffectFaces, Collection
from emotion_models.data.voted_faces import teacher_predictions
from emotion_models.labels.expressions import EXPRESSIONS, VA_MEANS
from emotion_models.runtime.affect import AffectModel

HAPPY, FEAR = EXPRESSIONS.index('HAPPY'), EXPRESSIONS.index('FEAR')


@pytest.fixture
def rated_table(tmp_path):
    """Twenty colour pictures in an archive beside their table; every fourth is frightened."""
    table = tmp_path / 'faces.csv'
    with zipfile.ZipFile(tmp_path / 'faces.zip', 'w') as archive, table.open('w') as file:
        rows = csv.writer(file)
        rows.writerow(('file', 'valence', 'arousal', 'expression'))
        for number in range(20):
            picture = np.full((128, 128, 3), 10 * number, np.uint8)
            archive.writestr(f'{number:04}.png', cv2.imencode('.png', picture)[1].tobytes())
            expression = 'happiness' if number % 4 else 'fear'
            rows.writerow((f'{number:04}.png', 0.9, 0.3, expression))
    return str(table)


def test_a_part_is_held_out_and_an_archive_tested(faces_archive, tmp_path):
    with np.load(faces_archive) as archive:
        one = {key: value if key == 'vote_names' else value[:1] for key, value in archive.items()}
    np.savez(tmp_path / 'one.npz', **one)
    tested = str(tmp_path / 'one.npz')

    parts = AffectFaces(str(faces_archive), tested, held_out=0.25).load_parts(5230)

    held, kept = (parts[name].samples.faces for name in ('validation', 'training'))
    assert (len(kept), len(held), len(parts['test'])) == (72, 24, 1)
    assert not (held[:, None] == kept[None]).all((2, 3, 4)).any()


def test_without_another_archive_the_held_out_part_is_tested(faces_archive):
    parts = AffectFaces(str(faces_archive), held_out=0.25).load_parts(5230)

    assert parts['test'] is parts['validation']


def test_rare_expressions_are_to_be_drawn_more_often(faces_archive):
    training = AffectFaces(str(faces_archive), rarity_power=0.7).load_parts(5230)['training']

    assert training.rarity.power == 0.7
    assert np.array_equal(training.rarity.classes, training.samples.expression)
    assert (training.rarity.times == 1).all()


def test_a_teacher_has_its_share_in_what_is_trained_on_alone(faces_archive):
    plain = AffectFaces(str(faces_archive), held_out=0.25)
    voted = plain.load_parts(5230)
    taught = replace(plain, teacher='affect', teacher_weight=0.4).load_parts(5230)

    one, other = (parts['training'].samples for parts in (voted, taught))
    predictions, _ = teacher_predictions(AffectModel('affect'), one.faces[:, 0])
    np.testing.assert_allclose(
        other.expression, 0.6 * one.expression + 0.4 * predictions, atol=1e-6
    )
    means = np.array([VA_MEANS.get(name, (0, 0)) for name in EXPRESSIONS])
    has_mean = np.array([name in VA_MEANS for name in EXPRESSIONS])
    expected = other.expression @ means / (other.expression @ has_mean)[:, None]
    np.testing.assert_allclose(other.affect, expected, atol=1e-6)
    for first, second in zip(
        voted['validation'].samples, taught['validation'].samples, strict=True
    ):
        assert np.array_equal(first, second)


def test_other_collections_are_joined_in_one_size_with_their_framing(faces_archive, rated_table):
    collection = Collection(
        rated_table, 'even', framing=0.8, times=3, certainty=0.9, is_rated=True
    )

    parts = AffectFaces(str(faces_archive), collections=[collection], held_out=0.2).load_parts(1)

    for part, count in (('training', 8), ('validation', 2)):
        batch = parts[part].samples
        added = batch.source == 1
        assert added.sum() == count
        assert batch.faces.shape[1:] == (1, PICTURE_PX, PICTURE_PX)
        grey = batch.faces[added][:, 0, 0, 0]
        assert set(grey) <= {20 * k for k in range(10)}  # of the even numbers
        assert batch.framing[added] == pytest.approx(0.8)
        assert (batch.framing[~added] == 1).all()
        assert batch.affect[added] == pytest.approx(np.tile([0.9, 0.3], (count, 1)))
        assert batch.expression.sum(1) == pytest.approx(1)
        assert (batch.expression[added].max(1) >= 0.9).all()
        assert set(batch.expression[added].argmax(1)) <= {HAPPY, FEAR}
    rarity = parts['training'].rarity
    assert (rarity.times == np.where(parts['training'].samples.source == 1, 3, 1)).all()


def test_where_nobody_rated_the_mean_of_the_class_stands_in(faces_archive, rated_table):
    collection = Collection(rated_table, affect_weight=0.5)

    batch = AffectFaces(str(faces_archive), collections=[collection]).load_parts(1)['training']

    added = batch.samples.source == 1
    happy = added & (batch.samples.expression.argmax(1) == HAPPY)
    assert batch.samples.affect[happy][0] == pytest.approx(VA_MEANS['HAPPY'])
    assert batch.samples.affect_weight[added] == pytest.approx(0.5)


def test_a_teacher_says_what_a_label_leaves_open(faces_archive, rated_table):
    collection = Collection(rated_table, certainty=0.6)
    settings = AffectFaces(str(faces_archive), collections=[collection], teacher='affect')

    batch = settings.load_parts(1)['training'].samples

    added = batch.source == 1
    shares, affect = teacher_predictions(AffectModel('affect'), batch.faces[added][:, 0])
    label = np.eye(8)[batch.expression[added].argmax(1)]
    assert batch.expression[added] == pytest.approx(0.6 * label + 0.4 * shares, abs=1e-5)
    means = np.array([VA_MEANS[EXPRESSIONS[k]] for k in label.argmax(1)])
    assert batch.affect[added] == pytest.approx((means + affect) / 2, abs=1e-5)


def test_of_a_collection_for_training_only_nothing_is_held_out(faces_archive, rated_table):
    collection = Collection(rated_table, only_training=True)

    parts = AffectFaces(str(faces_archive), collections=[collection], held_out=0.2).load_parts(1)

    assert (parts['training'].samples.source == 1).sum() == 20
    assert (parts['validation'].samples.source == 0).all()


def test_the_origin_names_every_collection_with_its_part_and_terms(faces_archive):
    plain = AffectFaces(str(faces_archive))
    noted = [{'data': 'x.csv', 'part': 'odd', 'name': 'X', 'terms': 'free'}, {'data': 'y.csv'}]

    settings = AffectFaces(str(faces_archive), collections=noted)

    assert plain.origin == plain.ORIGIN
    assert settings.origin == plain.ORIGIN | {
        'collections': [
            {'name': 'X', 'part': 'odd', 'terms': 'free'},
            {'name': 'y.csv', 'part': 'all', 'terms': 'those of its faces'},
        ]
    }
    assert settings.collections == (Collection(**noted[0]), Collection('y.csv'))
