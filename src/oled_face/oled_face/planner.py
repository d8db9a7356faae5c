# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Chooses the windows of the panel's memory to rewrite, so that the fewest bytes are sent."""

from __future__ import annotations

from functools import reduce
from typing import NamedTuple

import numpy as np

from oled_face.bus_cost import BusCost

WINDOW_COMMAND_BYTES = 6  # 21 c0 c1 22 p0 p1
PAGE_COMMAND_BYTES = 3  # B0|p 0|low 10|high


class Window(NamedTuple):
    """A rectangle of the panel's memory; all limits are inclusive."""

    first_page: int
    last_page: int
    first_column: int
    last_column: int

    @property
    def byte_count(self) -> int:
        """Bytes of memory in the window."""
        return (self.last_page - self.first_page + 1) * (self.last_column - self.first_column + 1)

    def union(self, other: Window) -> Window:
        """Return the smallest window around both."""
        return Window(
            min(self.first_page, other.first_page),
            max(self.last_page, other.last_page),
            min(self.first_column, other.first_column),
            max(self.last_column, other.last_column),
        )


class Planner:
    """
    Turns changed bytes into windows.

    Runs of changed bytes in a page are joined where the bytes between them cost no more than
    another window, and windows are merged while that costs no more than both. Where one window
    around everything, or the whole panel, costs no more than the result, that is sent.

    Args:
        pages: pages of the panel.
        width: columns of the panel.
        bus_cost: what writes cost on the bus.
        paged: whether the chip can only address one page at a time.
    """

    def __init__(self, pages: int, width: int, bus_cost: BusCost, *, paged: bool = False):
        self._bus_cost = bus_cost
        self._paged = paged
        # What a window costs besides its bytes, and so the widest gap that is worth closing.
        address_bytes = PAGE_COMMAND_BYTES if paged else WINDOW_COMMAND_BYTES
        self._overhead = bus_cost.command_cost(address_bytes) + bus_cost.framing_bytes
        whole = Window(0, pages - 1, 0, width - 1)
        self.full = (
            [Window(page, page, 0, width - 1) for page in range(pages)] if paged else [whole]
        )
        self.full_cost = self.cost(self.full)

    def cost(self, windows: list[Window]) -> int:
        """Return the bytes on the bus of sending `windows`."""
        return sum(self._cost(window.byte_count) for window in windows)

    def transactions(self, windows: list[Window]) -> int:
        """Return the bus transactions of sending `windows`."""
        return sum(1 + self._bus_cost.data_transactions(window.byte_count) for window in windows)

    def plan(self, changed: np.ndarray) -> list[Window]:
        """
        Cover all changed bytes.

        Args:
            changed: (pages, width) bool.

        Returns:
            Windows in the order of pages, then columns; empty if nothing changed.
        """
        runs = self._runs(changed)
        if not runs:
            return []
        windows = runs
        if not self._paged:
            windows = min(self._merge(runs), [reduce(Window.union, runs)], key=self.cost)
        return sorted(windows) if self.cost(windows) < self.full_cost else self.full

    def _cost(self, byte_count: int) -> int:
        """Return the bytes on the bus of a window of `byte_count` bytes."""
        chunks = self._bus_cost.framing_bytes * ((byte_count - 1) // self._bus_cost.chunk_bytes)
        return self._overhead + byte_count + chunks

    def _runs(self, changed: np.ndarray) -> list[Window]:
        pages, columns = np.nonzero(changed)
        if not columns.size:
            return []
        # Spread the pages so far apart that no run crosses from one to the next.
        places = pages * (changed.shape[1] + self._overhead + 1) + columns
        breaks = np.flatnonzero(np.diff(places) > self._overhead + 1)
        firsts = np.concatenate(([0], breaks + 1))
        lasts = np.concatenate((breaks, [len(columns) - 1]))
        return [
            Window(page, page, first, last)
            for page, first, last in zip(
                pages[firsts].tolist(),
                columns[firsts].tolist(),
                columns[lasts].tolist(),
                strict=True,
            )
        ]

    def _merge(self, runs: list[Window]) -> list[Window]:
        costs: dict[Window, int] = {}
        for run in runs:
            window = run
            # A merged window may now suit another one.
            while (partner := self._best_partner(window, costs)) is not None:
                del costs[partner]
                window = window.union(partner)
            costs[window] = self._cost(window.byte_count)
        return list(costs)

    def _best_partner(self, window: Window, costs: dict[Window, int]) -> Window | None:
        """Return the window whose merging saves most, None if none saves or breaks even."""
        top, bottom, left, right = window
        own_cost = self._cost(window.byte_count)
        best, best_saving = None, 0
        for candidate, cost in costs.items():
            first_page, last_page, first_column, last_column = candidate
            if first_column - right > self._overhead or left - last_column > self._overhead:
                continue  # the bytes between them already cost more than a window
            byte_count = (max(last_page, bottom) - min(first_page, top) + 1) * (
                max(last_column, right) - min(first_column, left) + 1
            )
            saving = own_cost + cost - self._cost(byte_count)
            if saving >= best_saving:
                best, best_saving = candidate, saving
        return best
