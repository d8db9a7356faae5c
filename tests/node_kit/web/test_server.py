# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What clients may do to the server of pages, and what it costs."""

import http.client
import socket
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from node_kit.web import server as web_server
from node_kit.web.server import MAX_CONNECTIONS, WebServer, answer

PAGE = b'the page'


async def page(_):
    return answer('text/plain', PAGE)


@pytest.fixture
def serve():
    """Start a server with further routes."""
    servers = []

    def start(**routes) -> WebServer:
        more = {f'/{name}': handler for name, handler in routes.items()}
        servers.append(WebServer(0, {'/': page, **more}))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def connect(server: WebServer) -> socket.socket:
    parts = urlsplit(server.url)
    return socket.create_connection((parts.hostname, parts.port), timeout=20)


def ask(server: WebServer, request: str) -> bytes:
    """All that comes until the server ends the connection."""
    with connect(server) as client:
        client.sendall(request.encode())
        return b''.join(iter(lambda: client.recv(65536), b''))


def status(answered: bytes) -> int:
    return int(answered.split(b' ', 2)[1])


@pytest.mark.parametrize('host', ['127.0.0.1:80', 'localhost:9000', 'LOCALHOST', '[::1]:8064'])
def test_this_computer_is_served_by_any_name_and_port(serve, host):
    answered = ask(serve(), f'GET / HTTP/1.1\r\nHost: {host}\r\n\r\n')

    assert (status(answered), answered.endswith(PAGE)) == (200, True)


@pytest.mark.parametrize(
    'host',
    ['robot.example:8064', '127.0.0.1.robot.example', '192.168.0.7', '', '[', 'a@127.0.0.2'],
)
def test_a_page_of_others_gets_nothing_by_a_name_of_theirs(serve, host):
    server = serve()

    answered = ask(server, f'GET / HTTP/1.1\r\nHost: {host}\r\n\r\n')

    assert status(answered) in (400, 403)
    assert PAGE not in answered


@pytest.mark.parametrize('method', ['POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])
def test_pages_can_only_be_got(serve, method):
    answered = ask(serve(), f'{method} / HTTP/1.1\r\nHost: localhost\r\n\r\n')

    assert (status(answered), PAGE in answered) == (405, False)


@pytest.mark.parametrize(
    'sent',
    [
        b'',
        b'GET / HTTP/1.1\r\nHost: local',
        b'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nx',
        b'GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\n',
    ],
)
def test_a_client_that_is_slow_is_dropped(serve, monkeypatch, sent):
    monkeypatch.setattr(web_server, 'REQUEST_S', 0.3)

    with connect(serve()) as client:
        client.sendall(sent)
        try:
            while client.recv(65536):
                pass
        except ConnectionResetError:
            pass


@pytest.mark.parametrize('begin', [b'', b'GET / HTTP/1.1\r\nA: '])
def test_a_request_of_any_size_is_cut_off_early(serve, begin):
    with connect(serve()) as client, pytest.raises(ConnectionError):
        client.sendall(begin + b'x' * 30_000_000)


def test_connections_are_capped_and_given_back(serve):
    server = serve()
    with ExitStack() as stack:
        for _ in range(MAX_CONNECTIONS):
            stack.enter_context(connect(server))
        wait_until(lambda: is_refused(server))
    wait_until(lambda: not is_refused(server))


def is_refused(server: WebServer) -> bool:
    try:
        return status(ask(server, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')) == 503
    except ConnectionResetError:
        return True


def wait_until(condition) -> None:
    end_s = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end_s
        time.sleep(0.01)


def test_a_viewer_who_reads_nothing_is_dropped_and_costs_little(serve, monkeypatch):
    monkeypatch.setattr(web_server, 'SEND_S', 0.3)
    sent, ended = [], []

    async def pieces():
        try:
            while True:
                sent.append(1)
                yield b'x' * 10_000
        finally:
            ended.append(1)

    async def stream(request):
        return await server.stream(request, 'text/plain', pieces())

    server = serve(stream=stream)
    with connect(server) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        client.sendall(b'GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n')
        wait_until(lambda: ended)
    # What the systems of both sides hold is some hundred kB, up to a few MB.
    assert len(sent) * 10_000 < 10e6
    assert status(ask(server, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')) == 200


def test_a_stream_outlasts_the_patience_with_requests(serve, monkeypatch):
    monkeypatch.setattr(web_server, 'REQUEST_S', 0.1)
    begun = []

    async def pieces():
        begun.append(time.monotonic())
        while time.monotonic() - begun[0] < 0.5:
            yield b'.'
            await web_server.asyncio.sleep(0.02)

    async def stream(request):
        return await server.stream(request, 'text/plain', pieces())

    server = serve(stream=stream)
    connection = http.client.HTTPConnection('127.0.0.1', urlsplit(server.url).port, timeout=20)
    connection.request('GET', '/stream')

    body = connection.getresponse().read()  # an IncompleteRead if it was cut

    assert set(body) == {ord('.')}
    connection.close()


def test_it_ends_soon_whatever_its_clients_do(serve):
    server = serve()
    with connect(server) as client:
        client.sendall(b'GET / HT')
        begun_s = time.monotonic()

        server.close()

        assert time.monotonic() - begun_s < web_server.REQUEST_S
