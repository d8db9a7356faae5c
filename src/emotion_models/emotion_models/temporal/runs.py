# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Trained sequence models side by side, and what they say of clips that were held out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from emotion_models.data.clips import TARGETS, Clip, ClipPart
from emotion_models.data.own_neutral import base_of
from emotion_models.temporal.module import TemporalModule
from emotion_models.temporal.networks import NETWORKS
from emotion_models.training.loading import load_data, load_module

Said = Mapping[str, np.ndarray]
"""Valence and arousal of each frame, float (L, 2), by the names of the clips."""


class Kind(NamedTuple):
    """
    What the seeds of a model have in common.

    Args:
        network: its name.
        features: names of those that it reads, in order.
        delay_frames: how much later than a frame it speaks of it.
    """

    network: str
    features: tuple[str, ...]
    delay_frames: int


@dataclass(frozen=True, eq=False)
class Run:
    """
    A trained model, and the clips of the test part of its data.

    Args:
        checkpoint: the file.
        module: what is in it.
        clips: with the features that it reads.
    """

    checkpoint: Path
    module: TemporalModule
    clips: Sequence[Clip]

    @property
    def kind(self) -> Kind:
        """What it has in common with other seeds."""
        settings = self.module.hparams
        names = tuple(self.module.features.widths)
        return Kind(settings['network'], names, settings['delay_frames'])

    @cached_property
    def said(self) -> Said:
        """What it says of each clip, not bounded."""
        return {clip.name: self.predict(clip.features) for clip in self.clips}

    @torch.no_grad()
    def predict(self, rows: np.ndarray) -> np.ndarray:
        """Valence and arousal, float32 (L, 2), of the features of a clip."""
        features = torch.from_numpy(np.ascontiguousarray(rows, np.float32))[None]
        return self.module(features, torch.tensor([len(rows)]))[0].numpy()


class Runs:
    """
    Models that were trained on the same clips, perhaps on other features of them.

    Attributes:
        kinds: the runs of each kind, in the order of `NETWORKS`; the seeds of one kind in the
            order in which they were given.

    Args:
        runs: at least one.

    Raises:
        ValueError: if one is of one target only, or they are reported on by different clips.
    """

    def __init__(self, runs: Sequence[Run]) -> None:
        self.kinds: dict[Kind, list[Run]] = {}
        names = [clip.name for clip in runs[0].clips]
        order = list(NETWORKS)
        for run in sorted(runs, key=lambda run: order.index(run.kind.network)):
            if run.module.targets != TARGETS:
                raise ValueError(
                    f'{run.checkpoint} says {run.module.targets[0]} only; expected models of both '
                    'targets'
                )
            if [clip.name for clip in run.clips] != names:
                raise ValueError(
                    f'{runs[0].checkpoint} and {run.checkpoint} are tested on different clips'
                )
            self.kinds.setdefault(run.kind, []).append(run)

    @property
    def features(self) -> tuple[str, ...]:
        """The most that one reads, and rather the features themselves than from a neutral."""
        return max((kind.features for kind in self.kinds), key=_breadth)

    @property
    def widest(self) -> Run:
        """A run that reads them, for the clips."""
        return next(runs[0] for kind, runs in self.kinds.items() if kind.features == self.features)

    def at_once(self) -> dict[str, list[Run]]:
        """The runs with all features that speak without a delay, by network."""
        return {
            kind.network: runs
            for kind, runs in self.kinds.items()
            if kind.features == self.features and not kind.delay_frames
        }


def _breadth(names: Sequence[str]) -> tuple[int, int]:
    """What comes after counts as wider."""
    return len(names), sum(name == base_of(name) for name in names)


def read_runs(checkpoints: Sequence[Path]) -> Runs:
    """
    Models with the data that they were trained with, each part of which is read once.

    Raises:
        OSError, ValueError: for what cannot be read or does not fit together.
    """
    clips: dict[str, list[Clip]] = {}
    runs = []
    for checkpoint in checkpoints:
        module, data = load_module(checkpoint, TemporalModule), load_data(checkpoint)
        module.check_data(data)
        settings = repr(data.data_set.settings())
        if settings not in clips:
            part = data.part('test')
            assert isinstance(part, ClipPart)
            clips[settings] = [part.clip(row) for row in range(len(part))]
        runs.append(Run(checkpoint, module, clips[settings]))
    return Runs(runs)
