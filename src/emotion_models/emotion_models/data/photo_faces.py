# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Photographs of faces with votes and points, and drawings in the robot's style beside them."""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from emotion_models.data.data_set import DataSet, InMemory, Part, Parts, Rarity
from emotion_models.data.drawings import make_batch
from emotion_models.data.face_points import (
    FaceMeasures,
    PointScales,
    is_frontal,
    load_points,
)
from emotion_models.data.fer2013plus import LAYOUT, ORIGIN, load_voted_faces
from emotion_models.data.splits import random_parts
from emotion_models.data.voted_faces import VotedFaces, expected_va
from emotion_models.drawing.face import ParametricFace
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.samples import FRAMES_PER_IDENTITY, sample
from emotion_models.drawing.view import N_LOOK
from emotion_models.labels.emotions import EMOTIONS
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.reading import FileError

SHOWN = ('neutral', *EMOTIONS)
"""What a face of the robot may show, in the order of its expression head."""
EMOTION_OF = {
    'NEUTRAL': 'neutral',
    'HAPPY': 'joy',
    'SAD': 'sad',
    'SURPRISE': 'surprise',
    'FEAR': 'fear',
    'ANGER': 'mad',
}
"""What the robot shows for each expression; it has nothing for disgust and contempt."""

SURELY_NEUTRAL = 8
"""Votes from which a face is one of those at which intensities begin."""
_PROFILE = 0.5
"""Turn, see `FaceMeasures`, from which a face is too much of a profile to be drawn."""
_MOST_RARITY = 10.0
_NOT_A_FACE = 3
"""Votes for `not_a_face` from which a picture is none."""


class PhotoBatch(NamedTuple):
    """
    Photographs and what is known about them, and as many drawings that they have nothing to do
    with; arrays of the readers, or tensors for training.
    """

    faces: Any  # uint8 (B, 1, S, S), grey
    units: Any  # float32 (B, 18) in [0, 1], of the points, order of FACIAL_UNITS
    proportions: Any  # float32 (B, 6) in [0, 1], of the points, order of PROPORTIONS
    has_points: Any  # float32 (B, 1), 1 where the two are known
    emotions: Any  # float32 (B, 8), shares of the votes for what is SHOWN
    emotions_weight: Any  # float32 (B, 1), share of all votes that these are
    affect: Any  # float32 (B, 2), valence and arousal expected under the votes
    affect_weight: Any  # float32 (B, 1), share of all votes that it rests on
    is_face: Any  # float32 (B, 1), 1 for a face, 0 for none or a profile
    is_face_weight: Any  # float32 (B, 1), 0 where that is not known, more where it is rare
    drawing: Any  # uint8 (B, 1, 64, 128), see `DrawingBatch.field`
    drawn_units: Any  # float32 (B, 21)
    drawn_identity: Any  # float32 (B, 16)
    drawn_affect: Any  # float32 (B, 2)


N_OF_PHOTOS = 10
"""So many columns are of photographs, the others of drawings."""


class PhotosAndDrawings(Part):
    """
    Photographs, each with one of the drawings.

    Args:
        photos: columns of photographs (N, …).
        drawings: columns of drawings (M, …).
        rarity: by what the photographs are drawn in training.
    """

    def __init__(
        self,
        photos: tuple[np.ndarray, ...],
        drawings: tuple[np.ndarray, ...],
        rarity: Rarity | None = None,
    ) -> None:
        self._photos, self._drawings, self.rarity = photos, drawings, rarity

    def __len__(self) -> int:
        return len(self._photos[0])

    def take(self, rows: np.ndarray) -> PhotoBatch:
        """The photographs with these indices, and the drawings whose turn it is."""
        others = rows % len(self._drawings[0])
        return PhotoBatch(
            *(column[rows] for column in self._photos),
            *(column[others] for column in self._drawings),
        )


@dataclass(frozen=True)
class PhotoFaces(DataSet):
    """
    The voted faces of FER2013 with their points; a batch is a `PhotoBatch`.

    The scales of the points are those of the faces that are trained on.

    Args:
        path: archive of faces to train on, as `load_voted_faces` reads it.
        points: its points, as `load_points` reads them.
        test_path: archive that is only reported on.
        test_points: its points.
        held_out: part of the faces of `path` that chooses the checkpoint.
        rarity_power: how much more often rare expressions are drawn, see `Rarity`.
        drawings: number of drawings in the robot's style.
        mixed: share of them whose parts move independently.
    """

    CONTENT = 'FER2013 with the votes of FER+ and points of faces, beside drawings'
    LAYOUT = LAYOUT
    ORIGIN: ClassVar[dict[str, str]] = {
        **ORIGIN,
        'points': 'MediaPipe Face Mesh 0.10.21 (Apache-2.0)',
    }

    path: str = '../shared/data/fer2013plus/fer2013plus_train.npz'
    points: str = '../shared/data/fer2013plus_landmarks/fer2013plus_landmarks_train.npz'
    test_path: str = '../shared/data/fer2013plus/fer2013plus_valid.npz'
    test_points: str = '../shared/data/fer2013plus_landmarks/fer2013plus_landmarks_valid.npz'
    held_out: float = 0.05
    rarity_power: float = 0.8
    drawings: int = 4000
    mixed: float = 0.0

    def load_parts(self, seed: int) -> Parts:
        """Read all files, measure the points, and draw, about five hundred a second."""
        faces, measures = load_measured(self.path, self.points)
        held, kept = random_parts(len(faces), [round(self.held_out * len(faces))], seed)
        scales = _fit(faces[kept], _rows(measures, kept))
        drawn = draw_in_style(seed, self.drawings, self.mixed)
        columns = photo_columns(faces, measures, scales)
        trained_on = tuple(column[kept] for column in columns)
        rarity = Rarity(_shares(faces[kept]), self.rarity_power)
        tested = photo_columns(*load_measured(self.test_path, self.test_points), scales)
        return {
            'training': PhotosAndDrawings(trained_on, drawn, rarity),
            'validation': InMemory(
                PhotosAndDrawings(tuple(c[held] for c in columns), drawn).take(
                    np.arange(len(held))
                )
            ),
            'test': InMemory(PhotosAndDrawings(tested, drawn).take(np.arange(len(tested[0])))),
        }

    def load_scales(self, seed: int) -> PointScales:
        """The scales of the faces that are trained on."""
        faces, measures = load_measured(self.path, self.points)
        _, kept = random_parts(len(faces), [round(self.held_out * len(faces))], seed)
        return _fit(faces[kept], _rows(measures, kept))


def load_measured(path: str, points: str) -> tuple[VotedFaces, FaceMeasures]:
    """
    The faces of an archive, and what is measured on their points.

    Raises:
        FileNotFoundError: if one of the files is not there.
        ValueError: if one is laid out otherwise, or they have different numbers of faces.
    """
    faces, found = load_voted_faces(path), load_points(points)
    if len(faces) != len(found):
        raise FileError(
            f'{points} has points of {len(found)} faces, {path} {len(faces)} faces; expected the '
            'points of these faces'
        )
    return faces, found.measure()


def photo_columns(
    faces: VotedFaces, measures: FaceMeasures, scales: PointScales
) -> tuple[np.ndarray, ...]:
    """The first `N_OF_PHOTOS` columns of a `PhotoBatch` of all faces."""
    frontal = is_frontal(measures)
    votes = faces.expression_votes
    total = np.maximum(faces.votes.sum(1, dtype=np.float32), 1)[:, None]
    shown = np.zeros((len(faces), len(SHOWN)), np.float32)
    for column, name in enumerate(EXPRESSIONS):
        if name in EMOTION_OF:
            shown[:, SHOWN.index(EMOTION_OF[name])] += votes[:, column]
    counted = shown.sum(1, keepdims=True)
    affect, rests_on = expected_va(votes)
    is_face, is_face_weight = _facehood(faces, measures)
    return (
        faces.images[:, None],
        _known(scales.action_units(measures)),
        _known(scales.proportions(measures)),
        _column(frontal),
        shown / np.maximum(counted, 1),
        counted / total,
        affect,
        rests_on[:, None] / total,
        _column(is_face),
        _column(is_face_weight),
    )


def draw_in_style(seed: int, count: int, mixed: float) -> tuple[np.ndarray, ...]:
    """
    Drawings in the robot's style that look straight ahead: the last columns of a `PhotoBatch`.

    Args:
        seed: which endless set, see `sample`.
        count: how many.
        mixed: share of them whose parts move independently.
    """
    fields, affect, emotions, identities, units = [], [], [], [], []
    for number in range(count):
        drawn = sample(seed, number * FRAMES_PER_IDENTITY, is_framed=False, mixed=mixed)
        person = Identity.default().with_proportions(
            Identity.from_vector(drawn.identity).proportions()
        )
        fields.append(ParametricFace(person).render_field(drawn.action_units))
        affect.append(drawn.vad[:2])
        emotions.append(drawn.emotions)
        identities.append(person.as_vector())
        units.append(drawn.action_units)
    batch = make_batch(fields, affect, emotions, identities, np.zeros((count, N_LOOK)), units)
    return batch.field, batch.action_units, batch.identity, batch.affect


def _facehood(faces: VotedFaces, measures: FaceMeasures) -> tuple[np.ndarray, np.ndarray]:
    """
    Which pictures show a face that can be drawn, bool (N,), and weights (N,), 0 = not known.

    Profiles and pictures without a face are rare: together they weigh as much as the faces, or
    each as ten of them.
    """
    no_face = np.zeros(len(faces), bool)
    if 'not_a_face' in faces.vote_names:
        no_face = faces.votes[:, faces.vote_names.index('not_a_face')] >= _NOT_A_FACE
    no_face |= np.abs(measures.turn) > _PROFILE
    is_drawn = ~no_face & is_frontal(measures)
    rarity = min(_MOST_RARITY, max(1.0, is_drawn.sum() / max(1, no_face.sum())))
    return ~no_face, is_drawn + rarity * no_face


def _fit(faces: VotedFaces, measures: FaceMeasures) -> PointScales:
    neutral = faces.expression_votes[:, EXPRESSIONS.index('NEUTRAL')]
    return PointScales.fit(measures, neutral >= SURELY_NEUTRAL)


def _rows(measures: FaceMeasures, rows: np.ndarray) -> FaceMeasures:
    return FaceMeasures(*(column[rows] for column in measures))


def _shares(faces: VotedFaces) -> np.ndarray:
    votes = faces.expression_votes
    return votes / np.maximum(votes.sum(1, keepdims=True), 1)


def _known(values: np.ndarray) -> np.ndarray:
    return np.nan_to_num(values).astype(np.float32)


def _column(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32)[:, None]
