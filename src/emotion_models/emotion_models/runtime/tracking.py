# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Following faces between detections, and giving them names that stay."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import cv2
import numpy as np

from emotion_models.imaging.images import Image, cut_square
from emotion_models.runtime.detection import Detection, overlaps

TEMPLATE_PX = 24
SEARCH_PX = 40
"""Sides of a face and of the square searched for it, on the tracker's own scale: a face may move
by a third of its size between two frames."""


@dataclass
class Track:
    """
    One face over time.

    Args:
        face_id: its name, never given to another face.
        box: x, y, width, height in pixels, shape (4,).
        score: of the detector when it last saw the face, in [0, 1].
        template: how the face looked then, uint8 (TEMPLATE_PX, TEMPLATE_PX).
        missed_detections: how often in a row the detector has not seen it.
    """

    face_id: str
    box: np.ndarray
    score: float
    template: Image
    missed_detections: int = 0


class FaceTracker:
    """
    Tracks that follow their face by normalised cross-correlation and are corrected by detections.

    Args:
        max_faces: the largest so many faces are kept.
        least_match: correlation, in (-1, 1), below which a face is not recognised.
        least_overlap: intersection over union that joins a detection to a track.
        correction: part of the way that a box goes to its detection; below 1, boxes are smooth.
        patience: detections that a face, still recognised, may go unseen.
    """

    def __init__(
        self,
        max_faces: int = 4,
        least_match: float = 0.6,
        least_overlap: float = 0.25,
        correction: float = 0.5,
        patience: int = 2,
    ) -> None:
        if max_faces < 1:
            raise ValueError(f'max_faces must be >= 1, got {max_faces}')
        self.max_faces = max_faces
        self.least_match = least_match
        self.least_overlap = least_overlap
        self.correction = correction
        self.patience = patience
        self.tracks: list[Track] = []
        self._numbers = count(1)

    def follow(self, grey: Image) -> bool:
        """
        Move every track to where its face is now.

        Args:
            grey: uint8, (H, W).

        Returns:
            Whether every face was recognised; if not, it is time for a detection.
        """
        all_found = True
        for track in self.tracks:
            shift, match = _find_template(grey, track.box, track.template)
            if match >= self.least_match:
                track.box[:2] += shift
            else:
                track.missed_detections = self.patience
                all_found = False
        return all_found

    def correct(self, grey: Image, detections: list[Detection]) -> None:
        """
        Take in what the detector sees now: correct tracks, begin new ones, end the unseen.

        Args:
            grey: the image the detections belong to, uint8, (H, W).
            detections: largest first.
        """
        free = list(detections)
        self._sort()
        for track in self.tracks:
            partner = self._partner(track, free)
            if partner is None:
                track.missed_detections += 1
            else:
                free.remove(partner)
                self._join(track, partner, grey)
        self.tracks = [t for t in self.tracks if t.missed_detections <= self.patience]
        for detection in free:
            template = _cut_template(grey, detection.box)
            name = f'face{next(self._numbers)}'
            self.tracks.append(Track(name, detection.box.copy(), detection.score, template))
        self._sort()
        del self.tracks[self.max_faces :]

    def confirm(self, grey: Image, look: Callable[[np.ndarray], list[Detection]]) -> bool:
        """
        Correct all tracks by what the detector sees about each; nobody comes or goes.

        Args:
            grey: the image that it looks at, uint8, (H, W).
            look: what it sees about a box (4,).

        Returns:
            Whether each track has a face of its own; otherwise nothing was changed, and it is
            time to search the whole image.
        """
        partners: list[Detection] = []
        for track in self.tracks:
            partner = self._partner(track, look(track.box))
            if partner is None or self._partner(track, partners) is not None:
                return False
            partners.append(partner)
        for track, partner in zip(self.tracks, partners, strict=True):
            self._join(track, partner, grey)
        self._sort()
        return True

    def _sort(self) -> None:
        self.tracks.sort(key=lambda track: -track.box[2:].prod())

    def _partner(self, track: Track, detections: list[Detection]) -> Detection | None:
        if not detections:
            return None
        overlap = overlaps(track.box, np.array([d.box for d in detections]))
        best = int(overlap.argmax())
        return detections[best] if overlap[best] >= self.least_overlap else None

    def _join(self, track: Track, detection: Detection, grey: Image) -> None:
        track.box = track.box + self.correction * (detection.box - track.box)
        track.score = detection.score
        track.template = _cut_template(grey, track.box)
        track.missed_detections = 0


def _cut_template(grey: Image, box: np.ndarray) -> Image:
    return cut_square(grey, _centre(box), box[2:].mean(), TEMPLATE_PX)


def _find_template(grey: Image, box: np.ndarray, template: Image) -> tuple[np.ndarray, float]:
    """Shift of the template about the box, in pixels (2,), and the correlation there."""
    unit = box[2:].mean() / TEMPLATE_PX
    around = cut_square(grey, _centre(box), SEARCH_PX * unit, SEARCH_PX)
    match = cv2.matchTemplate(around, template, cv2.TM_CCOEFF_NORMED)
    _, best, _, (column, row) = cv2.minMaxLoc(match)
    rest = (SEARCH_PX - TEMPLATE_PX) / 2
    shift = np.array(
        [column + _peak(match[row], column) - rest, row + _peak(match[:, column], row) - rest]
    )
    return shift * unit, best


def _peak(values: np.ndarray, index: int) -> float:
    """Offset of the top of a parabola through a maximum and its neighbours, in (-0.5, 0.5)."""
    if not 0 < index < len(values) - 1:
        return 0.0
    before, at, after = (float(value) for value in values[index - 1 : index + 2])
    bend = before - 2 * at + after
    return (before - after) / (2 * bend) if bend < 0 else 0.0


def _centre(box: np.ndarray) -> tuple[float, float]:
    return float(box[0] + box[2] / 2), float(box[1] + box[3] / 2)
