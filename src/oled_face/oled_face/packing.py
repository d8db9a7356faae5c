# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Converts pictures to the memory of the chip.

The chip stores a page of eight rows as one byte per column, the top row in bit 0.
"""

from __future__ import annotations

import numpy as np

ROWS_PER_PAGE = 8
_ROW_WEIGHTS = 1 << np.arange(ROWS_PER_PAGE, dtype=np.uint8)


def pack(frame: np.ndarray) -> np.ndarray:
    """
    Pack a picture into page bytes.

    Args:
        frame: (H, W), bool or uint8, H a multiple of 8; every non-zero pixel is lit.

    Returns:
        (H / 8, W) uint8, bit b of byte (p, x) = pixel (8p + b, x).

    Example:
        >>> frame = np.zeros((64, 128), np.uint8)
        >>> frame[10, 5] = 255
        >>> int(pack(frame)[1, 5])
        4
    """
    height, width = frame.shape
    rows = frame.reshape(height // ROWS_PER_PAGE, ROWS_PER_PAGE, width) != 0
    return np.einsum('prx,r->px', rows.view(np.uint8), _ROW_WEIGHTS)
