# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a panel and every stand-in for one have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

FULL_CONTRAST = 0xCF


class Display(ABC):
    """
    Somewhere to show frames.

    Every call may raise `OledError` or OSError; the display can be used again afterwards, unless
    it was closed. None is safe to call from two threads at once.
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
        """Go dark and keep the picture."""

    @abstractmethod
    def wake(self) -> None:
        """Show the picture again."""

    @abstractmethod
    def contrast(self, level: int) -> None:
        """Set the brightness, 0..255. The difference is small: no means to fade a picture."""

    @abstractmethod
    def invert(self, inverted: bool) -> None:
        """Show lit pixels dark and dark ones lit."""

    @abstractmethod
    def close(self) -> None:
        """End for good and release what was held. Safe to call twice."""
