# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Picture files of every depth, transparent and turned ones, as grey pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

PIXELS = 50_000_000
"""The most pixels that a picture may have."""

FORMATS = ('JPEG', 'PNG', 'BMP', 'GIF', 'WEBP', 'TIFF', 'PPM')

_GREATEST_16_BIT = 0xFFFF
_WITH_ALPHA = ('LA', 'La', 'PA', 'RGBA', 'RGBa')


def read_picture(path: str | Path) -> np.ndarray:
    """
    Read a picture file, turned as its EXIF data says, on black where it is transparent.

    16-bit values are scaled to 8 bits; floats are taken as [0, 1].

    Returns:
        (H, W) uint8, grey.

    Raises:
        ValueError: if there is no such file or it is not a picture, in one line.
    """
    try:
        with Path(path).open('rb') as file, Image.open(file, formats=FORMATS) as picture:
            _check_size(picture)
            return _grey(ImageOps.exif_transpose(picture))
    except OSError as error:
        reason = error.strerror or 'it is not a picture that Pillow can read'
        raise ValueError(f'{path}: {reason}; expected a picture file') from error
    except Exception as error:  # Pillow raises errors of many kinds about damaged files
        reason = ' '.join(str(error).split()) or type(error).__name__
        raise ValueError(f'{path} cannot be read ({reason}); expected a picture file') from error


def _check_size(picture: Image.Image) -> None:
    """Refuse a picture by what its header says, before it is decoded."""
    if picture.width * picture.height > PIXELS:
        raise ValueError(f'{picture.width} x {picture.height} pixels, at most {PIXELS} in all')


def _grey(picture: Image.Image) -> np.ndarray:
    if picture.mode.startswith('I'):
        scaled = np.asarray(picture).astype(float) * (255 / _GREATEST_16_BIT)
        return np.rint(np.clip(scaled, 0, 255)).astype(np.uint8)
    if picture.mode == 'F':
        values = np.asarray(picture)
        # A comparison with NaN is false.
        if not (values.min() >= 0 and values.max() <= 1):
            raise ValueError('its floats are not in [0, 1]; scale and convert it')
        return np.rint(values * 255).astype(np.uint8)
    if 'transparency' in picture.info or picture.mode in _WITH_ALPHA:
        whole = picture.convert('RGBA')
        black = Image.new('RGBA', whole.size, (0, 0, 0, 255))
        picture = Image.alpha_composite(black, whole)
    return np.asarray(picture.convert('L'))
