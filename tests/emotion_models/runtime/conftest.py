# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0

import cv2
import numpy as np
import pytest

ASTRONAUT_BOX = (176, 66, 98, 98)
"""The face in the photograph, as OpenCV's cascade frames it."""


@pytest.fixture(scope='session')
def astronaut():
    """scikit-image's photograph of Eileen Collins (public domain), BGR."""
    data = pytest.importorskip('skimage').data
    return np.ascontiguousarray(data.astronaut()[..., ::-1])


@pytest.fixture(scope='session')
def paste_face(astronaut):
    """paste_face(canvas, x, y, side_px): the astronaut's face onto a canvas, about (x, y)."""
    left, top, face_px, _ = ASTRONAUT_BOX
    margin = face_px // 2
    around = astronaut[
        top - margin : top + face_px + margin, left - margin : left + face_px + margin
    ]

    def paste(canvas, x, y, side_px=100):
        zoom = 2 * side_px / around.shape[0]
        shift = np.array([[zoom, 0, x - side_px], [0, zoom, y - side_px]])
        size = canvas.shape[1::-1]
        mask = cv2.warpAffine(np.full(around.shape[:2], 255, np.uint8), shift, size)
        face = cv2.warpAffine(around, shift, size, flags=cv2.INTER_AREA)
        return np.where(mask[..., None] == 255, face, canvas)

    return paste


@pytest.fixture
def room():
    """A grey colour image of 640×480 pixels."""
    return np.full((480, 640, 3), 110, np.uint8)


@pytest.fixture(scope='session')
def yunet_path(shared_data):
    """A YuNet model with a fixed input of 320×320 pixels."""
    return shared_data / 'yunet' / 'yunet_n_320_320.onnx'


class ScriptedDetector:
    """Finds what `answer` holds, and counts its calls."""

    longest_px = 320

    def __init__(self, framing):
        self.framing = framing
        self.answer = []
        self.calls = 0

    def __call__(self, image):
        self.calls += 1
        return list(self.answer)


@pytest.fixture
def scripted_detector():
    from emotion_models.imaging.framing import Framing

    return ScriptedDetector(Framing(side=1.0, down=0.0))
