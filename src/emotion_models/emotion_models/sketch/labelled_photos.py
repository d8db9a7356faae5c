# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Drawings of photographed faces whose valence and arousal are known, to train a face on."""

import csv
from pathlib import Path

import cv2
import numpy as np

from emotion_models.data.labelled_faces import LabelledFaces
from emotion_models.imaging.files import write_picture
from emotion_models.labels.emotions import EMOTIONS
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.reading import FileError
from emotion_models.sketch.photo import PhotoSketcher

EMOTION_OF_EXPRESSION = {
    'HAPPY': 'joy',
    'SAD': 'sad',
    'SURPRISE': 'surprise',
    'FEAR': 'fear',
    'DISGUST': 'mad',
    'ANGER': 'mad',
    'CONTEMPT': 'power',
}
"""The emotion that is nearest to each expression; neutral is none."""

_SMALLEST_PX = 192  # smaller crops are enlarged, or there is nothing to draw
_FACE_SHARE = 0.9  # of a crop


def write_labelled_drawings(
    faces: LabelledFaces, sketcher: PhotoSketcher, folder: Path, most: int
) -> int:
    """
    Draw the faces whose expression and affect are known, and write their table.

    Args:
        faces: crops that are filled by a face.
        sketcher: draws.
        folder: gets `drawings.csv` and the drawings.
        most: number of drawings after which it is enough.

    Returns:
        Number of drawings.

    Raises:
        ValueError: if nothing is known about any face.
    """
    known = np.flatnonzero((faces.expression >= 0) & np.isfinite(faces.affect).all(1))[:most]
    if not len(known):
        raise ValueError('none of the faces has an expression and valence and arousal')
    with (folder / 'drawings.csv').open('w', newline='', encoding='utf-8') as file:
        table = csv.writer(file)
        table.writerow(['file', 'valence', 'arousal', *EMOTIONS])
        for number in known:
            if faces.images[number] is None:
                raise FileError(f'the picture {faces.keys[number]} cannot be read; remove it')
            name = f'{number:06}.png'
            write_picture(folder / name, draw_crop(sketcher, faces.images[number]))
            nearest = EMOTION_OF_EXPRESSION.get(EXPRESSIONS[faces.expression[number]])
            emotions = [float(nearest == emotion) for emotion in EMOTIONS]
            table.writerow([name, *faces.affect[number].round(4).tolist(), *emotions])
    return len(known)


def draw_crop(sketcher: PhotoSketcher, crop: np.ndarray) -> np.ndarray:
    """The lines of a crop that is filled by a face, uint8 (64, 128)."""
    scale = max(1.0, _SMALLEST_PX / min(crop.shape[:2]))
    large = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    height, width = large.shape[:2]
    edge = (1.0 - _FACE_SHARE) / 2.0
    box = np.array([edge * width, edge * height, _FACE_SHARE * width, _FACE_SHARE * height])
    return sketcher.draw(large, box)
