# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The size of a picture is known before it is decoded, or it is refused."""

from contextlib import suppress
from io import BytesIO
from struct import pack
from time import process_time

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from emotion_models.imaging.limits import (
    PIXELS,
    SCANS,
    SIZES,
    PictureLimit,
    check_encoded,
    encoded_size,
)

WIDTH, HEIGHT = 37, 21
PICTURE = np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)


def by_pillow(name, mode='RGB', **options):
    file = BytesIO()
    Image.fromarray(PICTURE).convert(mode).save(file, name, **options)
    return file.getvalue()


FILES = {
    'JPEG': cv2.imencode('.jpg', PICTURE)[1].tobytes(),
    'progressive JPEG': by_pillow('JPEG', progressive=True),
    'JPEG with a thumbnail': by_pillow('JPEG', exif=b'Exif\x00\x00' + bytes(3000)),
    'PNG': cv2.imencode('.png', PICTURE)[1].tobytes(),
    'transparent PNG': by_pillow('PNG', 'RGBA'),
    'BMP': cv2.imencode('.bmp', PICTURE)[1].tobytes(),
    'WebP': by_pillow('WEBP'),
    'lossless WebP': by_pillow('WEBP', lossless=True),
    'transparent WebP': by_pillow('WEBP', 'RGBA'),
    'TIFF': cv2.imencode('.tiff', PICTURE)[1].tobytes(),
    'TIFF of big endian': by_pillow('TIFF', tiffinfo={270: 'x'}),
    'PGM': cv2.imencode('.pgm', PICTURE[..., 0])[1].tobytes(),
    'PPM with a comment': b'P6\n# made\n# by hand\n37 21\n255\n' + PICTURE.tobytes(),
}


@pytest.mark.parametrize('name', FILES)
def test_the_size_in_the_header_is_that_of_the_picture(name):
    decoded = cv2.imdecode(np.frombuffer(FILES[name], np.uint8), cv2.IMREAD_UNCHANGED)

    assert encoded_size(FILES[name]) == (WIDTH, HEIGHT) == decoded.shape[1::-1]
    check_encoded(FILES[name])


def claiming(name, width, height):
    """A small file that says that it is large."""
    data = bytearray(FILES[name])

    def big(number, size):
        return number.to_bytes(size, 'big')

    def small(number, size):
        return number.to_bytes(size, 'little')

    if name == 'PNG':
        data[16:24] = big(width, 4) + big(height, 4)
    elif name == 'JPEG':
        frame = data.index(b'\xff\xc0')
        data[frame + 5 : frame + 9] = big(height, 2) + big(width, 2)
    elif name == 'BMP':
        data[18:26] = small(width, 4) + small(height, 4)
    elif name == 'TIFF':
        for tag, value in ((256, width), (257, height)):
            for kind in (3, 4):
                entry = small(tag, 2) + small(kind, 2) + small(1, 4)
                if entry in data:
                    place = data.index(entry) + 8
                    data[place : place + 4] = small(value, 4)
    else:
        data = bytearray(b'P5 %d %d 255\n' % (width, height)) + data[-100:]
    return bytes(data)


@pytest.mark.parametrize('name', ['JPEG', 'PNG', 'BMP', 'TIFF', 'PGM'])
def test_a_small_file_that_claims_a_large_picture_is_refused_with_both_numbers(name):
    data = claiming(name, 30_000, 30_000)

    with pytest.raises(PictureLimit, match=f'30000 x 30000 pixels; expected 1 to {PIXELS}'):
        check_encoded(data)


def test_the_limit_itself_is_taken():
    check_encoded(claiming('PNG', PIXELS // 5000, 5000))
    with pytest.raises(PictureLimit):
        check_encoded(claiming('PNG', PIXELS // 5000 + 1, 5000))


def jpeg_part(marker, content):
    return b'\xff%c' % marker + pack('>H', len(content) + 2) + content


def jpeg_frame(width, height):
    return jpeg_part(0xC0, pack('>BHHB', 8, height, width, 1) + b'\x01\x11\x00')


SMALL_FRAME, LARGE_FRAME = jpeg_frame(16, 16), jpeg_frame(30_000, 30_000)
SCAN = jpeg_part(0xDA, b'\x01\x01\x00\x00\x3f\x00')
# What libjpeg passes over, and what makes it search on.
NOT_PARTS = {
    'FF 00': b'\xff\x00' + pack('>H', len(LARGE_FRAME) + 2),
    'bytes between parts': b'\x00\xc0\x00\xff',
    'FF many times': b'\xff' * 9,
    'a restart marker': b'\xff\xd3' + pack('>H', len(LARGE_FRAME) + 2),
    'TEM': b'\xff\x01' + pack('>H', len(LARGE_FRAME) + 2),
    'a part with a length of 0': b'\xff\xe3\x00\x00',
    'a smaller frame': SMALL_FRAME,
    'a smaller picture with its scan': SMALL_FRAME + SCAN + b'\x12\xff\x00\x34\xff\xd0',
    'damage in a scan': SMALL_FRAME + SCAN + b'\xff\x45\xff\xff',
}


@pytest.mark.parametrize('name', NOT_PARTS)
def test_a_large_frame_is_found_behind_all_that_libjpeg_passes_over(name):
    begin = b'\xff\xd8' + jpeg_part(0xE0, b'')
    data = begin + NOT_PARTS[name] + LARGE_FRAME + SMALL_FRAME + SCAN + b'\xff\xd9'

    assert encoded_size(data) == (30_000, 30_000)


def test_a_frame_in_a_thumbnail_or_behind_the_picture_does_not_count():
    thumbnail = jpeg_part(0xE1, LARGE_FRAME)
    picture = FILES['JPEG']

    data = picture[:2] + thumbnail + picture[2:] + LARGE_FRAME

    assert encoded_size(data) == (WIDTH, HEIGHT)


def test_a_part_that_is_none_of_jpeg_is_refused_as_decoders_do():
    with pytest.raises(PictureLimit, match='damaged header'):
        encoded_size(b'\xff\xd8' + jpeg_part(0x45, LARGE_FRAME) + SMALL_FRAME + SCAN)


@given(
    inserted=st.lists(
        st.sampled_from([*NOT_PARTS.values(), SMALL_FRAME[:2], b'\xff', b'\x00', b'\xff\xc4\x00'])
    ),
    place=st.integers(2, 700),
)
def test_what_is_decoded_never_has_more_pixels_than_the_header_said(inserted, place):
    data = FILES['JPEG'][:place] + b''.join(inserted)
    data += FILES['JPEG'][place:]
    try:
        width, height = encoded_size(data)
    except PictureLimit:
        return
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)

    assert decoded is None or decoded.size // 3 <= width * height


def test_a_jpeg_may_have_so_many_scans_and_no_more():
    picture = FILES['progressive JPEG']
    usual = picture.count(b'\xff\xda')
    begin, end = picture.rindex(b'\xff\xda'), len(picture) - 2
    more = picture[begin:end] * (SCANS - usual)

    check_encoded(picture[:end] + more + picture[end:])
    with pytest.raises(PictureLimit, match=f'more than {SCANS} scans'):
        check_encoded(picture[:end] + more + picture[begin:])


@pytest.mark.parametrize('blanks', [24, 9000, 10**6])
@pytest.mark.parametrize('blank', [b' ', b'#\n', b'#', b' #\r'])
def test_a_damaged_header_takes_no_time_however_long_it_is(blank, blanks):
    begin = process_time()

    for number in b'', b' 1':
        with pytest.raises(PictureLimit, match='damaged header'):
            check_encoded(b'P6 ' + number + blank * blanks + b'x')

    assert process_time() - begin < 2


@pytest.mark.parametrize('header', [b'P5 #a\r%d %d 255\n 16 16 255\n', b'P5 %d #a\r%d\n16 255\n'])
def test_a_comment_ends_where_the_decoder_ends_it(header):
    data = header % (100, 200) + bytes(20_000)
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)

    assert encoded_size(data) == (100, 200) == decoded.shape[::-1]


def test_what_follows_a_number_at_once_is_no_comment():
    data = b'P5 16#200 \n16\n255\n' + bytes(20_000)
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)

    assert decoded.shape == (200, 16)
    with pytest.raises(PictureLimit, match='damaged header'):
        encoded_size(data)


@pytest.mark.parametrize(
    'data', [b'', b'GIF89a' + bytes(50), b'P7\n', b'\x00\x00\x00\x0cjP  ', b'<svg/>']
)
def test_other_formats_are_refused_with_those_that_are_taken(data):
    with pytest.raises(PictureLimit, match=r'formats JPEG, PNG, BMP, WebP, TIFF, PNM'):
        check_encoded(data)


@pytest.mark.parametrize('name', FILES)
@given(kept=st.floats(0, 1), flipped=st.integers(0, 10**6))
def test_a_damaged_header_is_refused_or_says_a_size(name, kept, flipped):
    data = bytearray(FILES[name][: round(kept * 200)])
    if data:
        data[flipped % len(data)] ^= 1 << flipped % 8

    with suppress(PictureLimit):
        check_encoded(bytes(data))


def test_every_format_is_tested():
    tested = {
        name for name, (begins, _) in SIZES.items() if any(map(begins.match, FILES.values()))
    }

    assert tested == SIZES.keys()
