# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import shutil

import numpy as np
import pytest

from emotion_models.data.sources import find_data, load_labelled_faces


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
