# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""View and gaze: everything that moves without being an expression."""

from typing import NamedTuple

import numpy as np

WIDTH, HEIGHT = 128, 64
VERGENCE_PX = 3.0
PUPIL_PX = 1.5  # how much the radius of a pupil grows at pupil_size 1
TEAR_FALL_PX = 10.0
N_LOOK = 6  # the first numbers of a view are the look; the others frame the face


class View(NamedTuple):
    """
    The look (gaze, blink, pupils, a falling tear) and framing.

    The gaze is in the plane of the panel: x to the right and y down as one looks at the panel, so
    that (-1, 0) looks at a viewer who stands at its left.
    """

    gaze_x: float = 0.0  # [-1, 1]
    gaze_y: float = 0.0  # [-1, 1]
    blink: float = 0.0  # [0, 1], 1 = closed
    vergence: float = (
        0.0  # [0, 1], 1 = both pupils turned in by VERGENCE_PX, toward something near
    )
    pupil_size: float = 0.0  # [-1, 1], 1 = wide pupils, -1 = narrow ones
    tear_fall: float = 0.0  # [0, 1], how far a tear has run down the cheek
    zoom: float = 1.0  # 1 = brows to mouth over the full width; 0.8 .. 2.2 are sensible
    tilt: float = 0.0  # radians, clockwise
    shift_x: float = 0.0  # pixels to the right
    shift_y: float = 0.0  # pixels down

    def matrix(self) -> np.ndarray:
        """Face coordinates to panel coordinates, (2, 3); the first pixel covers 0..1, 0..1."""
        cos, sin = self.zoom * np.cos(self.tilt), self.zoom * np.sin(self.tilt)
        return np.array(
            [
                [cos, -sin, WIDTH / 2 + self.shift_x],
                [sin, cos, HEIGHT / 2 + self.shift_y],
            ]
        )

    def displacement(self, other: 'View') -> float:
        """How far the lines of the face are apart in the two views, at most, in pixels."""
        framing = np.abs(self.matrix() - other.matrix()) @ (WIDTH / 2, HEIGHT / 2, 1.0)
        # A pupil travels up to 8 px from the middle; a lid up to 20 px when it closes.
        eyes = max(
            8.0 * abs(self.gaze_x - other.gaze_x),
            8.0 * abs(self.gaze_y - other.gaze_y),
            20.0 * abs(self.blink - other.blink),
            VERGENCE_PX * abs(self.vergence - other.vergence),
            PUPIL_PX * abs(self.pupil_size - other.pupil_size),
            TEAR_FALL_PX * abs(self.tear_fall - other.tear_fall),
        )
        return max(float(framing.max()), eyes * self.zoom)
