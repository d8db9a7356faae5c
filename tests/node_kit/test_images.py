# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Images of every encoding become what OpenCV works with, or are refused in plain words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from node_kit import images
from node_kit.images import ImageError, array_to_image, image_to_array

COLOUR = np.random.default_rng(0).integers(0, 256, (6, 8, 3), np.uint8)
GREY = COLOUR[:, :, 1]


def message(pixels: np.ndarray, encoding: str, height: int | None = None) -> Image:
    pixels = np.ascontiguousarray(pixels)
    return Image(
        encoding=encoding,
        height=height or pixels.shape[0],
        width=pixels.shape[1],
        step=pixels.strides[0],
        is_bigendian=int(pixels.dtype.byteorder == '>'),
        data=pixels.tobytes(),
    )


@pytest.mark.parametrize(
    ('encoding', 'pixels', 'expected'),
    [
        ('mono8', GREY, GREY),
        ('8UC1', GREY, GREY),
        ('bgr8', COLOUR, COLOUR),
        ('8UC3', COLOUR, COLOUR),
        ('rgb8', COLOUR[:, :, ::-1], COLOUR),
        ('bgra8', np.dstack([COLOUR, GREY]), COLOUR),
        ('rgba8', np.dstack([COLOUR[:, :, ::-1], GREY]), COLOUR),
        ('mono16', GREY.astype('<u2') * 257, GREY),
        ('16UC1', GREY.astype('>u2') * 257, GREY),
        ('bgr16', COLOUR.astype('<u2') * 257, COLOUR),
        ('rgb16', COLOUR[:, :, ::-1].astype('>u2') * 257, COLOUR),
        ('32FC1', GREY.astype('f4') / 255, GREY),
        ('32FC3', COLOUR.astype('>f4') / 255, COLOUR),
        ('64FC1', GREY / 255, GREY),
    ],
)
def test_values_survive_each_encoding(encoding, pixels, expected):
    np.testing.assert_array_equal(image_to_array(message(pixels, encoding)), expected)


@pytest.mark.parametrize('pattern', ['rggb', 'bggr', 'gbrg', 'grbg'])
@pytest.mark.parametrize('depth', ['8', '16'])
def test_bayer_patterns_give_the_colour_they_were_made_of(pattern, depth):
    blue_green_red = {'b': 40, 'g': 110, 'r': 220}
    tile = np.array([blue_green_red[letter] for letter in pattern], np.uint16).reshape(2, 2)
    mosaic = np.tile(tile, (4, 4))
    mosaic = (mosaic * 257).astype('<u2') if depth == '16' else mosaic.astype(np.uint8)

    colour = image_to_array(message(mosaic, f'bayer_{pattern}{depth}'))

    np.testing.assert_array_equal(colour[3, 3], [40, 110, 220])


def studio_yuv(blue: int, green: int, red: int) -> np.ndarray:
    """Colour as cameras send it: ITU-R BT.601, brightness 16 to 235."""
    rgb = np.array([red, green, blue]) / 255
    matrix = [[65.481, 128.553, 24.966], [-37.797, -74.203, 112.0], [112.0, -93.786, -18.214]]
    return np.rint(matrix @ rgb + [16, 128, 128]).astype(np.uint8)


@pytest.mark.parametrize(
    ('encoding', 'layout'),
    [('yuv422', 'uyvy'), ('uyvy', 'uyvy'), ('yuv422_yuy2', 'yuyv'), ('yuyv', 'yuyv')],
)
def test_packed_yuv_gives_the_colour_it_was_made_of(encoding, layout):
    y, u, v = studio_yuv(blue=60, green=120, red=180)
    pair = [y, u, y, v] if layout == 'yuyv' else [u, y, v, y]
    pixels = np.tile(np.uint8(pair).reshape(1, 2, 2), (4, 3, 1))

    colour = image_to_array(message(pixels, encoding))

    assert colour.shape == (4, 6, 3)
    np.testing.assert_allclose(colour[0, 0], [60, 120, 180], atol=4)


@pytest.mark.parametrize(('encoding', 'order'), [('nv12', 'uv'), ('nv21', 'vu')])
def test_two_plane_yuv_gives_the_colour_it_was_made_of(encoding, order):
    y, u, v = studio_yuv(blue=60, green=120, red=180)
    chroma = np.tile(np.uint8([u, v] if order == 'uv' else [v, u]), (2, 3))
    pixels = np.vstack([np.full((4, 6), y, np.uint8), chroma])

    colour = image_to_array(message(pixels, encoding, height=4))

    assert colour.shape == (4, 6, 3)
    np.testing.assert_allclose(colour[0, 0], [60, 120, 180], atol=4)


@given(padding=st.integers(0, 9), height=st.integers(1, 5), width=st.integers(1, 5))
def test_padding_of_rows_is_left_out(padding, height, width):
    rows = np.arange(height * (3 * width + padding), dtype=np.uint8).reshape(height, -1)
    image = Image(
        encoding='bgr8', height=height, width=width, step=rows.shape[1], data=rows.tobytes()
    )

    np.testing.assert_array_equal(
        image_to_array(image), rows[:, : 3 * width].reshape(height, width, 3)
    )


def test_last_row_may_come_without_its_padding():
    image = Image(encoding='mono8', height=2, width=3, step=5, data=bytes(range(8)))

    np.testing.assert_array_equal(image_to_array(image), [[0, 1, 2], [5, 6, 7]])


def changed(**fields) -> Image:
    image = message(COLOUR, 'bgr8')
    for name, value in fields.items():
        setattr(image, name, value)
    return image


@pytest.mark.parametrize(
    ('image', 'words'),
    [
        (changed(data=bytes(10)), 'expected 144 bytes for 6 rows of step 24, got 10'),
        (changed(step=5), 'expected a step of at least 24 bytes for 8 pixels of bgr8, got 5'),
        (changed(encoding='jpeg2000'), "got 'jpeg2000'"),
        (changed(height=0, width=0, data=b''), 'expected an image, got 0 x 0 pixels'),
        (message(np.full((2, 2), np.nan, 'f4'), '32FC1'), 'got NaN or infinity'),
        (message(np.full((2, 2), np.inf, 'f4'), '32FC1'), 'got NaN or infinity'),
        (message(np.zeros((3, 3, 2), np.uint8), 'yuyv'), 'a size that yuyv can have, got 3 x 3'),
    ],
)
def test_malformed_image_is_refused_with_what_came(image, words):
    with pytest.raises(ImageError, match='expected') as caught:
        image_to_array(image)

    assert words in str(caught.value)


@given(
    encoding=st.sampled_from(sorted(images.ENCODINGS)),
    height=st.integers(0, 9),
    width=st.integers(0, 9),
    step=st.integers(0, 90),
    data=st.binary(max_size=600),
    is_bigendian=st.integers(0, 1),
)
def test_any_message_gives_an_8_bit_image_or_an_image_error(**fields):
    try:
        pixels = image_to_array(Image(**fields))
    except ImageError:
        return
    assert pixels.dtype == np.uint8
    assert pixels.shape[:2] == (fields['height'], fields['width'])


@pytest.mark.skipif(images.CvBridge is None, reason='this ROS has no cv_bridge')
def test_with_and_without_cv_bridge_the_pixels_are_equal(monkeypatch):
    samples = [sample(encoding) for encoding in images.ENCODINGS]
    bridged = [image_to_array(image) for image in samples]

    monkeypatch.setattr(images, 'CvBridge', None)

    for image, expected in zip(samples, bridged, strict=True):
        np.testing.assert_allclose(image_to_array(image), expected, atol=1)


def sample(encoding):
    scalar, channels, _ = images.ENCODINGS[encoding]
    values = np.random.default_rng(1).integers(0, 256, (6, 8, channels)).astype(scalar)
    height = 4 if encoding in ('nv12', 'nv21') else 6  # followed by two rows of chroma
    return message(values if channels > 1 else values[:, :, 0], encoding, height)


def test_array_survives_a_message_and_back():
    header = Header(frame_id='camera')

    image = array_to_image(COLOUR, 'bgr8', header)

    assert (image.header.frame_id, image.step, image.encoding) == ('camera', 24, 'bgr8')
    np.testing.assert_array_equal(image_to_array(image), COLOUR)
