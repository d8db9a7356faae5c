# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How the emotion engine's valence and arousal move, beside those of people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from emotion_agent.neuromodulation import EmotionConfig, EmotionEngine
from emotion_models.metrics.dynamics import (
    QUADRANTS,
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

RATE_HZ = 5.0
"""At which courses are compared."""
LAGS_S = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
CURVE_LAGS = np.arange(round(30.0 * RATE_HZ) + 1)
"""In samples."""
CURVE_S = CURVE_LAGS / RATE_HZ
PROMINENCE = 0.2
"""Of a peak, of a range of 2."""
REST_RADIUS = 0.15
AXES = ('valence', 'arousal')
INTENSITIES = (0.3, 1.0)
RESAMPLES = 200

Measures = dict[str, float]


@dataclass(frozen=True)
class CourseDynamics:
    """
    What the courses of one person, or of the engine in their place, add up to.

    Args:
        covariances: summed over the courses, at `CURVE_S`, for valence and arousal, (2, C).
        falls: from the peaks of valence and of arousal.
        places: samples in each of `QUADRANTS`, (5,).
        stays: in each of `QUADRANTS`.
        moves: from each quadrant (row) to each other, (5, 5).
        seconds: of all courses.
    """

    covariances: np.ndarray
    falls: tuple[Spans, Spans]
    places: np.ndarray
    stays: tuple[Spans, ...]
    moves: np.ndarray
    seconds: float

    @cached_property
    def autocorrelation(self) -> np.ndarray:
        """Of valence and arousal at `CURVE_S`, (2, C); nan where nothing moved."""
        with np.errstate(invalid='ignore'):
            return self.covariances / self.covariances[:, :1]

    def measures(self, moves_of_reference: np.ndarray) -> Measures:
        """The rows of the table, by name."""
        at = [round(lag * RATE_HZ) for lag in LAGS_S]
        curves = zip(AXES, self.autocorrelation, strict=True)
        values = {
            f'autocorrelation of {axis} at {lag:g} s': float(curve[index])
            for axis, curve in curves
            for lag, index in zip(LAGS_S, at, strict=True)
        }
        for axis, fell in zip(AXES, self.falls, strict=True):
            values[f'peaks of {axis} a minute'] = 60 * len(fell.seconds) / self.seconds
            values[f'time to half after a peak of {axis}, s'] = fell.median
        shares = self.places / self.places.sum()
        for name, share, stay in zip(QUADRANTS, shares, self.stays, strict=True):
            values[f'time {name}'] = float(share)
            values[f'stay {name}, s'] = stay.median
        values['transitions a minute'] = 60 * float(self.moves.sum()) / self.seconds
        values['distance of transitions'] = transition_distance(self.moves, moves_of_reference)
        return values


def dynamics_of(courses: Iterable[np.ndarray]) -> CourseDynamics:
    """
    Take measure of courses.

    Args:
        courses: valence and arousal relative to rest, `RATE_HZ` samples a second, each (L, 2).
    """
    parts = []
    for affect in courses:
        places = quadrants(affect, REST_RADIUS)
        fell = [falls(np.abs(axis), PROMINENCE, RATE_HZ) for axis in affect.T]
        parts.append(
            CourseDynamics(
                covariances=np.stack(
                    [autocovariance(axis, CURVE_LAGS.tolist()) for axis in affect.T]
                ),
                falls=(fell[0], fell[1]),
                places=np.bincount(places, minlength=len(QUADRANTS)),
                stays=tuple(dwells(places, RATE_HZ)),
                moves=transitions(places),
                seconds=len(affect) / RATE_HZ,
            )
        )
    return together(parts)


def together(parts: Sequence[CourseDynamics]) -> CourseDynamics:
    """Those of several persons as one."""
    return CourseDynamics(
        covariances=np.sum([part.covariances for part in parts], 0),
        falls=(
            joined([part.falls[0] for part in parts]),
            joined([part.falls[1] for part in parts]),
        ),
        places=np.sum([part.places for part in parts], 0),
        stays=tuple(map(joined, zip(*(part.stays for part in parts), strict=True))),
        moves=np.sum([part.moves for part in parts], 0),
        seconds=sum(part.seconds for part in parts),
    )


def intervals(
    persons: Sequence[CourseDynamics], reference: np.ndarray, seed: int
) -> dict[str, tuple[float, float, float]]:
    """
    Each measure with the 95 % interval of a bootstrap over persons.

    Args:
        persons: one each.
        reference: transitions to compare with, (5, 5).
        seed: of the resamples.

    Returns:
        name -> (value, low, high).
    """
    rng = np.random.default_rng(seed)
    drawn = rng.integers(len(persons), size=(RESAMPLES, len(persons)))
    resampled = [together([persons[index] for index in row]).measures(reference) for row in drawn]
    return {
        name: (value, *_interval([other[name] for other in resampled]))
        for name, value in together(persons).measures(reference).items()
    }


def _interval(values: list[float]) -> tuple[float, float]:
    known = [value for value in values if not np.isnan(value)]
    low, high = np.quantile(known or [np.nan], (0.025, 0.975), method='inverted_cdf')
    return float(low), float(high)


def stimuli_for(course: np.ndarray) -> int:
    """As many as a person's course (relative to rest, (L, 2)) has peaks, at least one."""
    return max(1, sum(len(peaks(np.abs(axis), PROMINENCE)) for axis in course.T))


def driven_course(
    config: EmotionConfig, samples: int, stimuli: int, rng: np.random.Generator
) -> np.ndarray:
    """
    What the engine feels, from rest, under random stimuli of its library at random times.

    Args:
        config: of the engine.
        samples: to read, `RATE_HZ` a second.
        stimuli: how many; their intensities are uniform within `INTENSITIES`.
        rng: draws them.

    Returns:
        Valence and arousal relative to rest, shape (samples, 2).
    """
    engine = EmotionEngine(config, now_s=0.0)
    at_rest = engine.read(0.0)
    names = sorted(config.stimuli)
    upcoming = np.sort(rng.uniform(0.0, samples / RATE_HZ, stimuli)).tolist()
    course = np.empty((samples, 2))
    for index in range(samples):
        now_s = index / RATE_HZ
        while upcoming and upcoming[0] <= now_s:
            engine.stimulate(
                names[rng.integers(len(names))],
                float(rng.uniform(*INTENSITIES)),
                now_s=upcoming.pop(0),
            )
        reading = engine.read(now_s)
        course[index] = reading.valence, reading.arousal
    return course - (at_rest.valence, at_rest.arousal)


def driven_persons(
    config: EmotionConfig, courses: Mapping[int, Sequence[np.ndarray]], seed: int
) -> list[CourseDynamics]:
    """
    The engine in the place of each person: as long, with as many stimuli as theirs have peaks.

    Args:
        config: of the engine.
        courses: of each person, each (L, 2).
        seed: of the stimuli.
    """
    return [
        dynamics_of(
            driven_course(
                config,
                len(course),
                stimuli_for(course),
                np.random.default_rng((seed, person, number)),
            )
            for number, course in enumerate(of_person)
        )
        for person, of_person in courses.items()
    ]


def draw_autocorrelation(curves: Mapping[str, np.ndarray], picture: Path) -> None:
    """
    Draw the memory of valence and arousal over time.

    Args:
        curves: name -> (2, C) at `CURVE_S`; the first is drawn thick, in ink.
        picture: to write; the ending chooses the format.
    """
    import matplotlib
    from matplotlib.figure import Figure

    from emotion_agent.reporting.plots import INK, STYLE
    from emotion_models.figures.plots import save_figure

    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(10, 3.6), layout='constrained')
        for index, (axes, axis) in enumerate(
            zip(figure.subplots(1, 2, sharey=True), AXES, strict=True)
        ):
            for number, (name, curve) in enumerate(curves.items()):
                is_first = number == 0
                axes.plot(
                    CURVE_S,
                    curve[index],
                    color=INK if is_first else None,
                    linewidth=2.5 if is_first else 1.2,
                    label=name,
                )
            axes.axhline(0.0, color='#dddddd', linewidth=0.8, zorder=0)
            axes.set(title=f'autocorrelation of {axis}', xlabel='lag, s', xlim=(0, 30))
        axes.legend(frameon=False)
        save_figure(picture, figure)
