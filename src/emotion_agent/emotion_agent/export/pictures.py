# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The face of the robot at events, as PNG files."""

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from emotion_agent.export.columns import Picture
from emotion_models.imaging.files import write_picture
from node_kit.images import ImageError, image_to_array
from node_kit.time import to_nanoseconds

FOLDER = 'faces'
AFTER_CAUSE_NS = 1_000_000_000
"""A face has answered a cause after this time."""
EARLY_NS = 1_000_000_000
"""So long before the first face of a bag a moment is shown by that."""
MOST_PICTURES = 10_000  # of an export


class Moment(NamedTuple):
    """When a picture is wanted, and of what."""

    time_ns: int
    stamp_ns: int  # of what it is of
    kind: str
    name: str


class FacePictures:
    """
    Writes the newest face at each moment of a bag.

    Attributes:
        left_out: moments that got no picture: there was no face yet, or too many pictures.
    """

    def __init__(self, folder: Path, moments: Iterable[Moment], first: int):
        """
        Begin.

        Args:
            folder: of the export.
            moments: of the bag.
            first: number of the next picture.
        """
        self._folder = folder
        self._moments = deque(sorted(moments))
        self._face: Any = None
        self._file = ''  # of that face, if it is written
        self.number = first
        self.left_out = 0

    def take(self, face: Any) -> Iterator[tuple[Moment, Picture]]:
        """Take the next face; yields (moment, picture) of the moments up to then."""
        stamp_ns = to_nanoseconds(face.header.stamp)
        if self._face is None:  # which shows, too, what was there a moment before
            yield from self._until(stamp_ns - EARLY_NS)
            self._face = face
        yield from self._until(stamp_ns)
        if self._face is not face:
            self._face, self._file = face, ''

    def rest(self) -> Iterator[tuple[Moment, Picture]]:
        """Yield as `take` what is left at the end."""
        while self._moments:
            yield from self._written(self._moments.popleft())

    def _until(self, time_ns: int) -> Iterator[tuple[Moment, Picture]]:
        while self._moments and self._moments[0].time_ns < time_ns:
            yield from self._written(self._moments.popleft())

    def _written(self, moment: Moment) -> Iterator[tuple[Moment, Picture]]:
        if self._face is None or not (self._file or self._write()):
            self.left_out += 1
            return
        stamp_ns = to_nanoseconds(self._face.header.stamp)
        size = self._face.width, self._face.height
        yield moment, Picture(moment.kind, moment.name, self._file, stamp_ns, *size)

    def _write(self) -> bool:
        if self.number > MOST_PICTURES:
            return False
        try:
            pixels = image_to_array(self._face)
        except ImageError:
            return False
        file = f'{FOLDER}/{self.number:05d}.png'
        (self._folder / FOLDER).mkdir(exist_ok=True)
        write_picture(self._folder / file, pixels)
        self._file = file
        self.number += 1
        return True
