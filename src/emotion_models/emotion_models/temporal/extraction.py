# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How the features of videos are extracted, and go into files; what is done outlives a kill."""

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from emotion_models.data.alignment import fit_length, frame_ends
from emotion_models.data.clip_files import AFFECT_NETWORK, write_clip
from emotion_models.data.clip_sets import split_names
from emotion_models.data.data_set import check_file
from emotion_models.data.part_files import PartFiles
from emotion_models.data.va_annotations import (
    LAYOUT,
    annotated_runs,
    name_runs,
    read_annotation,
    read_lengths,
)
from emotion_models.data.video_courses import Course, extract
from emotion_models.data.video_features import Feature, make_features
from emotion_models.data.videos import EXPECTED, read_frames, read_sound, said_length
from emotion_models.reading import FileError, printable
from emotion_models.runtime.estimator import AffectEstimator

OFF_FRAMES, OFF_SHARE = 2, 0.02
"""How far the frames of a video may be off their official number."""


def extract_all(options: argparse.Namespace) -> None:
    """
    Write the features of all videos, in the order of their names.

    What is done of a video is kept in `FILE.parts` until all are, so that the same command goes on
    where it was interrupted.

    Raises:
        ValueError, OSError: for what cannot be used; nothing is written then.
    """
    videos = _by_name(options.videos)
    work = _Work.begin(options, videos)
    files = PartFiles(options.to, work.widths, options.targets)
    for name, path in videos.items():
        is_done = files.has(name, work.made_from(name, path))
        print(printable(f'{name}: was done' if is_done else work.do(name, path, files)))
    files.join(list(videos), {AFFECT_NETWORK: work.estimator.model.card['sha256']})
    for written in files.paths:
        print(printable(str(written)))


def _by_name(paths: list[Path]) -> dict[str, Path]:
    """Videos by their names without ending, sorted; each must be there, and once."""
    for path in paths:
        check_file(path, EXPECTED)
    twice = [name for name, count in Counter(path.stem for path in paths).items() if count > 1]
    if twice:
        raise ValueError(f'several videos are called {twice[0]}; groups are named after them')
    return {path.stem: path for path in sorted(paths, key=lambda path: path.stem)}


@dataclass
class _Work:
    """How a video becomes the groups of a file."""

    estimator: AffectEstimator
    features: list[Feature]
    settings: str
    all_faces: bool
    annotations: Path | None
    lengths: Mapping[str, int]

    @classmethod
    def begin(cls, options: argparse.Namespace, videos: Mapping[str, Path]) -> '_Work':
        names = split_names(options.features)
        if options.annotations and options.all_faces:
            raise ValueError('annotations are of one face a video; leave out --all-faces')
        if options.annotations:
            for name in videos:
                _annotation(options.annotations, name)
        estimator = AffectEstimator(options.model, options.detector, make_stage=None)
        features = make_features(names, estimator.model, next(iter(videos)))
        settings = (
            *(options.features, estimator.model.card['sha256'], estimator.detector.name),
            *(options.all_faces, options.annotations is not None),
        )
        return cls(
            estimator,
            features,
            repr(settings),
            options.all_faces,
            options.annotations,
            read_lengths(options.lengths) if options.lengths else {},
        )

    @property
    def widths(self) -> dict[str, int]:
        """Of the features, by name."""
        return {feature.name: feature.size for feature in self.features}

    def do(self, name: str, video: Path, files: PartFiles) -> str:
        """Write the part of a video; returns what there is to say about it."""
        bar = tqdm(
            read_frames(video), name, said_length(video), unit=' frames', leave=False, disable=None
        )
        courses = extract(
            name, bar, self.estimator, self.features, lambda: read_sound(video), self.all_faces
        )
        with files.writing(name, self.made_from(name, video)) as file:
            for course in courses:
                for group, arrays, notes in self._groups(name, course):
                    write_clip(file, group, arrays, notes)
        return _describe(name, courses)

    def made_from(self, name: str, video: Path) -> str:
        """What a part depends on: the files as they are now, and the settings."""
        read = [video] + ([_annotation(self.annotations, name)] if self.annotations else [])
        states = [(path.stat().st_size, path.stat().st_mtime_ns) for path in read]
        return repr((states, self.lengths.get(name), self.settings))

    def _groups(self, video: str, course: Course) -> Iterator[tuple[str, dict, dict]]:
        """The groups of a course: one, or one for each annotated run of it."""
        notes: dict[str, Any] = {'video': video, 'face': course.face}
        name = f'{video}_{course.face}' if course.face else video
        if self.annotations is None:
            length = self.lengths.get(video, len(course.rows))
            yield name, {**_fitted(video, course, length), 'length': length}, notes
            return
        affect = read_annotation(_annotation(self.annotations, video))
        arrays = _fitted(video, course, len(affect))
        runs = annotated_runs(affect)
        for name, (first, last) in name_runs(video, runs, len(affect)).items():
            cut = slice(first, last + 1)
            targets = {
                'valence': affect[cut, 0],
                'arousal': affect[cut, 1],
                'length': last + 1 - first,
                'special': np.uint8(name != video),
                'frames': np.array([first, last]),
            }
            yield name, {**{key: array[cut] for key, array in arrays.items()}, **targets}, notes


def _annotation(folder: Path, video: str) -> Path:
    return check_file(folder / f'{video}.txt', LAYOUT)


def _fitted(video: str, course: Course, length: int) -> dict[str, np.ndarray]:
    """
    The arrays of a course with the official number of frames.

    Raises:
        FileError: if that is far from what was decoded.
    """
    found = len(course.rows)
    if abs(found - length) > max(OFF_FRAMES, OFF_SHARE * length):
        raise FileError(
            f'{video} has {found} frames, its annotation or official number {length}; is it '
            'another video?'
        )
    added = np.arange(1, length - found + 1)
    lasting_s = frame_ends(course.stamps_s)[-1] - course.stamps_s[-1]
    stamps_s = np.concatenate((course.stamps_s, course.stamps_s[-1] + lasting_s * added))
    padded = np.concatenate((course.padded, np.ones(len(added), bool)))
    return {
        'fts': fit_length(course.rows, length),
        'pad': padded[:length].astype(np.uint8),
        'stamps': stamps_s[:length],
    }


def _describe(video: str, courses: list[Course]) -> str:
    first = courses[0]
    seen = [int((~course.padded).sum()) for course in courses]
    length = f'{video}: {len(first.rows)} frames in {first.stamps_s[-1]:.1f} s'
    if not any(seen):
        return f'{length}, no face in any: features of faces are 0'
    faces = f'{len(courses)} faces' if first.face else 'a face'
    return f'{length}, {faces} in {" and ".join(map(str, seen))}'
