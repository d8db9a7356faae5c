# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
A web server for browsers, in a thread of its own.

Whatever a client does costs little: there is a cap on connections, on the time from a connection
to the end of its answer, and on what it leaves unread. `access` says who gets an answer.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import suppress

from aiohttp import web

from node_kit.web.access import LOOPBACK, Access

MAX_CONNECTIONS = 32
"""Beside those for which a server is told to have room."""
REQUEST_S = 10.0
"""From a connection to the end of its answer, unless that is a stream."""
SEND_S = 10.0
"""A viewer of a stream who takes nothing for so long is dropped."""
MAX_UNREAD = 64 * 1024
"""Bytes that the system keeps for a client that does not read (Linux doubles it)."""
CLOSE_S = 1.0
TOKEN = 'token'  # in the query of an address

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

HEADERS = {
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'self'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
}
"""Of every answer: pages load from here alone, stand in no page of others, and tell nobody."""

_LOG = logging.getLogger(__name__)
_SILENT = logging.getLogger(f'{__name__}.requests')
_SILENT.disabled = True  # what others send is not to fill a log


class WebServer:
    """
    Serves pages.

    Args:
        port: TCP port; 0 = any that is free.
        routes: path -> what answers a GET of it, called in the thread of the server.
        host: name or address to listen on.
        token: that whoever comes has to give as `?token=`; '' = none is asked for.
        without_token: paths that are served to everybody, as they tell nothing.
        streams: how many connections there is room for beside `MAX_CONNECTIONS`.

    Attributes:
        url: address of the page `/`, for this computer where the server listens on every one.

    Raises:
        ValueError: if others can reach it and there is no token of some length.
        OSError: if the port is taken or not allowed, or the host is not here.
    """

    def __init__(
        self,
        port: int,
        routes: Mapping[str, Handler],
        host: str = LOOPBACK,
        token: str = '',
        without_token: Collection[str] = (),
        streams: int = 0,
    ):
        self._access = Access(host, token)
        self._routes = routes
        self._without_token = frozenset(without_token)
        self._most = MAX_CONNECTIONS + streams
        self._streaming: set[asyncio.BaseProtocol] = set()
        self._socket = _listening(host, port)
        # Accepted connections have it from the one that listens.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MAX_UNREAD)
        self.url = f'http://{_shown(host)}:{self._socket.getsockname()[1]}/'
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name='web_server', daemon=True)
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
        response = web.StreamResponse(headers={**HEADERS, 'Content-Type': kind})
        response.force_close()
        await response.prepare(request)
        self.keep_open(request)
        try:
            async for piece in pieces:
                await asyncio.wait_for(response.write(piece), SEND_S)
        except asyncio.TimeoutError:
            drop(request)
        finally:
            self._streaming.discard(request.protocol)
        return response

    def keep_open(self, request: web.BaseRequest) -> None:
        """Let the answer to a request take as long as it likes."""
        self._streaming.add(request.protocol)
        self._streaming = {protocol for protocol in self._streaming if _is_open(protocol)}

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        requests = web.Server(self._answer, access_log=None, logger=_SILENT)

        def connection() -> asyncio.Protocol:
            if len(requests.connections) >= self._most:
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
            _abort(protocol)

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
        headers = request.headers
        refused = self._access.refusal(headers.getall('Host', []), headers.getall('Origin', []))
        if refused is None and request.path not in self._without_token:
            refused = self._access.token_refusal(request.query.get(TOKEN))
        if refused is not None:
            return in_words(*refused)
        if request.path not in self._routes:
            return in_words(404, f'there is nothing here: open {self.url}')
        if request.method != 'GET':
            return in_words(405, 'expected GET', Allow='GET')
        return None


def answer(kind: str, body: bytes) -> web.Response:
    """Return a whole answer of a content type, which browsers do not keep."""
    return web.Response(body=body, headers={**HEADERS, 'Content-Type': kind})


def in_words(status: int, text: str, **headers: str) -> web.Response:
    """Return an answer of one line."""
    if status == 401:
        headers['WWW-Authenticate'] = 'Bearer'
    return web.Response(status=status, text=f'{text}\n', headers={**HEADERS, **headers})


def drop(request: web.BaseRequest) -> None:
    """End the connection of a request at once, with what waits to be sent."""
    _abort(request.protocol)


def _abort(protocol: asyncio.BaseProtocol) -> None:
    if (transport := getattr(protocol, 'transport', None)) is not None:
        transport.abort()


def _is_open(protocol: asyncio.BaseProtocol) -> bool:
    return getattr(protocol, 'transport', None) is not None


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; IPv6 where the host is such an address."""
    family, *_, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    return socket.create_server(address[:2], family=family)


def _shown(host: str) -> str:
    """Return a host as it stands in an address that leads to it from here."""
    if host in ('0.0.0.0', '::'):
        return LOOPBACK
    return f'[{host}]' if ':' in host else host


class _Refusal(asyncio.Protocol):
    """Tells one client too many to come again."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(b'HTTP/1.1 503 Too many connections\r\nConnection: close\r\n\r\n')
        transport.close()
