# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Lines from the centre of an image: a data set of which every in-between is known.

Berthelot, Raffel, Roy, Goodfellow, "Understanding and Improving Interpolation in Autoencoders via
an Adversarial Regularizer", ICLR 2019.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from emotion_models.data.data_set import DataSet, Parts, parts_of_held_out
from emotion_models.metrics.lines import LineBank

LENGTH = 15 / 32
"""Of a line, relative to the side of the image."""
WIDTH = 2 / 32
BATCH = 512


@dataclass(frozen=True)
class DrawnLines(DataSet):
    """
    Lines from the centre at random angles; a batch is an array (B, 1, side, side) in [-1, 1].

    Args:
        count: lines to train with.
        held_out: further lines.
        side: of the images, in pixels.
    """

    CONTENT = 'images of lines at all angles, the benchmark of interpolation'
    ORIGIN: ClassVar[dict[str, str]] = {
        'name': 'lines from the centre',
        'source': 'emotion_models.data.drawn_lines',
        'terms': 'generated here, Apache-2.0',
    }

    count: int = 8192
    held_out: int = 1024
    side: int = 32

    def load_parts(self, seed: int) -> Parts:
        """Draw."""
        generator = np.random.default_rng(seed)
        training, held_out = (
            draw_lines(generator.uniform(0, 2 * np.pi, count), self.side)[:, None]
            for count in (self.count, self.held_out)
        )
        return parts_of_held_out(training, held_out)


def draw_lines(angles: np.ndarray, side: int = 32) -> np.ndarray:
    """
    One anti-aliased line per image, from the centre outwards.

    Args:
        angles: rad, 0 to the right and growing counter-clockwise, shape (N,).
        side: of the images, in pixels; a line is 15/32 of it long and 2/32 wide.

    Returns:
        float32, shape (N, side, side), background -1 and line 1.
    """
    angles = np.asarray(angles, float)
    images = np.empty((len(angles), side, side), np.float32)
    for first in range(0, len(angles), BATCH):
        images[first : first + BATCH] = _draw(angles[first : first + BATCH, None, None], side)
    return images


def line_bank(count: int = 10_000, side: int = 32) -> LineBank:
    """
    Lines at evenly spaced angles over [0, 2π), to find the one that an image resembles most.

    Args:
        count: of the lines.
        side: of the images, in pixels.
    """
    angles = 2 * np.pi * np.arange(count) / count
    return LineBank(angles, draw_lines(angles, side))


def _draw(angles: np.ndarray, side: int) -> np.ndarray:
    places = np.arange(side) - (side - 1) / 2
    right, up = places[None, None, :], -places[None, :, None]
    along = np.clip(right * np.cos(angles) + up * np.sin(angles), 0, LENGTH * side)
    distance = np.hypot(right - along * np.cos(angles), up - along * np.sin(angles))
    # A pixel is covered as far as the edge of the line reaches into it.
    return 2 * np.clip(WIDTH * side / 2 + 0.5 - distance, 0, 1) - 1
