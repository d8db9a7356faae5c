# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which of the faces in view the robot attends to, and when it meets or loses somebody."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

FORGET_S = 1.0  # the followed face may be absent this long before another one is followed
LOST_S = 5.0  # absent this long, it is lost
LATE_S = 3.0  # who is seen later than this is not asked by the clock; above what a replay adds

FACE_SEEN = 'face_seen'
FACE_LOST = 'face_lost'


class Face(NamedTuple):
    """One face of one camera image."""

    face_id: str
    area: float  # any unit, only compared
    valence: float
    arousal: float
    confidence: float


class FaceEvent(NamedTuple):
    """Somebody came or went; `name` is that of a stimulus."""

    name: str
    stamp_s: float  # s


class FaceFollower:
    """
    Follows the largest face that is certain enough, until it has been absent for a second.

    Driven by the stamps of the images, so the events do not depend on when it is asked. A face
    that comes back before it is lost has not been away; another one that takes its place is
    met, and nobody is lost. Who was seen late is lost that much later by the clock, as more images
    may still come.

    Attributes:
        p_min: confidence from which a face can be chosen; the chosen one is kept below it.
    """

    def __init__(self, p_min: float) -> None:
        self.p_min = p_min
        self._stamp_s: float | None = None  # of the newest image
        self._face_id: str | None = None  # the face last followed
        self._last_seen_s = 0.0
        self._late_s = 0.0  # so long after it was last seen that came to be known

    @property
    def attended(self) -> str:
        """Id of the followed face, until another one is followed or it is lost; '' = nobody."""
        return self._face_id or ''

    def update(
        self, stamp_s: float, faces: Iterable[Face], late_s: float = 0.0
    ) -> tuple[Face | None, tuple[FaceEvent, ...]]:
        """
        Look at one image.

        Args:
            stamp_s: of the image, s. An earlier one than before means that the clock was set back.
            faces: all faces of the image, none included.
            late_s: how long after `stamp_s` the image came, s.

        Returns:
            The followed face if it is in this image, and what has happened.
        """
        if self._stamp_s is not None and stamp_s < self._stamp_s:
            self._last_seen_s += stamp_s - self._stamp_s
        self._stamp_s = stamp_s
        lost = self._lost(stamp_s)
        face = self._followed(stamp_s, list(faces))
        if face is None:
            return None, lost
        is_new = face.face_id != self._face_id
        self._face_id, self._last_seen_s = face.face_id, stamp_s
        self._late_s = late_s if late_s > LATE_S else 0.0
        return face, (*lost, FaceEvent(FACE_SEEN, stamp_s)) if is_new else lost

    def lost(self, now_s: float) -> tuple[FaceEvent, ...]:
        """
        Ask without an image, in case no more images come.

        Args:
            now_s: s.

        Returns:
            The loss of the followed face, once, stamped `LOST_S` after it was last seen.
        """
        return self._lost(now_s - self._late_s)

    def _lost(self, stamp_s: float) -> tuple[FaceEvent, ...]:
        if self._face_id is None or stamp_s - self._last_seen_s < LOST_S:
            return ()
        self._face_id = None
        return (FaceEvent(FACE_LOST, self._last_seen_s + LOST_S),)

    def clock_set_back(self, now_s: float) -> None:
        """
        Go on by a clock that was set back: nobody was seen later than now.

        Args:
            now_s: first time after the jump, s.
        """
        self._stamp_s = None
        self._last_seen_s = min(self._last_seen_s, now_s)

    def memory(self) -> dict[str, Any]:
        """All that it knows, as a mapping for JSON."""
        return {
            'stamp_s': self._stamp_s,
            'face_id': self._face_id,
            'last_seen_s': self._last_seen_s,
            'late_s': self._late_s,
        }

    def recall(self, memory: Mapping[str, Any]) -> None:
        """Go on where another one stood, from its `memory`."""
        self._stamp_s = memory['stamp_s']
        self._face_id = memory['face_id']
        self._last_seen_s = memory['last_seen_s']
        self._late_s = memory.get('late_s', 0.0)

    @property
    def newest_s(self) -> float | None:
        """Stamp of the newest image, s; None before the first."""
        return self._stamp_s

    def _followed(self, stamp_s: float, faces: list[Face]) -> Face | None:
        for face in faces:
            if face.face_id == self._face_id:
                return face
        if self._face_id is not None and stamp_s - self._last_seen_s < FORGET_S:
            return None
        certain = (face for face in faces if face.confidence >= self.p_min)
        return max(certain, key=lambda face: face.area, default=None)
