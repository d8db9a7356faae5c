# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures of every depth, shape and transparency, in files of any name."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from emotion_models.imaging.files import (
    is_picture,
    pictures_among,
    read_colour,
    read_grey,
    write_picture,
)
from emotion_models.runtime.folder_decoder import FolderDecoder

HALF = np.full((4, 6, 3), 128, np.uint8)


def with_alpha(alpha):
    return np.dstack([np.full((4, 6, 3), 200, np.uint8), np.full((4, 6), alpha, np.uint8)])


def save(path, pixels):
    _, encoded = cv2.imencode(path.suffix, pixels)
    path.write_bytes(encoded.tobytes())
    return path


@pytest.mark.parametrize(
    ('name', 'pixels', 'expected'),
    [
        ('grey.png', HALF[..., 0], 128),
        ('colour.jpg', HALF, 128),
        ('colour.bmp', HALF, 128),
        ('deep.png', np.full((4, 6), 128 * 257, np.uint16), 128),
        ('deep.tiff', np.full((4, 6), 128 * 257, np.uint16), 128),
        ('deep_colour.png', np.full((4, 6, 3), 128 * 257, np.uint16), 128),
        ('float.tiff', np.full((4, 6), 0.5, np.float32), 128),
        ('float_colour.tiff', np.full((4, 6, 3), 0.5, np.float32), 128),
        ('opaque.png', with_alpha(255), 200),
        ('half.png', with_alpha(128), 100),
        ('clear.png', with_alpha(0), 0),
        ('clear.webp', with_alpha(0), 0),
        ('clear_and_deep.png', with_alpha(0).astype(np.uint16) * 257, 0),
    ],
)
def test_what_is_seen_is_what_the_picture_shows(tmp_path, name, pixels, expected):
    path = save(tmp_path / name, pixels)

    colour, grey = read_colour(path), read_grey(path)

    assert (colour.dtype, colour.shape) == (np.uint8, (4, 6, 3))
    assert (grey.dtype, grey.shape) == (np.uint8, (4, 6))
    assert np.abs(colour.astype(int) - expected).max() <= 1
    assert np.abs(grey.astype(int) - expected).max() <= 1


@pytest.mark.parametrize('mode', ['P', 'LA'])
def test_transparent_palettes_and_greys_are_on_black(tmp_path, mode):
    image_module = pytest.importorskip('PIL.Image')
    picture = image_module.new('RGBA', (6, 4), (200, 200, 200, 0))
    picture = picture.convert('LA') if mode == 'LA' else picture.quantize()
    path = tmp_path / 'clear.png'
    picture.save(path)

    assert read_grey(path).max() == 0
    assert read_colour(path).shape == (4, 6, 3)


@pytest.mark.parametrize('reader', [read_grey, read_colour])
def test_a_photo_is_turned_as_its_camera_says(tmp_path, reader):
    image_module = pytest.importorskip('PIL.Image')
    picture = image_module.new('RGB', (64, 32))
    exif = picture.getexif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    picture.save(tmp_path / 'turned.jpg', exif=exif)

    assert reader(tmp_path / 'turned.jpg').shape[:2] == (64, 32)


@pytest.mark.parametrize(
    ('pixels', 'words'),
    [
        (np.full((4, 6), 300, np.float32), 'values from 300 to 300; expected floats in'),
        (np.full((4, 6), np.nan, np.float32), 'expected floats in'),
        (np.full((4, 6), -0.5, np.float32), 'expected floats in'),
    ],
)
def test_floats_that_are_no_grey_values_are_refused(tmp_path, pixels, words):
    path = save(tmp_path / 'float.tiff', pixels)

    with pytest.raises(ValueError, match=rf'float\.tiff.*{words}'):
        read_grey(path)


@pytest.mark.parametrize('damage', ['empty', 'text', 'signature', 'header', 'zeros'])
@pytest.mark.parametrize('suffix', ['.png', '.jpg', '.bmp', '.tiff', '.webp'])
def test_a_damaged_picture_is_one_line_that_names_it(tmp_path, suffix, damage):
    path = save(tmp_path / f'damaged{suffix}', HALF)
    content = path.read_bytes()
    path.write_bytes(
        {
            'empty': b'',
            'text': b'a suffix that lies',
            'signature': content[:8],
            'header': content[:20],
            'zeros': content[:16] + bytes(200),
        }[damage]
    )

    with pytest.raises(ValueError, match=rf'damaged\{suffix}') as refusal:
        read_grey(path)

    assert '\n' not in str(refusal.value)


def test_a_suffix_that_lies_about_the_format_does_not_matter(tmp_path):
    png = save(tmp_path / 'a.png', HALF)
    renamed = png.rename(tmp_path / 'a.jpg')

    assert is_picture(renamed)
    assert read_grey(renamed).shape == (4, 6)


def test_names_that_are_not_utf_8_are_read_and_written(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b'/caf\xe9.png'))

    write_picture(path, HALF)

    assert read_colour(path).shape == (4, 6, 3)
    assert pictures_among([path]) == ([path], 0)


def test_a_picture_longer_than_opencv_warps_fits_the_panel(tmp_path):
    for name in ('neutral', 'joy'):
        save(tmp_path / f'{name}.png', np.full((2, 40_000), 200, np.uint8))
    save(tmp_path / 'sad.png', np.full((40_000, 2), 200, np.uint8))

    decoder = FolderDecoder(tmp_path)

    assert decoder.encode(np.zeros(7)).sum() == 1


def test_what_is_no_picture_is_counted(tmp_path):
    picture = save(tmp_path / 'a.png', HALF)
    (tmp_path / 'b.png').write_text('text')
    (tmp_path / '.hidden.png').write_bytes(picture.read_bytes())
    (tmp_path / 'folder.png').mkdir()
    os.mkfifo(tmp_path / 'pipe.png')

    assert pictures_among(sorted(tmp_path.iterdir())) == ([picture], 3)


def test_writing_where_nothing_can_be_written_is_an_error_of_the_system(tmp_path):
    with pytest.raises(OSError, match='nowhere'):
        write_picture(tmp_path / 'nowhere' / 'a.png', HALF)
