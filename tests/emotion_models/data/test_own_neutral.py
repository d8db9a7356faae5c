# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.own_neutral import from_own_neutral

RATE_HZ = 10.0


def make_course(seconds, neutral=0.5):
    """A person who rests at `neutral`, with noise, in two columns."""
    rng = np.random.default_rng(0)
    rows = np.full((round(seconds * RATE_HZ), 2), neutral, np.float32)
    rows += rng.normal(0, 0.01, rows.shape).astype(np.float32)
    return rows, np.arange(len(rows)) / RATE_HZ + 100, np.zeros(len(rows), bool)


def test_the_own_neutral_fades_in_from_5_to_20_seconds():
    rows, stamps_s, padded = make_course(60)

    found = from_own_neutral(rows, stamps_s, padded)

    assert found.dtype == np.float32
    assert np.array_equal(found[:50], rows[:50])
    assert found[125].tolist() == pytest.approx([0.25, 0.25], abs=0.05)
    assert np.abs(found[200:]).max() < 0.05


def test_each_frame_knows_the_past_alone():
    rows, stamps_s, padded = make_course(40)
    changed = rows.copy()
    changed[300:] += 5

    before, after = (from_own_neutral(these, stamps_s, padded) for these in (rows, changed))

    assert np.array_equal(before[:300], after[:300])
    alone = from_own_neutral(rows[:300], stamps_s[:300], padded[:300])
    assert np.array_equal(before[:300], alone)


def test_a_smile_that_is_shorter_than_the_rest_stays_one_and_a_longer_one_does_not():
    rows, stamps_s, padded = make_course(100)
    rows[400:] += 1  # for a minute, after 40 s of rest

    found = from_own_neutral(rows, stamps_s, padded)

    assert found[400:780].min() > 0.9
    assert abs(found[-50:]).max() < 0.1


def test_frames_without_a_face_do_not_count():
    rows, stamps_s, padded = make_course(60)
    rows[:300], padded[:300] = 9, True

    found = from_own_neutral(rows, stamps_s, padded)

    assert (found[:350] == rows[:350]).all()  # the person is seen for 5 s at the end of these
    assert np.abs(found[500:]).max() < 0.05
    assert np.array_equal(from_own_neutral(rows, stamps_s, np.ones(600, bool)), rows)


def test_what_is_longer_ago_than_ten_minutes_is_forgotten():
    rows, stamps_s, padded = make_course(900)
    rows[4800:] += 1  # seven minutes after eight

    found = from_own_neutral(rows, stamps_s, padded)

    assert found[4800:7000].min() > 0.9
    assert np.abs(found[-10:]).max() < 0.05
