# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Everything the affect network is trained on: voted faces, and labelled ones of collections."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from emotion_models.data.data_set import DataSet, InMemory, Parts, Rarity
from emotion_models.data.face_parts import choose_part
from emotion_models.data.fer2013plus import LAYOUT, ORIGIN, load_voted_faces
from emotion_models.data.labelled_faces import LabelledFaces
from emotion_models.data.sources import load_labelled_faces
from emotion_models.data.splits import random_parts, split_groups
from emotion_models.data.voted_faces import (
    AffectBatch,
    VotedFaces,
    make_targets,
    mix_with_teacher,
    teacher_predictions,
)
from emotion_models.imaging.images import fit_square, to_grey
from emotion_models.labels.expressions import EXPRESSIONS, VA_MEANS
from emotion_models.reading import FileError
from emotion_models.runtime.affect import AffectModel

PICTURE_PX = 80
"""Sides of the pictures in training: the network's 64 pixels of a face with some surroundings."""


@dataclass(frozen=True)
class Collection:
    """
    Faces with one label each, beside the voted ones.

    Args:
        data: what `load_labelled_faces` takes.
        part: of the collection, see `PARTS`.
        name: of the collection, for the card.
        terms: under which its faces may be used, for the card.
        only_training: nothing of it is held out, as for labels that nobody has checked.
        framing: sides of the square that shows a face as the voted pictures do, relative to the
            collection's own pictures.
        times: how much more often each face is drawn than a voted one of equal rarity.
        certainty: share of the label in the target; the teacher, or else the shares of the labels
            in the collection, give the rest.
        is_rated: valence and arousal were rated by people; else they are the mean of the class,
            and the teacher's where there is one.
        affect_weight: weight of valence and arousal.
    """

    data: str
    part: str = 'all'
    name: str = ''
    terms: str = ''
    only_training: bool = False
    framing: float = 1.0
    times: float = 1.0
    certainty: float = 0.9
    is_rated: bool = False
    affect_weight: float = 1.0


@dataclass(frozen=True)
class AffectFaces(DataSet):
    """
    Voted faces of an archive, and other collections, for the affect network.

    Args:
        path: archive as `load_voted_faces` reads it.
        test_path: archive that is only reported on; none = what is validated is tested too.
        collections: further faces to train on.
        held_out: part of the voted faces, and of the persons or pictures of each collection, that
            chooses the checkpoint and the calibration.
        rarity_power: how much more often rare expressions are drawn, see `Rarity`.
        least_va_votes: faces with fewer votes for expressions that have a mean give no valence
            and arousal.
        teacher: a shipped model or a folder of one whose predictions are mixed with the targets
            that are trained on; the held-out part keeps its own.
        teacher_weight: share of the teacher in the targets of voted faces.
    """

    CONTENT = 'FER2013 with the votes of FER+ and labelled faces of other collections'
    LAYOUT = LAYOUT
    ORIGIN = ORIGIN

    path: str
    test_path: str | None = None
    collections: Sequence[Collection] = ()
    held_out: float = 0.05
    rarity_power: float = 0.5
    least_va_votes: int = 4
    teacher: str | None = None
    teacher_weight: float = 0.5

    def __post_init__(self) -> None:
        """Refuse numbers that no data set can have, and take collections as they are noted."""
        super().__post_init__()
        as_noted = (c if isinstance(c, Collection) else Collection(**c) for c in self.collections)
        object.__setattr__(self, 'collections', tuple(as_noted))

    @property
    def origin(self) -> dict[str, Any]:
        """The voted faces, and under `collections` what else was trained on."""
        used = [
            {'name': c.name or c.data, 'part': c.part, 'terms': c.terms or 'those of its faces'}
            for c in self.collections
        ]
        return {**self.ORIGIN, 'collections': used} if used else dict(self.ORIGIN)

    def load_parts(self, seed: int) -> Parts:
        """Read all files and split each."""
        teacher = AffectModel(self.teacher, os.cpu_count() or 1) if self.teacher else None
        faces = load_voted_faces(self.path).with_votes_for_expressions()
        held, kept = random_parts(len(faces), [round(self.held_out * len(faces))], seed)
        training = [self._voted(faces[kept], teacher)]
        validation = [self._voted(faces[held])]
        times = [np.ones(len(kept), np.float32)]
        for number, collection in enumerate(self.collections, 1):
            found = choose_part(load_labelled_faces(collection.data), collection.part)
            groups = np.array(found.groups or np.arange(len(found)).astype(str))
            kept = np.arange(len(found))
            if not collection.only_training:
                held, kept = split_groups(groups, [self.held_out], seed)
                if len(held):
                    validation.append(_collected(found.choose(held), collection, number))
            training.append(_collected(found.choose(kept), collection, number, teacher))
            times.append(np.full(len(kept), collection.times, np.float32))
        trained_on = _join(training)
        rarity = Rarity(trained_on.expression, self.rarity_power, np.concatenate(times))
        held_out = InMemory(_join(validation))
        test = held_out
        if self.test_path:
            tested = load_voted_faces(self.test_path).with_votes_for_expressions()
            test = InMemory(self._voted(tested))
        return {
            'training': InMemory(trained_on, rarity),
            'validation': held_out,
            'test': test,
        }

    def _voted(self, faces: VotedFaces, teacher: AffectModel | None = None) -> AffectBatch:
        votes = mix_with_teacher(faces, teacher, self.teacher_weight) if teacher else None
        return make_targets(faces, self.least_va_votes, votes)


def _collected(
    faces: LabelledFaces, collection: Collection, source: int, teacher: AffectModel | None = None
) -> AffectBatch:
    """The faces with a known expression and their targets."""
    faces = faces.choose(np.flatnonzero(faces.expression >= 0))
    if not len(faces):
        raise FileError(f'{collection.data} has no face whose expression is known in its part')
    pictures = np.stack([_picture(faces, row) for row in range(len(faces))])
    label = np.eye(len(EXPRESSIONS), dtype=np.float32)[faces.expression]
    rest = label.mean(0)
    affect = _affect_of(faces, collection)
    if teacher:
        rest, taught = teacher_predictions(teacher, pictures, collection.framing)
        if not collection.is_rated:
            known = np.isfinite(affect[:, :1])
            affect = np.where(known, (affect + taught) / 2, taught)
    known = np.isfinite(affect).all(1)
    count = len(pictures)
    return AffectBatch(
        pictures[:, None],
        collection.certainty * label + (1 - collection.certainty) * rest,
        np.ones(count, np.float32),
        np.nan_to_num(affect).astype(np.float32),
        collection.affect_weight * known.astype(np.float32),
        np.full(count, collection.framing, np.float32),
        np.full(count, source),
    )


def _picture(faces: LabelledFaces, row: int) -> np.ndarray:
    """Uint8, (`PICTURE_PX`, `PICTURE_PX`)."""
    image = faces.images[row]
    if image is None:
        raise FileError(f'the picture {faces.keys[row]} cannot be read; remove it')
    return fit_square(to_grey(image), PICTURE_PX)


def _affect_of(faces: LabelledFaces, collection: Collection) -> np.ndarray:
    """Valence and arousal as rated, or the mean of the class, (N, 2); nan where not known."""
    means = np.array([VA_MEANS.get(name, (np.nan, np.nan)) for name in EXPRESSIONS])
    return np.array(faces.affect) if collection.is_rated else means[faces.expression]


def _join(batches: Sequence[AffectBatch]) -> AffectBatch:
    """All samples, the pictures with the sides of the largest."""
    side = max(batch.faces.shape[-1] for batch in batches)
    columns = [np.concatenate(column) for column in list(zip(*batches, strict=True))[1:]]
    return AffectBatch(np.concatenate([_enlarge(b.faces, side) for b in batches]), *columns)


def _enlarge(faces: np.ndarray, side: int) -> np.ndarray:
    if faces.shape[-1] == side:
        return faces
    size = (side, side)
    return np.stack([cv2.resize(face, size)[None] for face in faces[:, 0]])
