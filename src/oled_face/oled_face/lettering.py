# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Text as large as a panel takes it, in the bitmap letters that come with Pillow."""

from __future__ import annotations

import textwrap
import unicodedata
from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

COLUMNS, ROWS = 6, 11
"""Size of a letter, px; the letters of ISO 8859-1."""
CUT = '...'
"""Ends a text of which something is left out."""
UNKNOWN = '\N{WHITE SQUARE}'
"""Stands for a character that the font does not have."""

_PITCH = 10  # from line to line: only accents of capitals reach into the row between
_LARGEST = 6  # times the size of the font
_LIT = 255
_ALIKE = str.maketrans(
    {
        **dict.fromkeys('\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}', "'"),
        **dict.fromkeys('\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}', '"'),
        **dict.fromkeys('\N{DOUBLE LOW-9 QUOTATION MARK}', '"'),
        **dict.fromkeys('\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}', '-'),
        **dict.fromkeys('\N{NO-BREAK SPACE}\t', ' '),
        '\N{HORIZONTAL ELLIPSIS}': '...',
    }
)


def text_frame(text: str, width: int, height: int) -> np.ndarray:
    """
    Draw a text in the middle of a panel, as large as it fits without breaking a word.

    Where it does not fit in the smallest letters, words are broken and what is too much is cut off
    and `CUT` stands at the end. A character that the font does not have becomes a box.

    Args:
        text: with line breaks where lines end; other lines are wrapped.
        width: of the panel, px.
        height: of the panel, px.

    Returns:
        (height, width) uint8, 0 or 255.
    """
    lines, times = laid_out(text, width, height)
    columns = max(1, *map(len, lines))
    letters = np.zeros((ROWS + _PITCH * (len(lines) - 1), COLUMNS * columns), bool)
    for number, line in enumerate(lines):
        left = (letters.shape[1] - COLUMNS * len(line)) // 2
        for column, character in enumerate(line):
            across = left + COLUMNS * column
            place = slice(_PITCH * number, _PITCH * number + ROWS), slice(across, across + COLUMNS)
            letters[place] |= _letter(character)
    grey = letters.astype(np.uint8) * np.uint8(_LIT)
    enlarged = cv2.resize(grey, None, fx=times, fy=times, interpolation=cv2.INTER_NEAREST)
    return _centred(enlarged, width, height)


def laid_out(text: str, width: int, height: int) -> tuple[list[str], int]:
    """Return the lines of a text, at least one, and how many times the font is enlarged."""
    paragraphs = _plain(text).split('\n')
    longest = max((len(word) for line in paragraphs for word in line.split()), default=0)
    for times in range(_LARGEST, 0, -1):
        columns, rows = _room(width, height, times)
        if columns >= longest and columns > 0:
            lines = _wrapped(paragraphs, columns)
            if len(lines) <= rows:
                return lines, times
    columns, rows = (max(1, number) for number in _room(width, height, 1))
    lines = _wrapped(paragraphs, columns)
    if len(lines) > rows:
        lines = lines[:rows]
        lines[-1] = (lines[-1][: max(0, columns - len(CUT))] + CUT)[:columns]
    return lines, 1


def _plain(text: str) -> str:
    """The text in characters that the font has; others are `UNKNOWN`, one for each."""
    composed = unicodedata.normalize('NFC', '\n'.join(text.splitlines()).strip())
    return ''.join(
        character if character == '\n' or _is_known(character) else UNKNOWN
        for character in composed.translate(_ALIKE)
    )


def _is_known(character: str) -> bool:
    return character.isprintable() and ord(character) < 256


def _room(width: int, height: int, times: int) -> tuple[int, int]:
    """Columns and lines of letters that a panel has room for."""
    return width // (COLUMNS * times), (height // times - ROWS) // _PITCH + 1


def _wrapped(paragraphs: list[str], columns: int) -> list[str]:
    lines = [line for text in paragraphs for line in textwrap.wrap(text, columns) or ['']]
    return lines or ['']


@cache
def _letter(character: str) -> np.ndarray:
    """(ROWS, COLUMNS) bool."""
    canvas = Image.new('1', (COLUMNS, ROWS))
    if character == UNKNOWN:
        ImageDraw.Draw(canvas).rectangle((0, 2, COLUMNS - 2, ROWS - 4), outline=1)
    else:
        ImageDraw.Draw(canvas).text((0, 0), character, 1, _font())
    return np.asarray(canvas)


@cache
def _font() -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    """The bitmap font; before Pillow 10.1 it was the only default."""
    load = getattr(ImageFont, 'load_default_imagefont', ImageFont.load_default)
    return load()


def _centred(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    """In the middle of a black panel; what does not fit is cut off on the right and below."""
    panel = np.zeros((height, width), np.uint8)
    top, left = max(0, height - picture.shape[0]) // 2, max(0, width - picture.shape[1]) // 2
    part = picture[: height - top, : width - left]
    panel[top : top + part.shape[0], left : left + part.shape[1]] = part
    return panel
