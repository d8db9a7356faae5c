# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What all emulated panels share."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from oled_face.interface import FULL_CONTRAST, Display


class View(Display):
    """
    An emulated panel: draws what a panel would show, whenever that changes.

    A subclass implements `draw`.
    """

    def __init__(self):
        self._frame: np.ndarray | None = None
        self._is_awake = True
        self._is_inverted = False
        self._contrast = FULL_CONTRAST
        self._drawn: tuple[np.ndarray, int] | None = None

    @abstractmethod
    def draw(self, lit: np.ndarray, contrast: int) -> None:
        """
        Draw what the panel would show.

        Args:
            lit: (height, width) bool.
            contrast: 0..255.
        """

    def show(self, frame: np.ndarray) -> int:
        """See `Display`. Returns 0, as there is no bus."""
        self._frame = np.asarray(frame) != 0
        self._refresh()
        return 0

    def sleep(self) -> None:
        """See `Display`."""
        self._is_awake = False
        self._refresh()

    def wake(self) -> None:
        """See `Display`."""
        self._is_awake = True
        self._refresh()

    def contrast(self, level: int) -> None:
        """See `Display`."""
        self._contrast = level
        self._refresh()

    def invert(self, inverted: bool) -> None:
        """See `Display`."""
        self._is_inverted = inverted
        self._refresh()

    def close(self) -> None:
        """See `Display`. A subclass that holds a resource releases it here."""

    def _refresh(self) -> None:
        if self._frame is None:
            return
        lit = (self._frame ^ self._is_inverted) & self._is_awake
        if self._drawn is not None:
            drawn_lit, drawn_contrast = self._drawn
            if drawn_contrast == self._contrast and np.array_equal(drawn_lit, lit):
                return
        self.draw(lit, self._contrast)
        self._drawn = lit, self._contrast
