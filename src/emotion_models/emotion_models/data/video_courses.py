# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Features of the faces of a video, frame by frame, by the detector and network of the runtime."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from emotion_models.data.alignment import fill_gaps, pool_rows
from emotion_models.data.video_features import (
    BoxFeature,
    CropFeature,
    FacePath,
    Feature,
    FileFeature,
    SoundFeature,
)
from emotion_models.data.videos import Frame, Sound
from emotion_models.imaging.images import Image
from emotion_models.reading import FileError
from emotion_models.runtime.estimator import AffectEstimator
from emotion_models.runtime.faces import Sighting

TOGETHER = 32
"""Squares that are read in one run."""
LEAST_SEEN_S = 0.5
"""Faces that are followed for less are left out where all are wanted."""


class Course(NamedTuple):
    """
    What is known of one face in each frame of a video.

    Args:
        face: its name; empty = the one that is largest when it is first seen, and so on.
        stamps_s: of the frames, float64 (L,).
        rows: of all features side by side, float32 (L, D).
        padded: frames in which it was not seen, bool (L,).
    """

    face: str
    stamps_s: np.ndarray
    rows: np.ndarray
    padded: np.ndarray


@dataclass
class SeenFace:
    """
    One face as it was seen so far; squares wait until there are enough to be read.

    Args:
        features: that are read from the squares.
        frames: in which it was seen, ascending.
        boxes: x, y, width, height in pixels, as many.
        rows: by feature, in blocks, those of the squares that were read.
    """

    features: list[CropFeature]
    frames: list[int] = field(default_factory=list)
    boxes: list[np.ndarray] = field(default_factory=list)
    waiting: list[Image] = field(default_factory=list)
    rows: dict[str, list[np.ndarray]] = field(default_factory=dict)

    def add(self, frame: int, sighting: Sighting) -> None:
        """One more frame in which it is."""
        self.frames.append(frame)
        self.boxes.append(sighting.box)
        self.waiting.append(sighting.square)
        if len(self.waiting) == TOGETHER:
            self.read()

    def read(self) -> None:
        """Read the squares that wait."""
        if self.waiting:
            for feature in self.features:
                self.rows.setdefault(feature.name, []).append(feature.read(self.waiting))
            self.waiting = []


class Sights(NamedTuple):
    """
    Where faces were seen in a video.

    Args:
        stamps_s: of its frames, float64 (L,).
        size: of its frames, width and height in pixels.
        faces: by name, in the order in which they were first seen.
    """

    stamps_s: np.ndarray
    size: tuple[int, int]
    faces: dict[str, SeenFace]


class StickyFace:
    """The largest face, and the same one for as long as it is followed."""

    def __init__(self) -> None:
        self._face_id: str | None = None

    def __call__(self, sightings: list[Sighting]) -> dict[str, Sighting]:
        """The one of these faces, largest first, that counts; none if there is none."""
        by_id = {sighting.face_id: sighting for sighting in sightings}
        if self._face_id not in by_id:
            self._face_id = next(iter(by_id), None)
        return {'': by_id[self._face_id]} if self._face_id is not None else {}


def every_face(sightings: list[Sighting]) -> dict[str, Sighting]:
    """All faces by their names."""
    return {sighting.face_id: sighting for sighting in sightings}


def extract(
    video: str,
    frames: Iterable[Frame],
    estimator: AffectEstimator,
    features: list[Feature],
    read_sound: Callable[[], Sound | None] = lambda: None,
    all_faces: bool = False,
) -> list[Course]:
    """
    The features of a video.

    Args:
        video: its name, for features from files and for errors.
        frames: of it.
        estimator: finds and follows the faces; it is reset first.
        features: in the order in which they stand side by side.
        read_sound: gives its sound, none if it has none.
        all_faces: a course for each face that is seen for `LEAST_SEEN_S`, else one for the sticky
            largest. A video without any gives one of zeros, all of them padded.

    Raises:
        FileError: if a feature needs what the video does not have; names both.
    """
    needs_faces = any(isinstance(feature, CropFeature | BoxFeature) for feature in features)
    choose = every_face if all_faces else StickyFace()
    sights = see_faces(frames, estimator, features, choose if needs_faces else None)
    of_all = rows_of_all(video, features, sights.stamps_s, read_sound)
    seen = long_seen(sights) if all_faces else sights.faces
    courses = [course_of(face, seen[face], features, of_all, sights) for face in seen]
    return courses or [course_of('', SeenFace([]), features, of_all, sights, needs_faces)]


def see_faces(
    frames: Iterable[Frame],
    estimator: AffectEstimator,
    features: list[Feature],
    choose: Callable[[list[Sighting]], dict[str, Sighting]] | None,
) -> Sights:
    """
    Find, follow and read the faces of a video.

    Args:
        frames: of it.
        estimator: finds and follows the faces; it is reset first.
        features: those of squares are read; the others are not looked at.
        choose: from the faces of a frame, largest first, to those that count, by name; none =
            nobody is looked for.
    """
    crops = [feature for feature in features if isinstance(feature, CropFeature)]
    seen: dict[str, SeenFace] = {}
    stamps_s: list[float] = []
    size = (1, 1)
    estimator.reset()
    for index, (stamp_s, image) in enumerate(frames):
        stamps_s.append(stamp_s)
        size = image.shape[1], image.shape[0]
        if choose is not None:
            for face, sighting in choose(estimator.sight(image, stamp_s)).items():
                seen.setdefault(face, SeenFace(crops)).add(index, sighting)
    for course in seen.values():
        course.read()
    return Sights(np.array(stamps_s), size, seen)


def rows_of_all(
    video: str,
    features: list[Feature],
    stamps_s: np.ndarray,
    read_sound: Callable[[], Sound | None],
) -> dict[str, np.ndarray]:
    """
    The rows of those features that do not depend on faces, float32 (L, D), by name.

    Raises:
        FileError: if a feature needs what the video does not have; names both.
    """
    return {
        feature.name: _rows_of_all(video, feature, stamps_s, read_sound)
        for feature in features
        if isinstance(feature, SoundFeature | FileFeature)
    }


def long_seen(sights: Sights) -> dict[str, SeenFace]:
    """Those faces that were followed for `LEAST_SEEN_S`."""
    stamps_s = sights.stamps_s
    return {
        name: face
        for name, face in sights.faces.items()
        if stamps_s[face.frames[-1]] - stamps_s[face.frames[0]] >= LEAST_SEEN_S
    }


def course_of(
    name: str,
    face: SeenFace,
    features: list[Feature],
    of_all: dict[str, np.ndarray],
    sights: Sights,
    needs_faces: bool = True,
) -> Course:
    """
    The rows of all features of a face in each frame of a video.

    Args:
        name: of the face.
        face: as it was seen.
        features: in the order in which they stand side by side.
        of_all: from `rows_of_all`.
        sights: that it is one of.
        needs_faces: whether a frame without it is padded.
    """
    stamps_s = sights.stamps_s
    frames = np.array(face.frames, int)
    padded = np.zeros(len(stamps_s), bool)
    columns = []
    for feature in features:
        if feature.name in of_all:
            columns.append(of_all[feature.name])
            continue
        rows = _own_rows(feature, face, stamps_s[frames], sights.size)
        filled, padded = fill_gaps(rows, frames, len(stamps_s))
        columns.append(filled)
    return Course(name, stamps_s, np.concatenate(columns, 1), padded & needs_faces)


def _own_rows(
    feature: Feature, seen: SeenFace, stamps_s: np.ndarray, size: tuple[int, int]
) -> np.ndarray:
    """The rows of the frames in which a face was seen."""
    if not seen.frames:
        return np.zeros((0, feature.size), np.float32)
    if isinstance(feature, BoxFeature):
        return feature.read(FacePath(np.array(seen.boxes), stamps_s, size))
    return np.concatenate(seen.rows[feature.name])


def _rows_of_all(
    video: str,
    feature: SoundFeature | FileFeature,
    stamps_s: np.ndarray,
    read_sound: Callable[[], Sound | None],
) -> np.ndarray:
    """The rows of all frames, whoever is seen."""
    if isinstance(feature, SoundFeature):
        sound = read_sound()
        if sound is None:
            raise FileError(
                f'{video} has no sound, of which {feature.name} is a feature; leave it out'
            )
        return pool_rows(feature.read(sound), stamps_s, 1 / feature.rate_hz, sound.start_s)
    rows = feature.read(video)
    if rows.shape[1] != feature.size:
        raise FileError(
            f'the feature {feature.name} of {video} has the width {rows.shape[1]}; '
            f'expected {feature.size}, as in the videos before'
        )
    if feature.rate_hz is not None:
        return pool_rows(rows, stamps_s, 1 / feature.rate_hz)
    if len(rows) != len(stamps_s):
        raise FileError(
            f'the feature {feature.name} of {video} has {len(rows)} rows, the video '
            f'{len(stamps_s)} frames; give its rate: {feature.name}=PATH@HZ'
        )
    return rows
