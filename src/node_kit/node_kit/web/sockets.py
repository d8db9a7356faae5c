# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The WebSockets of a page: what is sent to all of them, and what each of them asks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from itertools import count

from aiohttp import WSCloseCode, WSMsgType, web

from node_kit.web.outbox import Dropped, Outbox
from node_kit.web.server import SEND_S, WebServer, drop, in_words

MAX_CLIENTS = 100
MAX_MESSAGE = 4096
"""Bytes that a client sends at once; more ends its connection."""
RATE_HZ, BURST = 50.0, 100
"""Messages of a client; more of them wait, and then the client does."""
FULL = 4429
"""Close code of a client that is one too many."""
PING_S = 20.0
"""A client that does not answer a ping within half of it is gone."""
STUCK_S = 0.02
"""Between two looks whether a client has taken what was sent."""


class Client:
    """
    One browser.

    Attributes:
        number: of this client, from 1.
        address: from where it came.
    """

    def __init__(self, number: int, request: web.BaseRequest):
        self.number = number
        self.address = request.remote or ''
        self._transport = request.transport
        self._outbox = Outbox()
        self._has_more = asyncio.Event()

    @property
    def dropped(self) -> Dropped:
        """What it was not sent, as it is slow."""
        return self._outbox.dropped

    @property
    def waiting(self) -> int:
        """Texts that wait to be sent."""
        return len(self._outbox)

    def send(self, text: str, kind: str = '') -> None:
        """
        Send a text as soon as the client takes it.

        Args:
            text: to be sent.
            kind: the newest of a kind replaces one that waits; '' = as many wait as there is
                room for, the newest of them.
        """
        if kind:
            self._outbox.put_newest(kind, text)
        else:
            self._outbox.put(text)
        self._has_more.set()

    async def deliver(self, socket: web.WebSocketResponse) -> None:
        """Send what waits until the connection ends; it ends if nothing is taken for long."""
        transport = self._transport
        assert transport is not None
        loop = asyncio.get_running_loop()
        while not socket.closed:
            await self._has_more.wait()
            self._has_more.clear()
            while self._outbox:
                patience = loop.call_later(SEND_S, transport.abort)
                try:
                    await socket.send_str(self._outbox.take())
                    # So that what it gets next is the newest.
                    while transport.get_write_buffer_size():
                        await asyncio.sleep(STUCK_S)
                finally:
                    patience.cancel()


class Sockets:
    """
    The clients of a page, all in the thread of its server.

    Args:
        on_open: called with a client that came.
        on_text: called with a client and what it sent.
        on_close: called with a client that is gone.
        most: clients at a time; the next one is told so and goes.

    Attributes:
        clients: that are there.
        refused: how many were one too many.
    """

    def __init__(
        self,
        on_open: Callable[[Client], object],
        on_text: Callable[[Client, str], object],
        on_close: Callable[[Client], object],
        most: int = MAX_CLIENTS,
    ):
        self._on_open, self._on_text, self._on_close = on_open, on_text, on_close
        self._most = most
        self._numbers = count(1)
        self.clients: dict[int, Client] = {}
        self.refused = 0

    def send(self, text: str, kind: str = '') -> None:
        """Send a text to every client, as `Client.send` does."""
        for client in self.clients.values():
            client.send(text, kind)

    async def serve(self, server: WebServer, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request for a WebSocket until it ends."""
        socket = web.WebSocketResponse(
            heartbeat=PING_S, max_msg_size=MAX_MESSAGE, compress=False, timeout=1.0
        )
        if not socket.can_prepare(request).ok:
            return in_words(400, 'expected a WebSocket')
        await socket.prepare(request)
        server.keep_open(request)
        if len(self.clients) >= self._most:
            self.refused += 1
            text = f'at most {self._most} browsers at a time: close one, then load the page again'
            await socket.close(code=FULL, message=text.encode())
            return socket
        await self._attend(Client(next(self._numbers), request), socket, request)
        return socket

    async def _attend(
        self, client: Client, socket: web.WebSocketResponse, request: web.BaseRequest
    ) -> None:
        self.clients[client.number] = client
        delivery = asyncio.ensure_future(client.deliver(socket))
        # Who takes nothing is dropped, and so ends the reading below.
        delivery.add_done_callback(lambda _: drop(request))
        try:
            self._on_open(client)
            await self._listen(client, socket)
        finally:
            delivery.cancel()
            del self.clients[client.number]
            self._on_close(client)
            with suppress(asyncio.CancelledError, asyncio.TimeoutError, ConnectionError):
                await delivery

    async def _listen(self, client: Client, socket: web.WebSocketResponse) -> None:
        patience = _Patience()
        async for message in socket:
            if message.type != WSMsgType.TEXT:
                await socket.close(code=WSCloseCode.UNSUPPORTED_DATA, message=b'expected text')
                return
            await patience.wait()
            self._on_text(client, message.data)


class _Patience:
    """Lets `BURST` messages through at once, and then `RATE_HZ`."""

    def __init__(self) -> None:
        self._left = float(BURST)
        self._at_s = asyncio.get_running_loop().time()

    async def wait(self) -> None:
        now_s = asyncio.get_running_loop().time()
        self._left = min(float(BURST), self._left + (now_s - self._at_s) * RATE_HZ)
        self._at_s = now_s
        if self._left < 1.0:
            await asyncio.sleep((1.0 - self._left) / RATE_HZ)
        self._left -= 1.0
