# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""FER2013 faces with the votes of FER+, for the affect network and for the autoencoders."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from emotion_models.data.archives import check_rows, check_votes, load_arrays
from emotion_models.data.data_set import Parts
from emotion_models.data.splits import random_parts
from emotion_models.data.va_faces import FACE_PX, GreyFaces, VaFaces, class_indices
from emotion_models.data.voted_faces import LEAST_VOTES, VOTE_NAMES, VotedFaces, label_by_votes
from emotion_models.reading import FileError

LAYOUT = (
    'an .npz archive with images (N, 48, 48) uint8, votes (N, 10) uint8 and vote_names (10,), '
    'FER2013 joined with the votes of FER+'
)

ORIGIN = {
    'name': 'FER2013 with the votes of FER+',
    'source': 'Goodfellow et al., "Challenges in Representation Learning", arXiv 1307.0414; '
    'Barsoum et al., "Training Deep Networks for Facial Expression Recognition with '
    'Crowd-Sourced Label Distribution", ICMI 2016',
    'terms': 'votes: MIT licence (Microsoft); images: gathered from the web for a research '
    'contest, without a clear licence: research use',
    'affect': 'not rated: expected under the votes, from the AffectNet means of the expressions',
}


@dataclass(frozen=True)
class FerVaFaces(VaFaces):
    """
    The voted faces of two archives, enlarged to 64×64, with valence and arousal.

    Valence and arousal are those expected under the votes for expressions that have a prototype;
    faces with fewer than four such votes are left out. The class is the most-voted one where it is
    clear and among them.

    Args:
        path: archive to train on; a fixed part of it is held out for validation.
        test_path: archive that is only reported on.
        held_out: part of the faces of `path` that is never trained on.
    """

    CONTENT = 'FER2013 with the votes of FER+, the affect expected under the votes'
    LAYOUT = LAYOUT
    ORIGIN = ORIGIN

    path: str = '../shared/data/fer2013plus/fer2013plus_train.npz'
    test_path: str = '../shared/data/fer2013plus/fer2013plus_valid.npz'
    held_out: float = 0.05

    def load_parts(self, seed: int) -> Parts:
        """Read both archives and split the first."""
        images, affect, expression = load_rated_faces(Path(self.path))
        held, kept = random_parts(len(images), [round(self.held_out * len(images))], seed)
        return {
            'training': GreyFaces(images[kept], affect[kept], expression[kept]),
            'validation': GreyFaces(images[held], affect[held], expression[held]),
            'test': GreyFaces(*load_rated_faces(Path(self.test_path))),
        }


def load_voted_faces(path: str | Path) -> VotedFaces:
    """
    Faces and votes of one archive.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is not laid out as expected.
    """
    arrays = load_arrays(path, LAYOUT)
    if missing := sorted({'images', 'votes', 'vote_names'} - set(arrays)):
        raise FileError(f'{path} has no {", ".join(missing)}; expected {LAYOUT}')
    images = arrays['images']
    if images.shape[1:] != (48, 48) or images.dtype != np.uint8:
        raise FileError(f'{path} holds images of {images.dtype} {images.shape}; expected {LAYOUT}')
    votes, names = arrays['votes'], tuple(str(name) for name in arrays['vote_names'].ravel())
    check_rows(path, LAYOUT, images=images, votes=votes)
    check_votes(path, votes, names)
    if missing := sorted({*VOTE_NAMES.values()} - {*names}):
        raise FileError(f'{path} has no votes for {", ".join(missing)}; expected {LAYOUT}')
    return VotedFaces(images, votes, names)


def load_rated_faces(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    The faces of an archive whose votes say enough about valence and arousal.

    Returns:
        Images uint8 (N, 64, 64), affect float32 (N, 2), index into the classes or -1, (N,).

    Raises:
        FileNotFoundError: if there is no such archive; says which layout was expected.
        ValueError: if it is laid out otherwise.
    """
    voted = load_voted_faces(path)
    expression, affect = label_by_votes(voted)
    kept = np.flatnonzero(np.isfinite(affect[:, 0]))
    if not len(kept):
        raise FileError(
            f'{path}: none of {len(voted)} faces has {LEAST_VOTES} votes for expressions with '
            'valence and arousal; nothing is known about them'
        )
    images = np.stack([cv2.resize(voted.images[k], (FACE_PX, FACE_PX)) for k in kept])
    return images, affect[kept], class_indices(expression[kept])
