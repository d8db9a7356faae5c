# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What causal estimates make of a real smile, alone and again and again; nobody has rated it."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from emotion_models.data.clips import FeatureList
from emotion_models.data.own_neutral import base_of, from_own_neutral
from emotion_models.data.smile_clips import (
    NEUTRAL,
    SMILE,
    Phase,
    compose_smiles,
    read_phases,
)
from emotion_models.data.tables import read_table
from emotion_models.data.video_courses import extract
from emotion_models.data.video_features import make_features
from emotion_models.data.videos import Frame, read_frames
from emotion_models.reading import FileError
from emotion_models.runtime.estimator import AffectEstimator
from emotion_models.runtime.own_rate import steps_over

RATES_HZ = (10.0, 15.0, 30.0)
PHASES = 'phases.csv'
ZERO = 0.25
"""What differs from 0 by no more counts as zero."""
FEATURES = ('embedding', 'expression', 'va')

Estimate = Callable[['Scene'], np.ndarray]
"""What is said at each frame of a scene, valence and arousal, (L, 2)."""


class Scene(NamedTuple):
    """
    A smile as it is seen.

    Args:
        name: what is shown, and how often.
        stamps_s: of the frames, float64 (L,).
        rows: what the affect network reads, float32 (L, D).
        features: that stand in the rows.
        phases: in order.
    """

    name: str
    stamps_s: np.ndarray
    rows: np.ndarray
    features: FeatureList
    phases: tuple[Phase, ...]

    def of(self, names: Sequence[str]) -> np.ndarray:
        """The columns of some features, in this order, also of those from the own neutral."""
        return np.concatenate([self._of(name) for name in names], 1)

    def _of(self, name: str) -> np.ndarray:
        rows = self.rows[:, self.features.columns[base_of(name)]]
        if name == base_of(name):
            return rows
        return from_own_neutral(rows, self.stamps_s, np.zeros(len(rows), bool))


class Behaviour(NamedTuple):
    """
    How an estimate follows a scene, for valence and arousal, (2,) each but for the last two.

    Args:
        as_expected: phases whose sign or direction is the one that people expect.
        phases: of how many.
        change: from frame to frame within a neutral phase or a smile, the mean of the phase in
            which it is greatest.
        smiles_above: smiles with a higher valence than the neutral phases beside them.
        reactions_ms: of valence, from the beginning of each change to half of it; nan where half
            is never reached.
    """

    as_expected: np.ndarray
    phases: np.ndarray
    change: np.ndarray
    smiles_above: tuple[int, int]
    reactions_ms: np.ndarray


def read_scenes(
    folder: str | Path,
    model: str = 'affect',
    rates_hz: Sequence[float] = RATES_HZ,
    smiles: int = 5,
) -> list[Scene]:
    """
    The clips of a folder that show a smile, and each composed into repeated ones.

    Args:
        folder: with the clips and `phases.csv`.
        model: the affect network.
        rates_hz: of the compositions.
        smiles: in each of them.

    Raises:
        OSError, ValueError: if there is no such clip, or no table.
    """
    folder = Path(folder)
    table = folder / PHASES
    names = dict.fromkeys(row.get('clip', '') for row in read_table(table, PHASES).rows)
    estimator = AffectEstimator(model, make_stage=None)
    scenes = []
    for name in names:
        phases = read_phases(table, name)
        if {NEUTRAL, SMILE} <= {_first_word(phase) for phase in phases}:
            frames = list(read_frames(folder / name))
            scenes.append(_see(Path(name).stem, frames, phases, estimator))
            for rate_hz in rates_hz:
                composed = compose_smiles(frames, phases, rate_hz, smiles)
                title = f'repeated at {rate_hz:g} Hz'
                scenes.append(_see(title, composed.frames, composed.phases, estimator))
    if not scenes:
        raise FileError(f'{table} names no clip with a phase {NEUTRAL} and a phase {SMILE}')
    return scenes


def _see(
    name: str, frames: Sequence[Frame], phases: Sequence[Phase], estimator: AffectEstimator
) -> Scene:
    features = make_features(list(FEATURES), estimator.model, name)
    (course,) = extract(name, frames, estimator, features)
    widths = FeatureList({feature.name: feature.size for feature in features})
    return Scene(name, course.stamps_s, course.rows, widths, tuple(phases))


def at_rate(
    scene: Scene, rate_hz: float, names: Sequence[str], predict: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """
    What a model says that wants frames at its own rate, as in the robot.

    Args:
        scene: with frames at any times.
        rate_hz: of the model.
        names: of the features that it reads.
        predict: from their rows (T, D) to valence and arousal (T, 2).

    Returns:
        The newest answer at each frame, (L, 2).
    """
    steps = steps_over(scene.stamps_s, rate_hz)
    return predict(scene.of(names)[steps.seen])[steps.newest]


def behaviour(scene: Scene, said: np.ndarray) -> Behaviour:
    """How what is said at each frame, (L, 2), follows the phases of a scene."""
    expected, of, change = np.zeros(2, int), np.zeros(2, int), np.zeros(2)
    for phase in scene.phases:
        part = said[phase.first : phase.last + 1]
        for axis, words in enumerate((phase.valence, phase.arousal)):
            if words:
                of[axis] += 1
                expected[axis] += _is_as(words, part[:, axis])
        if _first_word(phase) in (NEUTRAL, SMILE) and len(part) > 1:
            change = np.maximum(change, np.abs(np.diff(part, axis=0)).mean(0))
    changes = list(_changes(scene))
    reactions = [_reaction_ms(scene, said[:, 0], *pair) for pair in changes]
    return Behaviour(expected, of, change, _smiles_above(changes, said), np.array(reactions))


def _first_word(phase: Phase) -> str:
    return phase.name.split()[0]


def _changes(scene: Scene) -> Iterator[tuple[Phase, Phase]]:
    """Neutral phases and smiles that follow each other, whatever lies between them."""
    held = [phase for phase in scene.phases if _first_word(phase) in (NEUTRAL, SMILE)]
    yield from pairwise(held)


def _smiles_above(changes: Sequence[tuple[Phase, Phase]], said: np.ndarray) -> tuple[int, int]:
    right = 0
    for phases in changes:
        levels = {_first_word(phase): _level(phase, said[:, 0]) for phase in phases}
        right += levels[SMILE] > levels[NEUTRAL]
    return right, len(changes)


def _level(phase: Phase, said: np.ndarray) -> float:
    """The mean of the later half of a phase, when filters have settled."""
    return float(said[(phase.first + phase.last + 1) // 2 : phase.last + 1].mean())


def _reaction_ms(scene: Scene, said: np.ndarray, before: Phase, after: Phase) -> float:
    start, end = _level(before, said), _level(after, said)
    part = slice(before.last, after.last + 1)
    share = (said[part] - start) / (end - start) if end != start else np.zeros(1)
    reached = np.flatnonzero(share >= 0.5)
    if not len(reached):
        return np.nan
    place = int(reached[0])
    times_s = scene.stamps_s[part] - scene.stamps_s[before.last]
    if place == 0:
        return 0.0
    return 1e3 * float(
        np.interp(0.5, share[place - 1 : place + 1], times_s[place - 1 : place + 1])
    )


def _is_as(words: str, part: np.ndarray) -> bool:
    """Whether what is said in a phase is one of `zero`, `positive`, … that are expected."""
    mean, rise = float(part.mean()), float(part[-1] - part[0])
    holds = {
        'zero': abs(mean) <= ZERO,
        'positive': mean > 0,
        'negative': mean < 0,
        'rising': rise > 0,
        'falling': rise < 0,
    }
    return any(holds.get(word, False) for word in words.split('_or_'))
