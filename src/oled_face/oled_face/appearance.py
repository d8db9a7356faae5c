# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How a panel looks seen close up: separate pixels, in its colours."""

from __future__ import annotations

import numpy as np

from oled_face.interface import FULL_CONTRAST

# Numbers of the colours of a picture; each is an index into `palette`.
GAP, DARK, LIT, LIT_BAND = range(4)
# Rows of the upper colour on two-coloured panels.
BAND_ROWS = 16

_GLASS = ((4, 5, 8), (10, 12, 17))  # between the pixels, and a pixel that is off
_TINTS = {
    'white': ((222, 240, 255), (222, 240, 255)),
    'blue': ((70, 170, 255), (70, 170, 255)),
    'yellow': ((255, 214, 60), (255, 214, 60)),
    'yellow_blue': ((70, 170, 255), (255, 214, 60)),
}
TINTS = tuple(_TINTS)


def palette(tint: str = 'white', contrast: int = FULL_CONTRAST) -> np.ndarray:
    """
    Return the colours of a panel.

    Args:
        tint: one of `TINTS`.
        contrast: 0..255; as on a real panel, 0 is still readable.

    Returns:
        (4, 3) uint8, RGB of `GAP`, `DARK`, `LIT` and `LIT_BAND`.

    Raises:
        ValueError: if the tint is unknown.
    """
    if tint not in _TINTS:
        raise ValueError(f'tint: expected one of {", ".join(TINTS)}; got {tint!r}')
    brightness = min(1.0, 0.4 + 0.6 * contrast / FULL_CONTRAST)
    lit = np.array(_TINTS[tint]) * brightness
    return np.vstack([_GLASS, lit]).astype(np.uint8)


def picture(frame: np.ndarray, scale: int = 4) -> np.ndarray:
    """
    Draw a frame as it looks on the panel.

    Args:
        frame: (H, W), non-zero = lit.
        scale: size of a pixel, px; from 3 on the gap between pixels shows.

    Returns:
        (H * scale, W * scale) uint8 of indices into `palette`.
    """
    colours = np.where(frame != 0, np.uint8(LIT), np.uint8(DARK))
    colours[:BAND_ROWS][frame[:BAND_ROWS] != 0] = LIT_BAND
    enlarged = colours.repeat(scale, axis=0).repeat(scale, axis=1)
    if scale >= 3:
        enlarged[scale - 1 :: scale] = GAP
        enlarged[:, scale - 1 :: scale] = GAP
    return enlarged
