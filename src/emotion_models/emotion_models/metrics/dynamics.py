# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
How courses of valence and arousal move: memory over time, time to half after a peak, dwell times
and transitions between the quadrants of the circumplex. Courses are arrays in [-1, 1].
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

QUADRANTS = ('at rest', 'excited', 'distressed', 'gloomy', 'content')
"""Names of the indices of `quadrants`; after the first, valence and arousal are ++, -+, --, +-."""


class Spans(NamedTuple):
    """
    Lengths of time of which some were not seen to their end.

    Args:
        seconds: as long as they were seen, shape (N,).
        is_cut: whether they went on unseen, bool (N,).
    """

    seconds: np.ndarray
    is_cut: np.ndarray

    @property
    def median(self) -> float:
        """Median by Kaplan and Meier (1958), s; inf where more than half went on unseen."""
        if not len(self.seconds):
            return np.nan
        from scipy import stats

        data = stats.CensoredData(self.seconds[~self.is_cut], right=self.seconds[self.is_cut])
        survival = stats.ecdf(data).sf
        is_past = survival.probabilities <= 0.5
        return float(survival.quantiles[is_past.argmax()]) if is_past.any() else np.inf


def joined(parts: Sequence[Spans]) -> Spans:
    """All of them as one."""
    return Spans(
        np.concatenate([np.zeros(0), *(part.seconds for part in parts)]),
        np.concatenate([np.zeros(0, bool), *(part.is_cut for part in parts)]),
    )


def autocovariance(course: np.ndarray, lags: Sequence[int]) -> np.ndarray:
    """
    The usual (biased) estimate at several lags, the course's own mean taken off.

    Args:
        course: shape (L,).
        lags: in samples, >= 0; those of L and more give 0.

    Returns:
        Shape (len(lags),). Sums over courses, divided by that of lag 0, are the autocorrelation.
    """
    around = course - course.mean()
    return np.array([around[lag:] @ around[: max(len(around) - lag, 0)] for lag in lags])


def peaks(deviation: np.ndarray, prominence: float) -> np.ndarray:
    """
    Samples at which a deviation from rest has come to a peak: the first of a plateau.

    Args:
        deviation: distance from rest, shape (L,), >= 0.
        prominence: that a peak has at least.
    """
    from scipy import signal

    _, found = signal.find_peaks(deviation, prominence=prominence, plateau_size=1)
    return found['left_edges']


def falls(deviation: np.ndarray, prominence: float, rate_hz: float) -> Spans:
    """
    The time from each peak to half of it; cut where the course ends, or exceeds the peak, before.

    Args:
        deviation: distance from rest, shape (L,), >= 0.
        prominence: that a peak has at least.
        rate_hz: samples a second.
    """
    seconds, is_cut = [], []
    for peak in peaks(deviation, prominence):
        rest = deviation[peak:]
        ends = np.flatnonzero((rest <= deviation[peak] / 2) | (rest > deviation[peak]))
        end = ends[0] if len(ends) else len(rest) - 1
        seconds.append(end / rate_hz)
        is_cut.append(rest[end] > deviation[peak] / 2)
    return Spans(np.array(seconds), np.array(is_cut, bool))


def quadrants(affect: np.ndarray, radius: float) -> np.ndarray:
    """
    Where in the plane each sample lies.

    Args:
        affect: valence and arousal relative to rest, shape (L, 2).
        radius: within which it is at rest.

    Returns:
        Indices of `QUADRANTS`, int (L,).
    """
    valence, arousal = affect.T
    outside = np.where(arousal >= 0, np.where(valence >= 0, 1, 2), np.where(valence >= 0, 4, 3))
    return np.where(np.hypot(valence, arousal) <= radius, 0, outside)


def dwells(places: np.ndarray, rate_hz: float) -> list[Spans]:
    """
    How long a course stays in each quadrant at a time; the first and the last stay are cut.

    Args:
        places: from `quadrants`, shape (L,).
        rate_hz: samples a second.

    Returns:
        One for each of `QUADRANTS`.
    """
    begins = np.flatnonzero(np.diff(places, prepend=-1))
    seconds = np.diff(begins, append=len(places)) / rate_hz
    is_cut = np.zeros(len(begins), bool)
    is_cut[[0, -1]] = True
    where = places[begins]
    return [
        Spans(seconds[where == place], is_cut[where == place]) for place in range(len(QUADRANTS))
    ]


def transitions(places: np.ndarray) -> np.ndarray:
    """How often a course went from each quadrant (row) to each other one: int (5, 5)."""
    visited = places[np.flatnonzero(np.diff(places, prepend=-1))]
    counts = np.zeros((len(QUADRANTS),) * 2, int)
    np.add.at(counts, (visited[:-1], visited[1:]), 1)
    return counts


def transition_distance(counts: np.ndarray, reference: np.ndarray) -> float:
    """
    The total variation distance of where courses go next, in [0, 1]: that of each row, weighted
    by how often the reference leaves that quadrant. Rows of which either has none are left out.
    """
    leaves, weights = counts.sum(1), reference.sum(1)
    both = (leaves > 0) & (weights > 0)
    if not both.any():
        return np.nan
    rows = counts[both] / leaves[both, None] - reference[both] / weights[both, None]
    return float(np.average(np.abs(rows).sum(1) / 2, weights=weights[both]))
