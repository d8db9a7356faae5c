# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Specks of one or two pixels, found for every picture that is drawn.

A picture is one long integer, a bit a pixel, so that all of its pixels are compared with their
neighbours at once: several times as fast as labelling its shapes.
"""

from __future__ import annotations

import numpy as np

from emotion_models.drawing.view import HEIGHT, WIDTH

_ROW = WIDTH + 8  # bits of a row and a gap, so that its end is no neighbour of the next one
_BEFORE = np.zeros((HEIGHT, 1), np.uint8)
_ALL = int.from_bytes(
    np.concatenate([_BEFORE, np.full((HEIGHT, WIDTH // 8), 255, np.uint8)], axis=1).tobytes(),
    'big',
)
_SIDES = (1, _ROW)
_CORNERS = (_ROW - 1, _ROW + 1)


def find_specks(lit: np.ndarray) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """
    Pixels of shapes of fewer than three.

    Args:
        lit: uint8 (64, 128), 0 where it is dark.

    Returns:
        Row and column of the lit ones, joined also over corners, and of the dark ones, which are
        not joined over corners.
    """
    packed = np.concatenate([_BEFORE, np.packbits(lit, axis=1)], axis=1)
    bits = int.from_bytes(packed.tobytes(), 'big')
    dark = bits ^ _ALL
    return _places(_specks(bits, _SIDES + _CORNERS)), _places(_specks(dark, _SIDES))


def _specks(bits: int, steps: tuple[int, ...]) -> int:
    one = two = 0  # pixels with at least so many neighbours
    for step in steps:
        for neighbour in (bits << step, bits >> step):
            two |= one & neighbour
            one |= neighbour
    ends = bits & ~two
    beside = 0
    for step in steps:
        beside |= ends << step | ends >> step
    return (bits & ~one) | (ends & beside)


def _places(specks: int) -> list[tuple[int, int]]:
    places = []
    while specks:
        bit = specks.bit_length() - 1
        specks ^= 1 << bit
        row, column = divmod(HEIGHT * _ROW - 1 - bit, _ROW)
        places.append((row, column - 8))
    return places
