# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Shows the panel on a small web page, for this computer only.

`/` is the page, `/stream` its server-sent events (one JSON object per change) and `/panel.png`
the present picture.
"""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files

import numpy as np

from oled_face.appearance import BAND_ROWS, palette
from oled_face.views.png import to_image
from oled_face.views.view import View

HOST = '127.0.0.1'
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
        self._server = _Server((HOST, port), _Handler)
        self._server.channel = self._channel
        self.url = f'http://{HOST}:{self._server.server_address[1]}/'
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name='oled_face_web', daemon=True
        )
        self._thread.start()

    def draw(self, lit: np.ndarray, contrast: int) -> None:
        """See `View`."""
        shown = lit, self._tint, contrast
        self._channel.publish(_event(*shown), partial(_png, *shown))

    def close(self) -> None:
        """End the streams and free the port."""
        self._channel.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Channel:
    """The newest picture, and a way to wait for a newer one."""

    def __init__(self):
        self._changed = threading.Condition()
        self._number = 0
        self._event = b''
        self.render_png: Callable[[], bytes] | None = None
        self.closed = False
        self.viewers = threading.BoundedSemaphore(MAX_VIEWERS)

    def publish(self, event: bytes, render_png: Callable[[], bytes]) -> None:
        with self._changed:
            self._number += 1
            self._event, self.render_png = event, render_png
            self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def after(self, number: int) -> tuple[int, bytes]:
        """Wait for a picture newer than `number`; returns an empty one if none came in time."""
        with self._changed:
            came = self._changed.wait_for(
                lambda: self.closed or self._number > number, _KEEP_ALIVE_S
            )
            return (self._number, self._event) if came and not self.closed else (number, b'')


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    channel: _Channel

    def handle_error(self, request, client_address) -> None:
        """A browser that disconnects is no error."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        if self.path == '/':
            page = files('oled_face').joinpath('views/page.html').read_bytes()
            self._reply('text/html; charset=utf-8', page)
        elif self.path == '/panel.png' and (render := self.server.channel.render_png):
            self._reply('image/png', render())
        elif self.path == '/stream':
            self._stream()
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args) -> None:
        """Requests are not logged."""

    def _reply(self, kind: str, body: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.send_header('Cache-Control', 'no-store')
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        channel = self.server.channel
        if not channel.viewers.acquire(blocking=False):
            self.send_error(HTTPStatus.SERVICE_UNAVAILABLE, 'too many viewers')
            return
        try:
            self.send_response(HTTPStatus.OK)
            self.send_header('Content-Type', 'text/event-stream')
            self.send_header('Cache-Control', 'no-store')
            self.end_headers()
            number = 0
            while not channel.closed:
                number, event = channel.after(number)
                self.wfile.write(event or b': keep-alive\n\n')
        finally:
            channel.viewers.release()


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
