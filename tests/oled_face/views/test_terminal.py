# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays
from panel_fakes import frame_of, rectangle

from oled_face.errors import NoScreen
from oled_face.views.terminal import TerminalView, braille, half_blocks

FRAME = rectangle(40, 59, 12, 29)


@given(arrays(bool, (64, 128)))
def test_half_blocks_show_every_pixel(lit):
    pixels = {' ': (0, 0), '▀': (1, 0), '▄': (0, 1), '█': (1, 1)}

    lines = half_blocks(lit)

    assert len(lines) == 32
    read = np.array([[pixels[character] for character in line] for line in lines])
    assert np.array_equal(read.transpose(0, 2, 1).reshape(64, 128) != 0, lit)


@given(arrays(bool, (64, 128)))
def test_braille_shows_every_pixel(lit):
    lines = braille(lit)

    assert len(lines) == 16
    codes = np.array([[ord(character) - 0x2800 for character in line] for line in lines])
    dots = {(0, 0): 0, (1, 0): 1, (2, 0): 2, (0, 1): 3, (1, 1): 4, (2, 1): 5, (3, 0): 6, (3, 1): 7}
    for (row, column), dot in dots.items():
        assert np.array_equal(codes >> dot & 1 == 1, lit[row::4, column::2])


class Screen:
    """A terminal of a given size that keeps what is written to it."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.text = ''

    def write(self, text):
        self.text += text

    def flush(self):
        pass

    def take(self):
        text, self.text = self.text, ''
        return text


def terminal(columns, rows, **options):
    screen = Screen(columns, rows)
    return screen, TerminalView(
        stream=screen, size=lambda: (screen.columns, screen.rows), **options
    )


@pytest.mark.parametrize(
    ('columns', 'rows', 'lines'), [(128, 40, 32), (200, 35, 32), (100, 40, 16), (128, 30, 16)]
)
def test_uses_what_fits_and_leaves_room_for_the_log(columns, rows, lines):
    screen, view = terminal(columns, rows)

    view.show(FRAME)

    text = screen.take()
    assert f'\x1b[{lines + 1};{rows}r' in text
    assert f'\x1b[{lines};1H' in text
    assert f'\x1b[{lines + 1};1H\x1b[48' not in text


def test_rewrites_only_lines_that_changed():
    screen, view = terminal(128, 40)
    view.show(frame_of())
    screen.take()

    view.show(frame_of((5, 10)))

    text = screen.take()
    assert text.count('\x1b[6;1H') == 1
    assert text.count(';1H') == 1


def test_redraws_everything_when_the_size_changes():
    screen, view = terminal(128, 40)
    view.show(FRAME)
    screen.take()
    screen.columns = 90

    view.show(frame_of())

    text = screen.take()
    assert '\x1b[2J' in text
    assert text.count(';1H\x1b[48') == 16


def test_close_releases_the_terminal():
    screen, view = terminal(128, 40)
    view.show(FRAME)
    screen.take()

    view.close()
    view.close()

    assert screen.take().count('\x1b[r') == 1


def test_survives_a_terminal_that_is_far_too_small():
    screen, view = terminal(10, 3)

    view.show(FRAME)

    assert '\x1b[4;' not in screen.take()


def test_missing_terminal_is_an_error_with_a_remedy(monkeypatch):
    def refuse(*arguments, **options):
        raise OSError(6, 'No such device or address')

    monkeypatch.setattr('builtins.open', refuse)
    monkeypatch.setattr('sys.stdout', io.StringIO())

    with pytest.raises(NoScreen, match='choose output gif, png or web'):
        TerminalView()
