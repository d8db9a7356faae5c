# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""View and gaze: everything that moves without being an expression."""

from typing import NamedTuple

import numpy as np

WIDTH, HEIGHT = 128, 64
VERGENCE_PX = 3.0
N_LOOK = 4  # the first numbers of a view: gaze, blink and vergence; the others frame the face


class View(NamedTuple):
    """
    Gaze, blink and framing.

    The gaze is in the plane of the panel: x to the right and y down as one looks at the panel, so
    that (-1, 0) looks at a viewer who stands at its left.
    """

    gaze_x: float = 0.0  # [-1, 1]
    gaze_y: float = 0.0  # [-1, 1]
    blink: float = 0.0  # [0, 1], 1 = closed
    vergence: float = (
        0.0  # [0, 1], 1 = both pupils turned in by VERGENCE_PX, toward something near
    )
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
        )
        return max(float(framing.max()), eyes * self.zoom)
