# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import json

import numpy as np
import pytest

from emotion_models.data.afew_va import NO_ANNOTATION, AfewVaFaces, load_afew_va
from emotion_models.data.labelled_faces import NO_IMAGE, NO_NUMBER

EXPECT_WARNING = pytest.mark.filterwarnings('ignore:.*without annotation')


def write_clip(write_picture, folder, clip, frames):
    """Whole frames of a film whose face is white; frames are written in a wrong order."""
    notes = {}
    for name, (valence, arousal) in reversed(frames.items()):
        write_picture(folder / clip / f'{name}.png', 30, (120, 200), (140, 40, 40, 40))
        notes[name] = {
            'valence': valence,
            'arousal': arousal,
            'landmarks': [[140, 40], [180, 40], [140, 80], [180, 80]],
        }
    (folder / clip / 'README.md').write_text('# About this clip\n')
    (folder / clip / f'{clip}.json').write_text(json.dumps({'video_id': clip, 'frames': notes}))


@pytest.fixture
def afew(tmp_path, write_picture):
    folder = tmp_path / 'afew'
    for clip in (1, 2, 3, 4, 5, 540, 541, 600):
        frames = {'00000': (clip % 11, -3), '00001': (-10.0, 9.5)}
        write_clip(write_picture, folder, f'{clip:03}', frames)
    (folder / '007').mkdir()
    return folder


def test_frames_are_sorted_and_valence_comes_first(afew):
    faces = load_afew_va(afew)

    assert faces.keys[:4] == ['001_00000', '001_00001', '002_00000', '002_00001']
    assert faces.affect[:2].tolist() == [[0.1, -0.3], [-1.0, 0.95]]
    assert faces.skipped == {NO_ANNOTATION: 1}


def test_clips_may_lie_one_deeper_and_what_cannot_be_used_is_counted(tmp_path, write_picture):
    write_clip(write_picture, tmp_path, '002', {'00001': (3.0, -2), '00000': (-10, 10)})
    write_clip(write_picture, tmp_path / '01', '001', {'00000': (0, 5), '00001': (12, 0)})
    (tmp_path / '002' / '00001.png').unlink()

    faces = load_afew_va(tmp_path)

    assert faces.affect.tolist() == [[0, 0.5], [-1, 1]]
    assert faces.expression.tolist() == [-1, -1]
    assert faces.skipped == {NO_NUMBER: 1, NO_IMAGE: 1}
    (x, y), side = faces.squares[0]
    assert x == 160
    assert y < 60  # the forehead is above the landmarks
    assert 40 < side < 60


def test_clips_are_split(afew, groups_of, load):
    faces = AfewVaFaces(str(afew), held_out=1 / 3)
    with pytest.warns(UserWarning, match='1 clips without annotation'):
        clips = groups_of(faces)

    assert clips['test'] == {'541', '600'}
    assert len(clips['validation']) == 2
    assert clips['training'] | clips['validation'] == {'001', '002', '003', '004', '005', '540'}
    assert not clips['training'] & clips['validation']


@EXPECT_WARNING
def test_the_face_is_cut_out_of_a_frame_unless_asked_otherwise(afew, load):
    cut, whole = (load(AfewVaFaces(str(afew), crop=crop))['test'] for crop in (True, False))

    assert cut.images.shape == whole.images.shape == (4, 3, 64, 64)
    assert set(cut.expression) == {-1}
    assert cut.images.mean() > 150 > 60 > whole.images.mean()


def test_the_square_around_a_face_at_the_border_is_filled_up(tmp_path, write_picture, load):
    write_clip(write_picture, tmp_path, '001', {'00000': (0, 0)})
    notes = {'frames': {'00000': {'valence': 0, 'arousal': 0, 'landmarks': [[0, 0], [40, 40]]}}}
    (tmp_path / '001' / '001.json').write_text(json.dumps(notes))

    images = load(AfewVaFaces(str(tmp_path), held_out=0))['training'].images

    assert np.unique(images).tolist() == [30]


@EXPECT_WARNING
def test_classes_come_from_a_file(afew, tmp_path, load, class_names):
    labels = tmp_path / 'AFEW_labels.json'
    labels.write_text(json.dumps({'541_00000': 'FEAR', '600_00001': 'SADNESS'}))
    faces = AfewVaFaces(str(afew), labels=str(labels))

    assert class_names(faces, load(faces)['test']) == ['FEAR', None, None, 'SADNESS']


def test_a_folder_of_another_layout_says_what_was_expected(tmp_path):
    with pytest.raises(
        ValueError, match=r'no face with a label: it is empty; expected .*CLIP\.json'
    ):
        AfewVaFaces(str(tmp_path)).load_parts(0)
