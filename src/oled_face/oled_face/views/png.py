# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Writes every change of the panel as a numbered picture."""

from __future__ import annotations

import io
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
from PIL import Image

from oled_face.appearance import palette, picture
from oled_face.errors import OutputBroken, OutputFinished
from oled_face.views.view import View


def to_image(lit: np.ndarray, contrast: int, tint: str, scale: int) -> Image.Image:
    """
    Draw a panel as a Pillow image with a palette.

    Args:
        lit: (height, width) bool.
        contrast: 0..255.
        tint: one of `appearance.TINTS`.
        scale: size of a panel pixel, px.
    """
    image = Image.fromarray(picture(lit, scale), 'P')
    image.putpalette(palette(tint, contrast).tobytes())
    return image


class PngView(View):
    """
    Writes `000001.png`, `000002.png`, …

    Args:
        folder: where to write; it is created.
        max_frames: number of pictures after which it ends; 0 = no limit.
        tint: colour of the panel, one of `appearance.TINTS`.
        scale: size of a panel pixel, px.

    Raises:
        OSError: if nothing can be written there.
    """

    def __init__(
        self, folder: str | Path, max_frames: int = 1000, tint: str = 'white', scale: int = 4
    ):
        super().__init__()
        palette(tint)
        self._folder = Path(folder).expanduser()
        self._folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=self._folder).close()
        self._max_frames = max_frames
        self._tint = tint
        self._scale = scale
        self._count = 0

    def draw(self, lit: np.ndarray, contrast: int) -> None:
        """
        See `View`.

        Raises:
            OutputFinished: after `max_frames` pictures.
            OutputBroken: if one cannot be written.
        """
        if self._max_frames and self._count >= self._max_frames:
            raise OutputFinished(f'wrote {self._count} pictures into {self._folder}')
        png = io.BytesIO()
        to_image(lit, contrast, self._tint, self._scale).save(png, 'PNG')
        path = self._folder / f'{self._count + 1:06d}.png'
        try:
            path.write_bytes(png.getvalue())
        except OSError as error:
            with suppress(OSError):
                path.unlink()
            why = error.strerror or error
            raise OutputBroken(
                f'cannot go on with {path}: {why}; {self._count} pictures are whole'
            ) from error
        self._count += 1
