# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""From a detected box to the square that a network sees."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Framing:
    """
    Where the square that the affect network sees lies about a detector's box.

    Args:
        side: sides of the square, relative to the mean of the box's width and height.
        down: how far the square's centre lies below the box's, relative to the same mean.
    """

    side: float
    down: float

    def square_about(self, box: np.ndarray) -> tuple[tuple[float, float], float]:
        """Centre (x, y) and sides of the square about a box (4,), in the box's pixels."""
        x, y, width, height = (float(value) for value in box)
        size = (width + height) / 2
        return (x + width / 2, y + height / 2 + self.down * size), self.side * size
