# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import cv2
import numpy as np
import pytest

from emotion_models.data.acting import (
    LONGEST_S,
    PERSON_FACES,
    SHORTEST_S,
    Drift,
    act,
    cast,
    picture,
    showable,
)
from emotion_models.labels.expressions import VA_MEANS

MEANS = np.array([*VA_MEANS.values()], np.float32)


def test_courses_are_taken_into_the_hull_of_what_faces_show():
    plane = showable()
    hull = cv2.convexHull(MEANS)

    corners = plane(np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]]))

    inside = [cv2.pointPolygonTest(hull, tuple(map(float, corner)), True) for corner in corners]
    assert min(inside) > -1e-6
    # It is as large as it can be: three of its corners at least are on the border.
    assert sum(distance < 0.01 for distance in inside) >= 3


def test_the_rectangle_of_a_square_is_the_square():
    plane = showable([(0, 0), (1, 0), (1, 1), (0, 1)])

    assert plane(np.array([[-1, -1], [1, 1]])) == pytest.approx(
        np.array([[0, 0], [1, 1]]), abs=0.01
    )


def test_persons_share_no_face_and_look_alike():
    rng = np.random.default_rng(0)
    expression = rng.choice([0, 1, 4], 1050, p=[0.6, 0.3, 0.1])
    affect = np.where(rng.random(1050)[:, None] < 0.02, np.nan, rng.random((1050, 2)))

    persons = cast(affect, expression, rng)

    dealt = np.concatenate(persons)
    assert {len(person) for person in persons} == {PERSON_FACES}
    assert len(persons) == np.isfinite(affect).all(1).sum() // PERSON_FACES
    assert len(set(dealt)) == len(dealt)
    assert np.isfinite(affect[dealt]).all()
    shares = [np.bincount(expression[person], minlength=5) / PERSON_FACES for person in persons]
    assert np.ptp(shares, axis=0).max() <= 0.03


def test_too_few_faces_are_no_person():
    with pytest.raises(ValueError, match='takes 100 faces .* there are 3'):
        cast(np.zeros((3, 2)), np.zeros(3), np.random.default_rng(0))


def test_the_faces_follow_the_course_and_stay_for_a_while():
    rng = np.random.default_rng(1)
    faces = rng.uniform(-1, 1, (100, 2))
    course = np.stack((np.sin(np.arange(5000) / 250), np.cos(np.arange(5000) / 400)), 1) * 0.8

    shown = act(course, faces, 25, rng)

    error = np.linalg.norm(faces[shown] - course, axis=1)
    nearest = np.linalg.norm(faces[:, None] - course, axis=2).min(0)
    assert error.mean() < nearest.mean() + 0.15
    changes = np.flatnonzero(np.diff(shown))
    assert np.diff(changes).min() >= SHORTEST_S * 25
    assert SHORTEST_S * 25 < np.diff(changes).mean() < 2 * LONGEST_S * 25


def test_the_nearest_face_is_not_always_taken():
    faces = np.array([[0.0, 0.0], [0.03, 0.0], [1, 1]])

    shown = act(np.zeros((5000, 2)), faces, 25, np.random.default_rng(0))

    assert set(shown) == {0, 1}


def test_the_camera_drifts_slowly_about_where_it_should_be():
    drift = Drift().draw(60 * 25 * 20, 25, np.random.default_rng(0))

    spread = drift.std(0)
    assert drift.shape == (30000, 10)
    assert spread == pytest.approx([0.04, 0.04, 0.08, 4, 0.15, 0.12, 10, 0.12, 0.5, 4], rel=0.35)
    assert (np.abs(np.diff(drift, axis=0)).mean(0) < 0.1 * spread).all()


def test_without_drift_a_picture_is_the_face_enlarged():
    face = np.random.default_rng(0).integers(0, 255, (6, 6), np.uint8)
    face = cv2.resize(face, (48, 48), interpolation=cv2.INTER_CUBIC)

    seen = picture(face, np.zeros(10), 64, np.random.default_rng(0))

    expected = cv2.resize(face, (64, 64)).astype(float)
    assert np.abs(seen[2:-2, 2:-2] - expected[2:-2, 2:-2]).mean() < 3


@pytest.mark.parametrize('column', range(10))
def test_each_drift_changes_the_picture(column):
    face = cv2.resize(np.random.default_rng(0).integers(60, 200, (6, 6), np.uint8), (48, 48))
    drift = np.zeros(10)
    still = picture(face, drift, 64, np.random.default_rng(0))

    drift[column] = [0.1, 0.1, 0.2, 10, 0.4, 0.3, 30, 0.3, 2, 10][column]

    assert (
        np.abs(picture(face, drift, 64, np.random.default_rng(0)) - still.astype(float)).mean() > 1
    )
