# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import json

import numpy as np
import pytest

from emotion_models.data.class_folders import FolderVaFaces

EXPECT_WARNING = pytest.mark.filterwarnings('ignore:.*without a label')


@pytest.fixture
def folder(tmp_path, write_picture):
    shades = {'angry': (200, 0, 0), 'Happiness': (0, 0, 200), 'others': (9, 9, 9)}
    for name, shade in shades.items():
        for index in range(4):
            write_picture(tmp_path / 'faces' / name / f'{index}.png', shade)
    (tmp_path / 'faces' / 'angry' / 'notes.txt').write_text('x')
    return tmp_path / 'faces'


def test_folders_are_classes_and_others_are_counted(folder, load, class_names):
    faces = FolderVaFaces(str(folder), held_out=0, tested=0)
    with pytest.warns(UserWarning, match='4 without a label'):
        training = load(faces)['training']

    assert class_names(faces, training) == ['HAPPINESS'] * 4 + ['ANGER'] * 4


@EXPECT_WARNING
def test_pictures_are_rgb_with_the_affect_of_a_file(folder, tmp_path, load):
    path = tmp_path / 'fer_va.json'
    entries = {f'angry/{k}.png': [-0.5, 0.1 * k] for k in range(4)}
    path.write_text(json.dumps(entries | {'Happiness/0.png': [0.6, 0]}))

    faces = FolderVaFaces(str(folder), str(path), held_out=0, tested=0)
    images, affect, _ = load(faces)['training']

    assert images[:, :, 0, 0].tolist() == [[200, 0, 0]] + [[0, 0, 200]] * 4
    np.testing.assert_allclose(affect[1:, 1], [0, 0.1, 0.2, 0.3], atol=1e-6)


@EXPECT_WARNING
def test_no_picture_is_in_two_parts(folder):
    parts = FolderVaFaces(str(folder), held_out=0.25, tested=0.25).load_parts(3)

    assert {name: len(part) for name, part in parts.items()} == {
        'training': 4,
        'validation': 2,
        'test': 2,
    }
    assert len(set(np.concatenate([part.rows for part in parts.values()]))) == 8


def test_a_picture_that_cannot_be_read_is_named(tmp_path, write_picture, load):
    for index in range(2):
        write_picture(tmp_path / 'sad' / f'{index}.png')
    (tmp_path / 'sad' / '1.png').write_bytes(b'\x89PNG\r\n\x1a\nno picture')

    with pytest.raises(ValueError, match=r'the picture sad/1\.png cannot be read; remove it'):
        load(FolderVaFaces(str(tmp_path), held_out=0, tested=0))
