# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A classifier of real clips that judges generated ones."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.data.video_clips import VideoPart
from emotion_models.vdsm.windows import draw_windows, first_windows, take_frames

BATCH = 32
LEARNING_RATE = 1e-3
NAME = 'the judge of this report: its LSTM over frames, trained on the real clips of the same data'


class Answers(NamedTuple):
    """
    What the judge says of clips.

    Args:
        shares: probabilities of each factor's values by name, (N, C).
        features: of the clips, (N, D).
    """

    shares: Mapping[str, np.ndarray]
    features: np.ndarray

    def labels(self, factor: str) -> np.ndarray:
        """The most probable value of a factor, (N,)."""
        return self.shares[factor].argmax(1)


class Judge(nn.Module):
    """
    Convolutions of each frame, an LSTM over them, and a head for each factor.

    Args:
        factors: numbers of values by name.
        side: of the frames in pixels.
        width: channels of the first convolution; 64 as published.
    """

    def __init__(self, factors: Mapping[str, int], side: int, width: int = 32) -> None:
        super().__init__()
        self.factors = dict(factors)
        layers: list[nn.Module] = [nn.Conv2d(3, width, 5, 4, 1, bias=False), nn.LeakyReLU(0.2)]
        size, channels = (side - 3) // 4 + 1, width
        while size > 4:
            layers += [nn.Conv2d(channels, 2 * width, 4, 2, 1, bias=False)]
            layers += [nn.BatchNorm2d(2 * width), nn.LeakyReLU(0.2)]
            size, channels = size // 2, 2 * width
        hidden = 4 * width
        self.frames = nn.Sequential(
            *layers,
            nn.Flatten(),
            nn.Linear(channels * size**2, hidden),
            nn.BatchNorm1d(hidden),
            nn.LeakyReLU(0.2),
        )
        self.lstm = nn.LSTM(hidden, hidden, batch_first=True)
        self.heads = nn.ModuleDict({name: _head(hidden, n) for name, n in factors.items()})

    def features(self, frames: Tensor) -> Tensor:
        """The last state after clips (N, T, 3, side, side), (N, D)."""
        each = self.frames(frames.flatten(0, 1)).unflatten(0, frames.shape[:2])
        return self.lstm(each)[1][0][-1]

    def forward(self, frames: Tensor) -> dict[str, Tensor]:
        """Logits of each factor."""
        features = self.features(frames)
        return {name: head(features) for name, head in self.heads.items()}

    @torch.no_grad()
    def answer(self, frames: Tensor) -> Answers:
        """What it says of clips."""
        self.eval()
        features = torch.cat([self.features(part) for part in frames.split(BATCH)])
        shares = {name: head(features).softmax(1).numpy() for name, head in self.heads.items()}
        return Answers(shares, features.numpy())


def train_judge(
    part: VideoPart,
    factors: Mapping[str, int],
    window: int,
    steps: int,
    seed: int,
    width: int = 32,
) -> Judge:
    """
    A judge of real clips.

    Args:
        part: to train on.
        factors: those that it learns, with their numbers of values.
        window: frames of a clip that it sees, any ones in training.
        steps: of the optimiser.
        seed: of its weights and of what it sees.
        width: of its first convolution.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        judge = Judge(factors, part.clip(0).shape[1], width).train()
        optimizer = torch.optim.Adam(judge.parameters(), LEARNING_RATE)
        columns = [list(part.factors).index(name) for name in factors]
        rows = np.random.default_rng(seed)
        for _ in range(steps):
            batch = part.take(rows.integers(len(part), size=BATCH))
            places = draw_windows(torch.from_numpy(batch.lengths), window, 1)
            logits = judge(take_frames(torch.from_numpy(batch.frames), places))
            labels = torch.from_numpy(batch.factors[:, columns]).T
            optimizer.zero_grad()
            _error(logits.values(), labels).backward()
            optimizer.step()
    return judge.eval()


def real_clips(part: VideoPart, window: int, most: int) -> tuple[Tensor, np.ndarray]:
    """The beginnings of at most so many clips (N, T, 3, side, side), and their labels (N, F)."""
    places = np.linspace(0, len(part) - 1, min(most, len(part))).astype(int)
    batches = [part.take(places[first : first + BATCH]) for first in range(0, len(places), BATCH)]
    frames = [
        take_frames(
            torch.from_numpy(batch.frames),
            first_windows(torch.from_numpy(batch.lengths), window, 1),
        )
        for batch in batches
    ]
    return torch.cat(frames), np.concatenate([batch.factors for batch in batches])


def predicts(
    codes: np.ndarray, labels: np.ndarray, test_codes: np.ndarray, test_labels: np.ndarray
) -> float:
    """
    How well a linear classifier tells a factor from codes: accuracy on the test.

    Args:
        codes: to fit on, (N, D).
        labels: of the factor, (N,).
        test_codes: to measure on, (M, D).
        test_labels: of the factor, (M,).
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if len(np.unique(labels)) < 2:
        return float((test_labels == labels[0]).mean())
    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
    return float(probe.fit(codes, labels).score(test_codes, test_labels))


def _head(inputs: int, outputs: int) -> nn.Sequential:
    half = inputs // 2
    norm = nn.BatchNorm1d(half)
    return nn.Sequential(
        nn.Linear(inputs, half), norm, nn.LeakyReLU(0.2), nn.Linear(half, outputs)
    )


def _error(logits: Iterable[Tensor], labels: Tensor) -> Tensor:
    pairs = zip(logits, labels, strict=True)
    return torch.stack([F.cross_entropy(said, known) for said, known in pairs]).sum()
