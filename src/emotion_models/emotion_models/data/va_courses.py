# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Real courses of valence and arousal without pictures: CEAP-360VR and the labels of AFEW-VA."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from emotion_models.data.afew_va import TEST_CLIPS, UNIT
from emotion_models.data.archives import check_affect, check_rows, load_arrays
from emotion_models.data.splits import split_groups
from emotion_models.reading import FileError

RATE_HZ = 25.0
"""Of all these courses."""
HELD_OUT, TESTED = 0.2, 0.25
"""Shares of persons, videos and clips that choose checkpoints, and that are reported on."""

CEAP_LAYOUT = (
    'an .npz archive with participant, video and sample (N,), sorted by them, and va (N, 2) in '
    '[-1, 1], 25 rows a second'
)
AFEW_LAYOUT = (
    'an .npz archive with clip, frame, valence and arousal (N,), sorted by clip and frame, from '
    '-10 to 10'
)


class Course(NamedTuple):
    """
    How one person's valence and arousal went.

    Args:
        name: of the course.
        affect: valence and arousal in [-1, 1], `RATE_HZ` rows a second, float64 (L, 2).
        part: `training`, `validation` or `test`.
    """

    name: str
    affect: np.ndarray
    part: str


class SelfReport(NamedTuple):
    """
    What one person said of one video while watching it.

    Args:
        participant: number, from 1 on.
        video: number, from 1 on.
        affect: valence and arousal in [-1, 1], `RATE_HZ` rows a second, float64 (L, 2).
    """

    participant: int
    video: int
    affect: np.ndarray


def load_self_reports(path: str | Path, seed: int) -> list[Course]:
    """
    CEAP-360VR: what 32 people said of 8 videos while they watched. No person and no video is in
    two parts; most courses are of one part's person and another part's video, and left out.

    Args:
        path: archive.
        seed: of the split.

    Raises:
        FileNotFoundError, FileError: if it is not there, or something else.
    """
    reports = read_self_reports(path)
    part_of_person = _parts(np.array([report.participant for report in reports]), seed)
    part_of_video = _parts(np.array([report.video for report in reports]), seed)
    return [
        Course(f'ceap_{person:02}_{video}', affect, part_of_person[person])
        for person, video, affect in reports
        if part_of_person[person] == part_of_video[video]
    ]


def read_self_reports(path: str | Path) -> list[SelfReport]:
    """
    All 256 courses of CEAP-360VR, in the order of participants and videos.

    Args:
        path: archive.

    Raises:
        FileNotFoundError, FileError: if it is not there, or something else.
    """
    arrays = _load(path, CEAP_LAYOUT, 'participant', 'video', 'sample', 'va')
    affect = check_affect(path, 'va', arrays['va'])
    persons, videos = arrays['participant'], arrays['video']
    begins = np.flatnonzero(np.diff(persons, prepend=-1) | np.diff(videos, prepend=-1))
    return [
        SelfReport(int(persons[rows[0]]), int(videos[rows[0]]), affect[rows])
        for rows in np.split(np.arange(len(affect)), begins[1:])
    ]


def load_film_ratings(path: str | Path, seed: int) -> list[Course]:
    """
    AFEW-VA: what two experts said of each frame of 600 short clips; 541 to 600 are for the test.

    Args:
        path: archive.
        seed: of the choice of clips for validation.

    Raises:
        FileNotFoundError, FileError: if it is not there, or something else.
    """
    arrays = _load(path, AFEW_LAYOUT, 'clip', 'frame', 'valence', 'arousal')
    rated = np.stack([arrays[name] / UNIT for name in ('valence', 'arousal')], 1)
    affect = check_affect(path, 'valence and arousal', rated)
    clips = arrays['clip']
    names = np.unique(clips)
    others = names[~np.isin(names, TEST_CLIPS)]
    held_out, _ = split_groups(others, [HELD_OUT], seed)
    begins = np.flatnonzero(np.diff(clips, prepend=-1))
    courses = []
    for rows in np.split(np.arange(len(affect)), begins[1:]):
        clip = int(clips[rows[0]])
        part = 'validation' if clip in others[held_out] else 'training'
        part = 'test' if clip in TEST_CLIPS else part
        courses.append(Course(f'afew_{clip:03}', affect[rows], part))
    return courses


def _load(path: str | Path, layout: str, *names: str) -> dict[str, np.ndarray]:
    arrays = load_arrays(path, layout)
    if missing := [name for name in names if name not in arrays]:
        raise FileError(f'{path} has no {", ".join(missing)}; expected {layout}')
    check_rows(path, layout, **{name: arrays[name] for name in names})
    for name in names:
        if arrays[name].dtype.kind not in 'iuf' or (name != 'va' and arrays[name].ndim != 1):
            raise FileError(
                f'{path}: {name} is {arrays[name].dtype} {arrays[name].shape}; expected {layout}'
            )
    return arrays


def _parts(of: np.ndarray, seed: int) -> dict[int, str]:
    """The part of each person or video."""
    names = np.unique(of)
    shares = split_groups(names, [HELD_OUT, TESTED], seed)
    return {
        int(names[index]): part
        for part, share in zip(('validation', 'test', 'training'), shares, strict=True)
        for index in share
    }
