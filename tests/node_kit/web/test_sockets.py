# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""WebSockets of many clients, of which some are slow."""

import asyncio
import time

import aiohttp
import pytest

from node_kit.web import sockets as web_sockets
from node_kit.web.server import WebServer, answer
from node_kit.web.sockets import MAX_CLIENTS, MAX_MESSAGE, Sockets

TOKEN = 'a token of enough characters'
SECONDS = 20


class Page:
    """A page whose sockets answer what they are asked."""

    def __init__(self, **options):
        self.closed = []
        self.sockets = Sockets(
            lambda client: client.send(f'you are {client.number}'),
            lambda client, text: client.send(f'got {len(text)}'),
            lambda client: self.closed.append(client.number),
        )

        async def serve(request):
            return await self.sockets.serve(self.server, request)

        async def style(_):
            return answer('text/css', b'')

        routes = {'/socket': serve, '/': style, '/page.css': style}
        self.server = WebServer(0, routes, streams=MAX_CLIENTS, **options)

    def send(self, text: str, kind: str = '') -> None:
        self.server.call(self.sockets.send, text, kind)


@pytest.fixture
def page():
    page = Page()
    yield page
    page.server.close()


def browse(coroutine):
    """Run what a browser does."""

    async def run():
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), read_bufsize=4096
        ) as session:
            return await asyncio.wait_for(coroutine(session), SECONDS)

    return asyncio.run(run())


def status_of(page: Page, path: str, **headers: str) -> tuple[int, str]:
    async def ask(session):
        async with session.get(f'{page.server.url}{path}', headers=headers) as response:
            return response.status, await response.text()

    return browse(ask)


def test_a_client_is_greeted_answered_and_its_end_is_noticed(page):
    async def talk(session):
        async with session.ws_connect(f'{page.server.url}socket') as socket:
            greeting = await socket.receive_str()
            await socket.send_str('hello')
            return greeting, await socket.receive_str()

    assert browse(talk) == ('you are 1', 'got 5')
    wait_until(lambda: page.closed == [1])


def test_the_page_of_somebody_else_gets_no_socket(page):
    async def talk(session):
        for origin in ('http://evil.example', 'null'):
            with pytest.raises(aiohttp.WSServerHandshakeError) as error:
                await session.ws_connect(f'{page.server.url}socket', origin=origin)
            assert error.value.status == 403
        own = page.server.url.rstrip('/')
        async with session.ws_connect(f'{page.server.url}socket', origin=own) as socket:
            return await socket.receive_str()

    assert browse(talk) == 'you are 1'


def test_where_others_come_each_needs_the_token():
    page = Page(host='0.0.0.0', token=TOKEN, without_token=['/page.css'])
    try:
        for path in ('', 'socket', 'socket?token='):
            assert status_of(page, path)[0] == 401
        status, text = status_of(page, 'socket?token=wrong')
        assert (status, text.count('\n')) == (403, 1)
        assert status_of(page, 'page.css')[0] == 200
        assert status_of(page, f'?token={TOKEN}')[0] == 200
        assert status_of(page, f'socket?token={TOKEN}')[0] == 400  # it is no page
    finally:
        page.server.close()


def test_every_answer_bids_the_browser_to_load_nothing_from_elsewhere(page):
    async def ask(session):
        for path in ('', 'nothing', 'socket'):
            async with session.get(f'{page.server.url}{path}') as response:
                assert "default-src 'self'" in response.headers['Content-Security-Policy']
                assert response.headers['X-Content-Type-Options'] == 'nosniff'
                assert response.headers['Referrer-Policy'] == 'no-referrer'

    browse(ask)


@pytest.mark.parametrize('text', ['x' * (MAX_MESSAGE + 1), b'bytes'])
def test_what_is_too_large_or_no_text_ends_the_connection(page, text):
    async def talk(session):
        async with session.ws_connect(f'{page.server.url}socket') as socket:
            await socket.receive_str()
            await (socket.send_bytes if isinstance(text, bytes) else socket.send_str)(text)
            return (await socket.receive()).type

    assert browse(talk) in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


def test_a_client_that_asks_too_often_waits(page, monkeypatch):
    monkeypatch.setattr(web_sockets, 'BURST', 5)

    async def talk(session):
        async with session.ws_connect(f'{page.server.url}socket') as socket:
            await socket.receive_str()
            begun_s = time.monotonic()
            for _ in range(25):
                await socket.send_str('x')
            answers = [await socket.receive_str() for _ in range(25)]
            return answers, time.monotonic() - begun_s

    answers, took_s = browse(talk)

    assert answers == ['got 1'] * 25
    assert took_s >= 20 / web_sockets.RATE_HZ * 0.9


def test_a_hundred_slow_clients_hold_up_nobody_and_the_next_one_is_told(page):
    """They read nothing, and the fast one gets every picture."""
    pictures, size = 200, 20_000

    async def talk(session):
        url = f'{page.server.url}socket'
        slow = [await session.ws_connect(url) for _ in range(MAX_CLIENTS - 1)]
        fast = await session.ws_connect(url)
        late = await session.ws_connect(url)
        refused = await late.receive()
        assert (refused.type, refused.data) == (aiohttp.WSMsgType.CLOSE, web_sockets.FULL)
        assert refused.extra.startswith(f'at most {MAX_CLIENTS} browsers')
        await fast.receive_str()
        got = 0
        for number in range(pictures):
            page.send(f'{number} '.ljust(size), 'face')
            got += (await fast.receive_str()).startswith(f'{number} ')
        clients = [page.sockets.clients[number] for number in range(1, MAX_CLIENTS)]
        waiting = max(client.waiting for client in clients)
        replaced = [client.dropped.replaced for client in clients]
        for socket in slow[1:]:
            socket._response.connection.transport.abort()
        newest = ''
        while not newest.startswith(f'{pictures - 1} '):
            newest = await slow[0].receive_str()
        return got, waiting, replaced

    got, waiting, replaced = browse(talk)

    assert got == pictures
    assert waiting <= 2
    assert min(replaced) > 0, 'a slow client was sent everything'
    wait_until(lambda: not page.sockets.clients)


def test_a_client_that_takes_nothing_is_dropped(page, monkeypatch):
    monkeypatch.setattr(web_sockets, 'SEND_S', 0.3)

    async def talk(session):
        socket = await session.ws_connect(f'{page.server.url}socket')
        while not page.closed:
            page.send('x' * 100_000, 'face')
            await asyncio.sleep(0.01)
        return socket

    browse(talk)


def wait_until(condition) -> None:
    end_s = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.01)
