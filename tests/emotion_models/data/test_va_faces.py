# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.afew_va import AfewVaFaces
from emotion_models.data.affectnet import AffectNetVaFaces
from emotion_models.data.class_folders import FolderVaFaces
from emotion_models.data.face_archive import ArchiveVaFaces
from emotion_models.data.imfdb import ImfdbVaFaces
from emotion_models.data.va_faces import GreyFaces, class_indices
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.labels.prototypes import AFFECTNET_PROTOTYPES, CLASS_OF_EXPRESSION


def test_grey_faces_are_shown_in_three_channels():
    images = np.random.default_rng(0).integers(0, 256, (5, 64, 64), np.uint8)
    faces = GreyFaces(images, np.zeros((5, 2), np.float32), np.arange(5))

    batch = faces.take(np.array([3, 1]))

    assert batch.images.shape == (2, 3, 64, 64)
    assert (batch.images == images[[3, 1], None]).all()
    assert batch.expression.tolist() == [3, 1]


def test_expressions_without_a_prototype_have_no_class():
    names = [
        AFFECTNET_PROTOTYPES.names[k] if k >= 0 else None
        for k in class_indices(np.arange(len(EXPRESSIONS)))
    ]

    assert names == [CLASS_OF_EXPRESSION.get(name) for name in EXPRESSIONS]
    assert class_indices(np.array([-1])).tolist() == [-1]


@pytest.mark.parametrize(
    ('make', 'words'),
    [
        (AfewVaFaces, 'CLIP/CLIP.json'),
        (ImfdbVaFaces, 'ACTOR/FILM/FILM.txt'),
        (lambda path: AffectNetVaFaces(path, path), 'subDirectory_filePath'),
        (FolderVaFaces, 'CLASS/FILE.png'),
        (ArchiveVaFaces, 'npz archive'),
    ],
)
def test_a_missing_path_says_which_layout_was_expected_where(tmp_path, make, words):
    with pytest.raises(FileNotFoundError, match='nowhere; expected ') as caught:
        make(str(tmp_path / 'nowhere')).load_parts(0)

    assert words in str(caught.value)
