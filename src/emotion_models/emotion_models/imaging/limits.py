# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The size of an encoded picture, read from its header before anything is decoded.

A picture of a hundred kilobytes may say that it has a thousand million pixels, for which a decoder
would take gigabytes. Formats of which the header cannot be read here are refused, as the size of
their pictures is not known.
"""

import re
from collections.abc import Callable
from struct import error as StructError
from struct import unpack_from

PIXELS = 50_000_000
"""The most pixels that a picture may have."""

JPEG_AND_PNG = ('JPEG', 'PNG')
"""The formats of compressed images on topics."""

_NO_FRAME = {0xC4, 0xC8, 0xCC}  # among the markers of JPEG from C0 to CF that begin a frame
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}
_SCAN = 0xDA
_NUMBER_OF_TYPE = {3: 'H', 4: 'I'}  # of TIFF
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257
_MOST_PARTS = 1000  # segments of a JPEG, entries of a TIFF, pages of it
_PNM = re.compile(rb'P[1-6](?:\s+|#[^\n]*\n)+(\d{1,9})(?:\s+|#[^\n]*\n)+(\d{1,9})\s')


class _Damaged(ValueError):
    pass


class PictureLimit(ValueError):
    """A picture that is not decoded. The message says why, and what is taken."""


def check_encoded(data: bytes, formats: tuple[str, ...] = ()) -> None:
    """
    Refuse an encoded picture that is too large, or whose size cannot be found out.

    Args:
        data: the whole file or message.
        formats: names of `SIZES` that are taken; none = all.

    Raises:
        PictureLimit: naming the size, or the formats that are taken.
    """
    width, height = encoded_size(data, formats)
    if not 0 < width * height <= PIXELS:
        raise PictureLimit(f'has {width} x {height} pixels; expected 1 to {PIXELS} in all')


def encoded_size(data: bytes, formats: tuple[str, ...] = ()) -> tuple[int, int]:
    """
    The width and height of an encoded picture in pixels, as for `check_encoded`.

    Raises:
        PictureLimit: if it is of another format, or its header is damaged.
    """
    for name in formats or SIZES:
        begins, size = SIZES[name]
        if begins.match(data):
            try:
                return size(data)
            except (StructError, LookupError, ValueError):
                raise PictureLimit(f'is a {name} picture with a damaged header') from None
    raise PictureLimit(f'is not a picture of the formats {", ".join(formats or SIZES)}')


def _png(data: bytes) -> tuple[int, int]:
    width, height = unpack_from('>II', data, 16)
    return width, height


def _jpeg(data: bytes) -> tuple[int, int]:
    place = 2
    for _ in range(_MOST_PARTS):
        place = data.index(0xFF, place)  # as decoders do, pass over what does not belong there
        while data[place] == 0xFF:
            place += 1
        marker = data[place]
        if marker in _WITHOUT_LENGTH:
            place += 1
        elif 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            height, width = unpack_from('>HH', data, place + 4)
            return width, height
        elif marker == _SCAN:
            break
        else:
            place += 1 + unpack_from('>H', data, place + 1)[0]
    raise _Damaged('no frame')


def _bmp(data: bytes) -> tuple[int, int]:
    if unpack_from('<I', data, 14)[0] == 12:  # the oldest header
        width, height = unpack_from('<HH', data, 18)
    else:
        width, height = unpack_from('<ii', data, 18)
    return abs(width), abs(height)


def _webp(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b'VP8X':
        low_and_high = unpack_from('<HBHB', data, 24)
        return _24_bits(*low_and_high[:2]) + 1, _24_bits(*low_and_high[2:]) + 1
    if kind == b'VP8L':
        bits = unpack_from('<I', data, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind != b'VP8 ':
        raise _Damaged(kind)
    width, height = unpack_from('<HH', data, 26)
    return width & 0x3FFF, height & 0x3FFF


def _24_bits(low: int, high: int) -> int:
    return low | high << 16


def _tiff(data: bytes) -> tuple[int, int]:
    """The largest of its pages, as a page is decoded after another."""
    order = '<' if data[:2] == b'II' else '>'
    found: list[tuple[int, int]] = []
    (place,) = unpack_from(f'{order}I', data, 4)
    while place:
        (entries,) = unpack_from(f'{order}H', data, place)
        if max(entries, len(found)) > _MOST_PARTS:
            raise _Damaged('too many parts')
        fields = [unpack_from(f'{order}HHI', data, place + 2 + 12 * i) for i in range(entries)]
        values = {
            tag: unpack_from(order + _NUMBER_OF_TYPE[kind], data, place + 10 + 12 * index)[0]
            for index, (tag, kind, _) in enumerate(fields)
            if tag in (_TIFF_WIDTH, _TIFF_HEIGHT)
        }
        found.append((values[_TIFF_WIDTH], values[_TIFF_HEIGHT]))
        (place,) = unpack_from(f'{order}I', data, place + 2 + 12 * entries)
    return max(found, key=lambda size: size[0] * size[1])


def _pnm(data: bytes) -> tuple[int, int]:
    header = _PNM.match(data)
    if header is None:
        raise _Damaged('no sizes')
    return int(header[1]), int(header[2])


SIZES: dict[str, tuple[re.Pattern[bytes], Callable[[bytes], tuple[int, int]]]] = {
    'JPEG': (re.compile(rb'\xff\xd8\xff'), _jpeg),
    'PNG': (re.compile(rb'\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR'), _png),
    'BMP': (re.compile(rb'BM'), _bmp),
    'WebP': (re.compile(rb'RIFF....WEBP', re.DOTALL), _webp),
    'TIFF': (re.compile(rb'II\*\x00|MM\x00\*'), _tiff),
    'PNM': (re.compile(rb'P[1-6]\s'), _pnm),
}
"""By format: how a picture begins, and what reads its size."""
