# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Picture files on the panel: every depth, transparent, turned, long, damaged."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from oled_face.cli import main
from oled_face.pictures import read_picture

SIZE = 6, 4  # px


def made(mode, value):
    return Image.new(mode, SIZE, value)


@pytest.mark.parametrize(
    ('name', 'picture', 'expected'),
    [
        ('grey.png', made('L', 128), 128),
        ('colour.jpg', made('RGB', (128, 128, 128)), 128),
        ('bits.png', made('1', 1), 255),
        ('deep.png', Image.fromarray(np.full((4, 6), 128 * 257, np.uint16)), 128),
        ('deep.tiff', Image.fromarray(np.full((4, 6), 128 * 257, np.uint16)), 128),
        ('float.tiff', Image.fromarray(np.full((4, 6), 0.5, np.float32)), 128),
        ('opaque.png', made('RGBA', (200, 200, 200, 255)), 200),
        ('half.png', made('RGBA', (200, 200, 200, 128)), 100),
        ('clear.png', made('RGBA', (255, 255, 255, 0)), 0),
        ('clear_grey.png', made('LA', (255, 0)), 0),
        ('clear_palette.png', made('RGBA', (255, 255, 255, 0)).quantize(), 0),
    ],
)
def test_what_is_seen_is_what_the_picture_shows(tmp_path, name, picture, expected):
    picture.save(tmp_path / name)

    grey = read_picture(tmp_path / name)

    assert (grey.dtype, grey.shape) == (np.uint8, (4, 6))
    assert np.abs(grey.astype(int) - expected).max() <= 1


def test_a_photo_is_turned_as_its_camera_says(tmp_path):
    picture = made('L', 9)
    exif = picture.getexif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    picture.save(tmp_path / 'turned.jpg', exif=exif)

    assert read_picture(tmp_path / 'turned.jpg').shape == (6, 4)


@pytest.mark.parametrize('value', [300.0, float('nan'), -1.0])
def test_floats_that_are_no_grey_values_are_refused(tmp_path, value):
    made('F', value).save(tmp_path / 'float.tiff')

    with pytest.raises(ValueError, match=r'float\.tiff.*its floats are not in \[0, 1\]'):
        read_picture(tmp_path / 'float.tiff')


@pytest.mark.parametrize('damage', ['empty', 'text', 'header', 'chunk', 'half'])
@pytest.mark.parametrize('suffix', ['.png', '.jpg', '.gif', '.tiff', '.webp'])
def test_a_damaged_picture_is_one_line(tmp_path, suffix, damage, capsys):
    path = tmp_path / f'damaged{suffix}'
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)
    Image.fromarray(noise).save(path)
    content = path.read_bytes()
    path.write_bytes(
        {
            'empty': b'',
            'text': b'a suffix that lies',
            'header': content[:12],
            'chunk': content[:20] + bytes(99),
            'half': content[: len(content) // 2],
        }[damage]
    )

    assert main(['--output', 'none', str(path)]) == 1

    assert capsys.readouterr().err.startswith(f'{path}')


def test_a_name_that_is_not_utf_8_is_shown(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b'/caf\xe9.png'))
    made('L', 9).save(path)

    assert main(['--output', 'none', '--seconds', '0', str(path)]) == 0


@pytest.mark.parametrize('size', [(40_000, 3), (3, 40_000)])
def test_a_picture_longer_than_opencv_warps_is_shown(tmp_path, size):
    Image.new('L', size, 255).save(tmp_path / 'long.png')

    assert main(['--output', 'none', '--seconds', '0', str(tmp_path / 'long.png')]) == 0


@pytest.mark.parametrize('name', ['nowhere.png', '.'])
def test_what_is_not_there_is_one_line(tmp_path, name, capsys):
    assert main(['--output', 'none', str(tmp_path / name)]) == 1

    assert 'expected' in capsys.readouterr().err
