# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Line drawings of the faces in photographs, as the panel shows them."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from emotion_models.drawing.face import THRESHOLD
from emotion_models.drawing.fields import average
from emotion_models.drawing.view import HEIGHT, WIDTH
from emotion_models.imaging.images import Image, to_bgr, to_grey
from emotion_models.runtime.artefact import ArtefactError, open_onnx
from emotion_models.runtime.detection import Detector, make_detector

_SCALE = 4  # lines are drawn at this many times the panel's resolution
_FRAME_SIDE, _FRAME_DOWN = 1.15, 0.03  # height and place of the frame, in sides of the face's box
_OVAL = (0.65, 0.75)  # half axes of what is drawn, in sides of the face's box
_FEWEST_PX = 10  # smaller shapes are specks

LineDrawer = Callable[[Image], np.ndarray]
"""Photograph, uint8 (H, W, 3) BGR, to ink in [0, 1], float (H, W)."""


class PhotoSketcher:
    """
    Finds the largest face of a photograph and draws its lines.

    Args:
        detector: what finds the face; the best that is there by default.
        drawer: what turns the framed face into ink; `draw_lines` by default, `OnnxDrawer` for
            a network of your own.
    """

    def __init__(self, detector: Detector | None = None, drawer: LineDrawer | None = None) -> None:
        self._detector = detector or make_detector()
        self._drawer = drawer or draw_lines

    def __call__(self, photo: Image) -> np.ndarray:
        """
        The drawing of one photograph.

        Args:
            photo: uint8, (H, W) grey or (H, W, 3) BGR.

        Returns:
            uint8 (64, 128) of 0 and 255, white lines on black.

        Raises:
            ValueError: if the image is not as expected, or no face is found in it.
        """
        detections = self._detector(photo)
        if not detections:
            raise ValueError('no face found; give a picture with an upright face of 40 pixels')
        return self.draw(photo, detections[0].box)

    def draw(self, photo: Image, box: np.ndarray) -> np.ndarray:
        """
        The drawing of the face in a box.

        Args:
            photo: uint8, (H, W) grey or (H, W, 3) BGR.
            box: x, y, width and height of the face in pixels, (4,).
        """
        framed, inside = _frame(to_bgr(photo), box)
        ink = np.asarray(self._drawer(framed), np.float32) * inside
        lit = average(ink, WIDTH, HEIGHT) > THRESHOLD
        return np.where(_without_specks(lit), np.uint8(255), np.uint8(0))


def draw_lines(photo: Image) -> np.ndarray:
    """
    Extended difference of Gaussians, after light and contrast were evened out.

    Winnemöller, Kyprianidis, Olsen, "XDoG: An eXtended difference-of-Gaussians compendium",
    Computers & Graphics 2012: `D = (1 + p) G_σ - p G_kσ`, white where D ≥ ε, else
    `1 + tanh(φ (D - ε))`. XDoG fills what is dark; dividing by the contrast of the surroundings
    first leaves only the lines.

    Args:
        photo: uint8 (H, W, 3) BGR; lines come out about 5 pixels wide.

    Returns:
        Ink in [0, 1], float32 (H, W).
    """
    sigma, k, p, epsilon, phi = 2.5, 1.6, 20.0, 0.5, 10.0
    smooth = cv2.bilateralFilter(to_grey(photo), 9, 30, 7).astype(np.float32) / 255.0
    mean = _blur(smooth, 24.0)
    contrast = np.sqrt(np.maximum(_blur(smooth * smooth, 24.0) - mean * mean, 0.0))
    even = np.clip(0.74 + 0.25 * (smooth - mean) / (contrast + 0.05), 0.0, 1.0)
    difference = (1.0 + p) * _blur(even, sigma) - p * _blur(even, k * sigma)
    return np.where(difference >= epsilon, 0.0, -np.tanh(phi * (difference - epsilon)))


class OnnxDrawer:
    """
    A line-drawing network of the user's own.

    Args:
        path: ONNX file with one input, float32 (1, 1, H, W) grey or (1, 3, H, W) RGB in
            [0, 1], and one output, float32 (1, 1, H, W) in [0, 1]: dark lines on white.
        threads: of onnxruntime.

    Raises:
        ArtefactError: if the file cannot be read or takes something else.
    """

    def __init__(self, path: str | Path, threads: int = 1) -> None:
        self._session = open_onnx(Path(path), threads)
        self._input = self._session.get_inputs()[0]
        shape = self._input.shape
        if len(self._session.get_inputs()) != 1 or len(shape) != 4 or shape[1] not in (1, 3):
            raise ArtefactError(
                f'{path} takes {shape}; expected one input (1, 1, H, W) or (1, 3, H, W) in [0, 1]'
            )

    def __call__(self, photo: Image) -> np.ndarray:
        """Ink of a photograph, float32 (H, W) in [0, 1]."""
        height, width = photo.shape[:2]
        rows, columns = self._input.shape[2:]
        size = (
            columns if isinstance(columns, int) else width,
            rows if isinstance(rows, int) else height,
        )
        colour = cv2.COLOR_BGR2GRAY if self._input.shape[1] == 1 else cv2.COLOR_BGR2RGB
        pixels = np.atleast_3d(cv2.resize(cv2.cvtColor(photo, colour), size))
        batch = pixels.transpose(2, 0, 1)[None].astype(np.float32) / 255.0
        (answer,) = self._session.run(None, {self._input.name: batch})[:1]
        return 1.0 - cv2.resize(np.squeeze(answer), (width, height))


def _frame(photo: Image, box: np.ndarray) -> tuple[Image, np.ndarray]:
    """The face enlarged to fill the panel's height, and where ink may be, in [0, 1]."""
    x, y, box_width, box_height = (float(value) for value in box)
    side = (box_width + box_height) / 2.0
    scale = HEIGHT * _SCALE / (_FRAME_SIDE * side)
    width, height = WIDTH * _SCALE, HEIGHT * _SCALE
    centre_x, centre_y = x + box_width / 2.0, y + box_height / 2.0 + _FRAME_DOWN * side
    matrix = np.array(
        [
            [scale, 0.0, width / 2.0 - centre_x * scale],
            [0.0, scale, height / 2.0 - centre_y * scale],
        ]
    )
    framed = cv2.warpAffine(photo, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    across = (columns - width / 2.0) / (_OVAL[0] * side * scale)
    down = (rows - height / 2.0) / (_OVAL[1] * side * scale)
    oval = np.clip((1.1 - np.hypot(across, down)) / 0.1, 0.0, 1.0)
    # Beyond the photograph there is nothing to draw; its edge itself is not a line.
    known = cv2.warpAffine(np.ones(photo.shape[:2], np.float32), matrix, (width, height))
    return framed, oval * cv2.erode(known, np.ones((9, 9)), borderValue=1.0)


def _without_specks(lit: np.ndarray) -> np.ndarray:
    count, labels, shapes, _ = cv2.connectedComponentsWithStats(lit.astype(np.uint8))
    is_kept = shapes[:, cv2.CC_STAT_AREA] >= _FEWEST_PX
    is_kept[0] = False
    return is_kept[:count][labels]


def _blur(image: np.ndarray, sigma: float) -> np.ndarray:
    return cv2.GaussianBlur(image, (0, 0), sigma)
