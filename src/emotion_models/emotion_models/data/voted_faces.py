# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Faces that several annotators have put into classes, and targets from their votes."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from emotion_models.imaging.images import cut_square
from emotion_models.labels.expressions import EXPRESSIONS, VA_MEANS
from emotion_models.runtime.affect import AffectModel

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

LEAST_VOTES = 4
"""Votes below which neither the most-voted expression nor the mean affect counts as known."""


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

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, chosen: np.ndarray | slice) -> 'VotedFaces':
        """The faces with these indices, or where this is true."""
        return VotedFaces(self.images[chosen], self.votes[chosen], self.vote_names)

    @property
    def expression_votes(self) -> np.ndarray:
        """Votes for the expressions in the order of `EXPRESSIONS`: float32, shape (N, 8)."""
        columns = [self.vote_names.index(VOTE_NAMES[name]) for name in EXPRESSIONS]
        return self.votes[:, columns].astype(np.float32)

    def with_votes_for_expressions(self) -> 'VotedFaces':
        """Those with at least one vote for an expression."""
        return self[self.expression_votes.sum(1) > 0]


class AffectBatch(NamedTuple):
    """Faces and their targets; arrays of the readers, or tensors for training."""

    faces: Any  # uint8 (B, 1, S, S), grey
    expression: Any  # float32 (B, 8), shares of the votes, rows sum to 1
    expression_weight: Any  # float32 (B,) in [0, 1]
    affect: Any  # float32 (B, 2), valence and arousal in [-1, 1]
    affect_weight: Any  # float32 (B,) in [0, 1], 0 = not known
    framing: Any  # float32 (B,), sides of the square to read, relative to those of the picture
    source: Any  # int64 (B,), 0 = people have voted, from 1 on the other collections


def make_targets(
    faces: VotedFaces, least_va_votes: int, votes: np.ndarray | None = None
) -> AffectBatch:
    """
    What a network is to answer for each face.

    Args:
        faces: each with a vote for an expression.
        least_va_votes: where fewer are for expressions that have a mean, valence and arousal
            are not known.
        votes: for the expressions, (N, 8), in place of those of the faces.
    """
    votes = faces.expression_votes if votes is None else votes
    total = faces.votes.sum(1, dtype=np.float32)
    affect, counted = expected_va(votes)
    affect_weight = np.where(counted >= least_va_votes, counted / total, 0)
    return AffectBatch(
        faces.images[:, None],
        votes / votes.sum(1, keepdims=True),
        votes.sum(1) / total,
        affect,
        affect_weight.astype(np.float32),
        np.ones(len(faces), np.float32),
        np.zeros(len(faces), np.int64),
    )


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


def label_by_votes(faces: VotedFaces) -> tuple[np.ndarray, np.ndarray]:
    """
    What the votes say about each face.

    Returns:
        Index into `EXPRESSIONS` of the most-voted of all classes, -1 where it is not unique or
        no expression, (N,); valence and arousal expected under the votes, nan where fewer than
        `LEAST_VOTES` are for an expression that has a mean, (N, 2).
    """
    votes = faces.expression_votes
    most = faces.votes.max(1)
    is_clear = ((faces.votes == most[:, None]).sum(1) == 1) & (most >= LEAST_VOTES)
    is_expression = votes.max(1) == most
    expression = np.where(is_clear & is_expression, votes.argmax(1), -1)
    affect, counted = expected_va(votes)
    affect[counted < LEAST_VOTES] = np.nan
    return expression, affect


def mix_with_teacher(faces: VotedFaces, teacher: AffectModel, share: float) -> np.ndarray:
    """
    Votes for the expressions, (N, 8), a share of each face's given by a network.

    Args:
        faces: with the votes of people.
        teacher: a trained network with its card.
        share: of the teacher's votes, in [0, 1].
    """
    votes = faces.expression_votes
    predictions, _ = teacher_predictions(teacher, faces.images)
    return (1 - share) * votes + share * votes.sum(1, keepdims=True) * predictions


def teacher_predictions(
    teacher: AffectModel, faces: np.ndarray, framing: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """
    How a network expects votes to be shared out among the expressions, and what affect it reads.

    The mean over each face and its mirror image; the temperature that made the network's answers
    sharper, if its card notes one, is undone.

    Args:
        teacher: a trained network with its card.
        faces: grey, uint8, shape (N, S, S).
        framing: sides of the square to read, relative to those of the pictures.

    Returns:
        Shares of the votes, float32 (N, 8), rows sum to 1; valence and arousal, float32 (N, 2).
    """
    noted = teacher.card.get('metrics', {}).get('held_out', {})
    temperature = noted.get('temperature', 1.0)
    shares = np.zeros((len(faces), len(EXPRESSIONS)), np.float32)
    affect = np.zeros((len(faces), 2), np.float32)
    middle, side = faces.shape[-1] / 2, framing * faces.shape[-1]
    for start in range(0, len(faces), 256):
        part = slice(start, start + 256)
        crops = [cut_square(face, (middle, middle), side, teacher.size_px) for face in faces[part]]
        for views in (crops, [np.ascontiguousarray(crop[:, ::-1]) for crop in crops]):
            expression, read = teacher(views)
            softened = expression**temperature
            shares[part] += softened / softened.sum(1, keepdims=True) / 2
            affect[part] += read / 2
    return shares, affect
