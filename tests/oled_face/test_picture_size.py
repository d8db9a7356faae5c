# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A picture that is too large, or of another format, is refused before it is decoded."""

import numpy as np
import pytest
from PIL import Image

from oled_face import pictures
from oled_face.pictures import FORMATS, PIXELS, read_picture


def test_a_picture_that_claims_too_much_is_refused_with_the_limit(tmp_path):
    file = tmp_path / 'bomb.pgm'
    file.write_bytes(b'P5 9000 9000 255\n' + bytes(100))

    with pytest.raises(ValueError, match=f'9000 x 9000 pixels, at most {PIXELS} in all'):
        read_picture(file)


def test_the_size_is_looked_at_before_the_picture_is_decoded(tmp_path, monkeypatch):
    file = tmp_path / 'face.png'
    Image.new('L', (16, 8)).save(file)
    monkeypatch.setattr(pictures, 'PIXELS', 127)
    monkeypatch.setattr(pictures, '_grey', lambda _: pytest.fail('it was decoded'))

    with pytest.raises(ValueError, match='16 x 8 pixels, at most 127 in all'):
        read_picture(file)


@pytest.mark.parametrize('name', FORMATS)
def test_every_format_is_read(tmp_path, name):
    file = tmp_path / 'face'
    Image.new('L', (16, 8), 255).save(file, name)

    assert np.all(read_picture(file) > 250)


@pytest.mark.parametrize('name', ['PCX', 'SGI', 'ICNS'])
def test_other_formats_are_refused(tmp_path, name):
    file = tmp_path / 'face'
    Image.new('RGB', (16, 16)).save(file, name)

    with pytest.raises(ValueError, match='expected a picture file'):
        read_picture(file)
