# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Animations."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

COLOURS = 96


def save_gif(path: str | Path, frames: Iterable[np.ndarray], rate_hz: float) -> None:
    """
    Write an endless GIF, of which most frames store only what changed.

    Args:
        path: of the file.
        frames: uint8, (H, W) grey or (H, W, 3) RGB; colours are reduced to one palette, that of
            the frame in the middle.
        rate_hz: frames a second.
    """
    images = [Image.fromarray(frame) for frame in frames]
    if images[0].mode == 'RGB':
        palette = images[len(images) // 2].quantize(COLOURS)
        images = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    images[0].save(
        path,
        save_all=True,
        append_images=images[1:],
        duration=round(1000.0 / rate_hz),
        loop=0,
        optimize=True,
    )
