# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Sources of camera images without a camera driver: a photo, a folder, a video, a webcam, a stream.

Every source is a generator of uint8 BGR images of shape (height, width, 3), finite for folders and
videos. Closing it releases the camera or file. `open_source` chooses a source by name.
"""

import logging
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path

import cv2
import numpy as np

from emotion_agent.camera.photo import moving_photo, place
from emotion_models.imaging.files import ENDINGS, pictures_among, read_colour
from emotion_models.imaging.limits import PIXELS
from emotion_models.reading import FileError
from node_kit.paths import expanded
from node_kit.programs import what_to_install
from node_kit.text import public_name

BUILT_IN_PHOTO = 'astronaut'
SCHEMES = ('rtsp', 'rtsps', 'http', 'https', 'udp', 'rtp')
EXPECTED = (
    f'{BUILT_IN_PHOTO}, a picture, a folder, a video, the number of a webcam or an address as '
    'rtsp://HOST/PATH'
)
STREAM_TIMEOUT_MS = 5000
MOST_LOST = 25  # frames in a row that cannot be read, after which a video has ended

_SIZE = cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT

_logger = logging.getLogger(__name__)

Pictures = Generator[np.ndarray, None, None]


class SourceError(ValueError):
    """A source that cannot be opened. The message says which and what to do."""


def open_source(name: str, size: tuple[int, int], rate_hz: float, hold_s: float = 2.0) -> Pictures:
    """
    Open the source called `name`.

    Args:
        name: `astronaut` for the public-domain portrait that ships in scikit-image; a picture; a
            folder of pictures; a video; the number of a webcam, such as `0`; or the address of a
            network camera, such as `rtsp://ADDRESS/PATH`.
        size: (width, height) in pixels of the images of a photo or folder, and the size asked of a
            webcam; a video keeps its own.
        rate_hz: images a second that the caller takes; the motion of a photo depends on it.
        hold_s: how long each picture of a folder is shown, s.

    Raises:
        SourceError: if it is not there or cannot be read.
    """
    if name == BUILT_IN_PHOTO:
        return moving_photo(built_in_photo(), size, rate_hz)
    if name.isdecimal():
        return webcam(int(name), size)
    if _is_address(name):
        return stream(name)
    path = _path(name)
    if path.is_dir():
        return folder(path, size, copies=max(1, round(hold_s * rate_hz)))
    if path.suffix.lower() in ENDINGS:
        return moving_photo(read_picture(path), size, rate_hz)
    return video(path)


def frame_rate_hz(name: str) -> float | None:
    """Return the frames a second of a video file; None for every other source."""
    if not name or _is_address(name):
        return None
    path = _path(name)
    if not path.is_file() or path.suffix.lower() in ENDINGS:
        return None
    with _opened(path) as place:
        capture = cv2.VideoCapture(place)
        rate_hz = capture.get(cv2.CAP_PROP_FPS)
        capture.release()
    return rate_hz if 0.1 <= rate_hz <= 120.0 else None


def built_in_photo() -> np.ndarray:
    """
    Return the portrait of Eileen Collins (NASA, public domain) that scikit-image carries.

    Returns:
        uint8, (512, 512, 3), BGR.

    Raises:
        SourceError: if scikit-image is not installed, or without its pictures.
    """
    try:
        import skimage
    except ModuleNotFoundError as error:
        raise SourceError(
            f'the built-in photo: {what_to_install(error)}; '
            'or give a picture, a folder, a video or the number of a webcam'
        ) from error
    # scikit-image itself would import half of SciPy to read it.
    return read_picture(Path(skimage.__file__).parent / 'data' / 'astronaut.png')


def read_picture(path: Path) -> np.ndarray:
    """
    Read one picture as uint8 BGR, (height, width, 3).

    Raises:
        SourceError: if there is no such file or it is not a picture.
    """
    if not path.exists():
        raise SourceError(f'there is no file {path}')
    try:
        return read_colour(path)
    except (FileError, OSError) as error:
        raise SourceError(str(error)) from error


def folder(path: Path, size: tuple[int, int], copies: int = 1) -> Pictures:
    """
    Yield the pictures of a folder in the order of their names, each `copies` times, fitted in.

    A picture that cannot be read is skipped with a warning.

    Raises:
        SourceError: if there is none.
    """
    named = sorted(file for file in path.iterdir() if file.suffix.lower() in ENDINGS)
    files, others = pictures_among(named)
    if others:
        _logger.warning('%s: left out %d files that are no pictures', path, others)
    if not files:
        raise SourceError(f'no pictures in {path}; expected {", ".join(ENDINGS)}')
    return _fitted(files, size, copies)


def video(path: Path) -> Pictures:
    """
    Yield the frames of a video file.

    Raises:
        SourceError: if it is not there or OpenCV cannot read it.
    """
    if not path.exists():
        raise SourceError(f'there is no file {path}; expected {EXPECTED}')
    if not path.is_file():
        raise SourceError(f'{path} is no file; expected {EXPECTED}')
    with _opened(path) as place:
        capture = cv2.VideoCapture(place)
    if not capture.isOpened():
        raise SourceError(f'{path} is not a video that OpenCV can read')
    _check_size(capture, path.name)
    return _frames(capture, path.name)


def stream(address: str) -> Pictures:
    """
    Yield the images of a network camera as they come.

    Raises:
        SourceError: if it does not answer, or OpenCV cannot read what it sends.
    """
    limits = [
        *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, STREAM_TIMEOUT_MS),
        *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, STREAM_TIMEOUT_MS),
    ]
    capture = cv2.VideoCapture(address, cv2.CAP_FFMPEG, limits)
    if not capture.isOpened():
        raise SourceError(
            f'no images from {public_name(address)}; check the address, its user and password, '
            'and that this OpenCV reads streams (FFMPEG)'
        )
    _check_size(capture, public_name(address))
    return _frames(capture, public_name(address))


def webcam(number: int, size: tuple[int, int]) -> Pictures:
    """
    Yield the images of a webcam as they come.

    Raises:
        SourceError: if it is not there.
    """
    capture = cv2.VideoCapture(number)
    if not capture.isOpened():
        raise SourceError(
            f'no webcam {number} (/dev/video{number}); check that it is plugged in, that no other '
            'program uses it, and that you are in the group video'
        )
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
    return _frames(capture)


def _fitted(files: list[Path], size: tuple[int, int], copies: int) -> Pictures:
    for file in files:
        try:
            picture = place(read_picture(file), size)
        except SourceError as error:
            _logger.warning('skipped: %s', error)
            continue
        yield from repeat(picture, copies)


def _frames(capture: cv2.VideoCapture, name: str = '') -> Pictures:
    skipped = lost = 0  # altogether, and since the last frame that could be read
    try:
        while lost <= MOST_LOST:
            frame = _read(capture)
            if frame is not None:
                skipped, lost = skipped + lost, 0
                yield frame
            elif not _goes_on(capture):
                return
            else:
                lost += 1
    finally:
        capture.release()
        if skipped:
            _logger.warning('%s: skipped %d frames that cannot be read', name, skipped)


def _check_size(capture: cv2.VideoCapture, name: str) -> None:
    width, height = (int(capture.get(kind)) for kind in _SIZE)
    if width * height > PIXELS:
        capture.release()
        raise SourceError(f'{name} has {width} x {height} pixels; expected at most {PIXELS}')


def _read(capture: cv2.VideoCapture) -> np.ndarray | None:
    """The next frame; none if there is none or it cannot be read."""
    try:
        read, frame = capture.read()
    except cv2.error:
        return None
    return frame if read else None


def _goes_on(capture: cv2.VideoCapture) -> bool:
    """Whether frames of a video are left; a webcam does not count any."""
    return capture.get(cv2.CAP_PROP_POS_FRAMES) < capture.get(cv2.CAP_PROP_FRAME_COUNT)


def _is_address(name: str) -> bool:
    """Whether a name is the address of a stream."""
    scheme, mark, _ = name.partition('://')
    if mark and scheme.lower() not in SCHEMES:
        raise SourceError(
            f'{public_name(name)}: expected an address of {", ".join(SCHEMES)}, or {EXPECTED}'
        )
    return bool(mark)


def _path(name: str) -> Path:
    if not name.strip():
        raise SourceError(f'the source is empty; expected {EXPECTED}')
    try:
        return expanded(name)
    except ValueError as error:
        raise SourceError(str(error)) from error


@contextmanager
def _opened(path: Path) -> Iterator[str]:
    """A name for OpenCV, which crashes on one that is not UTF-8, while the file is open."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        with path.open('rb') as file:
            yield f'/dev/fd/{file.fileno()}'
    else:
        yield str(path)
