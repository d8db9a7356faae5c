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

SCANS = 32
"""The most scans of a JPEG: each goes over all its pixels. Usual progressive ones have 6 to 18."""

PNM_HEADER_BYTES = 10_000  # with its comments

# As libjpeg finds the next marker: what is none, FF 00, and markers without a content are passed
# over.
_MARKER = re.compile(rb'\xff([^\x00\x01\xd0-\xd7\xff])')
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_END, _SCAN = 0xD9, 0xDA
_PARTS = {*_FRAMES, 0xC4, 0xCC, _SCAN, 0xDB, 0xDC, 0xDD, *range(0xE0, 0xF0), 0xFE}  # with a length
_NUMBER_OF_TYPE = {3: 'H', 4: 'I'}  # of TIFF
_TIFF_WIDTH, _TIFF_HEIGHT = 256, 257
_MOST_PARTS = 1000  # segments of a JPEG, entries of a TIFF, pages of it
_BETWEEN = rb'\s(?:\s|#[^\r\n]*[\r\n])*'
_PNM = re.compile(rb'P[1-6]%b(\d{1,9})%b(\d{1,9})\s' % (_BETWEEN, _BETWEEN))


class _Damaged(ValueError):
    pass


class PictureLimit(ValueError):
    """A picture that is not decoded. The message says why, and what is taken."""


def check_encoded(data: bytes, formats: tuple[str, ...] = ()) -> None:
    """
    Refuse an encoded picture that is too large to decode, or whose size cannot be found out.

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
        PictureLimit: if it is of another format, its header is damaged, or it has too many scans.
    """
    for name in formats or SIZES:
        begins, size = SIZES[name]
        if begins.match(data):
            try:
                return size(data)
            except PictureLimit:
                raise
            except (StructError, LookupError, ValueError):
                raise PictureLimit(f'is a {name} picture with a damaged header') from None
    raise PictureLimit(f'is not a picture of the formats {", ".join(formats or SIZES)}')


def _png(data: bytes) -> tuple[int, int]:
    width, height = unpack_from('>II', data, 16)
    return width, height


def _jpeg(data: bytes) -> tuple[int, int]:
    """The largest of its frames, of which there may be some in front of others."""
    frames: list[tuple[int, int]] = []
    scans, place = 0, 2
    for _ in range(_MOST_PARTS):
        marker = _MARKER.search(data, place)
        if marker is None or (kind := marker[1][0]) == _END:
            return max(frames, key=_pixels)
        place = begin = marker.end()
        if kind in _PARTS:
            place += max(2, int.from_bytes(data[begin : begin + 2], 'big'))
        elif not scans:  # later it is damage in the data of a scan
            raise _Damaged('no marker')
        if kind in _FRAMES:
            height, width = unpack_from('>HH', data, begin + 3)
            frames.append((width, height))
        elif kind == _SCAN:
            scans += 1
        if scans > SCANS:
            raise PictureLimit(f'has more than {SCANS} scans')
    raise _Damaged('too many parts')


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
    return max(found, key=_pixels)


def _pixels(size: tuple[int, int]) -> int:
    return size[0] * size[1]


def _pnm(data: bytes) -> tuple[int, int]:
    header = _PNM.match(data, 0, PNM_HEADER_BYTES)
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
