# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np

from emotion_models.data.face_table import load_table
from emotion_models.data.labelled_faces import NO_IMAGE, NO_LABEL, NO_NUMBER
from emotion_models.labels.expressions import EXPRESSIONS


def names_of(faces):
    return [EXPRESSIONS[k] if k >= 0 else None for k in faces.expression]


def test_a_table_beside_its_pictures(tmp_path, write_picture):
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

    faces = load_table(tmp_path / 'labels.csv')

    assert names_of(faces) == ['HAPPY', 'SURPRISE', None]
    assert faces.affect[0].tolist() == [0.5, -0.25]
    assert np.isnan(faces.affect[1]).all()
    assert faces.skipped == {NO_LABEL: 1, NO_NUMBER: 2, NO_IMAGE: 1}
    assert faces.images[2][0, 0].tolist() == [ord('c')] * 3
    assert not faces.squares


def test_the_tables_of_affectnet_with_their_boxes(tmp_path, write_picture):
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

    faces = load_table(lists / 'validation.csv')

    assert names_of(faces) == ['ANGER', 'CONTEMPT']
    assert faces.affect[0].tolist() == [-0.4, 0.6]
    assert np.isnan(faces.affect[1]).all()
    assert faces.squares == {0: ((25, 35), 30)}
    assert faces.skipped == {NO_LABEL: 1}


def test_a_picture_that_cannot_be_read_is_none(tmp_path):
    (tmp_path / 'broken.png').write_bytes(b'\x89PNG\r\n\x1a\nno picture')
    (tmp_path / 'labels.csv').write_text('file,valence,arousal\nbroken.png,0,0\n')

    assert load_table(tmp_path / 'labels.csv').images[0] is None
