# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How well sequence models, and what they are compared with, agree with held-out clips."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from emotion_models.data.clips import TARGETS, Clip
from emotion_models.temporal.baselines import averaged, one_euro
from emotion_models.temporal.commands import WINDOWS
from emotion_models.temporal.delays import EVERY, by_windows, later
from emotion_models.temporal.measures import set_scores
from emotion_models.temporal.prediction import clip_to_range
from emotion_models.temporal.runs import Run, Runs, Said
from emotion_models.training.run_table import Summary, summarise

SIDES = (WINDOWS['valence'], WINDOWS['arousal'])
"""Frames on each side that are averaged."""
HEAD = 'frame_head'
READ = ('va', 'expression')
"""What the affect network says of a frame, if a model reads all of it."""
SHARE = 10
"""Every so manyth clip serves for delays, for which segments are computed again and again."""
DELAYS_S = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0)
WHOLE = np.inf
"""The delay with which all of a segment, or of a window, is known."""

Scores = tuple[Summary, Summary]
"""Concordance of valence and of arousal over all frames, mean and spread of the seeds."""
Curve = dict[float, Scores]
"""By the delay in seconds."""


class Method(NamedTuple):
    """
    One way to say valence and arousal.

    Args:
        name: of what says it.
        smoothing: of what it said; empty = none.
        said: for each seed, of all clips.
    """

    name: str
    smoothing: str
    said: Sequence[Said]


def methods(runs: Runs) -> list[Method]:
    """The affect network as far as the models read it, the models, and their ensembles."""
    found = []
    clips = runs.widest.clips
    by_network = runs.at_once()
    if set(READ) <= set(runs.features):
        read = {clip.name: _read(runs.widest, clip, 'va') for clip in clips}
        filtered = _filtered(runs.widest, read)
        found += [Method('affect network', '', [read]), Method('', 'one-euro', [filtered])]
    for network, of_network in by_network.items():
        found.append(Method(network, '', [run.said for run in of_network]))
        if network == HEAD and set(READ) <= set(runs.features):
            filtered_heads = [_filtered(run, run.said) for run in of_network]
            found.append(Method('', 'one-euro', filtered_heads))
        found.append(Method('', 'centred mean', [_averaged(run.said) for run in of_network]))
    learned = [of_network for network, of_network in by_network.items() if network != HEAD]
    if len(learned) > 1:
        means = [_mean([run.said for run in seeds]) for seeds in zip(*learned, strict=False)]
        found.append(Method(f'mean of the {len(learned)} sequence models', '', means))
        found.append(Method('', 'centred mean', [_averaged(mean) for mean in means]))
    return found


def labels_of(clips: Iterable[Clip], corpus: str = '') -> Said:
    """Annotated valence and arousal of the clips whose names begin so."""
    return {
        clip.name: clip.affect
        for clip in clips
        if clip.name.startswith(corpus) and clip.affect is not None
    }


def agreement(said: Sequence[Said], labels: Said) -> Scores:
    """Of what was said by each seed, bounded, with all labelled frames."""
    seeds = [concordances(one, labels) for one in said]
    valence, arousal = zip(*seeds, strict=True)
    return summarise(valence), summarise(arousal)


def concordances(said: Said, labels: Said) -> tuple[float, float]:
    """CCC of valence and of arousal over all labelled frames together."""
    found = [
        set_scores(
            [clip_to_range(said[name][:, axis]) for name in labels],
            [label[:, axis] for label in labels.values()],
        )['ccc']
        for axis in range(len(TARGETS))
    ]
    return found[0], found[1]


def gains(runs: Runs) -> dict[str, Scores]:
    """By how much causal models agree better than the filtered frame head of the same seed."""
    by_network = runs.at_once()
    labels = labels_of(runs.widest.clips)
    filtered = [concordances(_filtered(run, run.said), labels) for run in by_network.get(HEAD, [])]
    found = {}
    for network, of_network in by_network.items():
        if network == HEAD or not of_network[0].module.network.is_causal:
            continue
        reached = [concordances(run.said, labels) for run in of_network]
        pairs = list(zip(reached, filtered, strict=False))
        if pairs:
            valence, arousal = (
                summarise([one[axis] - other[axis] for one, other in pairs]) for axis in (0, 1)
            )
            found[network] = valence, arousal
    return found


def worth_of_features(runs: Runs) -> dict[tuple[str, tuple[str, ...]], Scores]:
    """Agreement of networks by what they read, of those that were trained on several lists."""
    kinds = [kind for kind in runs.kinds if not kind.delay_frames]
    lists = {name: [k for k in kinds if k.network == name] for name, *_ in kinds}
    labels = labels_of(runs.widest.clips)
    return {
        (kind.network, kind.features): agreement([run.said for run in runs.kinds[kind]], labels)
        for of_network in lists.values()
        if len(of_network) > 1
        for kind in sorted(of_network, key=lambda kind: len(kind.features))
    }


def over_delay(runs: Runs) -> dict[str, Curve]:
    """
    How well valence and arousal of a frame are known after a delay.

    Of every tenth clip every fifth frame. Delays are rounded down to frames.
    """
    rate_hz = float(runs.widest.module.rate_hz)
    frames = {delay_s: int(delay_s * rate_hz + 1e-6) for delay_s in DELAYS_S}
    clips = runs.widest.clips[::SHARE]
    labels = {name: label[::EVERY] for name, label in labels_of(clips).items()}

    found: dict[str, Curve] = {}
    for network, of_network in runs.at_once().items():
        if network == HEAD:
            known = _delayed_heads(of_network, frames)
        elif of_network[0].module.network.is_causal:
            trained = _trained_with_delay(runs, network)
            in_s = {delay_s: trained.get(count, []) for delay_s, count in frames.items()}
            known = {network: {delay_s: said for delay_s, said in in_s.items() if said}}
        else:
            known = {network: _by_windows(of_network, frames)}
        for name, said in known.items():
            found[name] = {delay_s: agreement(seeds, labels) for delay_s, seeds in said.items()}
    return found


Later = dict[float, list[Said]]
"""Every fifth frame as said by each seed, by the delay in seconds."""


def _by_windows(of_network: Sequence[Run], frames: Mapping[float, int]) -> Later:
    """Of a model of segments: what ends with the delay, and fixed segments."""
    delays = list(frames.values())
    by_seed = [by_windows(run.module, run.clips[::SHARE], delays) for run in of_network]
    found: Later = {d: [said[count] for said in by_seed] for d, count in frames.items()}
    return found | {WHOLE: [_every(run.said) for run in of_network]}


def _delayed_heads(heads: Sequence[Run], frames: Mapping[float, int]) -> dict[str, Later]:
    """The frame head with the filter, and with means over what is known by then."""
    filtered = [_filtered(run, run.said) for run in heads]

    def of_filter(delay: int) -> list[Said]:
        return [_every(_changed(said, lambda values: later(values, delay))) for said in filtered]

    def of_means(ahead: int | None) -> list[Said]:
        means = [_changed(h.said, lambda values: averaged(values, SIDES, ahead)) for h in heads]
        return [_every(said) for said in means]

    return {
        f'{HEAD}, one-euro': {d: of_filter(count) for d, count in frames.items()},
        f'{HEAD}, mean of what is known': {
            **{d: of_means(count) for d, count in frames.items()},
            WHOLE: of_means(None),
        },
    }


def _trained_with_delay(runs: Runs, network: str) -> dict[int, list[Said]]:
    """Every fifth frame as said by each seed of a causal network, by the delay in frames."""
    return {
        kind.delay_frames: [_every(run.said) for run in seeds]
        for kind, seeds in runs.kinds.items()
        if kind.network == network and kind.features == runs.features
    }


def _every(said: Said) -> Said:
    return _changed(said, lambda values: values[::EVERY])


def _averaged(said: Said) -> Said:
    return _changed(said, lambda values: averaged(values, SIDES))


def _changed(said: Said, change: Callable[[np.ndarray], np.ndarray]) -> Said:
    return {name: change(values) for name, values in said.items()}


def _mean(of: Sequence[Said]) -> Said:
    return {name: np.mean([said[name] for said in of], 0) for name in of[0]}


def _read(run: Run, clip: Clip, feature: str) -> np.ndarray:
    return clip.features[:, run.module.features.columns[feature]]


def _filtered(run: Run, said: Said) -> Said:
    """Through the filter of the robot, beside the expression that the affect network read."""
    return {
        clip.name: one_euro(said[clip.name], _read(run, clip, 'expression'), clip.stamps_s)
        for clip in run.clips
    }
