# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What `watch` does: a video is read once, and drawn with what was seen when it is read again."""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from tqdm import tqdm

from emotion_models.data.data_set import check_file
from emotion_models.data.video_courses import (
    Course,
    SeenFace,
    Sights,
    StickyFace,
    course_of,
    every_face,
    long_seen,
    rows_of_all,
    see_faces,
)
from emotion_models.data.video_features import Feature, make_features
from emotion_models.data.video_writing import check_ending, writing_video
from emotion_models.data.videos import (
    EXPECTED,
    Frame,
    read_frames,
    read_sound,
    said_length,
    video_rate,
)
from emotion_models.reading import FileError, printable
from emotion_models.runtime.affect import AffectModel
from emotion_models.runtime.estimator import AffectEstimator
from emotion_models.runtime.faces import Sighting
from emotion_models.runtime.stages import LONGEST_GAP_S
from emotion_models.temporal.baselines import filtered
from emotion_models.temporal.screen import Screen
from emotion_models.temporal.sequence_models import SequenceModel, follow, open_sequence_model
from emotion_models.temporal.watched import WatchedFace

READ = ('va', 'expression')
"""Features that are read whatever the sequence model wants."""


def watch_video(options: argparse.Namespace) -> None:
    """
    Read a video, draw it, and say where it is.

    Raises:
        ValueError, OSError: for what cannot be used; nothing is written then.
    """
    video = check_file(options.video, EXPECTED)
    to = check_ending(options.to or Path(f'{video.stem}_watched.mp4'))
    if to.resolve() == video.resolve():
        raise ValueError(f'{to} is the video itself; choose another name with --to')
    watcher = _Watcher(options, video)
    sights = watcher.see()
    faces = watcher.describe(sights)
    frames = _progress(read_frames(video), 'drawing', len(sights.stamps_s))
    name = watcher.temporal.name if watcher.temporal else None
    screen = Screen(sights.size, sights.stamps_s, faces, name, options.all_faces)
    with writing_video(to, video_rate(video), sound_of=video) as writer:
        for index, (stamp_s, image) in enumerate(frames):
            writer.write(screen.draw(index, image), stamp_s)
    print(printable(str(to)))


class _Watcher:
    """How a video is looked at: the checks come before the long work."""

    def __init__(self, options: argparse.Namespace, video: Path) -> None:
        self.video, self.all_faces = video, options.all_faces
        self.temporal = open_sequence_model(options.temporal) if options.temporal else None
        self.estimator = AffectEstimator(options.model, options.detector, make_stage=None)
        self.wanted = _features_for(self.temporal, self.estimator.model, video)

    def see(self) -> Sights:
        """
        All faces that count, read.

        Raises:
            FileError: if there is none.
        """
        affect = self.estimator.model
        names = {feature.name for feature in self.wanted}
        read = make_features([name for name in READ if name not in names], affect, '')
        frames = _progress(read_frames(self.video), 'reading', said_length(self.video))
        choose = every_face if self.all_faces else _Largest()
        sights = see_faces(frames, self.estimator, [*read, *self.wanted], choose)
        faces = long_seen(sights) if self.all_faces else sights.faces
        if not faces:
            raise FileError(
                f'{self.video} shows no face in any of its {len(sights.stamps_s)} frames that '
                f'the detector {self.estimator.detector.name} finds, so there is nothing to draw'
            )
        return sights._replace(faces=faces)

    def describe(self, sights: Sights) -> list[WatchedFace]:
        """What is drawn of each face, in the order in which they were seen."""
        wanted, stamps_s = self.wanted, sights.stamps_s
        of_all = rows_of_all(str(self.video), wanted, stamps_s, lambda: read_sound(self.video))
        faces = []
        for name, seen in sights.faces.items():
            course = course_of(name, seen, wanted, of_all, sights) if wanted else None
            faces.append(self._describe(seen, stamps_s, course))
        return faces

    def _describe(
        self, seen: SeenFace, stamps_s: np.ndarray, course: Course | None
    ) -> WatchedFace:
        frames = np.array(seen.frames)
        raw, expression = (np.concatenate(seen.rows[name]) for name in READ)
        values = np.concatenate((raw, expression), 1).astype(float)
        smoothed, said = filtered(values, stamps_s[frames]), None
        if self.temporal and course:
            said = np.full(raw.shape, np.nan, np.float32)
            for part in stretches(stamps_s[frames]):
                first, end = frames[part][0], frames[part][-1] + 1
                whole = follow(self.temporal, course.rows[first:end], stamps_s[first:end])
                said[part] = whole[frames[part] - first]
        in_the_wild = smoothed[:, raw.shape[1] :]
        return WatchedFace(
            frames,
            np.array(seen.boxes, np.float32),
            self.estimator.model.under_prior(in_the_wild, 'balanced').astype(np.float32),
            raw,
            smoothed[:, : raw.shape[1]].astype(np.float32),
            said,
        )


class _Largest:
    """The sticky largest face, under its own name, so that another person begins anew."""

    def __init__(self) -> None:
        self._choose = StickyFace()

    def __call__(self, sightings: list[Sighting]) -> dict[str, Sighting]:
        return every_face(list(self._choose(sightings).values()))


def stretches(stamps_s: np.ndarray) -> Iterator[slice]:
    """Parts of a course between which nothing was seen for so long that stages begin anew."""
    breaks = np.flatnonzero(np.diff(stamps_s) > LONGEST_GAP_S) + 1
    ends = [*breaks.tolist(), len(stamps_s)]
    return (slice(first, end) for first, end in zip([0, *ends], ends, strict=False))


def _features_for(model: SequenceModel | None, affect: AffectModel, video: Path) -> list[Feature]:
    """
    What a sequence model reads.

    Raises:
        ValueError: if it reads something else than there is.
    """
    if model is None:
        return []
    try:
        features = make_features(list(model.features.widths), affect, video.stem)
    except ValueError as error:
        raise ValueError(f'{model.name} reads {model.features}: {error}') from None
    if why := model.misfit(affect):
        raise ValueError(why)
    for feature in features:
        if feature.size != model.features.widths[feature.name]:
            raise ValueError(
                f'{model.name} reads {model.features}; {feature.name} of the affect network '
                f'{affect.name} has the width {feature.size}: give the one that it was trained '
                'with as --model'
            )
    return features


def _progress(frames: Iterable[Frame], what: str, total: int | None) -> Iterator[Frame]:
    return iter(tqdm(frames, what, total, unit=' frames', leave=False, disable=None))
