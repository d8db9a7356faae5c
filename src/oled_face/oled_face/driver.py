# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A driver for small monochrome panels that sends only what changed.

It works on top of any serial object of luma.core (I2C, SPI, FTDI, noop), of which it uses
`command(*bytes)`, `data(sequence)` and `cleanup()` only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from oled_face.bus_cost import I2C, BusCost
from oled_face.interface import FULL_CONTRAST, Display
from oled_face.packing import pack
from oled_face.panels import Panel, panel_for
from oled_face.planner import Planner, Window

_OFF, _ON = 0xAE, 0xAF
_NORMAL, _INVERSE = 0xA6, 0xA7
_CONTRAST = 0x81
_COLUMNS, _PAGES = 0x21, 0x22
_PAGE, _LOW_COLUMN, _HIGH_COLUMN = 0xB0, 0x00, 0x10
_NO_OPERATION = 0xE3
# A chip that received only a part of a command takes the next bytes for its arguments; no command
# has more than this many.
_LONGEST_ARGUMENTS = 6


class PanelDriver(Display):
    """
    A panel behind a bus.

    The driver keeps a copy of the panel's memory and sends the differences. Every `refresh_s`,
    and after a failed write, the panel is set up again, the frame is sent whole, and the panel is
    switched on: it cannot be read back, and it may have lost power or received half a command.

    Attributes:
        panel: what is connected.
        bus_cost: what writes cost on the bus.
        bytes_sent: bytes on the bus so far, address and control bytes included.
        full_frame_s: how long the newest full frame took, s.

    Example:
        >>> from luma.core.interface.serial import noop
        >>> oled = PanelDriver(noop())
        >>> frame = np.zeros((64, 128), np.uint8)
        >>> oled.show(frame), oled.show(frame)
        (1034, 0)
    """

    def __init__(
        self,
        serial: Any,
        panel: Panel | None = None,
        bus_cost: BusCost = I2C,
        *,
        rotate180: bool = False,
        refresh_s: float = 30.0,
        persist: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ):
        """
        Initialise the panel, clear it and switch it on.

        Args:
            serial: serial object of luma.core, or anything with its three methods.
            panel: what is connected; None = SSD1306, 128x64.
            bus_cost: what writes cost on this bus.
            rotate180: whether the panel is mounted upside down.
            refresh_s: seconds between full frames; 0 = only when needed.
            persist: leave the picture on when closed.
            clock: monotonic time, s.

        Raises:
            OSError, luma.core.error.Error: if a write fails.
        """
        self.panel = panel or panel_for()
        self.bus_cost = bus_cost
        self.bytes_sent = 0
        self._serial = serial
        self._planner = Planner(
            self.panel.pages, self.panel.width, bus_cost, paged=self.panel.paged
        )
        self._rotate180 = rotate180
        self._refresh_s = refresh_s
        self._persist = persist
        self._clock = clock
        self._is_set_up = False
        self._is_awake = True
        self._is_inverted = False
        self._is_closed = False
        self._contrast = FULL_CONTRAST
        self._shadow: np.ndarray | None = None
        self._full_at_s = -np.inf
        self.full_frame_s = 0.0
        with self._writing():
            self._recover(np.zeros((self.panel.pages, self.panel.width), np.uint8))

    def show(self, frame: np.ndarray) -> int:
        """
        Show a frame. While the panel sleeps, it is stored and seen after `wake`.

        Args:
            frame: (height, width) of the panel, uint8 or bool, or a picture of Pillow in mode
                '1' or 'L'; every non-zero pixel is lit.

        Returns:
            Bytes on the bus, address and control bytes included.

        Raises:
            ValueError: if the frame is not of the size or type of the panel.
            OSError, luma.core.error.Error: if the write fails. The next frame is sent whole.
        """
        pages = self._pack(frame)
        sent_before = self.bytes_sent
        with self._writing():
            if not self._is_set_up:
                self._recover(pages)
            elif self._shadow is None:
                self._send(pages)
            elif self._is_refresh_due():
                self._refresh(pages)
            else:
                self._send(pages, self._planner.plan(pages != self._shadow))
            self._shadow = pages
        return self.bytes_sent - sent_before

    def sleep(self) -> None:
        """Switch the panel off. It keeps its memory and draws almost no current."""
        self._is_awake = False
        self._command_if_set_up(_OFF)

    def wake(self) -> None:
        """Switch the panel on with what is in its memory."""
        self._is_awake = True
        self._command_if_set_up(_ON)

    def contrast(self, level: int) -> None:
        """Set the segment current, 0..255; the panel stays readable at 0."""
        if not 0 <= level <= 255:
            raise ValueError(f'contrast: expected 0..255, got {level!r}')
        self._contrast = level
        self._command_if_set_up(_CONTRAST, level)

    def invert(self, inverted: bool) -> None:
        """Let the panel itself invert the picture."""
        self._is_inverted = inverted
        self._command_if_set_up(_INVERSE if inverted else _NORMAL)

    def close(self) -> None:
        """Switch the panel off, unless `persist` is set, and release the bus."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            if not self._persist and self._is_set_up:
                self._command(_OFF)
        finally:
            self._serial.cleanup()

    @property
    def bus_hz(self) -> float:
        """Clock of the bus, estimated from the newest full frame; a lower limit, Hz."""
        transactions = self._planner.transactions(self._planner.full)
        duration_s = max(self.full_frame_s, 1e-9)  # without a bus, writing takes no time
        return self.bus_cost.clock_hz(self._planner.full_cost, transactions, duration_s)

    def _pack(self, frame: np.ndarray) -> np.ndarray:
        pixels = np.asarray(frame)
        size = (self.panel.height, self.panel.width)
        if pixels.shape != size or pixels.dtype not in (np.uint8, np.bool_):
            raise ValueError(
                f'frame: expected uint8 or bool of shape {size}, '
                f'got {pixels.dtype} of shape {pixels.shape}'
            )
        return pack(pixels[::-1, ::-1] if self._rotate180 else pixels)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """After any failure inside, the state of the panel counts as unknown."""
        try:
            yield
        except BaseException:
            self._is_set_up = False
            self._shadow = None
            raise

    def _recover(self, pages: np.ndarray) -> None:
        """Begin anew, with a dark panel."""
        self._command(*[_NO_OPERATION] * _LONGEST_ARGUMENTS)
        self._command(*self.panel.start)
        self._refresh(pages)
        self._is_set_up = True

    def _refresh(self, pages: np.ndarray) -> None:
        """Set up and send everything; a lit panel stays lit meanwhile."""
        self._command(*self.panel.settings)
        self._command(_INVERSE if self._is_inverted else _NORMAL, _CONTRAST, self._contrast)
        self._send(pages)
        if self._is_awake:
            self._command(_ON)

    def _is_refresh_due(self) -> bool:
        return bool(self._refresh_s) and self._clock() - self._full_at_s >= self._refresh_s

    def _send(self, pages: np.ndarray, windows: list[Window] | None = None) -> None:
        if windows is None:
            windows = self._planner.full
        started_s = self._clock()
        for window in windows:
            self._address(window)
            self._data(
                pages[
                    window.first_page : window.last_page + 1,
                    window.first_column : window.last_column + 1,
                ]
            )
        if windows is self._planner.full:
            self._full_at_s = self._clock()
            self.full_frame_s = self._full_at_s - started_s

    def _address(self, window: Window) -> None:
        first = window.first_column + self.panel.column_offset
        last = window.last_column + self.panel.column_offset
        if self.panel.paged:
            self._command(
                _PAGE | window.first_page, _LOW_COLUMN | first & 15, _HIGH_COLUMN | first >> 4
            )
        else:
            self._command(_COLUMNS, first, last, _PAGES, window.first_page, window.last_page)

    def _command_if_set_up(self, *command: int) -> None:
        # Otherwise the next frame initialises the panel with the present values.
        if self._is_set_up:
            with self._writing():
                self._command(*command)

    def _command(self, *command: int) -> None:
        self._serial.command(*command)
        self.bytes_sent += self.bus_cost.command_cost(len(command))

    def _data(self, block: np.ndarray) -> None:
        payload = block.ravel().tolist()  # luma's SPI wants a list
        self._serial.data(payload)
        self.bytes_sent += self.bus_cost.data_cost(len(payload))
