# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What all emulated panels do: draw what the panel would show, and only changes."""

import numpy as np
from panel_fakes import rectangle

from oled_face.views.view import View

FRAME = rectangle(40, 59, 12, 29)


class Remembered(View):
    def __init__(self):
        super().__init__()
        self.drawn = []

    def draw(self, lit, contrast):
        self.drawn.append((lit.copy(), contrast))


def test_draws_only_changes():
    view = Remembered()
    for action in (
        lambda: view.show(FRAME),
        lambda: view.show(FRAME),
        view.wake,
        lambda: view.invert(True),
        view.sleep,
        lambda: view.contrast(0x30),
    ):
        action()

    shown = [lit for lit, _ in view.drawn]
    expected = [FRAME != 0, FRAME == 0, np.zeros_like(FRAME, bool), np.zeros_like(FRAME, bool)]
    assert all(np.array_equal(*pair) for pair in zip(shown, expected, strict=True))
    assert view.drawn[-1][1] == 0x30


def test_draws_nothing_before_the_first_frame():
    view = Remembered()

    view.contrast(0x30)
    view.sleep()

    assert view.drawn == []
