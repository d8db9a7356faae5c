# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Sources of camera images without a camera driver: a photo, a folder, a video, a webcam, a stream.

Every source is a generator of uint8 BGR images of shape (height, width, 3), finite for folders and
videos. Closing it releases the camera or file. `open_source` chooses a source by name.
"""

import logging
import math
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path

import cv2
import numpy as np

from emotion_models.imaging.files import ENDINGS, pictures_among, read_colour
from emotion_models.imaging.images import shrink_to
from emotion_models.reading import FileError
from node_kit.paths import expanded
from node_kit.programs import what_to_install

BUILT_IN_PHOTO = 'astronaut'
SCHEMES = ('rtsp', 'rtsps', 'http', 'https', 'udp', 'rtp')
EXPECTED = (
    f'{BUILT_IN_PHOTO}, a picture, a folder, a video, the number of a webcam or an address as '
    'rtsp://HOST/PATH'
)
STREAM_TIMEOUT_MS = 5000
MOST_LOST = 25  # frames in a row that cannot be read, after which a video has ended
LARGEST_SHARE = 4  # sides of a photo that is moved, relative to the image

# How far a photo moves: to each side as a share of the image, towards the camera, and about it.
SWAY, NEARER, TILT_DEG = (0.03, 0.02), 0.05, 3.0

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


def moving_photo(photo: np.ndarray, size: tuple[int, int], rate_hz: float) -> Pictures:
    """Yield `photo` for ever with a slow motion, as of a person in front of a camera."""
    photo, _ = shrink_to(photo, LARGEST_SHARE * max(size))  # once, not for every image
    # Its edge is repeated once: for every image, that would take as long as the warp itself.
    margins = _margins(photo.shape, size)
    right, down = margins
    padded = cv2.copyMakeBorder(photo, down, down, right, right, cv2.BORDER_REPLICATE)
    index = 0
    while True:
        time_s = index / rate_hz
        matrix = _placing(
            photo.shape,
            size,
            shift=(SWAY[0] * math.sin(0.9 * time_s), SWAY[1] * math.sin(1.3 * time_s + 1.0)),
            zoom=1.0 + NEARER * math.sin(0.5 * time_s),
            angle_deg=TILT_DEG * math.sin(0.7 * time_s),
        )
        matrix[:, 2] -= matrix[:, :2] @ margins
        yield _warp(padded, matrix, size)
        index += 1


def _margins(photo_shape: tuple[int, ...], size: tuple[int, int]) -> tuple[int, int]:
    """Pixels (x, y) by which the image reaches beyond the photo, where it moves the furthest."""
    width, height = ((0.5 + sway) * side for sway, side in zip(SWAY, size, strict=True))
    scale = (1.0 - NEARER) * min(size[0] / photo_shape[1], size[1] / photo_shape[0])
    tilt = math.sin(math.radians(TILT_DEG))
    reach_x, reach_y = (width + tilt * height) / scale, (height + tilt * width) / scale
    return (
        max(0, math.ceil(reach_x - photo_shape[1] / 2)),
        max(0, math.ceil(reach_y - photo_shape[0] / 2)),
    )


def place(
    photo: np.ndarray,
    size: tuple[int, int],
    shift: tuple[float, float] = (0.0, 0.0),
    zoom: float = 1.0,
    angle_deg: float = 0.0,
) -> np.ndarray:
    """
    Fit a whole photo into an image of another size; its edge pixels are repeated around it.

    Args:
        photo: uint8, (h, w, 3).
        size: (width, height) of the result, pixels.
        shift: (x, y) as a share of the width and height.
        zoom: 1 = as large as fits.
        angle_deg: rotation, anticlockwise.

    Returns:
        uint8, (height, width, 3).
    """
    # OpenCV warps no side of 2**15 pixels, and leaves out what lies between far pixels.
    photo, _ = shrink_to(photo, LARGEST_SHARE * max(size))
    return _warp(photo, _placing(photo.shape, size, shift, zoom, angle_deg), size)


def _placing(
    photo_shape: tuple[int, ...],
    size: tuple[int, int],
    shift: tuple[float, float],
    zoom: float,
    angle_deg: float,
) -> np.ndarray:
    """From pixels of the photo to those of the image, float64 (2, 3); arguments as of `place`."""
    width, height = size
    photo_height, photo_width = photo_shape[:2]
    scale = zoom * min(width / photo_width, height / photo_height)
    matrix = cv2.getRotationMatrix2D((photo_width / 2, photo_height / 2), angle_deg, scale)
    matrix[0, 2] += width / 2 - photo_width / 2 + shift[0] * width
    matrix[1, 2] += height / 2 - photo_height / 2 + shift[1] * height
    return matrix


def _warp(photo: np.ndarray, matrix: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    return cv2.warpAffine(
        photo, matrix, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE
    )


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
    return _frames(capture, public_name(address))


def public_name(name: str) -> str:
    """The name of a source as it may be logged: an address without its user and password."""
    return re.sub(r'(?<=://)[^/]*@', '', name)


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
