# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What stands in for a panel shows the pixels that the panel would."""

import io
import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from base64 import b64decode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from oled_fakes import Clock, frame_of, rectangle
from PIL import Image

from oled_face.errors import NoScreen, OutputFinished
from oled_face.look import DARK, GAP, LIT, LIT_BAND, TINTS, palette, picture
from oled_face.views.gif import GifView
from oled_face.views.png import PngView
from oled_face.views.terminal import TerminalView, braille, half_blocks
from oled_face.views.view import View
from oled_face.views.web import MAX_VIEWERS, WebView
from oled_face.views.window import WindowView

FRAME = rectangle(40, 59, 12, 29)
SCALE = 4


def pixels_of(image: Image.Image, scale: int = SCALE) -> np.ndarray:
    """Return which panel pixels of a picture are lit."""
    return np.asarray(image.convert('L'))[::scale, ::scale] > 100


# The look


def test_pixels_are_apart_and_the_band_has_its_own_colour():
    drawn = picture(FRAME, SCALE)

    assert drawn.shape == (256, 512)
    assert (drawn[3::4] == GAP).all()
    assert drawn[4 * 12, 4 * 40] == LIT_BAND
    assert drawn[4 * 20, 4 * 40] == LIT
    assert drawn[0, 0] == DARK


@pytest.mark.parametrize('tint', TINTS)
def test_less_contrast_is_darker_and_still_readable(tint):
    full, least = palette(tint, 0xCF).astype(int), palette(tint, 0).astype(int)

    assert (least[LIT] < full[LIT]).any()
    assert least[LIT].sum() > 3 * least[DARK].sum()


def test_refuses_an_unknown_tint():
    with pytest.raises(ValueError, match=r"expected one of white, blue.*'pink'"):
        palette('pink')


# What all views share


class Remembered(View):
    def __init__(self):
        super().__init__()
        self.drawn = []

    def draw(self, lit, contrast):
        self.drawn.append((lit.copy(), contrast))


def test_a_view_draws_only_changes():
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


def test_a_view_draws_nothing_before_the_first_frame():
    view = Remembered()

    view.contrast(0x30)
    view.sleep()

    assert view.drawn == []


# Terminal


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
    """A small terminal: places text where escape sequences say, and knows what scrolls."""

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
def test_terminal_takes_what_fits_and_leaves_room_for_the_log(columns, rows, lines):
    screen, view = terminal(columns, rows)

    view.show(FRAME)

    text = screen.take()
    assert f'\x1b[{lines + 1};{rows}r' in text
    assert f'\x1b[{lines};1H' in text
    assert f'\x1b[{lines + 1};1H\x1b[48' not in text


def test_terminal_rewrites_only_lines_that_changed():
    screen, view = terminal(128, 40)
    view.show(frame_of())
    screen.take()

    view.show(frame_of((5, 10)))

    text = screen.take()
    assert text.count('\x1b[6;1H') == 1
    assert text.count(';1H') == 1


def test_terminal_draws_anew_when_its_size_changes():
    screen, view = terminal(128, 40)
    view.show(FRAME)
    screen.take()
    screen.columns = 90

    view.show(frame_of())

    text = screen.take()
    assert '\x1b[2J' in text
    assert text.count(';1H\x1b[48') == 16


def test_terminal_is_given_back():
    screen, view = terminal(128, 40)
    view.show(FRAME)
    screen.take()

    view.close()
    view.close()

    assert screen.take().count('\x1b[r') == 1


def test_terminal_survives_one_that_is_far_too_small():
    screen, view = terminal(10, 3)

    view.show(FRAME)

    assert '\x1b[4;' not in screen.take()


def test_no_terminal_is_said(monkeypatch):
    def refuse(*arguments, **options):
        raise OSError(6, 'No such device or address')

    monkeypatch.setattr('builtins.open', refuse)
    monkeypatch.setattr('sys.stdout', io.StringIO())

    with pytest.raises(NoScreen, match='choose output gif, png or web'):
        TerminalView()


# GIF and PNG


def record(path, changes, **options):
    """Record frames; `changes` are (seconds until the next one, frame)."""
    clock = Clock()
    view = GifView(path, clock=clock, **options)
    for seconds, frame in changes:
        view.show(frame)
        clock.advance(seconds)
    view.close()
    return Image.open(path)


def frames_of(gif):
    for number in range(gif.n_frames):
        gif.seek(number)
        yield pixels_of(gif), gif.info['duration']


random_frames = st.lists(
    st.tuples(st.sampled_from([0.02, 0.04, 0.33, 2.5]), st.integers(0, 2**32 - 1)),
    min_size=1,
    max_size=8,
    unique_by=lambda item: item[1],
)


@given(random_frames)
def test_gif_has_every_frame_for_as_long_as_it_was_shown(tmp_path_factory, changes):
    changes = [
        (seconds, (np.random.default_rng(seed).random((64, 128)) < 0.2) * np.uint8(255))
        for seconds, seed in changes
    ]

    gif = record(tmp_path_factory.mktemp('gif') / 'face.gif', changes)

    assert gif.size == (512, 256)
    recorded = list(frames_of(gif))
    assert len(recorded) == len(changes)
    for (lit, duration_ms), (seconds, frame) in zip(recorded, changes, strict=True):
        assert np.array_equal(lit, frame != 0)
        assert duration_ms == pytest.approx(1e3 * seconds, abs=10)


def test_gif_durations_do_not_drift(tmp_path):
    frames = [frame_of((number % 128, number // 128)) for number in range(300)]

    gif = record(tmp_path / 'face.gif', [(0.033, frame) for frame in frames])

    assert sum(duration for _, duration in frames_of(gif)) == pytest.approx(300 * 33, abs=10)


def test_gif_keeps_an_identical_picture_as_one_frame(tmp_path):
    gif = record(tmp_path / 'face.gif', [(1.0, FRAME)] * 5 + [(1.0, frame_of())])

    assert [duration for _, duration in frames_of(gif)] == [5000, 1000]


def test_gif_leaves_out_what_nobody_could_see(tmp_path):
    gif = record(tmp_path / 'face.gif', [(0.001, frame_of((x, 0))) for x in range(100)])

    assert gif.n_frames <= 6
    assert all(duration >= 20 for _, duration in frames_of(gif))


def test_gif_is_whole_also_when_nobody_closes_it(tmp_path):
    clock = Clock()
    view = GifView(tmp_path / 'face.gif', clock=clock)
    for x in range(3):
        view.show(frame_of((x, 0)))
        clock.advance(0.1)

    gif = Image.open(tmp_path / 'face.gif')

    assert [np.argwhere(lit).tolist() for lit, _ in frames_of(gif)] == [[[0, 0]], [[0, 1]]]


def test_gif_ends_at_its_length(tmp_path):
    clock = Clock()
    view = GifView(tmp_path / 'folder' / 'face.gif', max_s=2.0, clock=clock)
    view.show(FRAME)
    clock.advance(2.0)

    with pytest.raises(OutputFinished, match=r'recorded 2 s into .*face\.gif'):
        view.show(FRAME)

    gif = Image.open(tmp_path / 'folder' / 'face.gif')
    assert [duration for _, duration in frames_of(gif)] == [2000]


def test_gif_that_cannot_go_on_is_not_begun_again():
    clock = Clock()
    view = GifView('/dev/full', clock=clock)
    view.show(frame_of((0, 0)))
    clock.advance(0.1)

    with pytest.raises(OutputFinished, match=r'cannot go on with /dev/full: .*No space left'):
        view.show(frame_of((1, 0)))


def test_gif_of_nothing_writes_no_file(tmp_path):
    GifView(tmp_path / 'face.gif').close()

    assert not (tmp_path / 'face.gif').exists()


def test_png_has_every_change(tmp_path):
    view = PngView(tmp_path / 'frames', max_frames=2)
    view.show(FRAME)
    view.show(FRAME)
    view.show(frame_of((5, 10)))

    with pytest.raises(OutputFinished, match='wrote 2 pictures'):
        view.show(frame_of())

    paths = sorted((tmp_path / 'frames').iterdir())
    assert [path.name for path in paths] == ['000001.png', '000002.png']
    assert np.array_equal(pixels_of(Image.open(paths[1])), frame_of((5, 10)) != 0)


# Window


@pytest.fixture
def dummy_screen(monkeypatch):
    pytest.importorskip('pygame')
    monkeypatch.setenv('SDL_VIDEODRIVER', 'dummy')


def test_window_shows_the_frame_and_ends_when_closed(dummy_screen):
    import pygame

    view = WindowView(scale=SCALE)
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


def test_no_screen_is_said(monkeypatch):
    for name in ('DISPLAY', 'WAYLAND_DISPLAY', 'SDL_VIDEODRIVER'):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(NoScreen, match='choose output terminal, web or gif'):
        WindowView()


# Web page


@pytest.fixture
def web():
    view = WebView(port=0)
    yield view
    view.close()


def read_event(stream) -> np.ndarray:
    """Return the lit pixels of the next event."""
    while not (line := stream.readline()).startswith(b'data: '):
        assert line
    event = json.loads(line.removeprefix(b'data: '))
    bits = np.unpackbits(np.frombuffer(b64decode(event['bits']), np.uint8))
    return bits.reshape(event['height'], event['width']) != 0


def get(url):
    return urllib.request.urlopen(url, timeout=10)


def test_web_streams_every_change(web):
    web.show(FRAME)
    with get(web.url + 'stream') as stream:
        assert np.array_equal(read_event(stream), FRAME != 0)
        web.invert(True)
        assert np.array_equal(read_event(stream), FRAME == 0)
        web.sleep()
        assert not read_event(stream).any()


def test_web_serves_page_and_picture(web):
    web.show(FRAME)

    with get(web.url) as page:
        assert page.headers['Content-Type'].startswith('text/html')
        assert b"EventSource('stream')" in page.read()
    with get(web.url + 'panel.png') as image:
        assert np.array_equal(pixels_of(Image.open(image), 6), FRAME != 0)


@pytest.mark.parametrize('path', ['panel.png', 'anything', '../node.py'])
def test_web_has_nothing_else(web, path):
    with pytest.raises(urllib.error.HTTPError, match='404'):
        get(web.url + path)


def test_web_is_for_this_computer_only(web):
    assert web.url.startswith('http://127.0.0.1:')


def test_web_bounds_its_viewers_and_lets_them_go(web):
    web.show(FRAME)
    streams = [get(web.url + 'stream') for _ in range(MAX_VIEWERS)]

    with pytest.raises(urllib.error.HTTPError, match='503'):
        get(web.url + 'stream')

    web.close()
    for stream in streams:
        stream.read()
        stream.close()


def test_web_port_that_is_taken_is_an_error(web):
    port = int(web.url.rsplit(':')[-1].strip('/'))

    with pytest.raises(OSError, match='in use'):
        WebView(port=port)


def test_web_page_in_a_browser_shows_the_pixels(web, tmp_path):
    browser = shutil.which('chromium') or shutil.which('chromium-browser')
    if browser is None:
        pytest.skip('no browser: apt install chromium')
    web.show(FRAME)
    shot = tmp_path / 'shot.png'

    subprocess.run(
        [
            browser,
            '--headless',
            '--no-sandbox',
            '--disable-gpu',
            f'--user-data-dir={tmp_path / "profile"}',
            '--force-device-scale-factor=1',
            '--window-size=1400,900',
            '--timeout=3000',
            f'--screenshot={shot}',
            web.url,
        ],
        check=True,
        timeout=60,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, 'HOME': str(tmp_path)},
    )

    image = np.asarray(Image.open(shot).convert('L'))
    lit = np.argwhere(image > 150)
    height, width = FRAME[12:30, 40:60].shape
    top, left = lit.min(axis=0)
    panel = image[top : top + 8 * height, left : left + 8 * width]
    assert (panel[::8, ::8] > 150).all()
    assert (panel[7::8] < 100).all()
    assert len(lit) == height * width * 7 * 7
