# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""From crops of faces to valence, arousal and expression, followed over time."""

import time
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from emotion_models.drawing.parts import FACIAL_UNITS
from emotion_models.imaging.images import Image, check_image, cut_square, to_grey
from emotion_models.runtime.affect import AffectModel
from emotion_models.runtime.artefact import ArtefactError
from emotion_models.runtime.latest_readings import LatestReadings, Read
from emotion_models.runtime.photo_encoder import FEWEST_SURE, PhotoEncoder
from emotion_models.runtime.priors import check_prior
from emotion_models.runtime.smoothing import OneEuroFilter
from emotion_models.runtime.stages import FaceStage, FaceStages, Reading
from emotion_models.runtime.temporal import TemporalModel, TemporalStage


@dataclass(frozen=True, eq=False)
class Face:
    """
    One face in one image.

    Args:
        id: name that the face keeps while it is followed.
        box: x, y, width, height in pixels of the image; may reach beyond its borders.
        valence: displeasure to pleasure, in [-1, 1], smoothed over time, or by a model over time.
        arousal: sleepy to excited, in [-1, 1], likewise.
        confidence: score of the detector times the highest smoothed probability in the wild,
            whatever the prior, in [0, 1].
        expression: probabilities in the order of `EXPRESSIONS` under the prior that was chosen,
            float32 (8,), smoothed.
        raw_valence: as the network read it last, without smoothing.
        raw_arousal: likewise.
        action_units: facial ones in the order of `FACIAL_UNITS`, float32 (18,) in [0, 1],
            smoothed; left and right are those of the picture. None without an encoder of
            photographs, and where it sees no face.
        proportions: in the order of `PROPORTIONS`, float32 (6,) in [0, 1], likewise.
    """

    id: str
    box: tuple[float, float, float, float]
    valence: float
    arousal: float
    confidence: float
    expression: np.ndarray
    raw_valence: float
    raw_arousal: float
    action_units: np.ndarray | None = None
    proportions: np.ndarray | None = None


class Sighting(NamedTuple):
    """Where a face is, how sure its detector was, the square that is to be read, and when."""

    face_id: str
    box: np.ndarray
    score: float
    square: Image
    stamp_s: float


class Crop(NamedTuple):
    """
    A face that somebody else found.

    Args:
        face_id: name of the face.
        image: uint8, (H, W) grey or (H, W, 3) BGR, about as wide as the face.
        stamp_s: when it was taken, in seconds of any clock.
    """

    face_id: str
    image: Image
    stamp_s: float


class Timings(NamedTuple):
    """Milliseconds that the parts of one call took."""

    detector: float
    tracker: float
    network: float
    temporal: float = 0.0


ReportTimings = Callable[[Timings], None]
"""Called once for every image, or all crops of one call, before the faces are returned."""


class FaceReader:
    """
    The affect network, and a stage for each face, or two.

    Attributes:
        photo: the encoder of photographs that says action units and proportions; none = they are
            not said. May be exchanged between two calls.
        temporal_ms: that the model over time took of the last call.

    Args:
        model: the affect network, name of a shipped one or path of its folder.
        threads: of onnxruntime.
        make_stage: makes the stage of a face, and one of its units; none = all stay as they are.
        prior: of `expression`, one of `PRIORS`.
        read_every_s: for so long a reading holds while its face hardly changes, s; 0 = every
            sighting is read.
        temporal: says valence and arousal instead of the stage.
        photo: says action units and proportions.

    Raises:
        ArtefactError: if the affect network is missing or does not fit, or `temporal` belongs to
            another one.
        ValueError: if there is no such prior.
    """

    def __init__(
        self,
        model: str | Path | AffectModel,
        threads: int,
        make_stage: Callable[[], FaceStage] | None,
        prior: str = 'balanced',
        read_every_s: float = 0.0,
        temporal: TemporalModel | None = None,
        photo: PhotoEncoder | None = None,
    ) -> None:
        check_prior(prior)
        self._prior = prior
        self.model = model if isinstance(model, AffectModel) else AffectModel(model, threads)
        if temporal is not None and (misfit := temporal.misfit(self.model)):
            raise ArtefactError(misfit)
        self.temporal_ms = 0.0
        self.photo = photo
        self._latest = LatestReadings(read_every_s)
        self._stages = FaceStages(make_stage) if make_stage else None
        self._of_units = FaceStages(make_stage) if make_stage else None
        self._over_time = FaceStages(partial(TemporalStage, temporal)) if temporal else None
        self._reads_embedding = temporal is not None and 'embedding' in temporal.features

    def __call__(self, sightings: Sequence[Sighting]) -> list[Face]:
        """All faces, in order; those that are to be read, in one run of the network."""
        self.temporal_ms = 0.0
        found = [self._latest.find(s.face_id, s.square, s.stamp_s) for s in sightings]
        unread = [s for s, read in zip(sightings, found, strict=True) if read is None]
        new = iter(self._read(unread))
        reads = [next(new) if read is None else read for read in found]
        return [self._describe(s, read) for s, read in zip(sightings, reads, strict=True)]

    def _read(self, sightings: Sequence[Sighting]) -> list[Read]:
        squares = [s.square for s in sightings]
        answers = self._ask(squares)
        return [
            self._latest.note(s.face_id, Read(s.square, s.stamp_s, *answer, **of_photo))
            for s, of_photo, *answer in zip(
                sightings, self._ask_photo(squares), *answers, strict=True
            )
        ]

    def _ask(self, squares: list[Image]) -> Sequence[np.ndarray]:
        """Expression, affect and, where they are needed, embeddings of squares."""
        if not self._reads_embedding:
            return self.model(squares)
        embedding, expression, affect = self.model.read(squares)
        return expression, affect, embedding

    def _ask_photo(self, squares: list[Image]) -> list[dict[str, np.ndarray]]:
        """Action units and proportions of squares; nothing where there is no face to draw."""
        photo = self.photo  # which another thread may exchange
        if photo is None:
            return [{}] * len(squares)
        latent, confidence = photo([_grey(square, photo.size_px) for square in squares])
        units, proportions = photo.action_units(latent), photo.proportions(latent)
        return [
            {'action_units': of_units, 'proportions': of_face} if sure >= FEWEST_SURE else {}
            for of_units, of_face, sure in zip(units, proportions, confidence, strict=True)
        ]

    def keep(self, face_ids: Container[str]) -> None:
        """Forget all other faces."""
        for part in (self._latest, self._stages, self._over_time, self._of_units):
            if part:
                part.keep(face_ids)

    def _follow(self, face_id: str, reading: Reading) -> np.ndarray:
        """The values over time, in the form of those of a reading."""
        values = self._stages(face_id, reading) if self._stages else reading.values
        if self._over_time:
            started_s = time.perf_counter()
            affect = self._over_time(face_id, reading)[:2]
            values = np.concatenate((affect, values[2:]))
            self.temporal_ms += 1e3 * (time.perf_counter() - started_s)
        return values

    def _follow_units(
        self, face_id: str, read: Read, reading: Reading
    ) -> tuple[np.ndarray | None, np.ndarray | None]:
        """Action units and proportions over time; none where the face was not made out."""
        if read.action_units is None or read.proportions is None or self._of_units is None:
            return read.action_units, read.proportions
        values = np.concatenate((read.action_units, read.proportions)).astype(float)
        smooth = self._of_units(face_id, reading._replace(values=values)).astype(np.float32)
        return smooth[: len(FACIAL_UNITS)], smooth[len(FACIAL_UNITS) :]

    def _describe(self, sighting: Sighting, read: Read) -> Face:
        affect, expression = read.affect, read.expression
        values = np.concatenate((affect, expression)).astype(float)
        confidence = float(sighting.score * expression.max())
        reading = Reading(values, confidence, sighting.stamp_s, read.embedding)
        values = self._follow(sighting.face_id, reading)
        in_the_wild = values[2:]
        units, proportions = self._follow_units(sighting.face_id, read, reading)
        x, y, width, height = (float(value) for value in sighting.box)
        return Face(
            id=sighting.face_id,
            box=(x, y, width, height),
            valence=float(values[0]),
            arousal=float(values[1]),
            confidence=float(sighting.score * in_the_wild.max()),
            expression=self.model.under_prior(in_the_wild, self._prior).astype(np.float32),
            raw_valence=float(affect[0]),
            raw_arousal=float(affect[1]),
            action_units=units,
            proportions=proportions,
        )


def _grey(square: Image, size_px: int) -> Image:
    """A square as an encoder of photographs takes it."""
    grey = to_grey(square)
    if grey.shape == (size_px, size_px):
        return grey
    way = cv2.INTER_AREA if len(grey) > size_px else cv2.INTER_LINEAR
    return cv2.resize(grey, (size_px, size_px), interpolation=way)


class CropReader:
    """
    Reads faces that somebody else finds, follows, names and cuts out.

    Attributes:
        model: the affect network.
        temporal: the model over time; none = there is none.

    Args:
        model: the affect network, name of a shipped one or path of its folder.
        threads: of onnxruntime.
        make_stage: makes the stage of a face; none = values stay as they are.
        report_timings: is given what the crops of each call took.
        prior: of `expression`, one of `PRIORS`; valence, arousal and confidence do not depend
            on it.
        temporal: says valence and arousal instead of the stage, each crop being a frame.
        photo: says action units and proportions of each crop.

    Raises:
        ArtefactError: if the affect network is missing or does not fit, or `temporal` belongs to
            another one.
        ValueError: if there is no such prior.
    """

    def __init__(
        self,
        model: str | Path | AffectModel = 'affect',
        threads: int = 1,
        make_stage: Callable[[], FaceStage] | None = OneEuroFilter,
        report_timings: ReportTimings = lambda timings: None,
        prior: str = 'balanced',
        temporal: TemporalModel | None = None,
        photo: PhotoEncoder | None = None,
    ) -> None:
        self._reader = FaceReader(
            model, threads, make_stage, prior, temporal=temporal, photo=photo
        )
        self.model, self.temporal = self._reader.model, temporal
        self._report_timings = report_timings

    def __call__(self, crops: Sequence[Crop]) -> list[Face]:
        """
        What crops show, all read in one run of the network; the score of a detector counts as 1.

        Args:
            crops: in the order in which they were taken; each may be a tuple (id of the face,
                image, stamp in s).

        Returns:
            The faces of the crops, in their order.

        Raises:
            TypeError: if one is not an array of uint8.
            ValueError: if one is empty or has another shape. It is named, and none was read.
        """
        if not crops:
            return []
        started_s = time.perf_counter()
        faces = self._reader([self._sight(Crop(*crop)) for crop in crops])
        taken_ms, temporal_ms = 1e3 * (time.perf_counter() - started_s), self._reader.temporal_ms
        self._report_timings(Timings(0.0, 0.0, taken_ms - temporal_ms, temporal_ms))
        return faces

    @property
    def photo(self) -> PhotoEncoder | None:
        """The encoder of photographs; may be exchanged between two calls."""
        return self._reader.photo

    @photo.setter
    def photo(self, encoder: PhotoEncoder | None) -> None:
        self._reader.photo = encoder

    def keep(self, face_ids: Container[str]) -> None:
        """Forget the faces that are not among these: they have left."""
        self._reader.keep(face_ids)

    def _sight(self, crop: Crop) -> Sighting:
        try:
            check_image(crop.image)
        except (TypeError, ValueError) as error:
            raise type(error)(f'crop of the face {crop.face_id!r}: {error}') from None
        height, width = crop.image.shape[:2]
        middle, side = (width / 2, height / 2), (width + height) / 2
        square = cut_square(crop.image, middle, side, self.model.size_px)
        box = np.array([0.0, 0.0, width, height])
        return Sighting(crop.face_id, box, 1.0, square, crop.stamp_s)
