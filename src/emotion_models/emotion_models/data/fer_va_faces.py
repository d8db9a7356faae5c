# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""FER2013 faces with valence and arousal expected under their votes."""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np

from emotion_models.data import fer2013plus
from emotion_models.data.labelled_faces import label_by_votes
from emotion_models.data.va_faces import FACE_PX, FaceSet, VaFaces
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.labels.prototypes import AFFECTNET_PROTOTYPES, CLASS_OF_EXPRESSION


class FerVaFaces(VaFaces):
    """
    The voted faces of two archives, enlarged to 64×64.

    Valence and arousal are those expected under the votes for expressions that have a prototype;
    faces with fewer than four such votes are left out. The class is the most-voted one where it is
    clear and among them.

    Args:
        path: archive to train on; a fixed part of it is held out for validation.
        test_path: archive that is only reported on.
        held_out: part of the faces of `path` that is never trained on.
        batch_size: faces in a batch.
        seed: of the split and of the order.
    """

    ORIGIN = fer2013plus.ORIGIN
    classes = AFFECTNET_PROTOTYPES.names
    prototypes = AFFECTNET_PROTOTYPES

    def __init__(
        self,
        path: str = '../shared/data/fer2013plus/fer2013plus_train.npz',
        test_path: str = '../shared/data/fer2013plus/fer2013plus_valid.npz',
        held_out: float = 0.05,
        batch_size: int = 128,
        seed: int = 5230,
    ) -> None:
        super().__init__(batch_size, seed)
        self.save_hyperparameters()

    def load_parts(self) -> Mapping[str, FaceSet]:
        """Read both archives and split the first."""
        images, affect, expression = load_rated_faces(Path(self.hparams.path))
        order = np.random.default_rng(self.hparams.seed).permutation(len(images))
        split = round(self.hparams.held_out * len(images))
        held, kept = order[:split], order[split:]
        return {
            'training': FaceSet(images[kept], affect[kept], expression[kept]),
            'validation': FaceSet(images[held], affect[held], expression[held]),
            'test': FaceSet(*load_rated_faces(Path(self.hparams.test_path))),
        }


def load_rated_faces(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    The faces of an archive whose votes say enough about valence and arousal.

    Returns:
        Images uint8 (N, 64, 64), affect float32 (N, 2), index into the classes or -1, (N,).

    Raises:
        FileNotFoundError: if there is no such archive; says which layout was expected.
        ValueError: if it is laid out otherwise.
    """
    voted = fer2013plus.load_voted_faces(path)
    expression, affect = label_by_votes(voted)
    kept = np.flatnonzero(np.isfinite(affect[:, 0]))
    images = np.stack([cv2.resize(voted.images[k], (FACE_PX, FACE_PX)) for k in kept])
    return images, affect[kept], class_indices(expression[kept])


def class_indices(expression: np.ndarray) -> np.ndarray:
    """Indices into the seven classes of indices into `EXPRESSIONS`; -1 where there is none."""
    names = AFFECTNET_PROTOTYPES.names
    classes = [
        names.index(CLASS_OF_EXPRESSION[name]) if name in CLASS_OF_EXPRESSION else -1
        for name in EXPRESSIONS
    ]
    return np.array([*classes, -1])[expression]
