# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The interface that panels and emulated panels share."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

FULL_CONTRAST = 0xCF


class Display(ABC):
    """
    A display that shows frames.

    Every call may raise `OledError`, OSError, or what a library below it raises; the display can
    be used again afterwards, unless it was closed. Displays are not thread-safe.
    """

    @abstractmethod
    def show(self, frame: np.ndarray) -> int:
        """
        Show a frame.

        Args:
            frame: (height, width), uint8 or bool; every non-zero pixel is lit.

        Returns:
            Bytes that crossed the bus; 0 for a display without one.
        """

    @abstractmethod
    def sleep(self) -> None:
        """Switch the picture off and keep it."""

    @abstractmethod
    def wake(self) -> None:
        """Show the picture again."""

    @abstractmethod
    def contrast(self, level: int) -> None:
        """Set the brightness, 0..255. The difference is too small for fading a picture."""

    @abstractmethod
    def invert(self, inverted: bool) -> None:
        """Exchange lit and dark pixels."""

    @abstractmethod
    def close(self) -> None:
        """Close for good and release bus, file or port. Safe to call twice."""
