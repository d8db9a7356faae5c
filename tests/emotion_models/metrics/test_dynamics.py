# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Measures of courses, on courses whose measures are known."""

import numpy as np
import pytest

from emotion_models.metrics.dynamics import (
    Spans,
    autocovariance,
    dwells,
    falls,
    joined,
    peaks,
    quadrants,
    transition_distance,
    transitions,
)


def test_autocorrelation_of_a_first_order_process_is_its_coefficient_to_the_lag():
    rng = np.random.default_rng(3)
    course = np.zeros(40_000)
    for index, noise in enumerate(rng.normal(size=len(course) - 1), 1):
        course[index] = 0.9 * course[index - 1] + noise
    covariances = autocovariance(course, (0, 1, 10))
    assert covariances / covariances[0] == pytest.approx([1.0, 0.9, 0.9**10], abs=0.03)


def test_lags_beyond_the_course_give_nothing():
    assert autocovariance(np.array([0.0, 1.0, 2.0]), (3, 50)).tolist() == [0.0, 0.0]


@pytest.mark.parametrize('half_life_s', [2.0, 5.0])
def test_time_to_half_of_an_exponential_is_its_half_life(half_life_s):
    times = np.arange(0.0, 40.0, 0.1)
    deviation = np.concatenate([[0.0], 0.8 * 2.0 ** (-times / half_life_s)])
    fell = falls(deviation, 0.2, 10.0)
    assert fell.median == pytest.approx(half_life_s, abs=0.1)
    assert not fell.is_cut.any()


def test_a_peak_that_a_higher_one_follows_or_that_outlasts_the_course_is_cut():
    deviation = np.array([0.0, 0.5, 0.3, 0.9, 0.8, 0.7])
    fell = falls(deviation, 0.2, 1.0)
    assert fell.seconds.tolist() == [2.0, 2.0]
    assert fell.is_cut.tolist() == [True, True]


def test_a_plateau_is_one_peak_and_begins_where_it_begins():
    deviation = np.array([0.0, 0.6, 0.6, 0.6, 0.0, 0.05, 0.0])
    assert peaks(deviation, 0.2).tolist() == [1]
    assert falls(deviation, 0.2, 1.0).seconds.tolist() == [3.0]


def test_median_counts_what_was_cut_as_lasting_longer():
    whole = Spans(np.array([1.0, 2.0, 3.0]), np.zeros(3, bool))
    assert whole.median == 2.0
    cut = Spans(np.array([2.5, 2.5]), np.ones(2, bool))
    assert joined([whole, cut]).median == 3.0
    assert cut.median == np.inf
    assert np.isnan(joined([]).median)


def test_quadrants_are_the_signs_outside_the_middle():
    affect = np.array([[0.1, 0.1], [0.5, 0.5], [-0.5, 0.5], [-0.5, -0.5], [0.5, -0.5]])
    assert quadrants(affect, 0.15).tolist() == [0, 1, 2, 3, 4]


def test_stays_and_moves_of_a_walk():
    places = np.array([0, 0, 1, 1, 1, 1, 0, 2])
    stays = dwells(places, 2.0)
    assert stays[0].seconds.tolist() == [1.0, 0.5]
    assert stays[0].is_cut.tolist() == [True, False]
    assert stays[1].seconds.tolist() == [2.0]
    assert stays[2].is_cut.tolist() == [True]
    moves = transitions(places)
    assert (moves[0, 1], moves[1, 0], moves[0, 2], moves.sum()) == (1, 1, 1, 3)


def test_distance_of_transitions_is_0_for_the_same_and_1_for_others():
    first = np.zeros((5, 5), int)
    first[0, 1] = 4
    other = np.zeros((5, 5), int)
    other[0, 2] = 9
    assert transition_distance(first, 3 * first) == 0.0
    assert transition_distance(first, other) == 1.0
    assert np.isnan(transition_distance(first, np.zeros((5, 5), int)))
