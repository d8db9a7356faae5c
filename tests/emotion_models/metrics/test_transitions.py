# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from emotion_models.metrics.distances import describe, pose_distance
from emotion_models.metrics.transitions import measure_transitions

RUNNING = [(0, 0), (1, 0), (3, 0), (6, 0)]
DETOUR = [(0, 0), (1, 0), (1, 1), (0, 1)]


def paths_of(*places, joints=17):
    """Interpolations in which all joints of a pose are at one place."""
    return np.repeat(np.array(places, float)[:, :, None], joints, axis=2)


def test_growing_steps():
    measured = measure_transitions(paths_of(RUNNING))
    report = measured.report()

    np.testing.assert_allclose(measured.changes, [[0.5, 1, 1.5]])
    np.testing.assert_allclose(measured.ratios, [3])
    assert report['anci'] == pytest.approx({'mean': 1, 'variance': 0.25, 'median': 1})
    assert report['intervals'] == 3


def test_legacy_divides_by_the_number_of_poses():
    measured = measure_transitions(paths_of(RUNNING), legacy_normalisation=True)

    np.testing.assert_allclose(measured.changes, [[0.666667, 1.333333, 2]], atol=1e-6)
    anci = measured.report()['anci']
    assert anci == pytest.approx({'mean': 4 / 3, 'variance': 4 / 9, 'median': 4 / 3})


def test_detour_and_both_pairs_together():
    alone = measure_transitions(paths_of(DETOUR))
    np.testing.assert_allclose(alone.changes, [[3, 3, 3]])
    np.testing.assert_allclose(alone.ratios, [1])
    assert alone.report()['anci']['mean'] == pytest.approx(3)

    both = measure_transitions(paths_of(RUNNING, DETOUR))
    np.testing.assert_allclose(both.curve, [1.75, 2, 2.25])
    assert both.report()['anci'] == pytest.approx({'mean': 2, 'variance': 0.0625, 'median': 2})
    assert both.report()['ratio'] == pytest.approx({'mean': 2, 'variance': 2, 'median': 2})


def test_corner():
    corner = measure_transitions(paths_of([(0, 0), (1, 0), (1, 1)]))
    np.testing.assert_allclose(corner.changes, [[2**0.5, 2**0.5]])


@pytest.mark.parametrize('distance', ['per_joint', 'flat'])
@pytest.mark.parametrize(('legacy', 'anci'), [(False, 1), (True, 100 / 99)])
def test_straight_line(distance, legacy, anci):
    ends = np.random.default_rng(0).normal(size=(2, 5, 1, 17, 3))
    share = np.linspace(0, 1, 100)[:, None, None]
    measured = measure_transitions((1 - share) * ends[0] + share * ends[1], distance, legacy)

    np.testing.assert_allclose(measured.changes, anci)
    np.testing.assert_allclose(measured.ratios, 1)
    assert measured.distance == distance


def test_arc_of_a_circle():
    angle = np.linspace(0, 2, 51)
    measured = measure_transitions(paths_of(np.stack([np.cos(angle), np.sin(angle)], 1)))
    expected = 50 * np.sin(0.02) / np.sin(1)  # chords of 0.04 rad over the chord of 2 rad
    np.testing.assert_allclose(measured.changes, expected)


def test_random_walk():
    """Steps of length 1 in random directions: the ends are √T apart, so ANCI² is about T."""
    steps = np.random.default_rng(0).normal(size=(400, 100, 1, 3))
    steps /= np.linalg.norm(steps, axis=-1, keepdims=True)
    measured = measure_transitions(np.pad(steps.cumsum(1), ((0, 0), (1, 0), (0, 0), (0, 0))))

    np.testing.assert_allclose(measured.ratios, 1)
    squares = 1 / (measured.changes[:, 0] / 100) ** 2  # squared distance of the ends
    assert squares.mean() == pytest.approx(100, rel=0.15)


@settings(max_examples=40, deadline=None)
@given(arrays(float, (3, 5, 2, 3), elements=st.floats(-1, 1)), st.floats(0.1, 100))
def test_measures_have_their_least_value_and_no_unit(paths, factor):
    measured, scaled = measure_transitions(paths), measure_transitions(factor * paths)
    if scaled.excluded or measured.excluded:
        return
    assert measured.curve.mean() >= 1 - 1e-9
    assert (measured.ratios >= 1).all()
    np.testing.assert_allclose(scaled.changes, measured.changes, rtol=1e-6, atol=1e-9)


def test_equal_ends_are_left_out_and_rests_counted():
    there_and_back, resting = [(0, 0), (1, 0), (0, 0)], [(0, 0), (0, 0), (1, 0)]
    report = measure_transitions(
        paths_of(there_and_back, resting, [(0, 0), (1, 0), (3, 0)])
    ).report()

    assert (report['pairs'], report['excluded'], report['infinite_ratios']) == (2, 1, 1)
    assert report['ratio']['mean'] == pytest.approx(2)
    assert np.isnan(report['ratio']['variance'])


def test_nothing_but_equal_ends_has_no_measure():
    report = measure_transitions(np.zeros((2, 4, 17, 3))).report()
    assert report['excluded'] == 2
    assert np.isnan(report['anci']['mean'])
    assert np.isnan(report['ratio']['mean'])


def test_distances_of_poses():
    still, moved = np.zeros((2, 17, 3)), np.zeros((2, 17, 3))
    moved[0, :, 0] = 1
    moved[1, 4, 0] = 17

    np.testing.assert_allclose(pose_distance(still, moved), [1, 1])
    np.testing.assert_allclose(pose_distance(still, moved, 'flat'), [17**0.5, 17])
    with pytest.raises(ValueError, match="per_joint or flat, got 'vertex'"):
        pose_distance(still, moved, 'vertex')


def test_median_of_an_even_count_is_between_the_two():
    assert describe([1, 2, 4, 5]) == pytest.approx({'mean': 3, 'variance': 10 / 3, 'median': 3})


@pytest.mark.parametrize('shape', [(3, 17, 3), (3, 1, 17, 3)])
def test_what_is_no_interpolation_is_refused(shape):
    with pytest.raises(ValueError, match='two or more poses'):
        measure_transitions(np.zeros(shape))
