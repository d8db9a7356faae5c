# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Semi-real clips: real courses of valence and arousal, acted by real faces."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np

from emotion_models.data.acting import Drift, Rectangle, act, cast, picture, showable
from emotion_models.data.clip_files import (
    AFFECT_NETWORK,
    FEATURES_LAYOUT,
    StoredClips,
    noted_network,
    read_notes,
    sources_in,
    write_clip,
)
from emotion_models.data.clip_sets import split_names
from emotion_models.data.clips import ClipPart, FeatureList
from emotion_models.data.data_set import DataSet, Parts
from emotion_models.data.fer2013plus import load_voted_faces
from emotion_models.data.hdf5 import opened
from emotion_models.data.part_files import PartFiles
from emotion_models.data.splits import random_parts
from emotion_models.data.va_courses import (
    RATE_HZ,
    Course,
    load_film_ratings,
    load_self_reports,
)
from emotion_models.data.video_features import affect_features
from emotion_models.data.voted_faces import VotedFaces, label_by_votes
from emotion_models.reading import FileError
from emotion_models.runtime.affect import AffectModel

PARTS = ('training', 'validation', 'test')
TOGETHER = 64
"""Pictures that are read in one run."""


@dataclass(frozen=True)
class ActedCourses(DataSet):
    """
    Courses that `act-courses` had acted.

    The faces of the training persons are among those that the affect network was trained on: its
    features look better there than they are for other people.

    Args:
        path: file that `act-courses` wrote.
        features: their names in order, separated by commas.
        origin_of_courses: `ceap` or `afew`; empty = both.
    """

    CONTENT = 'real courses of valence and arousal acted by faces of FER2013, semi-real'
    LAYOUT = FEATURES_LAYOUT + ', as emotion-models act-courses writes it'
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'semi-real: courses of CEAP-360VR and AFEW-VA acted by faces of FER2013',
        'source': 'Xue et al., "CEAP-360VR", IEEE Transactions on Multimedia 2021; Kossaifi et '
        'al., "AFEW-VA database", Image and Vision Computing 65, 2017; Goodfellow et al., arXiv '
        '1307.0414, with the votes of Barsoum et al., ICMI 2016',
        'terms': 'CEAP-360VR: CC BY-NC 4.0; AFEW-VA: non-commercial research; FER2013: research',
        'affect': 'told by people of what they felt, or by experts of film clips; scaled linearly '
        'to what the faces show, and not rated on these faces',
    }

    path: str
    features: str = 'embedding,expression,va'
    origin_of_courses: str = ''

    def load_parts(self, seed: int) -> Parts:
        """The parts as they were acted, whatever the seed."""
        path = self.check_path(self.path)
        sources = sources_in(path, split_names(self.features))
        parts = {}
        for part in PARTS:
            names = names_of(path, part, self.origin_of_courses)
            clips = StoredClips(sources, path, names)
            parts[part] = ClipPart(clips, FeatureList(clips.widths))
        return parts

    @property
    def origin(self) -> dict[str, Any]:
        """Also the affect network whose features they are."""
        return {**super().origin, **noted_network([self.check_path(self.path)])}


def names_of(path: str | Path, part: str, origin: str = '') -> list[str]:
    """
    The courses of a part of a file.

    Args:
        path: of the file.
        part: `training`, `validation` or `test`.
        origin: with which their names begin; empty = all.

    Raises:
        FileError: if there is none.
    """
    notes = read_notes(path)
    names = [
        name
        for name, noted in notes.items()
        if noted.get('part') == part and name.startswith(origin)
    ]
    if not names:
        raise FileError(
            f'{path} has no acted course {origin} for {part}; expected {ActedCourses.LAYOUT}'
        )
    return names


class Shown(NamedTuple):
    """What the shown faces say, and the course: valence and arousal, float32 (L, 2) each."""

    shown: np.ndarray
    course: np.ndarray


def perfect_reading(path: str | Path, part: str, origin: str = '') -> Shown:
    """
    All frames of a part as somebody would read them who knows what each face shows: the ceiling.

    Args:
        path: file that `act-courses` wrote.
        part: `training`, `validation` or `test`.
        origin: with which the names of the courses begin; empty = all.
    """
    names = names_of(path, part, origin)
    with opened(path, ActedCourses.LAYOUT) as file:
        shown = np.concatenate([file[name]['shown'][()] for name in names])
        course = np.concatenate(
            [np.stack((file[name]['valence'][()], file[name]['arousal'][()]), 1) for name in names]
        )
    return Shown(shown, course)


class Files(NamedTuple):
    """Archives that are read: courses, and faces with votes."""

    self_reports: Path
    film_ratings: Path
    faces: Path
    reported_faces: Path

    @classmethod
    def below(cls, folder: str | Path) -> 'Files':
        """In their folders in one folder."""
        faces = Path(folder) / 'fer2013plus'
        return cls(
            Path(folder) / 'ceap_va' / 'ceap_va.npz',
            Path(folder) / 'afew_va_labels' / 'afew_va_labels.npz',
            faces / 'fer2013plus_train.npz',
            faces / 'fer2013plus_valid.npz',
        )


class Cast(NamedTuple):
    """Faces, what they show, (N, 2), and which of them each person has."""

    faces: VotedFaces
    affect: np.ndarray
    persons: list[np.ndarray]


def cast_parts(files: Files, model: AffectModel, seed: int) -> dict[str, Cast]:
    """
    The persons of each part.

    Those of the test have faces of the archive that is only reported on, those of validation the
    faces that were held out from the network, those of the training all others.

    Raises:
        ValueError: if the card does not say which faces were held out.
    """
    faces = load_voted_faces(files.faces).with_votes_for_expressions()
    held_out, trained = random_parts(len(faces), *_held_out(model, len(faces)))
    reported = load_voted_faces(files.reported_faces).with_votes_for_expressions()
    parts = {'training': faces[trained], 'validation': faces[held_out], 'test': reported}
    rng = np.random.default_rng(seed)
    casts = {}
    for part, of_part in parts.items():
        expression, affect = label_by_votes(of_part)
        casts[part] = Cast(of_part, affect, cast(affect, expression, rng))
    return casts


def act_courses(
    files: Files,
    to: Path,
    model: AffectModel,
    seed: int,
    rest_s: float = 0.0,
    show: Callable[[list[Course]], Iterator[Course]] = iter,
    origin: str = '',
) -> None:
    """
    Have all courses acted, read by the affect network, and written to a file.

    What is done lies in `TO.parts` until all are; the same call goes on where it was interrupted.

    Args:
        files: to read.
        to: file to write.
        model: the affect network.
        seed: of the split and of all that is drawn.
        rest_s: seconds for which each course first rests at 0.
        show: passes the courses on while it shows how far they are.
        origin: `ceap` or `afew`: of the courses that are acted, each as if all were; empty = all.

    Raises:
        OSError, ValueError: if a file is not there, or something else.
    """
    courses = load_self_reports(files.self_reports, seed) + load_film_ratings(
        files.film_ratings, seed
    )
    casts = cast_parts(files, model, seed)
    stage = _Stage(model, showable(), seed, rest_s)
    parts = PartFiles(to, {feature.name: feature.size for feature in stage.features})
    notes = {AFFECT_NETWORK: model.card['sha256'], 'seed': seed, 'rest_s': rest_s}
    turns = dict.fromkeys(PARTS, 0)
    for number, course in enumerate(show(courses)):
        of_part = casts[course.part]
        person = turns[course.part] % len(of_part.persons)
        turns[course.part] += 1
        if not course.name.startswith(origin) or parts.has(course.name, repr(notes)):
            continue
        arrays = stage.play(course, of_part, person, number)
        with parts.writing(course.name, repr(notes)) as file:
            write_clip(file, course.name, arrays, {'part': course.part, 'person': person})
    wanted = [course.name for course in courses if course.name.startswith(origin)]
    parts.join(wanted, notes)


class _Stage:
    """Where courses are acted and read."""

    def __init__(self, model: AffectModel, plane: Rectangle, seed: int, rest_s: float) -> None:
        self.features = affect_features(model)
        self._size_px, self._plane, self._seed, self._rest_s = model.size_px, plane, seed, rest_s

    def play(self, course: Course, of_part: Cast, person: int, number: int) -> dict[str, Any]:
        """The datasets of a course."""
        rng = np.random.default_rng((self._seed, number))
        faces = of_part.persons[person]
        rest = np.zeros((round(self._rest_s * RATE_HZ), 2))
        target = self._plane(np.concatenate((rest, course.affect)))
        shown = faces[act(target, of_part.affect[faces], RATE_HZ, rng)]
        drift = Drift().draw(len(target), RATE_HZ, rng)
        rows = [
            self._read(of_part.faces.images[shown[part]], drift[part], rng)
            for part in np.array_split(np.arange(len(target)), -(-len(target) // TOGETHER))
        ]
        return {
            'fts': np.concatenate(rows),
            'stamps': np.arange(len(target)) / RATE_HZ,
            'length': len(target),
            'valence': target[:, 0].astype(np.float32),
            'arousal': target[:, 1].astype(np.float32),
            'shown': of_part.affect[shown].astype(np.float32),
        }

    def _read(self, faces: np.ndarray, drift: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        seen = [
            picture(face, row, self._size_px, rng) for face, row in zip(faces, drift, strict=True)
        ]
        return np.concatenate([feature.read(seen) for feature in self.features], 1)


def _held_out(model: AffectModel, count: int) -> tuple[list[int], int]:
    """How many faces were held out from the network, and the seed of their choice."""
    try:
        made_by = model.card['made_by']['data']
        share, seed = made_by['data_set']['init_args']['held_out'], made_by['seed']
        return [round(float(share) * count)], int(seed)
    except (KeyError, TypeError, ValueError):
        raise ValueError(
            f'the card of {model.name} does not say which faces were held out from it: made_by, '
            'data, seed and data_set with held_out; take a network that emotion-models exported'
        ) from None
