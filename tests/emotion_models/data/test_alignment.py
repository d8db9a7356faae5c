# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.alignment import fill_gaps, fit_length, frame_ends, pool_rows, rows_of


@pytest.mark.parametrize(
    ('frame', 'rows'), [(0, [0, 1]), (1, [1, 2, 3]), (2, [3, 4]), (3, [5, 6])]
)
def test_rows_of_20_ms_at_30_frames_a_second(frame, rows):
    """The known answer of the specification, check 17."""
    part = rows_of(frame / 30, (frame + 1) / 30, 0.02)

    assert list(range(part.start, part.stop)) == rows


def test_a_frame_takes_the_sound_of_its_own_time_whatever_the_rate():
    """Check 17: at 24 frames a second, frame 240 is at 10.0 s, not at 8.0 s."""
    times_s = np.arange(0, 12, 0.01)[:, None]

    pooled = pool_rows(times_s, np.arange(260) / 24, step_s=0.01)

    assert pooled[240, 0] == pytest.approx(10.02, abs=0.01)


@pytest.mark.parametrize('rate_hz', [24, 25, 30, 59.94])
def test_rows_at_the_rate_of_the_video_are_one_for_each_frame(rate_hz):
    rows = np.arange(2000.0)[:, None]

    pooled = pool_rows(rows, np.arange(2000) / rate_hz, step_s=1 / rate_hz)

    assert np.array_equal(pooled, rows)


def test_uneven_frames_take_what_falls_into_them():
    rows = np.arange(10.0)[:, None]

    pooled = pool_rows(rows, np.array([0.0, 0.2, 0.3]), step_s=0.1)

    assert pooled[:, 0].tolist() == pytest.approx([0.5, 2.0, 3.5])


def test_before_and_after_the_sound_the_nearest_row_is_repeated():
    rows = np.array([[1.0], [2.0]])

    pooled = pool_rows(rows, np.arange(6) / 10, step_s=0.1, start_s=0.2)

    assert pooled[:, 0].tolist() == [1, 1, 1, 2, 2, 2]


def test_a_frame_that_is_shorter_than_a_row_has_one():
    part = rows_of(0.1, 0.1, 0.02)

    assert (part.start, part.stop) == (5, 6)


def test_frames_without_a_face_take_the_nearest_and_the_earlier_of_two():
    rows = np.array([[1.0], [2.0], [3.0]])

    filled, padded = fill_gaps(rows, np.array([1, 5, 8]), 10)

    assert filled[:, 0].tolist() == [1, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert np.flatnonzero(~padded).tolist() == [1, 5, 8]


def test_the_first_frame_is_a_neighbour_too():
    """Defect D8 of the original."""
    filled, _ = fill_gaps(np.array([[7.0], [9.0]]), np.array([0, 9]), 10)

    assert filled[1:5, 0].tolist() == [7, 7, 7, 7]


def test_without_any_face_all_is_zero_and_padded():
    filled, padded = fill_gaps(np.zeros((0, 3)), np.array([], int), 4)

    assert filled.shape == (4, 3)
    assert not filled.any()
    assert padded.all()


def test_the_last_frame_lasts_as_long_as_the_median_one():
    assert frame_ends(np.array([0.0, 0.1, 0.2, 0.5])).tolist() == pytest.approx(
        [0.1, 0.2, 0.5, 0.6]
    )


def test_rows_fit_an_official_length():
    rows = np.arange(3)[:, None]

    assert fit_length(rows, 5)[:, 0].tolist() == [0, 1, 2, 2, 2]
    assert fit_length(rows, 2)[:, 0].tolist() == [0, 1]
