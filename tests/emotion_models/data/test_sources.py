# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import json
import shutil

import numpy as np
import pytest

from emotion_models.data.sources import find_data, load_folder, load_labelled_faces


@pytest.fixture
def shared(tmp_path, monkeypatch, faces_archive):
    monkeypatch.setenv('EMOTION_AGENT_SHARED', str(tmp_path / 'shared'))
    folder = tmp_path / 'shared' / 'data' / 'somefaces'
    folder.mkdir(parents=True)
    shutil.copy(faces_archive, folder / 'somefaces_valid.npz')
    np.savez(folder / 'somefaces_train.npz', nothing=0)
    return folder


def test_names_are_found_in_the_shared_data(shared):
    assert find_data('somefaces') == shared
    assert find_data('somefaces_train') == shared / 'somefaces_train.npz'
    assert find_data(shared / 'somefaces_valid.npz') == shared / 'somefaces_valid.npz'


def test_a_folder_is_evaluated_on_its_validation_part(shared):
    assert len(load_labelled_faces('somefaces')) == 96


def test_a_folder_of_several_unknown_archives_is_refused(shared):
    (shared / 'somefaces_valid.npz').rename(shared / 'more.npz')

    with pytest.raises(ValueError, match=r'several archives: more\.npz, somefaces_train\.npz'):
        load_labelled_faces(shared)


def test_what_is_nowhere_is_told_the_known_forms(shared):
    with pytest.raises(FileNotFoundError, match="no file or .*nofaces.*AffectNet's images"):
        load_labelled_faces('nofaces')


def test_the_content_of_a_folder_says_its_layout(tmp_path, write_picture):
    for name in ('table', 'arrays', 'clips'):
        (tmp_path / name).mkdir()
    write_picture(tmp_path / 'table' / 'a.png')
    (tmp_path / 'table' / 'labels.csv').write_text('file,valence,arousal\na.png,0.1,0\n')
    write_picture(tmp_path / 'arrays' / 'images' / '1.jpg')
    (tmp_path / 'arrays' / 'annotations').mkdir()
    for kind, value in {'exp': '1', 'val': '0.2', 'aro': '0'}.items():
        np.save(tmp_path / 'arrays' / 'annotations' / f'1_{kind}.npy', value)
    write_picture(tmp_path / 'clips' / '001' / '00000.png')
    notes = {'frames': {'00000': {'valence': 3, 'arousal': 0}}}
    (tmp_path / 'clips' / '001' / '001.json').write_text(json.dumps(notes))

    found = [load_folder(tmp_path / name).affect[0, 0] for name in ('table', 'arrays', 'clips')]

    assert found == [0.1, 0.2, 0.3]


@pytest.mark.parametrize(
    ('files', 'words'),
    [
        ({}, 'no labelled faces that are known; expected a folder with a table'),
        ({'a.csv': '', 'b.csv': ''}, r'several tables: a\.csv, b\.csv; name one'),
        (
            {'a.csv': 'name,mood\nx,good\n'},
            'has the columns name, mood; expected a table with file,valence',
        ),
        ({'a.csv': 'file,expression\nx.png,sad\n'}, 'no face with a label: 1 without their im'),
        ({'001/001.json': '[]'}, r'001\.json cannot be read .*; expected an annotation of AFEW'),
    ],
)
def test_a_folder_that_does_not_fit_is_refused_in_one_line(tmp_path, files, words):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    with pytest.raises(ValueError, match=words) as caught:
        load_folder(tmp_path)
    assert '\n' not in str(caught.value)
