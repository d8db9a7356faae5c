# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A web server for the browsers of this computer, in a thread of its own.

Whatever a client does costs little: there is a cap on connections, on the time from a connection
to the end of its answer, and on what it leaves unread. Pages of others get nothing, also where
they lead the browser here by a name of theirs, as the name in the request has to be this
computer's.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from aiohttp import web

HOST = '127.0.0.1'
OUR_NAMES = (HOST, 'localhost', '::1')
MAX_CONNECTIONS = 32
REQUEST_S = 10.0
"""From a connection to the end of its answer, unless that is a stream."""
SEND_S = 10.0
"""A viewer of a stream who takes nothing for so long is dropped."""
MAX_UNREAD = 64 * 1024
"""Bytes that the system keeps for a client that does not read (Linux doubles it)."""
CLOSE_S = 1.0

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_LOG = logging.getLogger(__name__)
_SILENT = logging.getLogger(f'{__name__}.requests')
_SILENT.disabled = True  # what others send is not to fill a log


class LocalServer:
    """
    Serves pages to this computer.

    Args:
        port: TCP port; 0 = any that is free.
        routes: path -> what answers a GET of it, called in the thread of the server.

    Attributes:
        url: address of the page `/`.

    Raises:
        OSError: if the port is taken or not allowed.
    """

    def __init__(self, port: int, routes: Mapping[str, Handler]):
        self._routes = routes
        self._streaming: set[asyncio.BaseProtocol] = set()
        self._socket = socket.create_server((HOST, port))
        # Accepted connections have it from the one that listens.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MAX_UNREAD)
        self.url = f'http://{HOST}:{self._socket.getsockname()[1]}/'
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name='local_server', daemon=True)
        self._thread.start()

    def call(self, function: Callable[..., object], *args: object) -> None:
        """Call a function in the thread of the server, soon; nothing once that has ended."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function, *args)

    def close(self) -> None:
        """Drop the clients and free the port. Safe to call twice."""
        self.call(self._ended.set)
        self._thread.join()

    async def stream(
        self, request: web.BaseRequest, kind: str, pieces: AsyncIterator[bytes]
    ) -> web.StreamResponse:
        """
        Answer with pieces as they come.

        Args:
            request: to be answered.
            kind: content type.
            pieces: to be sent until they end, or the client is gone or reads nothing.
        """
        response = web.StreamResponse(headers=_headers(kind))
        response.force_close()
        await response.prepare(request)
        self._streaming.add(request.protocol)
        try:
            async for piece in pieces:
                await asyncio.wait_for(response.write(piece), SEND_S)
        except asyncio.TimeoutError:
            _drop(request.protocol)
        finally:
            self._streaming.discard(request.protocol)
        return response

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        requests = web.Server(self._answer, access_log=None, logger=_SILENT)

        def connection() -> asyncio.Protocol:
            if len(requests.connections) >= MAX_CONNECTIONS:
                return _Refusal()
            protocol = requests()
            self._loop.call_later(REQUEST_S, self._end_of_patience, protocol)
            return protocol

        listening = await self._loop.create_server(connection, sock=self._socket)
        await self._ended.wait()
        listening.close()
        await requests.shutdown(CLOSE_S)

    def _end_of_patience(self, protocol: web.RequestHandler) -> None:
        if protocol not in self._streaming:
            _drop(protocol)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        refusal = self._refusal(request)
        try:
            response = await self._routes[request.path](request) if refusal is None else refusal
        except ConnectionError:  # the client is gone
            raise
        except Exception:
            _LOG.exception('a page failed, a defect')
            raise
        response.force_close()
        return response

    def _refusal(self, request: web.BaseRequest) -> web.Response | None:
        if not is_local(request.headers.getall('Host', [])):
            return web.Response(status=403, text=f'for this computer only: open {self.url}\n')
        if request.path not in self._routes:
            return web.Response(status=404, text=f'there is nothing here: open {self.url}\n')
        if request.method != 'GET':
            return web.Response(status=405, text='expected GET\n', headers={'Allow': 'GET'})
        return None


def answer(kind: str, body: bytes) -> web.Response:
    """Return a whole answer of a content type, which browsers do not keep."""
    return web.Response(body=body, headers=_headers(kind))


def is_local(hosts: list[str]) -> bool:
    """
    Whether a request was meant for this computer.

    Args:
        hosts: the headers `Host`; its port does not matter, as one may be forwarded.
    """
    if len(hosts) != 1:
        return False
    with suppress(ValueError):
        return urlsplit(f'//{hosts[0]}').hostname in OUR_NAMES
    return False


def _headers(kind: str) -> dict[str, str]:
    return {'Content-Type': kind, 'Cache-Control': 'no-store'}


def _drop(protocol: asyncio.BaseProtocol) -> None:
    """End a connection at once, with what waits to be sent."""
    if (transport := getattr(protocol, 'transport', None)) is not None:
        transport.abort()


class _Refusal(asyncio.Protocol):
    """Tells one client too many to come again."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(b'HTTP/1.1 503 Too many connections\r\nConnection: close\r\n\r\n')
        transport.close()
