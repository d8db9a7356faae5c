# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Faces of the parametric generator, for the affect network and for the autoencoders."""

import contextlib
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from emotion_models import drawing
from emotion_models.data.archives import load_arrays
from emotion_models.data.data_set import DataSet, InMemory, Parts, Rarity
from emotion_models.data.va_faces import FACE_PX, GreyFaces, VaFaces
from emotion_models.data.voted_faces import (
    VOTE_NAMES,
    VotedFaces,
    make_targets,
)
from emotion_models.drawing import sample
from emotion_models.drawing.samples import FRAMES_PER_IDENTITY
from emotion_models.imaging.images import fit_square
from emotion_models.labels.emotions import EMOTION_VAD, EMOTIONS
from emotion_models.labels.prototypes import Prototypes
from emotion_models.reading import FileError
from emotion_models.runtime.published import cache_folder

VOTED_PX = 48
VOTERS = 10
UNKNOWN = 'unknown'

NAMED = {'fear': 'FEAR', 'mad': 'ANGER', 'joy': 'HAPPY', 'sad': 'SAD', 'surprise': 'SURPRISE'}
"""Emotions that are an expression; what voters make of the others is unknown."""

NEUTRAL = 'neutral'
RADIUS = 0.1

DRAWN_PROTOTYPES = Prototypes(
    names=(*EMOTIONS, NEUTRAL),
    mean=np.vstack((EMOTION_VAD[:, :2], np.zeros(2))),
    std=np.full((len(EMOTIONS) + 1, 2), RADIUS),
)
"""The anchors of the robot's emotions, and the origin for neutral, all with one radius."""

ORIGIN = {
    'name': 'drawings of the parametric face',
    'source': 'emotion_models.drawing',
    'terms': 'Apache-2.0',
}


@dataclass(frozen=True)
class DrawnVotes(DataSet):
    """
    Drawings with votes, the first ones held out and further ones tested: needs no data.

    Args:
        count: number of drawings to train on and to validate.
        held_out: part of them for validation, and as many further drawings for the test.
        rarity_power: how much more often rare expressions are drawn, see `Rarity`.
        least_va_votes: drawings with fewer votes for expressions that have a mean give no valence
            and arousal.
    """

    CONTENT = 'drawings of the parametric face in the form of voted faces, for the affect network'
    ORIGIN = ORIGIN | {'affect': 'expected under the shares of the emotions drawn'}

    count: int = 2048
    held_out: float = 0.125
    rarity_power: float = 0.35
    least_va_votes: int = 4

    def load_parts(self, seed: int) -> Parts:
        """Draw and split."""
        faces = draw_voted_faces(self.count, seed).with_votes_for_expressions()
        split, tested = (round(self.held_out * n) for n in (len(faces), self.count))
        others = draw_voted_faces(tested, seed, first=next_identity(self.count))
        training, validation, test = (
            make_targets(part, self.least_va_votes)
            for part in (faces[split:], faces[:split], others.with_votes_for_expressions())
        )
        return {
            'training': InMemory(training, Rarity(training.expression, self.rarity_power)),
            'validation': InMemory(validation),
            'test': InMemory(test),
        }


@dataclass(frozen=True)
class DrawnVaFaces(VaFaces):
    """
    Drawings with one emotion or a blend of two: needs no data.

    The class is the strongest emotion, or neutral where none reaches half of its strength. The
    parts show different identities. Drawings are kept in the user's cache.

    Args:
        training: number of drawings to train on.
        validation: number of drawings that choose the best checkpoint.
        test: number of drawings that are only reported on.
    """

    CONTENT = 'drawings of the parametric face, split by identity'
    ORIGIN = ORIGIN | {
        'affect': 'mixture of the anchors of the emotions drawn, with the noise of a rater'
    }
    classes = DRAWN_PROTOTYPES.names
    prototypes = DRAWN_PROTOTYPES

    training: int = 10_000
    validation: int = 1_000
    test: int = 1_000

    def load_parts(self, seed: int) -> Parts:
        """Draw, or take from the cache."""
        first, parts = 0, {}
        for part in ('training', 'validation', 'test'):
            count = getattr(self, part)
            parts[part] = GreyFaces(*draw_va_faces(seed, first, count))
            first = next_identity(first + count)
        return parts


def next_identity(number: int) -> int:
    """The first drawing of the first identity that begins at this drawing or later."""
    return -(-number // FRAMES_PER_IDENTITY) * FRAMES_PER_IDENTITY


def draw_voted_faces(count: int, seed: int, first: int = 0) -> VotedFaces:
    """
    Drawings as 48×48 grey faces, with the votes that ten perfect annotators would give.

    The votes share out the strengths of the emotions drawn, and to neutral what the strongest one
    lacks. Each 64 consecutive drawings are of one face.

    Args:
        count: number of drawings, >= 1.
        seed: which endless set they are taken from.
        first: number of the first drawing.
    """
    names = (*VOTE_NAMES.values(), UNKNOWN)
    emotion_columns = [
        names.index(VOTE_NAMES[NAMED[emotion]] if emotion in NAMED else UNKNOWN)
        for emotion in EMOTIONS
    ]
    size = (VOTED_PX, VOTED_PX)
    images = np.zeros((count, *size), np.uint8)
    votes = np.zeros((count, len(names)), np.uint8)
    for row in range(count):
        drawn = sample(seed, first + row)
        images[row] = cv2.resize(drawn.image, size, interpolation=cv2.INTER_AREA)
        shares = np.zeros(len(names))
        np.add.at(shares, emotion_columns, drawn.emotions)
        shares[names.index(VOTE_NAMES['NEUTRAL'])] = 1 - drawn.emotions.max()
        votes[row] = np.rint(VOTERS * shares / shares.sum())
    return VotedFaces(images, votes, names)


def draw_va_faces(seed: int, first: int, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    A stretch of the endless set of drawings, from the cache where it is there.

    Args:
        seed: which endless set.
        first: number of the first drawing.
        count: number of drawings.

    Returns:
        Images uint8 (count, 64, 64), affect float32 (count, 2), class int64 (count,).
    """
    folder = cache_folder()
    path = folder and folder / 'drawn_faces' / f'{_recipe()}_{seed}_{first}_{count}.npz'
    with contextlib.suppress(OSError, FileError, KeyError):  # a damaged copy is drawn again
        kept = load_arrays(path, 'drawn faces') if path else {}
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
    if path:
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
