# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Smooth text in pictures of OpenCV, which has no letters of its own that are pleasant to read."""

from functools import lru_cache
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

SHIFTS = {'left': 0.0, 'centre': 0.5, 'right': 1.0}


class Lettering:
    """
    DejaVu Sans, which comes with matplotlib.

    Args:
        size_px: height of the letters with their ascenders and descenders.
        bold: for titles.
    """

    def __init__(self, size_px: float, bold: bool = False) -> None:
        name = 'DejaVuSans-Bold.ttf' if bold else 'DejaVuSans.ttf'
        path = Path(matplotlib.get_data_path(), 'fonts', 'ttf', name)
        self._font = ImageFont.truetype(str(path), round(size_px))
        self._ascent, self._descent = self._font.getmetrics()
        self.capital_px = -self._font.getbbox('H', anchor='ls')[1]
        self._mask = lru_cache(512)(self._draw)

    def width(self, text: str) -> int:
        """Of a line of text, in pixels."""
        return round(self._font.getlength(text))

    def write(
        self,
        image: np.ndarray,
        text: str,
        at: tuple[float, float],
        colour: tuple[int, int, int],
        align: str = 'left',
    ) -> None:
        """
        Write a line into a picture; what does not fit is cut off.

        Args:
            image: uint8 (H, W, 3), written into.
            text: the line.
            at: x of its left end, centre or right end, and y of the middle of its capitals.
            colour: as the picture has them.
            align: which x was given: `left`, `centre` or `right`.
        """
        mask = self._mask(text)
        left = round(at[0] - SHIFTS[align] * mask.shape[1])
        top = round(at[1] + self.capital_px / 2 - self._ascent)
        rows = slice(max(0, -top), max(0, image.shape[0] - top))
        columns = slice(max(0, -left), max(0, image.shape[1] - left))
        mask = mask[rows, columns]
        top, left = max(0, top), max(0, left)
        part = image[top : top + mask.shape[0], left : left + mask.shape[1]]
        part += (
            np.round(mask * (np.array(colour, np.float32) - part))
            .astype(np.int16)
            .astype(np.uint8)
        )

    def _draw(self, text: str) -> np.ndarray:
        """How much of each pixel a line covers, float32 (H, W, 1)."""
        canvas = Pictures.new('L', (max(1, self.width(text)), self._ascent + self._descent))
        ImageDraw.Draw(canvas).text((0, self._ascent), text, 255, self._font, anchor='ls')
        return (np.asarray(canvas, np.float32) / 255)[..., None]
