# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Drawings of the parametric face in the panel's shape, for the learned face."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from emotion_models.data.data_set import DataSet, InMemory, Parts
from emotion_models.drawing.action_units import N_ACTION_UNITS
from emotion_models.drawing.identity import N_IDENTITY
from emotion_models.drawing.samples import FRAMES_PER_IDENTITY, sample
from emotion_models.drawing.view import HEIGHT, N_LOOK, WIDTH
from emotion_models.labels.emotions import EMOTIONS

REACH_PX = 4.0
"""Distances beyond this many pixels are all alike."""


class DrawingBatch(NamedTuple):
    """Drawings, and what is known about them; arrays of the readers, or tensors for training."""

    field: Any  # uint8 (B, 1, 64, 128): 128 + 127 · distance / REACH_PX
    affect: Any  # float32 (B, 2) valence and arousal in [-1, 1]
    emotions: Any  # float32 (B, 7) in [0, 1], 0 where the parts are mixed
    identity: Any  # float32 (B, 16) in [0, 1]
    look: Any  # float32 (B, 6), the first numbers of a `View`
    action_units: Any  # float32 (B, 21) in [-0.15, 1.15], 0 where they are not known
    is_mixed: Any  # bool (B, 1): the parts of the face show no emotion together
    has_units: Any  # bool (B, 1): the action units are known

    def distances(self) -> Any:
        """The fields as shares of `REACH_PX`, in [-1, 1]: float32 where they are tensors."""
        return (self.field - 128.0) / 127.0


@dataclass(frozen=True)
class Drawings(DataSet):
    """
    Drawings of the parametric face; a batch is a `DrawingBatch`.

    Training, validation and test never share an identity.

    Args:
        training: number of drawings to train on.
        validation: number of drawings that choose the best checkpoint.
        test: number of drawings that are only reported on.
        per_identity: drawings of the same face, a divisor of `FRAMES_PER_IDENTITY`.
        nuance: standard deviation of valence and arousal about those of the emotions.
        mixed: share of the drawings whose brows, eyes, mouth and signs are drawn at random each.
        own: share of the faces that have the style of the robot's, half of them its proportions.
        faint: share of the training drawings that show little, where signs appear and lips part.
        ahead: share of the training drawings that look straight ahead.
        aside: share of the training drawings that look anywhere, evenly up to the ends.
    """

    CONTENT = "drawings of the parametric face in the panel's shape, split by identity"
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'drawings of the parametric face',
        'source': 'emotion_models.drawing.sample',
        'terms': 'made by this package',
    }

    training: int = 32_000
    validation: int = 1_024
    test: int = 1_024
    per_identity: int = 4
    nuance: float = 0.15
    mixed: float = 0.5
    own: float = 0.0
    faint: float = 0.0
    ahead: float = 0.0
    aside: float = 0.0

    def load_parts(self, seed: int) -> Parts:
        """Draw, about a thousand a second."""
        step = FRAMES_PER_IDENTITY // self.per_identity
        first, parts = 0, {}
        for part in ('validation', 'test', 'training'):
            last = first + getattr(self, part) * step
            numbers = range(first, last, step)
            only = (self.faint, self.ahead, self.aside) if part == 'training' else ()
            parts[part] = InMemory(draw(seed, numbers, self.nuance, self.mixed, self.own, *only))
            first = -(-last // FRAMES_PER_IDENTITY) * FRAMES_PER_IDENTITY
        return parts


def draw(
    seed: int,
    numbers: Sequence[int],
    nuance: float = 0.15,
    mixed: float = 0.5,
    own: float = 0.0,
    faint: float = 0.0,
    ahead: float = 0.0,
    aside: float = 0.0,
) -> DrawingBatch:
    """The drawings with these numbers of an endless set, see `sample`."""
    drawings = [
        sample(seed, number, nuance, False, True, mixed, own, faint, ahead, aside)
        for number in numbers
    ]
    return make_batch(
        [drawing.field for drawing in drawings],
        [drawing.vad[:2] for drawing in drawings],
        [drawing.emotions for drawing in drawings],
        [drawing.identity for drawing in drawings],
        [drawing.view[:N_LOOK] for drawing in drawings],
        [drawing.action_units for drawing in drawings],
        [drawing.is_mixed for drawing in drawings],
    )


def make_batch(
    fields: Sequence[np.ndarray | None],
    affect: ArrayLike,
    emotions: ArrayLike,
    identity: ArrayLike,
    look: ArrayLike,
    action_units: ArrayLike | None = None,
    is_mixed: ArrayLike | None = None,
) -> DrawingBatch:
    """
    Drawings as arrays.

    Args:
        fields: B distance fields in pixels, (64, 128).
        affect: B times valence and arousal in [-1, 1].
        emotions: B times 7 numbers in [0, 1].
        identity: B times 16 numbers in [0, 1].
        look: B times the first 6 numbers of a `View`.
        action_units: B times 21 numbers; none = they are not known.
        is_mixed: B times whether the parts show no emotion together; none = all show one.
    """
    count = len(fields)
    packed = np.empty((count, 1, HEIGHT, WIDTH), np.uint8)
    for row, field in enumerate(fields):
        share = np.clip(field / REACH_PX, -1.0, 1.0)
        packed[row, 0] = np.rint(128.0 + 127.0 * share)
    units = np.zeros((count, N_ACTION_UNITS)) if action_units is None else action_units
    return DrawingBatch(
        packed,
        _rows(affect, 2),
        _rows(emotions, len(EMOTIONS)),
        _rows(identity, N_IDENTITY),
        _rows(look, N_LOOK),
        _rows(units, N_ACTION_UNITS),
        np.zeros((count, 1), bool) if is_mixed is None else np.reshape(is_mixed, (count, 1)),
        np.full((count, 1), action_units is not None),
    )


def _rows(values: ArrayLike, width: int) -> np.ndarray:
    return np.asarray(values, np.float32).reshape(-1, width)
