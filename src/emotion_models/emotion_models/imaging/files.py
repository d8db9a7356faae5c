# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures in files: read whatever their name, depth and transparency, and written."""

import zipfile
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from emotion_models.imaging.images import Image
from emotion_models.imaging.limits import PictureLimit, check_encoded
from emotion_models.limits import PICTURE_BYTES, read_bytes
from emotion_models.reading import FileError, reading

PictureFile = Path | zipfile.Path
"""A file, perhaps in an archive."""

EXPECTED = 'a picture, such as a JPEG or PNG file'
SIGNATURES = (
    b'\xff\xd8\xff',  # JPEG
    b'\x89PNG\r\n\x1a\n',
    b'BM',
    b'RIFF',  # WebP
    b'II*\x00',  # TIFF
    b'MM\x00*',
    *(b'P%d' % number for number in range(1, 7)),  # PBM, PGM, PPM
)
"""What the files begin with that are pictures."""

ENDINGS = ('.jpg', '.jpeg', '.png', '.bmp', '.webp', '.tif', '.tiff', '.pbm', '.pgm', '.ppm')
"""Of files that are taken for pictures."""

_JPEG, _PNG = SIGNATURES[:2]
_PNG_COLOUR_TYPE = slice(25, 26)
_PNG_WITH_ALPHA = (b'\4', b'\6')


def read_colour(path: PictureFile) -> Image:
    """
    A picture file in colour, turned as its EXIF data says, on black where it is transparent.

    16-bit values are scaled to 8 bits; floats are taken as [0, 1].

    Returns:
        uint8, shape (H, W, 3), BGR.

    Raises:
        OSError: if there is no such file, or it may not be read.
        FileError: if it is not a picture that OpenCV can read.
    """
    return decode_picture(_content(path), path, cv2.IMREAD_COLOR)


def read_grey(path: PictureFile) -> Image:
    """As `read_colour`, in grey: uint8, shape (H, W)."""
    return decode_picture(_content(path), path, cv2.IMREAD_GRAYSCALE)


def decode_picture(data: bytes, name: object, flag: int) -> Image:
    """
    As `read_colour`, from the bytes of a file.

    Args:
        data: of the file.
        name: for the error.
        flag: IMREAD_COLOR or IMREAD_GRAYSCALE of OpenCV.
    """
    # OpenCV decodes names of files that are not UTF-8 by crashing, so it only gets bytes.
    encoded = np.frombuffer(data, np.uint8)
    with reading(name, EXPECTED):
        if not data:
            raise FileError(f'{name} is empty; expected {EXPECTED}')
        _check_encoded(data, name)
        if _is_jpeg_or_opaque_png(data):
            picture = cv2.imdecode(encoded, flag)
        else:
            picture = cv2.imdecode(encoded, cv2.IMREAD_UNCHANGED)
            picture = None if picture is None else _converted(picture, flag, name)
    if picture is None:
        raise FileError(f'{name} is not a picture that OpenCV can read; expected {EXPECTED}')
    return picture


def _check_encoded(data: bytes, name: object) -> None:
    try:
        check_encoded(data)
    except PictureLimit as error:
        raise FileError(f'{name} {error}') from None


def write_picture(path: str | Path, picture: Image) -> None:
    """
    Write a picture in the format of the file's ending.

    Raises:
        OSError: if the file cannot be written.
    """
    path = Path(path)
    _, encoded = cv2.imencode(path.suffix, picture)
    path.write_bytes(encoded.tobytes())


def is_picture(path: PictureFile) -> bool:
    """Whether a file can be read and begins as a picture does, whatever its name says."""
    try:
        if not path.is_file():
            return False
        with path.open('rb') as file:
            return file.read(len(max(SIGNATURES, key=len))).startswith(SIGNATURES)
    except (OSError, zipfile.BadZipFile):
        return False


def is_hidden(path: PictureFile) -> bool:
    """Whether a name begins with a dot, as of the files that systems lay beside pictures."""
    return path.name.startswith('.')


def pictures_among(files: Iterable[Path]) -> tuple[list[Path], int]:
    """The files that are pictures and not hidden, and how many of the visible ones are not."""
    visible = [file for file in files if not is_hidden(file)]
    pictures = [file for file in visible if is_picture(file)]
    return pictures, len(visible) - len(pictures)


def _content(path: PictureFile) -> bytes:
    with reading(path, EXPECTED):
        return read_bytes(path, PICTURE_BYTES)


def _is_jpeg_or_opaque_png(data: bytes) -> bool:
    """Whether OpenCV itself makes of a file what is wanted: there are no floats and no alpha."""
    if data.startswith(_PNG):
        header, _, _ = data.partition(b'IDAT')
        return data[_PNG_COLOUR_TYPE] not in _PNG_WITH_ALPHA and b'tRNS' not in header
    return data.startswith(_JPEG)


def _converted(picture: np.ndarray, flag: int, name: object) -> Image:
    opaque = _on_black(_to_8_bit(picture, name))
    if flag == cv2.IMREAD_GRAYSCALE:
        return opaque if opaque.ndim == 2 else cv2.cvtColor(opaque, cv2.COLOR_BGR2GRAY)
    return opaque if opaque.ndim == 3 else cv2.cvtColor(opaque, cv2.COLOR_GRAY2BGR)


def _to_8_bit(picture: np.ndarray, name: object) -> np.ndarray:
    if picture.dtype == np.uint16:
        return np.rint(picture / 257).astype(np.uint8)
    if picture.dtype.kind == 'f':
        # A comparison with NaN is false.
        if not (picture.min() >= 0 and picture.max() <= 1):
            raise FileError(
                f'{name} has values from {picture.min():g} to {picture.max():g}; expected floats '
                'in [0, 1], or whole numbers of 8 or 16 bits: scale and convert it'
            )
        return np.rint(picture * 255).astype(np.uint8)
    if picture.dtype != np.uint8:
        raise FileError(f'{name} has values of the type {picture.dtype}; expected 8 or 16 bits')
    return picture


def _on_black(picture: np.ndarray) -> np.ndarray:
    if picture.ndim == 2 or picture.shape[2] == 3:
        return picture
    if picture.shape[2] == 1:
        return picture[..., 0]
    colours, alpha = picture[..., :-1], picture[..., -1:]
    blended = np.rint(colours * (alpha / 255)).astype(np.uint8)
    return blended if blended.shape[2] == 3 else blended[..., 0]
