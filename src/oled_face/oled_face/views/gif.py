# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Records the panel as an animated GIF, written as it goes."""

from __future__ import annotations

import io
import os
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
from PIL import Image

from oled_face.appearance import palette, picture
from oled_face.errors import OutputBroken, OutputFinished
from oled_face.views.view import View

# Browsers play shorter delays as 100 ms.
MIN_DELAY_CS = 2
_MAX_DELAY_CS = 0xFFFF
_TRAILER = b';'
_LOOP_FOREVER = b'\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00'


class GifWriter:
    """
    Writes an animated GIF frame by frame, in constant memory.

    Only the rectangle that changed is stored, and the file is complete after every frame.
    Formats: GIF89a specification, CompuServe 1990.

    Args:
        path: file to write; its folder is created.
        colours: (4, 3) uint8, RGB.
        size: width and height, px.

    Raises:
        OSError: if the file cannot be written.
    """

    def __init__(self, path: Path, colours: np.ndarray, size: tuple[int, int]):
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open('wb')
        self._previous: np.ndarray | None = None
        # 0x91: a global table of 2**(1 + 1) colours.
        screen = struct.pack('<HHBBB', *size, 0x91, 0, 0)
        self._file.write(b'GIF89a' + screen + colours.tobytes() + _LOOP_FOREVER + _TRAILER)

    def add(self, pixels: np.ndarray, delay_cs: int) -> None:
        """
        Append a frame.

        Args:
            pixels: (height, width) uint8, indices of colours.
            delay_cs: how long it is shown, hundredths of a second.
        """
        top, left, changed = _changed_part(self._previous, pixels)
        self._previous = pixels
        control = struct.pack('<BBBBHBB', 0x21, 0xF9, 4, 0x04, delay_cs, 0, 0)
        place = struct.pack('<BHHHHB', 0x2C, left, top, changed.shape[1], changed.shape[0], 0)
        self._file.seek(-len(_TRAILER), io.SEEK_END)
        self._file.write(control + place + _compress(changed) + _TRAILER)
        self._file.flush()

    def close(self) -> None:
        """End the file. Safe to call twice."""
        self._file.close()


class GifView(View):
    """
    Records how the panel looks, in real time.

    Args:
        path: file to write.
        max_s: length at which the recording ends; 0 = no limit.
        tint: colour of the panel, one of `appearance.TINTS`.
        scale: size of a panel pixel, px.
        clock: monotonic time, s.

    Raises:
        OSError: if the file cannot be written.
    """

    def __init__(
        self,
        path: str | Path,
        max_s: float = 60.0,
        tint: str = 'white',
        scale: int = 4,
        clock: Callable[[], float] = time.monotonic,
    ):
        super().__init__()
        self._path = Path(path).expanduser()
        self._max_s = max_s
        self._colours = palette(tint)
        self._scale = scale
        self._clock = clock
        self._writer: GifWriter | None = None
        self._begun_s = 0.0
        # A frame is written when the next one arrives, as only then its duration is known.
        self._pending: np.ndarray | None = None
        self._pending_cs = 0
        try_to_write(self._path)

    def show(self, frame: np.ndarray) -> int:
        """
        See `Display`.

        Raises:
            OutputFinished: once the recording has its full length.
            OutputBroken: if it cannot be written on.
        """
        super().show(frame)
        if self._max_s and self._clock() - self._begun_s >= self._max_s:
            self.close()
            raise OutputFinished(f'recorded {self._max_s:g} s into {self._path}')
        return 0

    def draw(self, lit: np.ndarray, contrast: int) -> None:
        """See `View`. A GIF has one set of colours, so contrast does not show."""
        if self._writer is None:
            self._begun_s = self._clock()
            height, width = lit.shape
            size = width * self._scale, height * self._scale
            self._writer = GifWriter(self._path, self._colours, size)
        self._flush(MIN_DELAY_CS)
        self._pending = lit

    def close(self) -> None:
        """Write the last frame and end the file; raises `OutputBroken` if that fails."""
        if self._writer is not None:
            self._flush(0)
            self._end()

    def _end(self) -> None:
        writer, self._writer, self._pending = self._writer, None, None
        if writer is not None:
            writer.close()

    def _flush(self, least_cs: int) -> None:
        """Write the pending frame, unless it was shown for less than `least_cs`."""
        now_cs = round((self._clock() - self._begun_s) * 100)
        shown_cs = now_cs - self._pending_cs
        if self._pending is None or self._writer is None or shown_cs < least_cs:
            return
        delay_cs = min(max(shown_cs, MIN_DELAY_CS), _MAX_DELAY_CS)
        try:
            self._writer.add(picture(self._pending, self._scale), delay_cs)
        except OSError as error:
            with suppress(OSError):
                self._end()
            why = error.strerror or error
            raise OutputBroken(f'cannot go on with {self._path}: {why}; it is cut off') from error
        self._pending_cs = now_cs


def try_to_write(path: Path) -> None:
    """
    Check that a file can be written, and leave what is there as it is.

    Raises:
        OSError: if it cannot.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    # Does not wait for whoever may read a pipe.
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK, 0o666))
    if is_new:
        path.unlink()


def _changed_part(previous: np.ndarray | None, pixels: np.ndarray) -> tuple[int, int, np.ndarray]:
    """Return top, left and pixels of the smallest rectangle that changed, at least one pixel."""
    if previous is None:
        return 0, 0, pixels
    rows, columns = np.nonzero(previous != pixels)
    if not rows.size:
        return 0, 0, pixels[:1, :1]
    top, left = rows.min(), columns.min()
    return top, left, pixels[top : rows.max() + 1, left : columns.max() + 1]


def _compress(pixels: np.ndarray) -> bytes:
    """Return the LZW data of an image, cut out of a GIF that Pillow makes of it."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, 'GIF', interlace=0, optimize=False)
    gif = buffer.getvalue()
    position = 13 + _table_bytes(gif[10])
    while gif[position] == 0x21:  # extensions, each a chain of blocks
        position = _after_blocks(gif, position + 2)
    position += 10 + _table_bytes(gif[position + 9])
    return gif[position : _after_blocks(gif, position + 1)]


def _table_bytes(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _after_blocks(gif: bytes, position: int) -> int:
    while gif[position]:
        position += gif[position] + 1
    return position + 1
