# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import json

import cv2
import numpy as np
import pytest

from emotion_models.data.face_folders import (
    NO_ANNOTATION,
    NO_IMAGE,
    NO_LABEL,
    NO_NUMBER,
    load_folder,
)
from emotion_models.labels.expressions import EXPRESSIONS


def write_picture(path, grey=100):
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((60, 80, 3), grey, np.uint8))


def names_of(faces):
    return [EXPRESSIONS[k] if k >= 0 else None for k in faces.expression]


def test_a_table_beside_its_pictures(tmp_path):
    for name in 'abcdef':
        write_picture(tmp_path / 'faces' / f'{name}.png', ord(name))
    (tmp_path / 'labels.csv').write_text(
        '\ufeffFile, Valence,Arousal ,expression\n'
        'faces/a.png,0.5,-0.25,happiness\n'
        'faces/b.png,,,3\n'
        'faces/c.png,-1,1,\n'
        'faces/d.png,,,bored\n'
        'faces/e.png,5,0.1,sad\n'
        'faces/f.png,much,0.1,sad\n'
        'faces/gone.png,0,0,neutral\n',
        encoding='utf-8',
    )

    faces = load_folder(tmp_path)

    assert names_of(faces) == ['HAPPY', 'SURPRISE', None]
    assert faces.affect[0].tolist() == [0.5, -0.25]
    assert np.isnan(faces.affect[1]).all()
    assert faces.skipped == {NO_LABEL: 1, NO_NUMBER: 2, NO_IMAGE: 1}
    assert faces.images[2][0, 0].tolist() == [ord('c')] * 3
    assert not faces.squares


def test_the_tables_of_affectnet_with_their_boxes(tmp_path):
    write_picture(tmp_path / 'Manually_Annotated_Images' / '12' / 'a.jpg')
    write_picture(tmp_path / 'Manually_Annotated_Images' / '12' / 'b.jpg')
    write_picture(tmp_path / 'Manually_Annotated_Images' / '12' / 'c.jpg')
    lists = tmp_path / 'Manually_Annotated_file_lists'
    lists.mkdir()
    (lists / 'validation.csv').write_text(
        'subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,expression,'
        'valence,arousal\n'
        '12/a.jpg,10,20,30,30,1.5;2.5;3;4,6,-0.4,0.6\n'
        '12/b.jpg,10,20,30,30,1.5;2.5;3;4,10,-2,-2\n'
        '12/c.jpg,NULL,NULL,NULL,NULL,,7,-2,0.3\n'
    )

    faces = load_folder(lists)

    assert names_of(faces) == ['ANGER', 'CONTEMPT']
    assert faces.affect[0].tolist() == [-0.4, 0.6]
    assert np.isnan(faces.affect[1]).all()
    assert faces.squares == {0: ((25, 35), 30)}
    assert faces.skipped == {NO_LABEL: 1}


def test_the_arrays_of_affectnet_in_the_order_of_their_numbers(tmp_path):
    notes = {10: ('1', '0.7', '0.1'), 9: ('0', '0.0', '-0.1'), 2: ('8', '-2', '-2')}
    (tmp_path / 'annotations').mkdir()
    for number, values in notes.items():
        write_picture(tmp_path / 'images' / f'{number}.jpg')
        for kind, value in zip(('exp', 'val', 'aro'), values, strict=True):
            np.save(tmp_path / 'annotations' / f'{number}_{kind}.npy', value)
    write_picture(tmp_path / 'images' / '11.jpg')

    faces = load_folder(tmp_path)

    assert names_of(faces) == ['NEUTRAL', 'HAPPY']
    assert faces.affect.tolist() == [[0.0, -0.1], [0.7, 0.1]]
    assert faces.skipped == {NO_LABEL: 2}


def afew_frame(valence, arousal, at=(20, 10)):
    x, y = at
    return {'valence': valence, 'arousal': arousal, 'landmarks': [[x, y], [x + 30, y + 40]]}


def write_clip(folder, frames):
    folder.mkdir(parents=True)
    document = {'video_id': folder.name, 'frames': frames, 'actor': 'somebody'}
    (folder / f'{folder.name}.json').write_text(json.dumps(document))
    (folder / 'README.md').write_text('not a frame')
    for name in frames:
        write_picture(folder / f'{name}.png')


def test_the_clips_of_afew_va_in_order_and_scaled(tmp_path):
    write_clip(tmp_path / '002', {'00001': afew_frame(3.0, -2), '00000': afew_frame(-10, 10)})
    write_clip(tmp_path / '01' / '001', {'00000': afew_frame(0, 5), '00001': afew_frame(12, 0)})
    (tmp_path / '003').mkdir()
    (tmp_path / '002' / '00001.png').unlink()

    faces = load_folder(tmp_path)

    assert faces.affect.tolist() == [[0, 0.5], [-1, 1]]
    assert names_of(faces) == [None, None]
    assert faces.skipped == {NO_ANNOTATION: 1, NO_NUMBER: 1, NO_IMAGE: 1}
    (x, y), side = faces.squares[0]
    assert x == 35
    assert y < 30
    assert 40 < side < 60


def test_a_picture_that_cannot_be_read_is_none(tmp_path):
    (tmp_path / 'broken.png').write_bytes(b'no picture')
    (tmp_path / 'labels.csv').write_text('file,valence,arousal\nbroken.png,0,0\n')

    assert load_folder(tmp_path).images[0] is None


@pytest.mark.parametrize(
    ('files', 'words'),
    [
        ({}, 'no labelled faces that are known; expected a folder with a table'),
        ({'a.csv': '', 'b.csv': ''}, r'several tables: a\.csv, b\.csv; name one'),
        ({'a.csv': 'name,mood\nx,good\n'}, 'has the columns name, mood; expected file,valence'),
        ({'a.csv': 'file,expression\nx.png,sad\n'}, 'no face with a label: 1 without their im'),
        ({'001/001.json': '[]'}, r'001\.json is no annotation of AFEW-VA'),
    ],
)
def test_a_folder_that_does_not_fit_is_refused_in_one_line(tmp_path, files, words):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    with pytest.raises(ValueError, match=words) as caught:
        load_folder(tmp_path)
    assert '\n' not in str(caught.value)
