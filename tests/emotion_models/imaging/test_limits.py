# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The size of a picture is known before it is decoded, or it is refused."""

from contextlib import suppress
from io import BytesIO

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from emotion_models.imaging.limits import (
    PIXELS,
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
