# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.generated_courses import COURSES, GeneratedCourses


def test_the_smooth_target_is_the_mean_of_present_and_past():
    signals, targets = COURSES['smooth'].draw(200, np.random.default_rng(0))

    assert targets[0] == pytest.approx(signals[0])
    assert targets[10] == pytest.approx(signals[:11].mean(0))
    assert targets[199] == pytest.approx(signals[174:200].mean(0))
    assert np.abs(signals).max() < 1


def test_the_latch_holds_the_last_sign():
    signals, targets = COURSES['latch'].draw(5000, np.random.default_rng(0))

    assert set(np.unique(targets)) == {-0.6, 0.6}
    shown = signals != 0
    assert 0.01 < shown.mean() < 0.05
    begins = shown & ~np.vstack([[[False, False]], shown[:-1]])
    assert (np.sign(targets[begins]) == signals[begins]).all()
    changes = np.argwhere(np.diff(targets, axis=0))
    assert all(signals[frame + 1, column] != 0 for frame, column in changes)


@pytest.mark.parametrize('course', COURSES)
def test_parts_are_apart_and_a_function_of_the_seed(course):
    data = GeneratedCourses(course, training=3, validation=2, test=1, frames=50, width=7)

    parts, again, other = (data.load_parts(seed) for seed in (1, 1, 2))

    assert {name: len(part) for name, part in parts.items()} == {
        'training': 3,
        'validation': 2,
        'test': 1,
    }
    names = [clip.name for part in parts.values() for clip in part.clips]
    assert len(set(names)) == 6
    first, same, another = (p['training'].take(np.arange(3)) for p in (parts, again, other))
    assert first.features.shape == (3, 50, 7)
    assert np.array_equal(first.features, same.features)
    assert not np.array_equal(first.features, another.features)
    assert parts['training'].rate_hz() == pytest.approx(30)


def test_another_course_is_refused():
    with pytest.raises(ValueError, match="course must be one of smooth, latch; got 'rough'"):
        GeneratedCourses('rough').load_parts(0)
