# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Ways from face to face in the space of the robot's face, as pictures."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

from emotion_models.figures.gif import save_gif
from emotion_models.figures.tiles import tile
from emotion_models.imaging.files import write_picture
from emotion_models.latent.interpolation import lerp
from emotion_models.sketch.robot_face import RobotFace

GIF, PNG = '.gif', '.png'
STEPS, MOST_STEPS = 25, 1000
RATE_HZ = 25.0
_HOLD_S = 0.6  # at every face
_SCALE = 4
_COLUMNS = 6


def morph(points: list[np.ndarray], steps: int) -> list[np.ndarray]:
    """
    The points of a way that leads from each point straight to the next one.

    Args:
        points: two or more, (Z,) each.
        steps: from one to the next, >= 1.

    Returns:
        `steps` points for each piece of the way, and the last point.
    """
    way = []
    for start, goal in pairwise(points):
        way += [lerp(start, goal, step / steps) for step in range(steps)]
    return [*way, points[-1]]


def write_morph(face: RobotFace, points: list[np.ndarray], path: Path, steps: int = STEPS) -> None:
    """
    Write a way from face to face: an endless GIF that comes back, or a sheet of its pictures.

    Args:
        face: draws.
        points: two or more, (Z,) each.
        path: that ends in .gif or .png.
        steps: from one face to the next, >= 1.
    """
    if path.suffix == PNG:
        way = [face.draw(point) for point in morph(points, steps)]
        write_picture(path, tile(way, min(_COLUMNS, len(way))))
        return
    way = [face.draw(point) for point in morph([*points, points[0]], steps)[:-1]]
    hold = round(_HOLD_S * RATE_HZ)
    frames = [
        picture.repeat(_SCALE, 0).repeat(_SCALE, 1)
        for number, picture in enumerate(way)
        for _ in range(hold if number % steps == 0 else 1)
    ]
    save_gif(path, frames, RATE_HZ)
