# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A chip that understands what a driver sends, a bus that remembers it, and a clock to turn."""

import errno
from collections.abc import Iterable

import numpy as np
from PIL import Image

from oled_face.panels import Panel

# Bytes that follow a command, from the data sheets of SSD1306 and SH1106; 0 where not listed.
_ARGUMENTS = {
    0x20: 1, 0x21: 2, 0x22: 2, 0x26: 6, 0x27: 6, 0x29: 5, 0x2A: 5, 0x81: 1, 0x8D: 1, 0xA3: 2,
    0xA8: 1, 0xAD: 1, 0xD3: 1, 0xD5: 1, 0xD9: 1, 0xDA: 1, 0xDB: 1,
}  # fmt: skip
_COLUMNS = 132


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self):
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s

    def advance(self, seconds: float) -> None:
        self.now_s += seconds


class Recorder:
    """A serial object that keeps what it was told: ('C' or 'D', bytes)."""

    def __init__(self):
        self.sent: list[tuple[str, bytes]] = []
        self.is_closed = False

    def command(self, *command: int) -> None:
        self.sent.append(('C', bytes(command)))

    def data(self, data: Iterable[int]) -> None:
        self.sent.append(('D', bytes(data)))

    def cleanup(self) -> None:
        self.is_closed = True

    def take(self) -> list[tuple[str, bytes]]:
        sent, self.sent = self.sent, []
        return sent


class Chip(Recorder):
    """
    SSD1306 or SH1106 from the outside: commands and data in, pixels out.

    Commands are decoded byte by byte and may be spread over transactions, as on the real chip: one
    that is cut off takes the next bytes for its arguments.

    Attributes:
        faults: for each coming transaction, how many of its bytes arrive before the bus fails;
            None = all of them, without a failure.
    """

    def __init__(self, panel: Panel, seed: int = 0):
        super().__init__()
        self._panel = panel
        # The memory is not cleared when power comes.
        self.ram = np.random.default_rng(seed).integers(0, 256, (8, _COLUMNS), np.uint8)
        self.faults: list[int | None] = []
        self.fault_number = errno.EIO
        self.power_on()

    def power_on(self) -> None:
        """Forget every setting, as after a loss of power."""
        self.is_on = self.is_inverted = self.is_all_on = False
        self.is_upright = [False, False]
        self.contrast = 0x7F
        self._pending: list[int] = []
        self._is_windowed = False
        self._columns = 0, 127
        self._pages = 0, 7
        self._column = self._page = 0

    def command(self, *command: int) -> None:
        super().command(*command)
        self._receive(command, self._decode)

    def data(self, data: Iterable[int]) -> None:
        data = list(data)
        super().data(data)
        self._receive(data, self._store)

    def picture(self) -> np.ndarray:
        """Return the lit pixels, (height, width) bool."""
        if not self.is_on:
            return np.zeros((self._panel.height, self._panel.width), bool)
        assert self.is_upright == [True, True]
        offset = self._panel.column_offset
        pages = self.ram[: self._panel.pages, offset : offset + self._panel.width]
        return unpack(pages) ^ self.is_inverted

    def _receive(self, received, take) -> None:
        arriving = self.faults.pop(0) if self.faults else None
        for byte in received if arriving is None else received[:arriving]:
            take(byte)
        if arriving is not None:
            raise OSError(self.fault_number, 'the bus failed')

    def _decode(self, byte: int) -> None:
        self._pending.append(byte)
        if len(self._pending) <= _ARGUMENTS.get(self._pending[0], 0):
            return
        (command, *arguments), self._pending = self._pending, []
        self._execute(command, arguments)

    def _execute(self, command: int, arguments: list[int]) -> None:
        if command in (0xAE, 0xAF):
            self.is_on = command == 0xAF
        elif command in (0xA6, 0xA7):
            self.is_inverted = command == 0xA7
        elif command in (0xA0, 0xA1):
            self.is_upright[0] = command == 0xA1
        elif command in (0xC0, 0xC8):
            self.is_upright[1] = command == 0xC8
        elif command == 0x81:
            self.contrast = arguments[0]
        elif self._panel.paged:
            self._point(command)
        elif command == 0x20:
            self._is_windowed = arguments[0] == 0
        elif command == 0x21:
            self._columns = arguments[0], arguments[1]
            self._column = arguments[0]
        elif command == 0x22:
            self._pages = arguments[0] & 7, arguments[1] & 7
            self._page = self._pages[0]

    def _point(self, command: int) -> None:
        """Page addressing."""
        if command & 0xF0 == 0xB0:
            self._page = command & 7
        elif command & 0xF0 == 0x00:
            self._column = self._column & 0xF0 | command & 0x0F
        elif command & 0xF0 == 0x10:
            self._column = self._column & 0x0F | (command & 0x0F) << 4

    def _store(self, byte: int) -> None:
        if self._column < _COLUMNS:
            self.ram[self._page, self._column] = byte
        if self._panel.paged:
            self._column = min(self._column + 1, _COLUMNS)
            return
        assert self._is_windowed
        self._column += 1
        if self._column > self._columns[1]:
            self._column = self._columns[0]
            self._page = self._pages[0] if self._page == self._pages[1] else self._page + 1


def frame_of(*points: tuple[int, int], width: int = 128, height: int = 64) -> np.ndarray:
    """Return a frame with the points (x, y) lit."""
    frame = np.zeros((height, width), np.uint8)
    for x, y in points:
        frame[y, x] = 255
    return frame


def rectangle(left: int, right: int, top: int, bottom: int) -> np.ndarray:
    """Return a frame with a filled rectangle; limits are inclusive."""
    frame = frame_of()
    frame[top : bottom + 1, left : right + 1] = 255
    return frame


def pixels_of(image: Image.Image, scale: int = 4) -> np.ndarray:
    """Return which panel pixels are lit in a picture of a panel, (height, width) bool."""
    return np.asarray(image.convert('L'))[::scale, ::scale] > 100


def unpack(pages: np.ndarray) -> np.ndarray:
    """Return the lit pixels (8P, W) of page bytes (P, W), the top row of a page in bit 0."""
    return np.unpackbits(pages, axis=0, bitorder='little').astype(bool)
