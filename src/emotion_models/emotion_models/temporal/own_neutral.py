# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What models gain that read features from a person's own neutral, and what they lose."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from emotion_models.data.clips import TARGETS
from emotion_models.data.own_neutral import FADE_S, base_of
from emotion_models.data.smile_clips import NEUTRAL, SMILE
from emotion_models.temporal.evaluation import Scores, concordances, labels_of
from emotion_models.temporal.runs import Kind, Run, Runs, Said
from emotion_models.temporal.smiles import Scene, at_rate
from emotion_models.training.run_table import Summary, summarise

LONG_S = FADE_S[1]
"""Clips that are longer tell persons apart."""
SMILE_S = 60.0
RESTS_S = (10.0, 30.0, 60.0, 120.0)
"""How long somebody is neutral before a smile."""
LOOK_S = 5.0
"""How much of the end of a rest and of the beginning and end of a smile is looked at."""


class Gain(NamedTuple):
    """
    By how much it is better to read features from the own neutral, with the same seed.

    Args:
        scores: concordance over all frames together.
        later: the same over the frames for which all of the neutral is subtracted.
        persons: long clips whose mean squared error of valence, and of arousal, is smaller, the
            mean of the seeds, (2,).
        of: how many long clips there are.
    """

    scores: Scores
    later: Scores
    persons: np.ndarray
    of: int


def pairs_of(runs: Runs) -> dict[Kind, list[tuple[Run, Run]]]:
    """By those that read from the own neutral: each run, and that of the features themselves."""
    found = {}
    for kind, of_kind in runs.kinds.items():
        plain = kind._replace(features=tuple(base_of(name) for name in kind.features))
        if plain != kind and plain in runs.kinds:
            found[kind] = list(zip(of_kind, runs.kinds[plain], strict=False))
    return found


def neutral_gains(runs: Runs) -> dict[Kind, Gain]:
    """What each kind of model that reads from the own neutral gains by it."""
    return {kind: _gain(runs, pairs) for kind, pairs in pairs_of(runs).items()}


def _gain(runs: Runs, pairs: Sequence[tuple[Run, Run]]) -> Gain:
    labels = labels_of(runs.widest.clips)
    later = {
        clip.name: clip.stamps_s - clip.stamps_s[0] >= LONG_S
        for clip in runs.widest.clips
        if clip.stamps_s[-1] - clip.stamps_s[0] > LONG_S
    }
    late = {name: labels[name][rows] for name, rows in later.items() if name in labels}
    scores, late_scores, persons = [], [], []
    for pair in pairs:
        own, plain = (run.said for run in pair)
        scores.append(_difference(own, plain, labels))
        own, plain = ({name: said[name][later[name]] for name in late} for said in (own, plain))
        late_scores.append(_difference(own, plain, late))
        nearer = [_nearer(own[name], plain[name], label) for name, label in late.items()]
        persons.append(np.sum(nearer, 0))
    return Gain(_summaries(scores), _summaries(late_scores), np.mean(persons, 0), len(late))


def _difference(said: Said, other: Said, labels: Said) -> np.ndarray:
    return np.subtract(concordances(said, labels), concordances(other, labels))


def _nearer(said: np.ndarray, other: np.ndarray, label: np.ndarray) -> np.ndarray:
    errors = [np.nanmean((values.clip(-1, 1) - label) ** 2, 0) for values in (said, other)]
    return errors[0] < errors[1]


def _summaries(of_seeds: Sequence[np.ndarray]) -> Scores:
    valence, arousal = (summarise(column) for column in np.transpose(of_seeds))
    return valence, arousal


class LongSmile(NamedTuple):
    """
    What is said of the valence of somebody who smiles for a minute after a rest.

    Args:
        rest: at the end of the rest.
        begins: in the smile, soon after it began.
        ends: at its end.
    """

    rest: Summary
    begins: Summary
    ends: Summary


def long_smiles(runs: Runs, scene: Scene) -> Iterator[tuple[Kind, float, LongSmile]]:
    """
    Of models that read from the own neutral and those they are compared with, by rest in seconds.

    Args:
        runs: all of them.
        scene: with a neutral phase and a smile, whose frames are shown again and again.
    """
    pairs = pairs_of(runs)
    kinds = [kind for own, of in pairs.items() for kind in (of[0][1].kind, own)]
    for kind in dict.fromkeys(kinds):
        for rest_s in RESTS_S:
            long = hold(scene, rest_s, SMILE_S)
            yield kind, rest_s, _ask(runs.kinds[kind], long, rest_s)


def hold(scene: Scene, rest_s: float, smile_s: float) -> Scene:
    """The frames of the neutral phase forth and back for so long, then those of the smile."""
    step_s = float(np.median(np.diff(scene.stamps_s)))
    rows = []
    for name, for_s in ((NEUTRAL, rest_s), (SMILE, smile_s)):
        phase = next(phase for phase in scene.phases if phase.name.startswith(name))
        forth = np.arange(phase.first, phase.last + 1)
        rows.append(np.resize(np.concatenate((forth, forth[-2:0:-1])), round(for_s / step_s)))
    shown = scene.rows[np.concatenate(rows)]
    return scene._replace(stamps_s=np.arange(len(shown)) * step_s, rows=shown, phases=())


def _ask(seeds: Sequence[Run], scene: Scene, rest_s: float) -> LongSmile:
    valence = TARGETS.index('valence')
    spans_s = [(rest_s - LOOK_S, rest_s), (rest_s + 1, rest_s + 1 + LOOK_S)]
    spans_s.append((rest_s + SMILE_S - LOOK_S, rest_s + SMILE_S))
    means = []
    for run in seeds:
        rate_hz = float(run.module.rate_hz)
        said = at_rate(scene, rate_hz, run.kind.features, run.predict)[:, valence].clip(-1, 1)
        at_s = scene.stamps_s + 1e-6
        inside = [(at_s >= first) & (at_s < end) for first, end in spans_s]
        means.append([said[part].mean() for part in inside])
    return LongSmile(*(summarise(column) for column in np.transpose(means)))
