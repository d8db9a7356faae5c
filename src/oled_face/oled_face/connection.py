# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A panel that may be connected later, or be lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from oled_face.buses import BusConfig, explain, open_serial, probe, scan
from oled_face.driver import PanelDriver
from oled_face.errors import OledError
from oled_face.panels import Panel


class PanelConnection:
    """
    Opens a panel, and explains what is wrong if that fails.

    Args:
        bus: where the panel is connected.
        panel: what is connected.
        open_bus: opens a serial object; replaced in tests.
        scan_bus: lists the addresses that answer on an I2C port; replaced in tests.
        pause: sleeps for seconds; replaced in tests.
        driver_options: passed to `PanelDriver`.
    """

    def __init__(
        self,
        bus: BusConfig,
        panel: Panel,
        *,
        open_bus: Callable[[BusConfig], Any] = open_serial,
        scan_bus: Callable[[int], list[int]] = scan,
        pause: Callable[[float], None] = time.sleep,
        **driver_options: Any,
    ):
        self.bus = bus
        self.panel = panel
        self._open_bus = open_bus
        self._scan_bus = scan_bus
        self._pause = pause
        self._driver_options = driver_options
        # One scan per outage, as a scan disturbs the other devices on the bus.
        self._found: list[int] | None = None

    def open(self) -> PanelDriver:
        """
        Open the bus, check that the panel answers and initialise it.

        Raises:
            OledError: with cause and remedy, if there is no bus or no panel.
        """
        serial = self._open_bus(self.bus)
        try:
            probe(serial, self._pause)
            panel = PanelDriver(serial, self.panel, self.bus.cost, **self._driver_options)
        except Exception as error:
            with suppress(Exception):
                serial.cleanup()
            raise self.explain(error) from error
        self._found = None
        return panel

    def explain(self, error: Exception) -> OledError:
        """Explain a failed write, with a scan of the bus if nothing answered."""
        if isinstance(error, OledError):
            return error
        return explain(error, self.bus, self._scan)

    def _scan(self) -> list[int]:
        if self._found is None:
            try:
                self._found = self._scan_bus(self.bus.i2c_port)
            except Exception:
                self._found = []  # the bus itself is gone; the write error says so
        return self._found
