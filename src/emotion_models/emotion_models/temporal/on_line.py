# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a robot would say of a scene, frame by frame, by all models that can be used on-line."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch

from emotion_models.temporal.baselines import one_euro
from emotion_models.temporal.evaluation import HEAD
from emotion_models.temporal.prediction import clip_to_range
from emotion_models.temporal.runs import Run, Runs
from emotion_models.temporal.smiles import Behaviour, Scene, at_rate, behaviour
from emotion_models.temporal.walk import predict

NETWORK, FILTERED = 'affect network', 'affect network, one-euro'


def estimates(runs: Runs, scene: Scene) -> Iterator[tuple[str, list[np.ndarray]]]:
    """By name, what is said at each frame by each seed, (L, 2)."""
    affect, expression = scene.of(['va']), scene.of(['expression'])
    yield NETWORK, [affect]
    yield FILTERED, [one_euro(affect, expression, scene.stamps_s)]
    for kind, seeds in runs.kinds.items():
        if kind.features != runs.features or not seeds[0].module.network.is_causal:
            continue
        if kind.network == HEAD:
            read = [_say(run, scene.of(kind.features)) for run in seeds]
            filtered = [one_euro(values, expression, scene.stamps_s) for values in read]
            yield f'{HEAD}, one-euro', [clip_to_range(values) for values in filtered]
        else:
            delay_s = kind.delay_frames / float(seeds[0].module.rate_hz)
            name = f'{kind.network}, {delay_s:g} s later' if delay_s else kind.network
            yield name, [clip_to_range(_in_turn(run, scene)) for run in seeds]


def follow_smiles(runs: Runs, scenes: Sequence[Scene]) -> dict[tuple[str, str], list[Behaviour]]:
    """By scene and estimate, how each seed follows it."""
    return {
        (scene.name, name): [behaviour(scene, said) for said in seeds]
        for scene in scenes
        for name, seeds in estimates(runs, scene)
    }


def shown_estimates(runs: Runs, scenes: Sequence[Scene]) -> dict[str, list[np.ndarray]]:
    """For each scene what the affect network says, its filter, and the first causal model."""
    found: dict[str, list[np.ndarray]] = {}
    for scene in scenes:
        of_scene = dict(estimates(runs, scene))
        model = next((name for name in of_scene if name in runs.at_once()), None)
        for name in (NETWORK, FILTERED, *([model] if model else [])):
            found.setdefault(name, []).append(of_scene[name][0])
    return found


def _in_turn(run: Run, scene: Scene) -> np.ndarray:
    rate_hz = float(run.module.rate_hz)
    return at_rate(scene, rate_hz, run.kind.features, lambda rows: _say(run, rows))


@torch.no_grad()
def _say(run: Run, rows: np.ndarray) -> np.ndarray:
    """What is said at each frame, of whichever frame it is."""
    features, length = torch.from_numpy(rows)[None], torch.tensor([len(rows)])
    scaled = run.module.normalisation(features, length)
    return predict(run.module.network, scaled, length)[0].numpy()
