# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import hashlib
import socket
import threading
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from emotion_models.cli import main
from emotion_models.runtime import (
    DetectorError,
    HaarDetector,
    YuNetDetector,
    download,
    make_detector,
)
from emotion_models.runtime.download import DownloadError
from emotion_models.runtime.published import PUBLISHED, PublishedFile

CONTENT = bytes(range(256)) * 400
LENGTHS = ('abc', '-5', '', '1e9', '99999999999999999999')


class Handler(BaseHTTPRequestHandler):
    """Serves `content`; `behaviour` names what it does wrong."""

    content = CONTENT

    def do_GET(self):
        asked = self.headers.get('Range')
        self.server.ranges.append(asked)
        behaviour = self.server.behaviour
        if behaviour == 'missing':
            self.send_error(404)
            return
        start = 0
        if asked and behaviour != 'no ranges':
            start = int(asked.removeprefix('bytes=').rstrip('-'))
        if start >= len(self.server.content):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        body = self.server.content[start:]
        if behaviour in LENGTHS:
            self.send_header('Content-Length', behaviour)
        elif behaviour != 'endless':
            self.send_header('Content-Length', str(len(body)))
        if behaviour == 'another piece':
            self.send_header('Content-Range', 'bytes 7-99/100')
        self.end_headers()
        with suppress(ConnectionError):
            while behaviour in ('endless', 'trickles'):
                self.wfile.write(body if behaviour == 'endless' else b'x')
                self.server.slept.wait(0.02 if behaviour == 'trickles' else 0)
        self.wfile.write(body[: len(body) // 2] if behaviour == 'breaks' else body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv('no_proxy', '127.0.0.1')
    server = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    server.content, server.behaviour, server.ranges = CONTENT, 'works', []
    server.slept = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def published(server):
    return PublishedFile(
        'model.onnx',
        f'http://127.0.0.1:{server.server_port}/model.onnx',
        hashlib.sha256(CONTENT).hexdigest(),
        'free',
    )


@pytest.fixture
def part(published):
    path = published.path.with_name('model.onnx.part')
    path.parent.mkdir(parents=True)
    return path


def test_a_file_is_fetched_once_and_its_progress_reported(published, server):
    reported = []

    path = download.download(published, lambda done, whole: reported.append((done, whole)))
    again = download.download(published)

    assert path == again
    assert path.read_bytes() == CONTENT
    assert reported == sorted(reported)
    assert reported[-1] == (len(CONTENT), len(CONTENT))
    assert server.ranges == [None]
    assert [entry.name for entry in path.parent.iterdir()] == ['model.onnx']


def test_a_broken_download_is_reported_and_the_next_one_goes_on(published, server):
    server.behaviour = 'breaks'
    with pytest.raises(DownloadError, match='ended after 51200 of 102400 bytes.*try again to go'):
        download.download(published)
    assert not published.path.exists()
    server.behaviour = 'works'

    path = download.download(published)

    assert path.read_bytes() == CONTENT
    assert server.ranges == [None, 'bytes=51200-']


def test_a_server_without_ranges_begins_again(published, server, part):
    part.write_bytes(CONTENT[:1000])
    server.behaviour = 'no ranges'

    assert download.download(published).read_bytes() == CONTENT
    assert server.ranges == ['bytes=1000-']


def test_a_part_that_is_too_long_is_begun_again(published, server, part):
    part.write_bytes(CONTENT + b'more')

    assert download.download(published).read_bytes() == CONTENT
    assert len(server.ranges) == 2


def test_another_file_is_thrown_away(published, server):
    server.content = CONTENT[::-1]

    with pytest.raises(DownloadError, match='has the SHA-256 .*was deleted: try again'):
        download.download(published)

    assert list(published.path.parent.iterdir()) == []


def test_a_damaged_copy_is_fetched_again(published, part):
    published.path.write_bytes(b'damaged')

    assert download.download(published).read_bytes() == CONTENT


def test_what_is_not_there_is_said_with_what_to_do(published, server):
    server.behaviour = 'missing'

    with pytest.raises(DownloadError, match='answers 404 Not Found; copy the file to .*yourself'):
        download.download(published)


def test_without_a_network_there_is_one_clear_line_and_haar(published, monkeypatch, capsys):
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        closed_port = free.getsockname()[1]
    url = f'http://127.0.0.1:{closed_port}/model.onnx'
    monkeypatch.setitem(PUBLISHED, 'yunet', replace(published, url=url))

    assert main(['download', 'yunet']) == 2

    error = capsys.readouterr().err
    assert error.count('\n') == 1
    assert 'cannot be fetched' in error
    assert 'Haar' in error
    assert isinstance(make_detector('auto'), HaarDetector)


def test_the_command_fetches_into_the_cache(published, monkeypatch, capsys):
    monkeypatch.setitem(PUBLISHED, 'yunet', published)

    assert main(['download', 'yunet']) == 0

    printed = capsys.readouterr()
    assert str(published.path) in printed.out
    assert '102 of 102 kB' in printed.err


def test_a_cache_that_cannot_be_written_is_named(published, monkeypatch, tmp_path):
    (tmp_path / 'file').write_text('in the way')
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'file'))

    with pytest.raises(DownloadError, match='cannot be fetched'):
        download.download(published)


def test_the_cache_lies_in_the_home_unless_another_is_named(monkeypatch, tmp_path):
    yunet = PUBLISHED['yunet']
    monkeypatch.setenv('HOME', str(tmp_path))
    monkeypatch.delenv('XDG_CACHE_HOME')
    in_home = yunet.path
    monkeypatch.setenv('XDG_CACHE_HOME', 'relative/is/ignored')

    assert in_home == tmp_path / '.cache' / 'emotion_models' / 'yunet_n_320_320.onnx'
    assert yunet.path == in_home


def test_yunet_is_used_when_it_was_fetched_and_asked_for_when_not(shared_data, caplog):
    with pytest.raises(DetectorError, match='emotion-models download yunet'):
        make_detector('yunet')
    with caplog.at_level('INFO'):
        assert make_detector('auto').name == 'Haar'
    source = shared_data / 'yunet' / 'yunet_n_320_320.onnx'
    path = PUBLISHED['yunet'].path
    path.parent.mkdir(parents=True)
    path.write_bytes(source.read_bytes())

    with caplog.at_level('INFO'):
        assert isinstance(make_detector('auto'), YuNetDetector)
    assert isinstance(make_detector('yunet'), YuNetDetector)
    assert 'faces are found by Haar' in caplog.messages[0]
    assert caplog.messages[1] == 'faces are found by YuNet'


@pytest.mark.parametrize('length', LENGTHS[:-1])
def test_an_odd_length_is_no_defect(published, server, length):
    server.behaviour = length

    with suppress(DownloadError):
        assert download.download(published).read_bytes() == CONTENT


@pytest.mark.parametrize('behaviour', ['endless', LENGTHS[-1]])
def test_more_than_such_a_file_can_have_is_refused(published, server, monkeypatch, behaviour):
    monkeypatch.setattr(download, 'LARGEST_BYTES', 4 * len(CONTENT))
    server.behaviour = behaviour

    with pytest.raises(DownloadError, match='of more than 0 MB, which is not this file'):
        download.download(published)

    part = published.path.with_name('model.onnx.part')
    assert part.stat().st_size <= download.LARGEST_BYTES


def test_a_file_that_trickles_is_given_up(published, server, monkeypatch):
    monkeypatch.setattr(download, 'WHOLE_S', 0.3)
    server.behaviour = 'trickles'

    with pytest.raises(DownloadError, match='not complete after 0.3 s'):
        download.download(published)


def test_another_piece_than_was_asked_for_is_refused(published, server, part):
    part.write_bytes(CONTENT[:1000])
    server.behaviour = 'another piece'

    with pytest.raises(DownloadError, match='asked for what follows byte 1000, got bytes 7-99'):
        download.download(published)


@pytest.mark.parametrize('is_there', [True, False])
def test_a_part_that_is_a_link_leaves_its_target_alone(published, part, tmp_path, is_there):
    target = tmp_path / 'precious'
    if is_there:
        target.write_bytes(b'precious')
    part.symlink_to(target)

    assert download.download(published).read_bytes() == CONTENT
    assert not published.path.is_symlink()
    assert target.exists() == is_there
    assert not is_there or target.read_bytes() == b'precious'


def test_a_part_that_is_no_file_is_one_line(published, part):
    part.mkdir()

    with pytest.raises(DownloadError, match='is no file: remove it'):
        download.download(published)


def test_without_a_home_folder_there_is_no_cache(published, monkeypatch):
    monkeypatch.delenv('XDG_CACHE_HOME')
    monkeypatch.setattr('pathlib.Path.home', no_home)

    assert not published.is_cached()
    assert make_detector('auto').name == 'Haar'
    with pytest.raises(DownloadError, match='no home folder to keep model.onnx in; set XDG_CACH'):
        download.download(published)


def no_home():
    raise RuntimeError('Could not determine home directory.')
