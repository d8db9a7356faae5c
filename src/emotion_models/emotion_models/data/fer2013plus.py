# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""FER2013 faces with the votes of FER+: reading the archive, and targets from votes."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotion_models.labels.expressions import EXPRESSIONS, VA_MEANS

VOTE_NAMES = {
    'NEUTRAL': 'neutral',
    'HAPPY': 'happiness',
    'SAD': 'sadness',
    'SURPRISE': 'surprise',
    'FEAR': 'fear',
    'DISGUST': 'disgust',
    'ANGER': 'anger',
    'CONTEMPT': 'contempt',
}
"""What FER+ calls each of our expressions."""

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
"""Where the faces come from and under which terms, for the cards of models trained on them."""


@dataclass(frozen=True)
class VotedFaces:
    """
    Grey faces and how many annotators chose each class.

    Args:
        images: uint8, shape (N, 48, 48).
        votes: uint8, shape (N, C), votes for each class.
        vote_names: the C classes; among them the eight expressions, as FER+ names them.
    """

    images: np.ndarray
    votes: np.ndarray
    vote_names: tuple[str, ...]

    def __getitem__(self, chosen: np.ndarray) -> 'VotedFaces':
        """The faces with these indices, or where this is true."""
        return VotedFaces(self.images[chosen], self.votes[chosen], self.vote_names)

    @property
    def expression_votes(self) -> np.ndarray:
        """Votes for the expressions in the order of `EXPRESSIONS`: float32, shape (N, 8)."""
        columns = [self.vote_names.index(VOTE_NAMES[name]) for name in EXPRESSIONS]
        return self.votes[:, columns].astype(np.float32)


def load_voted_faces(path: str | Path) -> VotedFaces:
    """
    Faces and votes of one archive.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is not laid out as expected.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f'no file {path.absolute()}; expected {LAYOUT}')
    with np.load(path) as archive:
        missing = {'images', 'votes', 'vote_names'} - set(archive.files)
        if missing:
            raise ValueError(f'{path} has no {", ".join(sorted(missing))}; expected {LAYOUT}')
        faces = VotedFaces(
            archive['images'], archive['votes'], tuple(str(n) for n in archive['vote_names'])
        )
    if faces.images.shape[1:] != (48, 48) or len(faces.images) != len(faces.votes):
        raise ValueError(
            f'{path} holds images {faces.images.shape} and votes {faces.votes.shape}; '
            f'expected {LAYOUT}'
        )
    return faces


def expected_va(expression_votes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Valence and arousal expected under the votes, and how many votes they rest on.

    The votes are renormalised over the seven expressions that have a mean in `VA_MEANS`.

    Args:
        expression_votes: shape (N, 8), >= 0.

    Returns:
        Valence and arousal, float32 (N, 2), 0 where no vote counts; votes that count, (N,).
    """
    means = np.array([VA_MEANS.get(name, (0, 0)) for name in EXPRESSIONS], np.float32)
    has_mean = np.array([name in VA_MEANS for name in EXPRESSIONS], np.float32)
    counted = expression_votes @ has_mean
    return expression_votes @ means / np.maximum(counted, 1)[:, None], counted
