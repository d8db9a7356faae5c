# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""From camera images to faces with valence, arousal and expression."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from emotion_models.imaging.images import (
    ROTATIONS,
    Image,
    check_image,
    cut_square,
    shrink_to,
    to_grey,
    turn,
    turn_box_back,
)
from emotion_models.runtime.affect import AffectModel
from emotion_models.runtime.detection import Detector, make_detector
from emotion_models.runtime.faces import Face, FaceReader, ReportTimings, Sighting, Timings
from emotion_models.runtime.photo_encoder import PhotoEncoder
from emotion_models.runtime.smoothing import OneEuroFilter
from emotion_models.runtime.stages import FaceStage
from emotion_models.runtime.temporal import TemporalModel
from emotion_models.runtime.tracking import FaceTracker, Track

SEARCH_EVERY_S = 0.8
"""Between two searches of whole images, while all faces are followed and the detector is one that
can look at them alone: somebody else is found within a second."""


class _Undetected(NamedTuple):
    """A reduced image, in colour and grey, that waits for the detector, and when it was taken."""

    small: Image
    grey: Image
    stamp_s: float


class AffectEstimator:
    """
    Faces of a stream of images, each followed, read and smoothed over time.

    The detector runs on every image until a face is found, then on every `detect_every`-th, and
    at once when a face is no longer recognised. One that can look at the known faces alone does
    so, and searches the whole image where it misses one of them, and every `SEARCH_EVERY_S`. While
    all faces are recognised, what it finds counts from the next image on: so it can run after the
    faces of its own image were handed out, in `catch_up`. Calls belong to one stream, in order.

    Attributes:
        model: the affect network.
        detector: the detector.
        temporal: the model over time; none = there is none.

    Args:
        model: the affect network, name of a shipped one or path of its folder.
        detector: a detector, or what `make_detector` takes: `auto`, `haar`, `yunet` or
            the path of a YuNet model.
        threads: of onnxruntime, for each network.
        detect_every: images from one look of the detector to the next while faces are followed,
            >= 1.
        max_faces: the largest so many faces are read, >= 1.
        make_stage: makes the stage of each face; none = values stay as they are.
        rotation: degrees clockwise, 0, 90, 180 or 270, by which an image has to be turned for
            faces to stand upright. That is how far the camera is turned clockwise about its line
            of sight, seen from behind it. Boxes are those of the image as it came.
        report_timings: is given what each image took.
        prior: of `expression`, one of `PRIORS`; valence, arousal and confidence do not depend
            on it.
        read_every_s: a face that hardly changes is read again after so long, s; 0 = in every
            image.
        temporal: says valence and arousal instead of the stage.
        photo: says action units and proportions of each face that is read; none = they are not
            said, and nothing more is computed.

    Raises:
        ArtefactError: if the affect network is missing or does not fit, or `temporal` belongs to
            another one.
        DetectorError: if the detector is missing or does not fit.
        ValueError: if a number is out of range, or there is no such prior.
    """

    def __init__(
        self,
        model: str | Path | AffectModel = 'affect',
        detector: str | Path | Detector = 'auto',
        threads: int = 1,
        detect_every: int = 10,
        max_faces: int = 4,
        make_stage: Callable[[], FaceStage] | None = OneEuroFilter,
        rotation: int = 0,
        report_timings: ReportTimings = lambda timings: None,
        prior: str = 'balanced',
        read_every_s: float = 0.15,
        temporal: TemporalModel | None = None,
        photo: PhotoEncoder | None = None,
    ) -> None:
        if detect_every < 1:
            raise ValueError(f'detect_every must be >= 1, got {detect_every}')
        if rotation not in ROTATIONS:
            raise ValueError(f'rotation must be one of {ROTATIONS} degrees, got {rotation}')
        self.detector = detector if callable(detector) else make_detector(detector, threads)
        self._look_again = getattr(self.detector, 'look_again', None)
        self.detect_every = detect_every
        self.rotation = rotation
        self._tracker = FaceTracker(max_faces)
        self._reader = FaceReader(model, threads, make_stage, prior, read_every_s, temporal, photo)
        self.model, self.temporal = self._reader.model, temporal
        self._report_timings = report_timings
        self._images_since_look = self._images_since_search = 0
        self._searched_s = 0.0  # stamp of the image that was last searched
        self._undetected: _Undetected | None = None
        self._detector_s = 0.0  # that the next image has to report
        self._image_size = (0, 0)
        self._scale = 1.0

    def __call__(self, image: Image, stamp_s: float | None = None) -> list[Face]:
        """
        Faces of the next image, largest first.

        Args:
            image: uint8, (H, W) grey or (H, W, 3) BGR.
            stamp_s: when it was taken, in seconds of any clock; none = now.

        Raises:
            TypeError: if it is not an array of uint8.
            ValueError: if it is empty or has another shape.
        """
        check_image(image)
        stamp_s = time.monotonic() if stamp_s is None else stamp_s
        self.catch_up()
        earlier_s, self._detector_s = self._detector_s, 0.0
        started_s = time.perf_counter()
        upright = turn(image, self.rotation)
        self._update_tracks(upright, stamp_s)
        located_s = time.perf_counter()
        detector_s, self._detector_s = self._detector_s, 0.0
        faces = self._read_faces(upright, stamp_s)
        finished_s = time.perf_counter()
        temporal_ms = self._reader.temporal_ms
        self._report_timings(
            Timings(
                1e3 * (earlier_s + detector_s),
                1e3 * (located_s - started_s - detector_s),
                1e3 * (finished_s - located_s) - temporal_ms,
                temporal_ms,
            )
        )
        return faces

    @property
    def photo(self) -> PhotoEncoder | None:
        """The encoder of photographs; may be exchanged between two calls."""
        return self._reader.photo

    @photo.setter
    def photo(self, encoder: PhotoEncoder | None) -> None:
        self._reader.photo = encoder

    def sight(self, image: Image, stamp_s: float) -> list[Sighting]:
        """
        Where the faces of the next image are, and the squares that a call would read.

        Args:
            image: uint8, (H, W) grey or (H, W, 3) BGR.
            stamp_s: when it was taken, in seconds of any clock.

        Raises:
            TypeError: if it is not an array of uint8.
            ValueError: if it is empty or has another shape.
        """
        check_image(image)
        self.catch_up()
        upright = turn(image, self.rotation)
        self._update_tracks(upright, stamp_s)
        return self._sight_all(upright, stamp_s)

    def reset(self) -> None:
        """Forget all faces: the next image begins another stream."""
        self._tracker.tracks.clear()
        self._reader.keep(())
        self._undetected = None

    def catch_up(self) -> None:
        """Run the detector if that was left for later; else the next image waits for it."""
        if self._undetected is not None:
            self._spend(self._detect, self._undetected)

    def _update_tracks(self, image: Image, stamp_s: float) -> None:
        """Bring the tracks up to date, or leave the detector for later."""
        small = self._shrink(image)
        grey = to_grey(small)
        all_recognised = self._tracker.follow(grey)
        self._images_since_look += 1
        self._images_since_search += 1
        if not self._tracker.tracks or not all_recognised:
            self._spend(self._search, _Undetected(small, grey, stamp_s))
        elif self._images_since_look >= self.detect_every or self._is_search_due(stamp_s):
            # Copies, as the caller may put the next image into the same memory.
            self._undetected = _Undetected(small.copy(), grey.copy(), stamp_s)

    def _spend(self, work: Callable[[_Undetected], None], image: _Undetected) -> None:
        started_s = time.perf_counter()
        work(image)
        self._detector_s += time.perf_counter() - started_s

    def _is_search_due(self, stamp_s: float) -> bool:
        since_s = stamp_s - self._searched_s
        is_long_ago = self._look_again is None or not 0.0 <= since_s < SEARCH_EVERY_S
        return is_long_ago and self._images_since_search >= self.detect_every

    def _detect(self, image: _Undetected) -> None:
        """Look at the known faces, or search the whole image if that is due or one is missed."""
        self._undetected = None
        self._images_since_look = 0
        if self._is_search_due(image.stamp_s) or not self._confirm(image):
            self._search(image)

    def _search(self, image: _Undetected) -> None:
        self._images_since_look = self._images_since_search = 0
        self._searched_s = image.stamp_s
        self._tracker.correct(image.grey, self.detector(image.small))

    def _confirm(self, image: _Undetected) -> bool:
        """Whether the detector sees all known faces where they are, which corrects them."""
        look = self._look_again
        return look is not None and self._tracker.confirm(
            image.grey, lambda box: look(image.grey, box)
        )

    def _shrink(self, image: Image) -> Image:
        """The image in which faces are found and followed; another size begins another stream."""
        if image.shape[:2] != self._image_size:
            self.reset()
            self._image_size = image.shape[:2]
        small, self._scale = shrink_to(image, self.detector.longest_px)
        return small

    def _read_faces(self, image: Image, stamp_s: float) -> list[Face]:
        self._reader.keep({track.face_id for track in self._tracker.tracks})
        return self._reader(self._sight_all(image, stamp_s))

    def _sight_all(self, image: Image, stamp_s: float) -> list[Sighting]:
        return [self._sight(image, track, stamp_s) for track in self._tracker.tracks]

    def _sight(self, image: Image, track: Track, stamp_s: float) -> Sighting:
        box = track.box / self._scale
        square = self.detector.framing.square_about(box)
        return Sighting(
            track.face_id,
            turn_box_back(box, self.rotation, image.shape),
            track.score,
            cut_square(image, *square, self.model.size_px),
            stamp_s,
        )
