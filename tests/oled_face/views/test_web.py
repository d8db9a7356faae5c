# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import asyncio
import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from base64 import b64decode

import numpy as np
import pytest
from panel_fakes import pixels_of, rectangle
from PIL import Image

from oled_face.views.web import MAX_VIEWERS, WebView, _Channel

FRAME = rectangle(40, 59, 12, 29)


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


def test_streams_every_change(web):
    web.show(FRAME)
    with get(web.url + 'stream') as stream:
        assert np.array_equal(read_event(stream), FRAME != 0)
        web.invert(True)
        assert np.array_equal(read_event(stream), FRAME == 0)
        web.sleep()
        assert not read_event(stream).any()


def test_serves_page_and_picture(web):
    web.show(FRAME)

    with get(web.url) as page:
        assert page.headers['Content-Type'].startswith('text/html')
        assert b'page.js' in page.read()
    with get(web.url + 'page.js') as script:
        assert b"EventSource('stream')" in script.read()
    with get(web.url + 'page.css') as style:
        assert style.headers['Content-Type'].startswith('text/css')
    with get(web.url + 'panel.png') as image:
        assert np.array_equal(pixels_of(Image.open(image), 6), FRAME != 0)


@pytest.mark.parametrize('path', ['panel.png', 'anything', '../node.py'])
def test_serves_nothing_else(web, path):
    with pytest.raises(urllib.error.HTTPError, match='404'):
        get(web.url + path)


def test_serves_this_computer_only(web):
    assert web.url.startswith('http://127.0.0.1:')


def test_limits_viewers_and_ends_their_streams(web):
    web.show(FRAME)
    streams = [get(web.url + 'stream') for _ in range(MAX_VIEWERS)]

    with pytest.raises(urllib.error.HTTPError, match='503'):
        get(web.url + 'stream')

    web.close()
    for stream in streams:
        stream.read()
        stream.close()


def test_taken_port_is_an_error(web):
    port = int(web.url.rsplit(':')[-1].strip('/'))

    with pytest.raises(OSError, match='in use'):
        WebView(port=port)


def test_browser_shows_the_pixels(web, tmp_path):
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


def test_a_picture_that_comes_while_another_is_sent_is_sent_too():
    async def watch() -> list[bytes]:
        channel = _Channel()
        channel.publish(b'first', bytes)
        events = channel.events()
        seen = [await anext(events)]
        channel.publish(b'second', bytes)
        return [*seen, await anext(events)]

    assert asyncio.run(watch()) == [b'first', b'second']
