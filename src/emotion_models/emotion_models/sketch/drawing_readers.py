# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What drawings show, read by networks and prototypes that know drawings alone."""

from collections.abc import Callable

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.drawing.action_units import as_action_units, blend_action_units
from emotion_models.drawing.face import THRESHOLD, ParametricFace
from emotion_models.drawing.geometry import brow_outline, mouth_curves
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.parts import PROPORTIONS
from emotion_models.drawing.samples import sample
from emotion_models.labels.emotions import EMOTIONS
from emotion_models.nn.batches import in_batches
from emotion_models.sketch.network import Encoder

STRENGTHS = (0.3, 1.0)
"""Least and greatest strength of the emotions that the classifier learns."""
GEOMETRY = ('mouth gap', 'corner height', 'inner brow height')
_BLUR = 1.5  # σ in pixels
_BATCH = 64
_LEAST_STEPS = 100
_WIDTH = 8


def expressions_of(strength: float) -> np.ndarray:
    """Neutral and each emotion alone at a strength, (8, 7)."""
    return np.vstack([np.zeros(len(EMOTIONS)), strength * np.eye(len(EMOTIONS))])


def render(units: np.ndarray, identities: np.ndarray) -> np.ndarray:
    """
    Drawings of the parametric face.

    Args:
        units: (N, 21).
        identities: (N, 16).

    Returns:
        bool (N, 64, 128), True where a pixel is lit.
    """
    return np.array(
        [
            ParametricFace(Identity.from_vector(person)).render(row) > THRESHOLD
            for row, person in zip(units, identities, strict=True)
        ]
    )


def people_in_style(count: int, generator: np.random.Generator) -> np.ndarray:
    """Identities (N, 16) in the robot's style with proportions all over their ranges."""
    own = Identity.default()
    drawn = generator.random((count, len(PROPORTIONS)))
    return np.array([own.with_proportions(row).as_vector() for row in drawn])


class Prototypes:
    """The nearest of the robot's own eight expressions, as an eye that blurs sees them."""

    def __init__(self, strength: float = 0.8) -> None:
        shown = [blend_action_units(row) for row in expressions_of(strength)]
        own = np.array([Identity.default().as_vector()] * len(shown))
        self._known = _blurred(render(np.array(shown), own))

    def __call__(self, lit: np.ndarray) -> np.ndarray:
        """Places in neutral and `EMOTIONS` of drawings (N, 64, 128), (N,)."""
        seen = _blurred(lit).reshape(len(lit), 1, -1)
        return np.array(
            [((row - self._known.reshape(8, -1)) ** 2).sum(1).argmin() for row in seen]
        )


class Classifier:
    """
    A network that knows neutral and each emotion alone, drawn in the robot's style.

    Args:
        count: drawings that it learns from.
        seed: of these and of its weights.
    """

    def __init__(self, count: int = 4000, seed: int = 11) -> None:
        generator = np.random.default_rng(seed)
        classes = generator.integers(0, 8, count)
        strengths = generator.uniform(*STRENGTHS, count)
        units = [
            blend_action_units(strength * expressions_of(1.0)[place])
            for place, strength in zip(classes, strengths, strict=True)
        ]
        lit = render(np.array(units), people_in_style(count, generator))
        self._network = fit(lit, torch.from_numpy(classes), 8, F.cross_entropy, seed)

    def __call__(self, lit: np.ndarray) -> np.ndarray:
        """Places in neutral and `EMOTIONS` of drawings (N, 64, 128), (N,)."""
        return answers(self._network, lit).argmax(1)


class GeometryReader:
    """
    A network that reads `GEOMETRY` off drawings, trained and checked on drawings.

    Attributes:
        checked: r of each number on drawings that it has not seen, (3,).

    Args:
        count: drawings that it learns from; a tenth as many check it.
        seed: of these and of its weights.
    """

    def __init__(self, count: int = 4000, seed: int = 12) -> None:
        generator = np.random.default_rng(seed)
        held = count // 10
        units = np.array(
            [sample(seed, number, mixed=0.7).action_units for number in range(count + held)]
        )
        people = people_in_style(count + held, generator)
        lit, measures = render(units, people), drawn_geometry(units, people)
        self._centre, self._spread = measures[held:].mean(0), measures[held:].std(0)
        targets = torch.from_numpy((measures - self._centre) / self._spread).float()
        self._network = fit(lit[held:], targets[held:], len(GEOMETRY), F.mse_loss, seed)
        self.checked = correlate(self(lit[:held]), measures[:held])

    def __call__(self, lit: np.ndarray) -> np.ndarray:
        """Pixels, and for the corners widths of the mouth, of drawings (N, 64, 128): (N, 3)."""
        return answers(self._network, lit) * self._spread + self._centre


def drawn_geometry(units: np.ndarray, identities: np.ndarray) -> np.ndarray:
    """
    What the parametric face draws for units (N, 21) and identities (N, 16), (N, 3).

    The gap of the lips in pixels, the height of the corners above the middle of the mouth in
    widths of the mouth, and the height of the inner ends of the brows above the eyes in pixels.
    """
    rows = []
    for vector, person in zip(units, identities, strict=True):
        action_units, identity = as_action_units(vector), Identity.from_vector(person)
        mouth = mouth_curves(action_units, identity)
        gap = (mouth.lower_lip - mouth.upper_lip)[:, 1].max()
        middle = (mouth.lower_lip + mouth.upper_lip)[len(mouth.upper_lip) // 2, 1] / 2
        width = mouth.upper_lip[-1, 0] - mouth.upper_lip[0, 0]
        rise = (middle - mouth.upper_lip[[0, -1], 1].mean()) / width
        brows = [brow_outline(action_units, identity, side) for side in (-1, 1)]
        inner = np.mean([brow[[0, -1], 1].mean() for brow in brows])
        rows.append((gap, rise, -inner))
    return np.array(rows)


def correlate(found: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """R of each column of two arrays (N, K), (K,)."""
    return np.array([np.corrcoef(a, b)[0, 1] for a, b in zip(found.T, expected.T, strict=True)])


def tell_apart(first: np.ndarray, second: np.ndarray, seed: int = 13) -> float:
    """
    How well a fresh network tells two sets of drawings apart that it has not seen.

    Args:
        first: bool (N, 64, 128).
        second: as many.
        seed: of its weights and of the halves that it learns from.

    Returns:
        Share of right answers on the other halves; 0.5 = not at all.
    """
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(first))
    known, asked = np.array_split(order, 2)
    lit = np.concatenate([first[known], second[known]])
    truth = torch.arange(2).repeat_interleave(len(known))
    network = fit(lit, truth, 2, F.cross_entropy, seed)
    hits = [
        (answers(network, part[asked]).argmax(1) == k) for k, part in ((0, first), (1, second))
    ]
    return float(np.concatenate(hits).mean())


def fit(
    lit: np.ndarray,
    targets: Tensor,
    outputs: int,
    loss: Callable[[Tensor, Tensor], Tensor],
    seed: int,
    epochs: int = 5,
) -> nn.Module:
    """A small network of drawings (N, 64, 128) and targets (N, …), in evaluation mode."""
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(seed)
        network = Encoder(outputs, _WIDTH).train()
        steps = max(_LEAST_STEPS, epochs * len(lit) // _BATCH)
        optimizer = torch.optim.Adam(network.parameters(), 2e-3)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps)
        inputs = _as_input(lit)
        for _ in range(steps):
            rows = torch.randint(len(inputs), (min(_BATCH, len(inputs)),))
            optimizer.zero_grad()
            loss(network(inputs[rows]), targets[rows]).backward()
            optimizer.step()
            schedule.step()
        return network.eval()


def answers(network: nn.Module, lit: np.ndarray) -> np.ndarray:
    """What a network of `fit` makes of drawings (N, 64, 128), (N, outputs)."""
    return in_batches(network, _as_input(lit), size=256).numpy()


def _as_input(lit: np.ndarray) -> Tensor:
    return torch.from_numpy(lit[:, None].astype(np.float32))


def _blurred(lit: np.ndarray) -> np.ndarray:
    return np.array([cv2.GaussianBlur(row, (0, 0), _BLUR) for row in lit.astype(np.float32)])
