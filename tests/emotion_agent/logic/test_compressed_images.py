# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Compressed images are decoded only when their header says that they are not too large."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from emotion_agent.logic.compressed_images import compressed_to_array
from emotion_models.imaging.limits import PIXELS
from node_kit.images import ImageError


def message(data, name='jpeg'):
    return SimpleNamespace(format=name, data=data)


@pytest.mark.parametrize('suffix', ['.jpg', '.png'])
def test_compressed_image_is_decoded(suffix):
    flat = np.full((16, 16, 3), (40, 110, 220), np.uint8)
    data = cv2.imencode(suffix, flat)[1].tobytes()

    pixels = compressed_to_array(message(data, suffix))

    np.testing.assert_allclose(pixels, flat, atol=3)


@pytest.mark.parametrize('data', [b'', b'no picture at all', b'\xff\xd8\xff', b'BM' + bytes(60)])
def test_broken_compressed_image_is_refused(data):
    with pytest.raises(ImageError, match='expected a JPEG or PNG picture, got .* bytes'):
        compressed_to_array(message(data))


@pytest.mark.parametrize('suffix', ['.bmp', '.tiff', '.webp', '.pgm'])
def test_formats_that_no_camera_driver_sends_are_refused(suffix):
    data = cv2.imencode(suffix, np.zeros((16, 16), np.uint8))[1].tobytes()

    with pytest.raises(ImageError, match='is not a picture of the formats JPEG, PNG'):
        compressed_to_array(message(data, suffix))


def test_a_small_message_that_claims_a_thousand_million_pixels_is_not_decoded(monkeypatch):
    picture = bytearray(cv2.imencode('.png', np.zeros((8, 8), np.uint8))[1].tobytes())
    picture[16:24] = (30_000).to_bytes(4, 'big') * 2
    monkeypatch.setattr(cv2, 'imdecode', lambda *_: pytest.fail('it was decoded'))

    with pytest.raises(ImageError, match=f'30000 x 30000 pixels; expected 1 to {PIXELS}'):
        compressed_to_array(message(bytes(picture)))


def test_a_long_format_is_cut_where_it_is_repeated():
    with pytest.raises(ImageError) as refusal:
        compressed_to_array(message(b'', 'x' * 10_000_000))

    assert len(str(refusal.value)) < 400
