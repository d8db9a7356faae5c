# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Shows the panel in a window of its own, by pygame."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from oled_face.appearance import palette, picture
from oled_face.errors import MissingPackage, NoScreen, OutputFinished
from oled_face.views.view import View

_SCREENS = ('DISPLAY', 'WAYLAND_DISPLAY', 'SDL_VIDEODRIVER')


class WindowView(View):
    """
    A window that shows the panel, until it is closed.

    Make and use it in one thread.

    Args:
        tint: colour of the panel, one of `appearance.TINTS`.
        scale: size of a panel pixel, px.

    Raises:
        NoScreen: if there is no screen to open a window on.
        MissingPackage: if pygame is not installed.
    """

    def __init__(self, tint: str = 'white', scale: int = 6):
        super().__init__()
        palette(tint)
        self._tint = tint
        self._scale = scale
        self._pygame = _start_pygame()
        self._window: Any = None

    def show(self, frame: np.ndarray) -> int:
        """
        See `Display`.

        Raises:
            OutputFinished: once the window was closed.
        """
        super().show(frame)
        if self._pygame.event.get(self._pygame.QUIT):
            raise OutputFinished('the window was closed')
        return 0

    def draw(self, lit: np.ndarray, contrast: int) -> None:
        """See `View`."""
        pixels = palette(self._tint, contrast)[picture(lit, self._scale)]  # (H, W, 3)
        height, width = pixels.shape[:2]
        if self._window is None:
            self._window = self._pygame.display.set_mode((width, height))
            self._pygame.display.set_caption('oled_face')
        surface = self._pygame.image.frombuffer(pixels.tobytes(), (width, height), 'RGB')
        self._window.blit(surface, (0, 0))
        self._pygame.display.flip()

    def close(self) -> None:
        """Close the window."""
        self._pygame.display.quit()


def _start_pygame():
    if not any(os.environ.get(name) for name in _SCREENS):
        raise NoScreen('no screen for a window: choose output terminal, web or gif')
    os.environ.setdefault('PYGAME_HIDE_SUPPORT_PROMPT', '1')
    try:
        import pygame
    except ImportError as error:
        raise MissingPackage('a window needs the Python package pygame') from error
    try:
        pygame.display.init()
    except pygame.error as error:
        raise NoScreen(f'cannot open a window: {error}; choose terminal, web or gif') from error
    return pygame
