# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The annotation files of the challenge on Aff-Wild2: a text file of valence and arousal each."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from emotion_models.data.tables import read_table
from emotion_models.limits import TABLE_BYTES, read_text
from emotion_models.reading import FileError, reading

UNANNOTATED = -5.0
LAYOUT = (
    'an annotation: a line "valence,arousal", then two numbers in [-1, 1] for each frame, or -5 '
    'twice where it has none'
)
LENGTHS = 'a table (.csv) with the columns video and frames'


class Run(NamedTuple):
    """Successive annotated frames, counted from 0; both ends belong to it."""

    first: int
    last: int


def read_annotation(path: str | Path) -> np.ndarray:
    """
    Valence and arousal of each frame of a video.

    Returns:
        float32 (L, 2), NaN where a frame has none.

    Raises:
        OSError: if there is no such file.
        FileError: naming the line that is something else.
    """
    path = Path(path)
    with reading(path, LAYOUT):
        header, *lines = read_text(path, TABLE_BYTES).split('\n')
    if [name.strip().lower() for name in header.split(',')] != ['valence', 'arousal']:
        raise FileError(f'{path} begins with {header[:40]!r}; expected {LAYOUT}')
    while lines and not lines[-1].strip():
        del lines[-1]
    if not lines:
        raise FileError(f'{path} has no frame; expected {LAYOUT}')
    return np.array(
        [_parse(path, number, line) for number, line in enumerate(lines, 2)], np.float32
    )


def annotated_runs(affect: np.ndarray) -> list[Run]:
    """
    The longest runs of annotated frames.

    Args:
        affect: NaN where a frame has none, shape (L, 2).
    """
    known = np.isfinite(affect).all(1).astype(int)
    steps = np.flatnonzero(np.diff(known, prepend=0, append=0))
    return [Run(int(first), int(end) - 1) for first, end in steps.reshape(-1, 2)]


def name_runs(video: str, runs: Sequence[Run], length: int) -> dict[str, Run]:
    """
    What the annotated runs of a video are called: as the video if it is one whole run, else
    `VIDEO_1`, `VIDEO_2` and so on.

    Args:
        video: its name.
        runs: in order.
        length: frames of the video.
    """
    if list(runs) == [Run(0, length - 1)]:
        return {video: runs[0]}
    return {f'{video}_{number}': run for number, run in enumerate(runs, 1)}


def put_back(whole: np.ndarray, runs: Sequence[Run], parts: Sequence[np.ndarray]) -> np.ndarray:
    """
    Predictions of all frames of a video from those of its runs.

    Args:
        whole: predictions for the whole video, which count where it is not annotated, (L, …).
        runs: that were cut out.
        parts: predictions of each of them.

    Raises:
        ValueError: if one has another length than its run, or does not fit.
    """
    merged = np.array(whole)
    for (first, last), part in zip(runs, parts, strict=True):
        if len(part) != last + 1 - first or not 0 <= first <= last < len(whole):
            raise ValueError(
                f'{len(part)} predictions for the frames {first} to {last} of {len(whole)}'
            )
        merged[first : last + 1] = part
    return merged


def read_lengths(path: str | Path) -> dict[str, int]:
    """
    The official number of frames of each video.

    Raises:
        OSError: if there is no such file.
        FileError: if it is no such table.
    """
    table = read_table(path, LENGTHS, lower_case=True)
    if not {'video', 'frames'} <= set(table.columns):
        raise FileError(f'{path} has the columns {", ".join(table.columns)}; expected {LENGTHS}')
    lengths = {}
    for row in table.rows:
        if not row['frames'].strip().isdecimal() or not int(row['frames']):
            raise FileError(
                f'{path}: {row["video"]} has {row["frames"]!r} frames; expected a whole number '
                'of at least 1'
            )
        lengths[row['video']] = int(row['frames'])
    return lengths


def _parse(path: Path, number: int, line: str) -> tuple[float, float]:
    fields = line.split(',')
    try:
        valence, arousal = (float(field) for field in fields)
    except ValueError:
        raise FileError(f'{path}, line {number}: got {line[:40]!r}; expected {LAYOUT}') from None
    if valence == arousal == UNANNOTATED:
        return np.nan, np.nan
    if not (abs(valence) <= 1 and abs(arousal) <= 1):
        raise FileError(f'{path}, line {number}: got {line[:40]!r}; expected {LAYOUT}')
    return valence, arousal
