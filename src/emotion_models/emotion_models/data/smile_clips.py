# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Real pictures of one smile, and compositions of them in which it comes again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from emotion_models.data.tables import read_table
from emotion_models.data.videos import Frame
from emotion_models.reading import FileError

LAYOUT = (
    'a table (.csv) with the columns clip, first_frame, last_frame, phase, expected_valence and '
    'expected_arousal'
)
NEUTRAL, SMILE = 'neutral', 'smile'


class Phase(NamedTuple):
    """
    A stretch of a clip in which one thing is to be seen.

    Args:
        first: its first frame, counted from 0.
        last: its last frame.
        name: what is to be seen.
        valence: what is expected: zero, positive, negative, rising, falling, with `_or_` between
            several; empty = nothing.
        arousal: likewise.
    """

    first: int
    last: int
    name: str
    valence: str
    arousal: str


@dataclass(frozen=True)
class Composition:
    """
    Frames at a rate of their own, and what they show.

    Args:
        frames: with their stamps.
        phases: in order, without gaps.
    """

    frames: tuple[Frame, ...]
    phases: tuple[Phase, ...]


def read_phases(path: str | Path, clip: str) -> list[Phase]:
    """
    The phases of a clip, as people have set them.

    Args:
        path: of the table.
        clip: name of the file.

    Raises:
        OSError: if there is no such table.
        FileError: if it holds something else, or nothing about the clip.
    """
    table = read_table(path, LAYOUT)
    try:
        phases = [
            Phase(
                int(row['first_frame']),
                int(row['last_frame']),
                row['phase'],
                row['expected_valence'],
                row['expected_arousal'],
            )
            for row in table.rows
            if row['clip'] == clip
        ]
    except (KeyError, ValueError) as error:
        raise FileError(f'{path} cannot be read ({error}); expected {LAYOUT}') from error
    if not phases:
        raise FileError(f'{path} has no phase of {clip}; expected {LAYOUT}')
    return phases


def compose_smiles(
    frames: Sequence[Frame],
    phases: Sequence[Phase],
    rate_hz: float,
    smiles: int = 5,
    hold_s: float = 2.0,
) -> Composition:
    """
    A face that is neutral, smiles, is neutral again, and so on.

    The pictures of each phase run forth and back for as long as it lasts. Between them lie those
    of the clip between its neutral phase and its smile, backwards where a smile ends.

    Args:
        frames: of the clip.
        phases: of the clip; one begins with `neutral`, a later one with `smile`.
        rate_hz: frames a second of the composition; the clip is shown at its own speed.
        smiles: how many, >= 1.
        hold_s: how long each phase lasts.

    Raises:
        ValueError: if there are no such phases, or the rate is none.
    """
    if not (rate_hz > 0 and smiles >= 1 and hold_s > 0):
        raise ValueError(
            f'expected a rate, a number and a duration above 0, got {rate_hz:g} Hz, {smiles} and '
            f'{hold_s:g} s'
        )
    neutral, smile = _phase(phases, NEUTRAL), _phase(phases, SMILE)
    onset = list(range(neutral.last + 1, smile.first))
    # The frames to show at the speed of the clip, with the names of their phases.
    reel = _hold(neutral, frames, hold_s, NEUTRAL)
    for _ in range(smiles):
        reel += [(source, 'onset') for source in onset]
        reel += _hold(smile, frames, hold_s, SMILE)
        reel += [(source, 'offset') for source in reversed(onset)]
        reel += _hold(neutral, frames, hold_s, NEUTRAL)
    per_s = _rate(frames)
    count = int(len(reel) / per_s * rate_hz)
    chosen = [reel[int(index / rate_hz * per_s)] for index in range(count)]
    shown = tuple(
        Frame(index / rate_hz, frames[source].image) for index, (source, _) in enumerate(chosen)
    )
    return Composition(shown, tuple(_phases([name for _, name in chosen])))


EXPECTED = {
    NEUTRAL: ('zero', 'zero'),
    'onset': ('rising', 'rising'),
    SMILE: ('positive', 'zero_or_positive'),
    'offset': ('falling', 'falling'),
}
"""Valence and arousal in the phases of a composition."""


def _phase(phases: Sequence[Phase], name: str) -> Phase:
    for phase in phases:
        if phase.name.startswith(name):
            return phase
    raise ValueError(f'no phase {name} among {", ".join(phase.name for phase in phases)}')


def _hold(
    phase: Phase, frames: Sequence[Frame], hold_s: float, name: str
) -> list[tuple[int, str]]:
    """The frames of a phase forth and back, for so long."""
    forth = list(range(phase.first, phase.last + 1))
    cycle = forth + forth[-2:0:-1]
    count = max(1, round(hold_s * _rate(frames)))
    return [(cycle[index % len(cycle)], name) for index in range(count)]


def _rate(frames: Sequence[Frame]) -> float:
    return 1 / float(np.median(np.diff([frame.stamp_s for frame in frames])))


def _phases(names: list[str]) -> list[Phase]:
    """The phases of which these are the names, frame by frame."""
    changes = [index for index, name in enumerate(names) if index and name != names[index - 1]]
    starts, ends = [0, *changes], [*changes, len(names)]
    return [
        Phase(first, end - 1, names[first], *EXPECTED[names[first]])
        for first, end in zip(starts, ends, strict=True)
    ]
