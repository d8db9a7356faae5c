# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Faces of the parametric generator with the valence and arousal of their emotions."""

import contextlib
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from emotion_models import drawing
from emotion_models.data import drawn_faces
from emotion_models.data.va_faces import FACE_PX, FaceSet, VaFaces
from emotion_models.drawing import sample
from emotion_models.drawing.samples import FRAMES_PER_IDENTITY
from emotion_models.imaging.images import fit_square
from emotion_models.labels.emotions import EMOTION_VAD, EMOTIONS
from emotion_models.labels.prototypes import Prototypes
from emotion_models.runtime.published import cache_folder

NEUTRAL = 'neutral'
RADIUS = 0.1

DRAWN_PROTOTYPES = Prototypes(
    names=(*EMOTIONS, NEUTRAL),
    mean=np.vstack((EMOTION_VAD[:, :2], np.zeros(2))),
    std=np.full((len(EMOTIONS) + 1, 2), RADIUS),
)
"""The anchors of the robot's emotions, and the origin for neutral, all with one radius."""

ORIGIN = {
    **drawn_faces.ORIGIN,
    'affect': 'mixture of the anchors of the emotions drawn, with the noise of a rater',
}


class DrawnVaFaces(VaFaces):
    """
    Drawings with one emotion or a blend of two: needs no data.

    The class is the strongest emotion, or neutral where none reaches half of its strength. The
    parts show different identities. Drawings are kept in the user's cache.

    Args:
        training: number of drawings to train on.
        validation: number of drawings that choose the best checkpoint.
        test: number of drawings that are only reported on.
        batch_size: faces in a batch.
        seed: of the drawings and of the order.
    """

    ORIGIN = ORIGIN
    classes = DRAWN_PROTOTYPES.names
    prototypes = DRAWN_PROTOTYPES

    def __init__(
        self,
        training: int = 10_000,
        validation: int = 1_000,
        test: int = 1_000,
        batch_size: int = 128,
        seed: int = 5230,
    ) -> None:
        super().__init__(batch_size, seed)
        self.save_hyperparameters()

    def load_parts(self) -> Mapping[str, FaceSet]:
        """Draw, or take from the cache."""
        first, parts = 0, {}
        for part in ('training', 'validation', 'test'):
            count = self.hparams[part]
            parts[part] = FaceSet(*draw_va_faces(self.hparams.seed, first, count))
            first += -(-count // FRAMES_PER_IDENTITY) * FRAMES_PER_IDENTITY
        return parts


def draw_va_faces(seed: int, first: int, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    A stretch of the endless set of drawings, from the cache where it is there.

    Args:
        seed: which endless set.
        first: index of the first drawing.
        count: number of drawings.

    Returns:
        Images uint8 (count, 64, 64), affect float32 (count, 2), class int64 (count,).
    """
    path = cache_folder() / 'drawn_faces' / f'{_recipe()}_{seed}_{first}_{count}.npz'
    if path.is_file():
        with np.load(path) as kept:
            return kept['images'], kept['affect'], kept['expression']
    images = np.zeros((count, FACE_PX, FACE_PX), np.uint8)
    affect = np.zeros((count, 2), np.float32)
    expression = np.zeros(count, np.int64)
    for row in range(count):
        drawn = sample(seed, first + row)
        images[row] = fit_square(drawn.image, FACE_PX)
        affect[row] = drawn.vad[:2]
        shares = (*drawn.emotions, 1 - drawn.emotions.max())
        expression[row] = np.argmax(shares)
    _keep(path, images=images, affect=affect, expression=expression)
    return images, affect, expression


def _recipe() -> str:
    """Digest of the code that draws: other code, other drawings."""
    code = hashlib.sha256()
    for source in (*sorted(Path(drawing.__file__).parent.glob('*.py')), Path(__file__)):
        code.update(source.read_bytes())
    return code.hexdigest()[:16]


def _keep(path: Path, **arrays: np.ndarray) -> None:
    """Write the file as a whole; a cache that cannot be written is done without."""
    part = path.with_name(f'{path.stem}.{os.getpid()}.npz')
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(part, **arrays)
        part.replace(path)
