# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Files of every kind, damaged in every way: one line that names the file, before any training."""

import json
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from emotion_models.data.afew_va import load_afew_va
from emotion_models.data.affect_faces import AffectFaces
from emotion_models.data.affectnet import load_affectnet_arrays
from emotion_models.data.class_folders import load_class_folders
from emotion_models.data.face_archive import load_archive
from emotion_models.data.face_table import load_table
from emotion_models.data.fer2013plus import load_rated_faces, load_voted_faces
from emotion_models.data.landmarks import corner_heights
from emotion_models.data.nested_poses import load_nested
from emotion_models.data.own_drawings import OwnDrawings, read_drawings
from emotion_models.data.poses import JOINTS
from emotion_models.data.recorded_poses import RecordedPoses, load_poses
from emotion_models.data.va_faces import annotated_affect
from emotion_models.imaging.files import write_picture
from emotion_models.levasa.annotation_files import read_annotations, read_json
from emotion_models.levasa.prototype_tables import read_prototypes
from emotion_models.training.run_table import read_rows

EIGHT = (
    *('neutral', 'happiness', 'sadness', 'surprise', 'fear', 'disgust', 'anger', 'contempt'),
    *('unknown', 'not_a_face'),
)
PNG = b'\x89PNG\r\n\x1a\n'

READERS = {
    'archive.npz': load_archive,
    'votes.npz': load_voted_faces,
    'poses.npz': load_poses,
    'poses.npy': load_poses,
    'clips.npz': read_annotations,
    'points.npz': corner_heights,
    'labels.csv': load_table,
    'drawings.csv': lambda path: read_drawings(path.parent),
    'prototypes.csv': read_prototypes,
    'sweep.csv': read_rows,
    'va.json': lambda path: annotated_affect(str(path), ['a']),
    'other_va.json': read_json,
    'poses.pkl': lambda path: load_nested(path, path),
}
TABLES = [name for name in READERS if name.endswith('.csv')]


class Unpickled:
    """What an archive of arrays does not hold."""


def whole(folder: Path, name: str) -> bytes:
    """The bytes of a file of that ending that can be read, whatever it holds."""
    path = folder / f'whole{Path(name).suffix}'
    if path.suffix == '.npz':
        np.savez_compressed(path, images=np.random.default_rng(0).random((9, 48, 48)))
    elif path.suffix == '.npy':
        np.save(path, np.zeros((50, 17, 3)))
    elif path.suffix == '.pkl':
        path.write_bytes(pickle.dumps({'S1': {'walk': {'a': np.zeros((5, 17, 3))}}}))
    elif path.suffix == '.json':
        path.write_text(json.dumps({f'{number}': [0.5, 0.5] for number in range(99)}))
    else:
        path.write_text('file,valence,arousal\n' + 'a.png,0.5,0.5\n' * 20)
    return path.read_bytes()


def objects(folder: Path, name: str) -> bytes:
    """An archive or array of Python objects, which would run code."""
    path = folder / f'objects{Path(name).suffix}'
    content = np.array([Unpickled()], object)
    if path.suffix == '.npz':
        np.savez(path, images=content, votes=content, vote_names=content, poses=content)
    else:
        np.save(path, content, allow_pickle=True)
    return path.read_bytes()


DAMAGE = {
    'empty': lambda folder, name: b'',
    'cut': lambda folder, name: whole(folder, name)[: len(whole(folder, name)) // 2],
    'zeros': lambda folder, name: bytes(4096),
    'other bytes': lambda folder, name: bytes(range(256)) * 8,
    'a list': lambda folder, name: b'[1, 2, 3]',
    'deep': lambda folder, name: b'[' * 100_000,
    'objects': objects,
}


ARRAYS = [name for name in READERS if name.endswith(('.npz', '.npy'))]
CASES = [
    *((name, damage) for name in READERS for damage in ('zeros', 'other bytes')),
    *(
        (name, damage)
        for name in {*READERS} - {'sweep.csv'}
        for damage in ('empty', 'a list', 'deep')
    ),
    *((name, 'cut') for name in READERS if name not in TABLES),
    *((name, 'objects') for name in ARRAYS),
]
"""A table of runs may have any columns and no rows, and a cut table is a shorter one."""


@pytest.mark.parametrize(('name', 'damage'), sorted(CASES))
def test_a_damaged_file_is_one_line_that_names_it(tmp_path, name, damage):
    path = tmp_path / name
    path.write_bytes(DAMAGE[damage](tmp_path, name))

    with pytest.raises(ValueError, match=name) as refusal:
        READERS[name](path)

    assert '\n' not in str(refusal.value)


@pytest.mark.parametrize('name', TABLES)
def test_a_field_that_is_too_long_is_one_line_that_names_the_file(tmp_path, name):
    path = tmp_path / name
    path.write_text('file;valence;arousal\n' + 'x' * 200_000 + ';1;2\n')

    with pytest.raises(ValueError, match=rf'{name}.*(separated by commas|columns)'):
        READERS[name](path)


def test_a_row_with_more_fields_than_the_header_is_named(tmp_path):
    path = tmp_path / 'labels.csv'
    path.write_text('file,valence,arousal\na.png,0,5,0,5\n')

    with pytest.raises(ValueError, match='line 2: 5 fields, the header has 3'):
        load_table(path)


# Each entry: what replaces a part of a good archive, and what is said of it.
ARCHIVES = {
    'seven columns of votes': ({'votes': np.ones((4, 7), np.uint8)}, r'votes \(4, 7\) and 10'),
    'votes of other faces': ({'votes': np.ones((3, 10), np.uint8)}, 'different numbers of rows'),
    'votes that are nan': ({'votes': np.full((4, 10), np.nan)}, 'votes must be numbers'),
    'negative votes': ({'votes': np.full((4, 10), -1)}, 'votes must be numbers'),
    'no expressions': ({'vote_names': np.array([f'x{n}' for n in range(10)])}, 'no votes for'),
    'no faces': (
        {'images': np.zeros((0, 48, 48), np.uint8), 'votes': np.ones((0, 10), np.uint8)},
        'images of|no rows',
    ),
    'float images': ({'images': np.zeros((4, 48, 48))}, 'images of float64'),
}


@pytest.mark.parametrize('reader', [load_voted_faces, load_archive])
@pytest.mark.parametrize('fault', ARCHIVES)
def test_an_archive_of_votes_that_does_not_fit_is_refused(tmp_path, fault, reader):
    replaced, words = ARCHIVES[fault]
    good = {
        'images': np.zeros((4, 48, 48), np.uint8),
        'votes': np.ones((4, 10), np.uint8),
        'vote_names': np.array(EIGHT),
    }
    path = tmp_path / 'faces.npz'
    np.savez(path, **{**good, **replaced})

    with pytest.raises(ValueError, match=rf'faces\.npz.*({words})'):
        reader(path)


@pytest.mark.parametrize(
    ('va', 'words'),
    [
        ([[0.5, 9.8], [0, 0]], r'1 of 2 rows are not, the first is row 0 with \[0\.5, 9\.8\]'),
        ([[0, 0], [0.1, np.nan]], 'the first is row 1'),
        ([[np.nan, 0.1], [0, 0]], 'the first is row 0'),
        ([[np.inf, 0.1], [0, 0]], 'the first is row 0'),
        ([0.1, 0.2], r'must be numbers \(N, 2\)'),
        ([[0, 0]], 'different numbers of rows'),
        ([['a', 'b'], ['c', 'd']], 'must be numbers'),
    ],
)
def test_valence_and_arousal_that_are_none_are_refused(tmp_path, va, words):
    path = tmp_path / 'faces.npz'
    np.savez(path, images=np.zeros((2, 48, 48), np.uint8), va=np.array(va))

    with pytest.raises(ValueError, match=words):
        load_archive(path)


@pytest.mark.parametrize('label', [[0, 2], [-1, 0], [0.5, 0], [[0, 1], [1, 0]], [0]])
def test_labels_without_a_name_are_refused(tmp_path, label):
    path = tmp_path / 'faces.npz'
    images = np.zeros((2, 48, 48), np.uint8)
    np.savez(path, images=images, label=np.array(label), label_names=['happy', 'sad'])

    with pytest.raises(ValueError, match=r'faces\.npz'):
        load_archive(path)


def test_faces_about_which_nothing_is_known_are_refused(tmp_path):
    path = tmp_path / 'faces.npz'
    votes = np.zeros((4, 10), np.uint8)
    np.savez(path, images=np.zeros((4, 48, 48), np.uint8), votes=votes, vote_names=EIGHT)

    with pytest.raises(ValueError, match='none of 4 faces has 4 votes'):
        load_rated_faces(path)


@pytest.mark.parametrize(
    ('arrays', 'words'),
    [
        ({'poses': np.random.default_rng(0).normal(size=(9, 17, 3)) * 400}, 'in metres'),
        ({'poses': np.full((9, 17, 3), np.nan)}, 'not finite'),
        ({'poses': np.zeros((9, 17, 3)), 'subject': np.array(['S1'])}, 'numbers of rows'),
        ({'poses': np.zeros((9, 17, 3)), 'sequence': np.zeros(9, int)}, 'sequence_names'),
        (
            {'poses': np.zeros((9, 17, 3)), 'sequence': np.arange(9), 'sequence_names': ['a_b']},
            'places in sequence_names',
        ),
        ({'poses': np.zeros((9, 17, 3)), 'joint_names': np.arange(17)}, 'names the joints'),
        ({'positions': np.zeros((9, 17, 3))}, 'holds positions; expected'),
        ({'poses': np.full((9, 17, 3), 'x')}, 'not finite'),
    ],
)
def test_poses_that_do_not_fit_are_refused(tmp_path, arrays, words):
    path = tmp_path / 'poses.npz'
    np.savez(path, **arrays)

    with pytest.raises(ValueError, match=rf'poses\.npz.*{words}'):
        load_poses(path)


@pytest.mark.parametrize('joints', [{}, {'joint_names': JOINTS}])
def test_poses_of_a_tall_person_are_metres(tmp_path, joints):
    path = tmp_path / 'poses.npz'
    poses = np.zeros((9, 17, 3))
    poses[:, 1:, 1] = 1.6
    np.savez(path, poses=poses, **joints)

    assert len(load_poses(path)) == 9


@pytest.mark.parametrize('every', [0, -1])
def test_a_step_of_nothing_is_refused(tmp_path, every):
    with pytest.raises(ValueError, match=f'every must be .* >= 1, got {every}'):
        RecordedPoses(str(tmp_path / 'poses.npz'), every=every)
    with pytest.raises(ValueError, match=f'every must be .* at least 1, got {every}'):
        load_nested(tmp_path / 'a.pkl', tmp_path / 'b.json', every)


def test_drawings_that_fill_no_part_are_refused(tmp_path):
    write_picture(tmp_path / 'a.png', np.zeros((64, 128), np.uint8))
    (tmp_path / 'drawings.csv').write_text('file,valence,arousal\na.png,0,0\na.png,0,0\n')

    with pytest.raises(ValueError, match='has 2 drawings; expected at least 3'):
        OwnDrawings(str(tmp_path)).load_parts(0)


def test_what_is_no_picture_is_left_out_and_counted(tmp_path):
    folder = tmp_path / 'happy'
    folder.mkdir()
    write_picture(folder / 'a.png', np.zeros((8, 8), np.uint8))
    write_picture(folder / '.b.png', np.zeros((8, 8), np.uint8))
    (folder / 'text.png').write_text('a suffix that lies')
    (folder / 'empty.png').write_bytes(b'')
    (folder / 'broken_link.png').symlink_to('nowhere')
    (folder / 'folder.png').mkdir()
    os.mkfifo(folder / 'pipe.png')
    (tmp_path / '.hidden').mkdir()
    write_picture(tmp_path / '.hidden' / 'a.png', np.zeros((8, 8), np.uint8))

    faces = load_class_folders(tmp_path)

    assert list(faces.keys) == ['happy/a.png']
    assert sum(faces.skipped.values()) == 5


def test_names_that_are_not_utf_8_are_read(tmp_path):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b'/caf\xe9'))
    (folder / 'happy').mkdir(parents=True)
    write_picture(folder / 'happy' / 'a.png', np.full((8, 8), 9, np.uint8))
    np.savez(folder / 'va.npz', images=np.zeros((2, 48, 48), np.uint8), va=np.zeros((2, 2)))

    assert load_class_folders(folder).images[0].max() == 9
    assert len(load_archive(folder / 'va.npz')) == 2


@pytest.mark.parametrize('content', [b'', PNG, b'\x93NUMPY\x01\x00'])
def test_a_damaged_number_of_affectnet_is_named(tmp_path, content):
    (tmp_path / 'images').mkdir()
    (tmp_path / 'annotations').mkdir()
    write_picture(tmp_path / 'images' / '1.jpg', np.zeros((8, 8), np.uint8))
    (tmp_path / 'annotations' / '1_exp.npy').write_bytes(content)

    with pytest.raises(ValueError, match='1_exp.npy'):
        load_affectnet_arrays(tmp_path)


@pytest.mark.parametrize(
    'text',
    [
        '',
        '[',
        '{"frames": []}',
        '{"frames": {"00000": 3}}',
        '{"frames": {"0": {"landmarks": "x"}}}',
    ],
)
def test_a_damaged_annotation_of_afew_is_named(tmp_path, text):
    (tmp_path / '001').mkdir()
    (tmp_path / '001' / '001.json').write_text(text)

    with pytest.raises(ValueError, match=r'001\.json'):
        load_afew_va(tmp_path)


@pytest.mark.parametrize(
    'entries', [{'a': [0.1]}, {'a': ['x', 'y']}, {'a': [None, 0.1]}, {'a': 3}, {'a': [30, 2]}]
)
def test_an_annotation_file_with_what_is_none_is_named(tmp_path, entries):
    path = tmp_path / 'va.json'
    path.write_text(json.dumps(entries))

    with pytest.raises(ValueError, match=r'va\.json'):
        annotated_affect(str(path), ['a', 'b'])


@pytest.fixture
def collected(tmp_path, faces_archive):
    """Faces to train the affect network on, with some of a folder beside them."""
    folder = tmp_path / 'happy'
    folder.mkdir()
    for number in range(3):
        write_picture(folder / f'{number}.png', np.zeros((8, 8), np.uint8))
    table = tmp_path / 'own.csv'
    table.write_text('file,expression\n' + ''.join(f'happy/{n}.png,happy\n' for n in range(3)))
    return AffectFaces(str(faces_archive), collections=[{'data': str(table)}])


def test_a_collection_too_small_to_hold_out_is_trained_on(collected):
    parts = collected.load_parts(0)

    assert len(parts['training']) + len(parts['validation']) == 96 + 3


def test_a_picture_of_a_collection_that_cannot_be_decoded_is_named(collected, tmp_path):
    (tmp_path / 'happy' / '1.png').write_bytes(PNG + bytes(50))

    with pytest.raises(ValueError, match=r'the picture happy/1\.png cannot be read; remove it'):
        collected.load_parts(0)
