# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A user's own pictures as a face: one for each emotion, cross-faded."""

from pathlib import Path

import cv2
import numpy as np

from emotion_models.drawing.framing import frame_picture
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.view import HEIGHT, WIDTH, View
from emotion_models.imaging.files import ENDINGS, is_picture, read_grey
from emotion_models.labels.emotions import EMOTIONS, check_emotions

NEUTRAL = 'neutral'


class FolderDecoder:
    """
    Fades between pictures `neutral.png`, `joy.png`, … of a folder; any format of OpenCV.

    Pictures of another shape than the panel's are scaled to fit it. An emotion without a picture
    looks neutral. Gaze and blinks are not drawn: pictures have them or not.

    Args:
        folder: where the pictures are.

    Raises:
        ValueError: if there is no readable `neutral` picture, or another cannot be read.
    """

    # Of a fade: one from a picture to another has so many visible steps.
    pixels_per_unit = np.full(1 + len(EMOTIONS), 16.0)

    def __init__(self, folder: str | Path) -> None:
        self.identity = Identity.default()
        folder = Path(folder)
        found = {name: _find(folder, name) for name in (NEUTRAL, *EMOTIONS)}
        neutral = found[NEUTRAL]
        if neutral is None:
            raise ValueError(
                f'no picture {folder.absolute()}/{NEUTRAL}.png; expected {NEUTRAL} and any of '
                f'{", ".join(EMOTIONS)}, as .png or another format'
            )
        self.missing = tuple(name for name in EMOTIONS if found[name] is None)
        self._pictures = np.array([_read(found[name] or neutral) for name in (NEUTRAL, *EMOTIONS)])

    def encode(self, visible: np.ndarray, affect: np.ndarray | None = None) -> np.ndarray:
        """
        How much of each picture is seen, neutral first, (8,), in [0, 1] with the sum 1.

        Valence and arousal of the mixture, `affect`, play no part in it.
        """
        strengths = check_emotions(visible)
        shares = strengths / max(1.0, strengths.sum())
        return np.concatenate([[1.0 - shares.sum()], shares])

    def decode(self, latent: np.ndarray, view: View) -> np.ndarray:
        """The faded picture, float32 (64, 128) in [0, 1]."""
        faded = np.tensordot(latent, self._pictures, 1).astype(np.float32)
        return frame_picture(np.clip(faded, 0.0, 1.0), view, outside=0.0)


def _find(folder: Path, name: str) -> Path | None:
    """The first picture of a name, or what only its ending says is one; none if there is none."""
    files = sorted(folder.glob(f'{name}.*'))
    pictures = [file for file in files if is_picture(file)]
    named = [file for file in files if file.suffix.lower() in ENDINGS]
    return next(iter([*pictures, *named]), None)


def _read(path: Path) -> np.ndarray:
    picture = read_grey(path)
    scale = min(WIDTH / picture.shape[1], HEIGHT / picture.shape[0])
    size = [max(1, round(length * scale)) for length in picture.shape[::-1]]
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    fitted = cv2.resize(picture, size, interpolation=interpolation)
    panel = np.zeros((HEIGHT, WIDTH), np.float32)
    left, top = (WIDTH - size[0]) // 2, (HEIGHT - size[1]) // 2
    panel[top : top + size[1], left : left + size[0]] = fitted / np.float32(255.0)
    return panel
