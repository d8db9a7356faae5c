# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.video_courses import TOGETHER, extract
from emotion_models.data.video_features import (
    GEOMETRY,
    CropFeature,
    FileFeature,
    SoundFeature,
)
from emotion_models.data.videos import Frame, Sound
from emotion_models.runtime.faces import Sighting

SHADE = CropFeature('shade', 1, lambda crops: np.array([[crop.mean()] for crop in crops]))
TIME = SoundFeature('time', 1, 100, lambda sound: np.arange(0, 100, 0.01)[:, None])


class ScriptedEstimator:
    """Sees what a script says: for each frame {face: shade of its square}, largest first."""

    def __init__(self, script):
        self.script, self.resets, self.index = script, 0, 0

    def reset(self):
        self.resets += 1
        self.index = 0

    def sight(self, image, stamp_s):
        seen = self.script[self.index]
        self.index += 1
        return [
            Sighting(
                face, np.array([0, 0, 20, 20.0]), 1.0, np.full((4, 4), shade, np.uint8), stamp_s
            )
            for face, shade in seen.items()
        ]


def play(script, features=(SHADE,), rate=30, **settings):
    image = np.zeros((48, 64, 3), np.uint8)
    frames = [Frame(index / rate, image) for index in range(len(script))]
    return extract('v', frames, ScriptedEstimator(script), list(features), **settings)


def test_the_largest_face_is_followed_until_it_is_lost():
    script = [{'a': 1, 'b': 2}, {'b': 2, 'a': 1}, {'b': 2, 'a': 1}, {'b': 2}, {'a': 1, 'b': 2}]

    (course,) = play(script)

    assert course.rows[:, 0].tolist() == [1, 1, 1, 2, 2]
    assert not course.padded.any()
    assert course.face == ''


def test_a_face_that_stays_is_kept_though_another_one_is_larger():
    (course,) = play([{'a': 1}] + [{'b': 2, 'a': 1}] * 3)

    assert course.rows[:, 0].tolist() == [1, 1, 1, 1]


def test_frames_without_a_face_are_padded_and_marked():
    (course,) = play([{}, {}, {'a': 3}, {}, {'a': 5}, {}])

    assert course.rows[:, 0].tolist() == [3, 3, 3, 3, 5, 5]
    assert np.flatnonzero(course.padded).tolist() == [0, 1, 3, 5]


def test_a_video_without_any_face_is_zeros_and_ends():
    (course,) = play([{}] * 5, [SHADE, GEOMETRY])

    assert course.rows.shape == (5, 9)
    assert not course.rows.any()
    assert course.padded.all()


def test_all_faces_have_a_course_each_as_long_as_the_video():
    courses = play([{'a': 1, 'b': 2}] * 20 + [{'b': 4}] * 20, all_faces=True)

    assert [course.face for course in courses] == ['a', 'b']
    assert {len(course.rows) for course in courses} == {40}
    assert courses[0].padded.tolist() == [False] * 20 + [True] * 20
    assert courses[1].rows[:, 0].tolist() == [2] * 20 + [4] * 20


def test_faces_that_flash_up_are_left_out():
    courses = play([{'a': 1}] * 15 + [{'a': 1, 'false': 9}] * 3 + [{'a': 1}] * 15, all_faces=True)

    assert [course.face for course in courses] == ['a']


def test_all_faces_of_a_video_without_any_is_one_course_of_zeros():
    (course,) = play([{}] * 3, all_faces=True)

    assert course.padded.all()


def test_squares_are_read_together_and_none_is_lost():
    sizes = []
    feature = CropFeature(
        'shade', 1, lambda crops: sizes.append(len(crops)) or np.array([[c.mean()] for c in crops])
    )

    (course,) = play([{'a': index % 200} for index in range(2 * TOGETHER + 5)], [feature])

    assert sizes == [TOGETHER, TOGETHER, 5]
    assert course.rows[:, 0].tolist() == [index % 200 for index in range(2 * TOGETHER + 5)]


def test_sound_stands_beside_faces_in_the_order_asked_for():
    sound = Sound(np.zeros(16000, np.float32), start_s=-0.5)

    (course,) = play([{'a': 1}, {}], [TIME, SHADE], rate=10, read_sound=lambda: sound)

    assert course.rows[:, 0] == pytest.approx([0.545, 0.645])
    assert course.rows[:, 1].tolist() == [1, 1]
    assert course.padded.tolist() == [False, True]


def test_sound_alone_needs_no_face():
    (course,) = play([{}] * 3, [TIME], read_sound=lambda: Sound(np.zeros(1, np.float32)))

    assert not course.padded.any()


def test_a_video_without_sound_is_named():
    with pytest.raises(ValueError, match='v has no sound, of which time'):
        play([{}] * 3, [TIME])


def of_file(rows, rate_hz=None):
    return FileFeature('mine', 2, rate_hz, lambda video: np.array(rows))


def test_rows_of_ones_own_are_a_row_for_each_frame_or_at_a_rate():
    (each,) = play([{}] * 2, [of_file([[1, 2], [3, 4]])])
    (rated,) = play([{}] * 2, [of_file([[0, 0], [2, 2], [4, 4], [6, 6]], 60)])

    assert each.rows.tolist() == [[1, 2], [3, 4]]
    assert rated.rows.tolist() == [[1, 1], [5, 5]]


def test_rows_that_do_not_fit_name_video_and_feature():
    """Check 18."""
    with pytest.raises(ValueError, match='feature mine of v has 3 rows, the video 2 frames'):
        play([{}] * 2, [of_file([[1, 2]] * 3)])
    with pytest.raises(ValueError, match='feature mine of v has the width 3; expected 2'):
        play([{}] * 2, [of_file([[1, 2, 3]] * 2)])
