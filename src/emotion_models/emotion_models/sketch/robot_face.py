# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Photographs, drawings and files as points of the space in which the robot's face moves."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from emotion_models.drawing.face import to_one_bit
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.parts import PROPORTIONS, identity_columns
from emotion_models.drawing.view import HEIGHT, WIDTH, View
from emotion_models.imaging.files import read_colour
from emotion_models.imaging.images import Image, cut_square, to_grey, turn
from emotion_models.labels.emotions import EMOTIONS
from emotion_models.runtime.detection import Detector, make_detector
from emotion_models.runtime.drawing_encoder import DrawingEncoder
from emotion_models.runtime.latent_decoder import LatentDecoder
from emotion_models.runtime.latent_points import read_point
from emotion_models.runtime.photo_encoder import FEWEST_SURE, PhotoEncoder

ROBOT = 'robot'
"""Name of the robot's own face at rest, where a file is expected."""

POINT_SUFFIX = '.json'
LEAST_PX = 24
"""Sides of the box of the smallest face that is drawn."""

_TURNS = (90, 180, 270)
_MARGIN = 0.25  # of the longer side, around a photograph that a face fills


class RobotFace:
    """
    The learned face of the robot, and the ways into its space.

    Args:
        model: the face, name of a shipped model or path of a folder.
        photo_model: the encoder of photographs that belongs to it.
        detector: what finds faces; the best that is there by default.

    Raises:
        ArtefactError: if a model is missing or does not fit.
        ValueError: if the encoder belongs to another face.
    """

    def __init__(
        self,
        model: str | Path = 'sketch',
        photo_model: str | Path = 'photo_face',
        detector: Detector | None = None,
    ) -> None:
        self._model = model
        self.decoder = LatentDecoder(model)
        self.space = self.decoder.space
        self._encoder = PhotoEncoder(photo_model)
        self._detector = detector or make_detector()
        if self._encoder.space_id != self.space.id:
            raise ValueError(
                f'{self._encoder.name} leads into the space of another face '
                f'({self._encoder.space_id}) than {self.decoder.name} ({self.space.id}); name the '
                'encoder that was trained with it: --photo-model'
            )

    def draw(self, latent: np.ndarray) -> np.ndarray:
        """The picture of a point (Z,), uint8 (64, 128) of 0 and 255."""
        return to_one_bit(self.decoder.decode(latent, View()))

    def point_of(self, source: str | Path) -> np.ndarray:
        """
        The point of what a user names.

        Args:
            source: `robot`, a file that `--save-z` wrote, a drawing of 128×64 pixels in black and
                white, or a photograph, whose largest face is taken.

        Returns:
            (Z,).

        Raises:
            OSError: if there is no such file.
            ValueError: if it cannot be read or shows no face.
        """
        if str(source) == ROBOT:
            return self.decoder.encode(np.zeros(len(EMOTIONS)))
        path = Path(source)
        if path.suffix == POINT_SUFFIX:
            return read_point(path, self.space)
        picture = read_colour(path)
        try:
            return self.point_of_drawing(picture) if _is_drawing(picture) else self.locate(picture)
        except ValueError as error:
            raise ValueError(f'{path}: {error}') from None

    def point_of_drawing(self, picture: Image) -> np.ndarray:
        """The point (Z,) of a drawing, uint8 (64, 128) or (64, 128, 3)."""
        return DrawingEncoder(self._model)(to_grey(picture))

    def locate(self, photo: Image, number: int = 1) -> np.ndarray:
        """
        The point of a photographed face, in the robot's own style.

        Args:
            photo: uint8, (H, W) grey or (H, W, 3) BGR.
            number: which face, the largest being 1.

        Returns:
            (Z,).

        Raises:
            ValueError: if there is no such face, or none that can be drawn.
        """
        photo, box = self._find(photo, number)
        if box[2:].mean() < LEAST_PX:
            raise ValueError(
                f'the face is {box[2:].mean():.0f} px wide, expected at least {LEAST_PX}; give a '
                'larger picture'
            )
        square = self._detector.framing.square_about(box)
        crop = to_grey(cut_square(photo, *square, self._encoder.size_px))
        latent, confidence = self._encoder([crop])
        if confidence[0] < FEWEST_SURE:
            raise ValueError(
                f'what was found there is hardly a face (confidence {confidence[0]:.2f}, least '
                f'{FEWEST_SURE}); give a picture with an upright face seen from the front'
            )
        return self._in_own_style(latent[0].astype(float))

    def _find(self, photo: Image, number: int) -> tuple[Image, np.ndarray]:
        """The photograph, with a margin where a face fills it, and the box of the face in it."""
        for margin in (0.0, _MARGIN):
            px = round(margin * max(photo.shape[:2]))
            framed = cv2.copyMakeBorder(photo, px, px, px, px, cv2.BORDER_REPLICATE)
            found = sorted(self._detector(framed), key=lambda face: -face.box[2:].prod())
            if found:
                break
        else:
            raise ValueError(self._why_none(photo))
        if not 1 <= number <= len(found):
            raise ValueError(f'face {number} was asked for, {len(found)} found; the largest is 1')
        return framed, found[number - 1].box

    def _why_none(self, photo: Image) -> str:
        for rotation in _TURNS:
            if self._detector(np.ascontiguousarray(turn(photo, rotation))):
                return f'no upright face found; turn the picture clockwise by {rotation}°'
        return f'no face found; give a picture with an upright face of {LEAST_PX} pixels or more'

    def _in_own_style(self, latent: np.ndarray) -> np.ndarray:
        measured = self.space.identity(latent)[identity_columns(PROPORTIONS)]
        own = Identity.default().with_proportions(measured)
        return self.space.with_identity(latent, own.as_vector())


def _is_drawing(picture: Image) -> bool:
    """Whether a picture has the panel's shape and is nearly black and white."""
    if picture.shape[:2] != (HEIGHT, WIDTH):
        return False
    grey = to_grey(picture)
    return bool(((grey < 32) | (grey > 223)).mean() > 0.99)
