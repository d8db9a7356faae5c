# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from panel_fakes import pixels_of, rectangle
from PIL import Image

from oled_face.errors import NoScreen, OutputFinished
from oled_face.views.window import WindowView

FRAME = rectangle(40, 59, 12, 29)


@pytest.fixture
def dummy_screen(monkeypatch):
    pytest.importorskip('pygame')
    monkeypatch.setenv('SDL_VIDEODRIVER', 'dummy')


def test_shows_the_frame_and_ends_when_closed(dummy_screen):
    import pygame

    view = WindowView(scale=4)
    try:
        view.show(FRAME)

        surface = pygame.display.get_surface()
        shown = pygame.surfarray.array3d(surface).transpose(1, 0, 2)
        assert np.array_equal(pixels_of(Image.fromarray(shown)), FRAME != 0)
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        with pytest.raises(OutputFinished, match='the window was closed'):
            view.show(FRAME)
    finally:
        view.close()
    view.close()


def test_missing_screen_is_an_error_with_a_remedy(monkeypatch):
    for name in ('DISPLAY', 'WAYLAND_DISPLAY', 'SDL_VIDEODRIVER'):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(NoScreen, match='choose output terminal, web or gif'):
        WindowView()
