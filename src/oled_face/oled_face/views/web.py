# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Shows the panel on a small web page, for this computer only.

`/` is the page with `/page.css` and `/page.js`, `/stream` its server-sent events (one JSON object
per change) and `/panel.png` the present picture.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial
from importlib.resources import files

import numpy as np
from aiohttp import web

from node_kit.web.server import Handler, WebServer, answer
from oled_face.appearance import BAND_ROWS, palette
from oled_face.views.png import to_image
from oled_face.views.view import View

MAX_VIEWERS = 8
_KEEP_ALIVE_S = 10.0
_PNG_SCALE = 6


class WebView(View):
    """
    Serves the panel to browsers.

    Args:
        port: TCP port on localhost; 0 = any that is free.
        tint: colour of the panel, one of `appearance.TINTS`.

    Attributes:
        url: address of the page.

    Raises:
        OSError: if the port is taken.
    """

    def __init__(self, port: int = 8064, tint: str = 'white'):
        super().__init__()
        palette(tint)
        self._tint = tint
        self._channel = _Channel()
        routes = {**_PAGES, '/panel.png': self._picture, '/stream': self._stream}
        self._server = WebServer(port, routes)
        self.url = self._server.url

    def draw(self, lit: np.ndarray, contrast: int) -> None:
        """See `View`."""
        shown = lit, self._tint, contrast
        self._server.call(self._channel.publish, _event(*shown), partial(_png, *shown))

    def close(self) -> None:
        """End the streams and free the port."""
        self._server.call(self._channel.close)
        self._server.close()

    async def _picture(self, _: web.BaseRequest) -> web.StreamResponse:
        if self._channel.render_png is None:
            return web.Response(status=404, text='no picture yet\n')
        return answer('image/png', self._channel.render_png())

    async def _stream(self, request: web.BaseRequest) -> web.StreamResponse:
        if self._channel.viewers >= MAX_VIEWERS:
            return web.Response(status=503, text='too many viewers\n')
        self._channel.viewers += 1
        try:
            return await self._server.stream(request, 'text/event-stream', self._channel.events())
        finally:
            self._channel.viewers -= 1


class _Channel:
    """The newest picture, and a way to wait for newer ones; all in the thread of the server."""

    def __init__(self):
        self._changed = asyncio.Event()
        self._number = 0
        self._event = b''
        self._is_closed = False
        self.render_png: Callable[[], bytes] | None = None
        self.viewers = 0

    def publish(self, event: bytes, render_png: Callable[[], bytes]) -> None:
        self._number += 1
        self._event, self.render_png = event, render_png
        self._wake()

    def close(self) -> None:
        self._is_closed = True
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def events(self) -> AsyncIterator[bytes]:
        """The present picture and each newer one that its reader has time for, until the end."""
        number = 0
        while not self._is_closed:
            if number == self._number:
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), _KEEP_ALIVE_S)
                if self._is_closed:
                    return
            event = self._event if number != self._number else b': keep-alive\n\n'
            number = self._number  # it may be another one once the event was sent
            yield event


def _page(name: str, kind: str) -> Handler:
    async def serve(_: web.BaseRequest) -> web.StreamResponse:
        page = files('oled_face').joinpath(f'views/{name}').read_bytes()
        return answer(f'{kind}; charset=utf-8', page)

    return serve


_PAGES = {
    '/': _page('page.html', 'text/html'),
    '/page.css': _page('page.css', 'text/css'),
    '/page.js': _page('page.js', 'text/javascript'),
}


def _event(lit: np.ndarray, tint: str, contrast: int) -> bytes:
    height, width = lit.shape
    gap, dark, rest, band = (f'#{colour.tobytes().hex()}' for colour in palette(tint, contrast))
    picture = {
        'width': width,
        'height': height,
        'bits': base64.b64encode(np.packbits(lit).tobytes()).decode(),
        'gap': gap,
        'dark': dark,
        'lit': rest,
        'band': band,
        'bandRows': BAND_ROWS,
    }
    return f'data: {json.dumps(picture)}\n\n'.encode()


def _png(lit: np.ndarray, tint: str, contrast: int) -> bytes:
    buffer = io.BytesIO()
    to_image(lit, contrast, tint, _PNG_SCALE).save(buffer, 'PNG')
    return buffer.getvalue()
