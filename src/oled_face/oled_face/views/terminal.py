# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Shows the panel live in a terminal, also over ssh.

The picture stays on top; log lines scroll below it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TextIO

import numpy as np

from oled_face.appearance import BAND_ROWS, DARK, LIT, LIT_BAND, palette
from oled_face.errors import NoScreen
from oled_face.views.view import View

HALF_BLOCKS, BRAILLE, AUTO = 'half_blocks', 'braille', 'auto'
STYLES = (AUTO, HALF_BLOCKS, BRAILLE)
LOG_LINES = 3  # least number of lines left below the picture for the log

_UNKNOWN_SIZE = 80, 24  # where the terminal does not report its size

_CLEAR, _RESET_COLOURS, _RESET_SCROLLING = '\x1b[2J', '\x1b[0m', '\x1b[r'
_SAVE_CURSOR, _RESTORE_CURSOR = '\x1b7', '\x1b8'
# Index = 2 * upper pixel + lower pixel.
_BLOCKS = np.array([' ', '▄', '▀', '█'])
# Unicode 15, chapter 21.1: the eight dots of a Braille cell and the bits of its code point.
_BRAILLE_FIRST = 0x2800
_BRAILLE_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])


def half_blocks(lit: np.ndarray) -> list[str]:
    """
    Write pixels as half blocks, one column and two rows to a character.

    Args:
        lit: (H, W) bool, H even.

    Returns:
        H / 2 lines of W characters.
    """
    return [''.join(line) for line in _BLOCKS[2 * lit[0::2] + lit[1::2]]]


def braille(lit: np.ndarray) -> list[str]:
    """
    Write pixels as Braille cells, two columns and four rows to a character.

    Args:
        lit: (H, W) bool, H a multiple of 4, W even.

    Returns:
        H / 4 lines of W / 2 characters.
    """
    height, width = lit.shape
    cells = lit.reshape(height // 4, 4, width // 2, 2)
    codes = _BRAILLE_FIRST + np.einsum('yrxc,rc->yx', cells, _BRAILLE_BITS)
    return [''.join(map(chr, line)) for line in codes]


class TerminalView(View):
    """
    A panel at the top of a terminal.

    Args:
        style: 'half_blocks' (128x64 takes 128x32 characters), 'braille' (64x16), or 'auto' for
            the larger one that fits.
        tint: colour of the panel, one of `appearance.TINTS`.
        stream: where to write; None = the terminal of this process.
        size: returns columns and lines of the terminal; replaced in tests.

    Raises:
        NoScreen: if there is no terminal.
    """

    def __init__(
        self,
        style: str = AUTO,
        tint: str = 'white',
        stream: TextIO | None = None,
        size: Callable[[], tuple[int, int]] | None = None,
    ):
        super().__init__()
        if style not in STYLES:
            raise ValueError(f'style: expected one of {", ".join(STYLES)}; got {style!r}')
        self._style = style
        self._tint = tint
        palette(tint)
        self._owns_stream = stream is None
        self._stream = stream or _open_terminal()
        self._size = size or self._terminal_size
        self._layout: tuple | None = None
        self._lines: list[str] = []

    def draw(self, lit: np.ndarray, contrast: int) -> None:
        """See `View`. Only the lines that changed are written."""
        columns, rows = self._size()
        render = self._choose(lit.shape, columns, rows)
        lines = self._coloured(render(lit), lit.shape[0], contrast)[:rows]
        text = ''
        if self._layout != (columns, rows, render):
            self._layout = columns, rows, render
            self._lines = [''] * len(lines)
            text = _reserve(len(lines), rows)
        text += _SAVE_CURSOR
        for number, (line, previous) in enumerate(zip(lines, self._lines, strict=True), start=1):
            if line != previous:
                text += f'\x1b[{number};1H{line}'
        self._stream.write(text + _RESET_COLOURS + _RESTORE_CURSOR)
        self._stream.flush()
        self._lines = lines

    def close(self) -> None:
        """Release the whole terminal, with the last picture still on it."""
        if self._layout is not None:
            last_row = self._layout[1]
            self._stream.write(f'{_SAVE_CURSOR}{_RESET_SCROLLING}{_RESTORE_CURSOR}')
            self._stream.write(f'\x1b[{last_row};1H\n')
            self._stream.flush()
            self._layout = None
        if self._owns_stream and self._stream is not sys.stdout:
            self._stream.close()

    def _terminal_size(self) -> tuple[int, int]:
        columns, rows = os.get_terminal_size(self._stream.fileno())
        return columns or _UNKNOWN_SIZE[0], rows or _UNKNOWN_SIZE[1]

    def _choose(self, shape: tuple[int, ...], columns: int, rows: int) -> Callable:
        if self._style != AUTO:
            return half_blocks if self._style == HALF_BLOCKS else braille
        height, width = shape
        fits = width <= columns and height // 2 + LOG_LINES <= rows
        return half_blocks if fits else braille

    def _coloured(self, lines: list[str], height: int, contrast: int) -> list[str]:
        colours = palette(self._tint, contrast)
        back = '48;2;{};{};{}'.format(*colours[DARK])
        rows_per_line = height // len(lines)
        return [
            '\x1b[{};38;2;{};{};{}m{}'.format(
                back, *colours[LIT_BAND if i * rows_per_line < BAND_ROWS else LIT], line
            )
            for i, line in enumerate(lines)
        ]


def _reserve(lines: int, rows: int) -> str:
    """Return what clears the terminal and makes text scroll only below the first `lines`."""
    first_free = min(lines + 1, rows - 1)
    return f'{_CLEAR}\x1b[{first_free};{rows}r\x1b[{first_free};1H'


def _open_terminal() -> TextIO:
    # Launchers connect a node to a pipe or terminal of their own, not to the real terminal.
    try:
        return open('/dev/tty', 'w', encoding='utf-8')
    except OSError as error:
        if sys.stdout.isatty():
            return sys.stdout
        raise NoScreen(
            'no terminal to draw on: start from a terminal, or choose output gif, png or web'
        ) from error
