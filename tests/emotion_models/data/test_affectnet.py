# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.affectnet import AffectNetVaFaces, load_affectnet_arrays
from emotion_models.data.labelled_faces import NO_LABEL
from emotion_models.labels.expressions import EXPRESSIONS


def write_table(write_picture, folder, rows):
    lines = [
        'subDirectory_filePath,face_x,face_y,face_width,face_height,expression,valence,arousal'
    ]
    for index, values in enumerate(rows):
        write_picture(folder / '1' / f'{index}.jpg', index, (60, 60), (10, 10, 30, 30))
        lines.append(f'1/{index}.jpg,10,10,30,30,{values}')
    path = folder / 'list.csv'
    path.write_text('\n'.join(lines))
    return str(path)


def test_the_rated_faces_of_seven_classes_are_used(tmp_path, write_picture, load, class_names):
    rows = [
        '0,-.1,0',
        '1,.7,.1',
        '6,-2,-2',
        '3,.2,-2',
        '7,-.5,.6',
        '8,-2,-2',
        '10,-2,-2',
        '5,-.7,.4',
    ]
    path = write_table(write_picture, tmp_path / 'training', rows)
    test_path = write_table(write_picture, tmp_path / 'validation', ['2,-.6,-.3', '9,-2,-2'])

    faces = AffectNetVaFaces(path, test_path, held_out=0)
    with pytest.warns(UserWarning, match='without a label'):
        parts = load(faces)

    assert class_names(faces, parts['training']) == ['NEUTRAL', 'HAPPINESS', 'DISGUST']
    assert class_names(faces, parts['test']) == ['SADNESS']
    assert len(parts['validation'].images) == 0
    np.testing.assert_allclose(
        parts['training'].affect, [[-0.1, 0], [0.7, 0.1], [-0.7, 0.4]], atol=1e-6
    )
    assert parts['training'].images.mean() > 250  # the box alone


def test_arrays_come_in_the_order_of_their_numbers(tmp_path, write_picture):
    notes = {10: ('1', '0.7', '0.1'), 9: ('0', '0.0', '-0.1'), 2: ('8', '-2', '-2')}
    (tmp_path / 'annotations').mkdir()
    for number, values in notes.items():
        write_picture(tmp_path / 'images' / f'{number}.jpg')
        for kind, value in zip(('exp', 'val', 'aro'), values, strict=True):
            np.save(tmp_path / 'annotations' / f'{number}_{kind}.npy', value)
    write_picture(tmp_path / 'images' / '11.jpg')

    faces = load_affectnet_arrays(tmp_path)

    assert [EXPRESSIONS[k] for k in faces.expression] == ['NEUTRAL', 'HAPPY']
    assert faces.affect.tolist() == [[0.0, -0.1], [0.7, 0.1]]
    assert faces.skipped == {NO_LABEL: 2}
