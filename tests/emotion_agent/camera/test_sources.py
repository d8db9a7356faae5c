# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures come from photos, folders and videos, in the size asked for, or are refused by name."""

import logging
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from emotion_agent.camera import sources
from emotion_agent.camera.sources import (
    SourceError,
    built_in_photo,
    frame_rate_hz,
    open_source,
)
from node_kit.text import public_name

SIZE = (64, 48)


@pytest.fixture
def photo(tmp_path):
    picture = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    cv2.imwrite(str(tmp_path / 'photo.png'), picture)
    return tmp_path / 'photo.png'


def test_photo_moves_for_ever(photo):
    pictures = list(islice(open_source(str(photo), SIZE, 30.0), 100))

    assert {picture.shape for picture in pictures} == {(48, 64, 3)}
    assert np.any(pictures[0] != pictures[50])


def test_folder_shows_each_picture_for_its_time_in_the_order_of_names(tmp_path):
    for name, grey in (('b.png', 200), ('a.png', 100)):
        cv2.imwrite(str(tmp_path / name), np.full((8, 8, 3), grey, np.uint8))
    (tmp_path / 'notes.txt').write_text('not a picture')

    pictures = list(open_source(str(tmp_path), SIZE, rate_hz=10.0, hold_s=0.3))

    assert [int(picture[24, 32, 0]) for picture in pictures] == [100] * 3 + [200] * 3


def test_video_gives_its_frames_in_its_own_size_and_ends(tmp_path):
    file = tmp_path / 'clip.avi'
    writer = cv2.VideoWriter(str(file), cv2.VideoWriter_fourcc(*'MJPG'), 10, (32, 24))
    for grey in (0, 80, 160):
        writer.write(np.full((24, 32, 3), grey, np.uint8))
    writer.release()

    frames = list(open_source(str(file), SIZE, 30.0))

    assert [frame.shape for frame in frames] == [(24, 32, 3)] * 3
    np.testing.assert_allclose([frame.mean() for frame in frames], [0, 80, 160], atol=5)


def test_built_in_photo_is_a_colour_portrait():
    data = pytest.importorskip('skimage.data', reason='the photograph ships in scikit-image')

    photo = built_in_photo()

    np.testing.assert_array_equal(photo, data.astronaut()[..., ::-1])
    assert (photo.shape, photo.dtype) == ((512, 512, 3), np.uint8)
    # The suit is orange: red above blue, in BGR order.
    assert photo[300:, :, 2].mean() > photo[300:, :, 0].mean()


def test_built_in_photo_is_read_without_half_of_scipy():
    pytest.importorskip('skimage', reason='the photograph ships in scikit-image')
    program = (
        'import sys; from emotion_agent.camera.sources import built_in_photo; built_in_photo();'
        "print(*{'imageio', 'scipy', 'skimage.io'} & sys.modules.keys())"
    )

    read = subprocess.run(
        [sys.executable, '-c', program], capture_output=True, text=True, check=False
    )

    assert (read.stdout.strip(), read.stderr) == ('', '')


@pytest.mark.parametrize(
    ('name', 'words'),
    [
        ('/nowhere/clip.mp4', 'there is no file'),
        ('/nowhere/photo.png', 'there is no file'),
        ('97', 'no webcam 97 (/dev/video97)'),
    ],
)
def test_missing_source_is_named(name, words):
    with pytest.raises(SourceError) as caught:
        open_source(name, SIZE, 30.0)

    assert words in str(caught.value)


@pytest.mark.parametrize('name', ['broken.png', 'broken.mp4'])
def test_broken_file_is_named(tmp_path, name):
    (tmp_path / name).write_bytes(b'this is neither')

    with pytest.raises(SourceError, match=r'is not a (picture|video) (of|that)'):
        open_source(str(tmp_path / name), SIZE, 30.0)


def test_empty_folder_is_named(tmp_path):
    with pytest.raises(SourceError, match='no pictures in'):
        open_source(str(tmp_path), SIZE, 30.0)


@pytest.fixture
def clip(tmp_path):
    """A video of ten frames."""
    file = tmp_path / 'clip.avi'
    code = cv2.VideoWriter_fourcc(*'MJPG')
    writer = cv2.VideoWriter(str(file), cv2.CAP_OPENCV_MJPEG, code, 10, (32, 24))
    for grey in range(10):
        writer.write(np.full((24, 32, 3), 20 * grey, np.uint8))
    writer.release()
    return file


def test_a_frame_that_cannot_be_read_is_skipped_and_counted(clip, monkeypatch, caplog):
    content = bytearray(clip.read_bytes())
    fifth = [
        place for place in range(len(content)) if content[place:].startswith(b'\xff\xd8\xff')
    ][4]
    content[fifth : fifth + 100] = bytes(100)
    clip.write_bytes(content)
    capture = cv2.VideoCapture
    # The one that does not pass over such frames itself, as where OpenCV lacks FFMPEG.
    monkeypatch.setattr(cv2, 'VideoCapture', lambda name: capture(name, cv2.CAP_OPENCV_MJPEG))

    frames = list(open_source(str(clip), SIZE, 10.0))

    assert len(frames) == 9
    assert 'clip.avi: skipped 1 frames that cannot be read' in caplog.text


def test_names_that_are_not_utf_8_are_opened(clip, photo):
    for file in (clip, photo):
        renamed = Path(os.fsdecode(os.fsencode(file.parent) + b'/caf\xe9' + file.suffix.encode()))
        file.rename(renamed)
        assert next(open_source(str(renamed), SIZE, 10.0)).ndim == 3
    assert frame_rate_hz(os.fsdecode(os.fsencode(clip.parent) + b'/caf\xe9.avi')) == 10


def test_hidden_files_and_what_is_no_picture_are_left_out_and_counted(tmp_path, photo, caplog):
    (tmp_path / '.photo.png').write_bytes(photo.read_bytes())
    (tmp_path / 'text.png').write_text('a suffix that lies')
    os.mkfifo(tmp_path / 'pipe.png')
    (tmp_path / 'folder.png').mkdir()

    assert len(list(open_source(str(tmp_path), SIZE, 1.0, hold_s=1.0))) == 1
    assert 'left out 3 files that are no pictures' in caplog.text


@pytest.mark.parametrize(
    ('name', 'words'),
    [
        ('', 'the source is empty; expected astronaut, a picture'),
        ('  ', 'the source is empty'),
        ('ftp://user:secret@host/a.avi', r'^ftp://host/a\.avi: expected an address of rtsp'),
        ('file:///etc/hostname', 'expected an address of rtsp'),
        ('~nobody_of_this_name/a.png', 'there is no home folder; name the whole path'),
        ('a\0b', 'expected a file or folder'),
    ],
)
def test_what_is_no_source_is_refused_by_name(name, words):
    with pytest.raises(SourceError, match=words):
        open_source(name, SIZE, 10.0)


def test_a_stream_that_does_not_answer_is_named_without_its_password():
    with pytest.raises(SourceError, match='no images from rtsp://127.0.0.1:9/live; check') as said:
        open_source('rtsp://user:secret@127.0.0.1:9/live', SIZE, 10.0)

    assert 'secret' not in str(said.value)


def test_an_address_is_opened_as_it_is_given(monkeypatch):
    opened = []

    class Camera:
        """A stream of two images, which does not say how many come."""

        def __init__(self, address, *_):
            opened.append(address)
            self.left = 2

        def isOpened(self):  # noqa: N802
            return True

        def read(self):
            self.left -= 1
            return self.left >= 0, np.zeros((4, 4, 3), np.uint8)

        def get(self, _):
            return -1.0

        def release(self):
            opened.append('released')

    monkeypatch.setattr(sources.cv2, 'VideoCapture', Camera)
    address = 'RTSP://user:secret@10.0.0.7:554/stream1?channel=1'

    assert len(list(open_source(address, SIZE, 10.0))) == 2
    assert opened == [address, 'released']
    assert frame_rate_hz(address) is None
    assert public_name(address) == 'RTSP://10.0.0.7:554/stream1?channel=1'


@pytest.fixture(autouse=True)
def all_that_is_logged(caplog):
    caplog.set_level(logging.WARNING)
