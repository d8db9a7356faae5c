# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The data modules on miniature copies of the published layouts, with their irregularities."""

import json

import cv2
import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')
pytest.importorskip('lightning')

from emotion_models.data.class_folders import (  # noqa: E402
    NO_CLASS,
    NO_TABLE,
    REPLACED,
    SHORT_ROW,
    load_imfdb,
)
from emotion_models.data.face_folders import NO_IMAGE, load_afew_va  # noqa: E402
from emotion_models.data.published_va_faces import (  # noqa: E402
    AfewVaFaces,
    AffectNetVaFaces,
    ArchiveVaFaces,
    FolderVaFaces,
    ImfdbVaFaces,
)
from emotion_models.labels.expressions import EXPRESSIONS  # noqa: E402
from emotion_models.labels.prototypes import AFFECTNET_PROTOTYPES  # noqa: E402

PARTS = ('training', 'validation', 'test')


def write_picture(path, shade=100, size=(48, 48), inside=None):
    """A picture of one colour (blue-green-red); `inside` = x, y, width, height in white."""
    image = np.full((*size, 3), shade, np.uint8)
    if inside:
        x, y, width, height = inside
        image[y : y + height, x : x + width] = 255
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), image)


def everything(data, part):
    """All images, affect and classes of a part."""
    batches = list(data.in_order(part))
    return [torch.cat(parts) for parts in zip(*batches, strict=True)]


def class_names(data, part):
    return [data.classes[k] if k >= 0 else None for k in everything(data, part)[2]]


# AFEW-VA ------------------------------------------------------------------------------------


def write_clip(folder, clip, frames, landmarks=True):
    """Whole frames of a film whose face is white; frames are written in a wrong order."""
    notes = {}
    for name, (valence, arousal) in reversed(frames.items()):
        write_picture(folder / clip / f'{name}.png', 30, (120, 200), (140, 40, 40, 40))
        notes[name] = {'valence': valence, 'arousal': arousal}
        if landmarks:
            notes[name]['landmarks'] = [[140, 40], [180, 40], [140, 80], [180, 80]]
    (folder / clip / 'README.md').write_text('# About this clip\n')
    (folder / clip / f'{clip}.json').write_text(json.dumps({'video_id': clip, 'frames': notes}))


@pytest.fixture
def afew(tmp_path):
    folder = tmp_path / 'afew'
    for clip in (1, 2, 3, 4, 5, 540, 541, 600):
        write_clip(folder, f'{clip:03}', {'00000': (clip % 11, -3), '00001': (-10.0, 9.5)})
    (folder / '007').mkdir()
    return folder


def test_frames_of_afew_are_sorted_and_valence_comes_first(afew):
    faces = load_afew_va(afew)

    assert faces.keys[:4] == ['001_00000', '001_00001', '002_00000', '002_00001']
    assert faces.affect[:2].tolist() == [[0.1, -0.3], [-1.0, 0.95]]


def test_afew_is_split_by_clip(afew):
    data = AfewVaFaces(str(afew), held_out=1 / 3, batch_size=3)
    with pytest.warns(UserWarning, match='1 clips without annotation'):
        data.setup()

    clips = {
        part: {data._parts[part].faces.groups[k] for k in data._parts[part].chosen}
        for part in PARTS
    }
    assert clips['test'] == {'541', '600'}
    assert len(clips['validation']) == 2
    assert clips['training'] | clips['validation'] == {'001', '002', '003', '004', '005', '540'}
    assert not clips['training'] & clips['validation']
    assert len(everything(data, 'test')[0]) == 4


def test_the_face_is_cut_out_of_a_frame_unless_told_otherwise(afew):
    shown = {}
    for crop in (True, False):
        data = AfewVaFaces(str(afew), crop=crop)
        with pytest.warns(UserWarning, match='without annotation'):
            data.setup()
        images, _, expression = everything(data, 'test')
        shown[crop] = images.float().mean().item()
        assert images.shape == (4, 3, 64, 64)
        assert set(expression.tolist()) == {-1}

    assert shown[True] > 150 > 60 > shown[False]


def test_the_square_around_a_face_at_the_border_is_filled_up(tmp_path):
    write_clip(tmp_path, '001', {'00000': (0, 0)})
    notes = {'frames': {'00000': {'valence': 0, 'arousal': 0, 'landmarks': [[0, 0], [40, 40]]}}}
    (tmp_path / '001' / '001.json').write_text(json.dumps(notes))

    images, _, _ = everything(AfewVaFaces(str(tmp_path), held_out=0), 'training')

    assert set(images.unique().tolist()) == {30}


def test_afew_takes_classes_from_a_file(afew, tmp_path):
    labels = tmp_path / 'AFEW_labels.json'
    labels.write_text(json.dumps({'541_00000': 'FEAR', '600_00001': 'SADNESS'}))

    data = AfewVaFaces(str(afew), labels=str(labels))
    with pytest.warns(UserWarning, match='without annotation'):
        data.setup()

    assert class_names(data, 'test') == ['FEAR', None, None, 'SADNESS']


# AffectNet ----------------------------------------------------------------------------------


def write_affectnet(folder, rows):
    lines = [
        'subDirectory_filePath,face_x,face_y,face_width,face_height,expression,valence,arousal'
    ]
    for index, values in enumerate(rows):
        write_picture(folder / '1' / f'{index}.jpg', index, (60, 60), (10, 10, 30, 30))
        lines.append(f'1/{index}.jpg,10,10,30,30,{values}')
    path = folder / 'list.csv'
    path.write_text('\n'.join(lines))
    return str(path)


def test_affectnet_uses_the_rated_faces_of_seven_classes(tmp_path):
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
    path = write_affectnet(tmp_path / 'training', rows)
    test_path = write_affectnet(tmp_path / 'validation', ['2,-.6,-.3', '9,-2,-2'])

    data = AffectNetVaFaces(path, test_path, held_out=0, batch_size=2)
    with pytest.warns(UserWarning, match='without a label'):
        data.setup()
    images, affect, _ = everything(data, 'training')

    assert class_names(data, 'training') == ['NEUTRAL', 'HAPPINESS', 'DISGUST']
    assert class_names(data, 'test') == ['SADNESS']
    np.testing.assert_allclose(affect, [[-0.1, 0], [0.7, 0.1], [-0.7, 0.4]], atol=1e-6)
    assert images.float().mean() > 250  # the box alone


# IMFDB --------------------------------------------------------------------------------------


def imfdb_row(file, expression):
    return '\t'.join(['1', '', file, '', 'M', '', '', '', '', '', '', expression, 'NONE'])


def write_film(folder, actor, film, rows, pictures):
    path = folder / actor / film
    for name in pictures:
        write_picture(path / 'images' / name)
    path.mkdir(parents=True, exist_ok=True)
    (path / f'{film}.txt').write_text('\n'.join(rows), encoding='iso-8859-1')


@pytest.fixture
def imfdb(tmp_path):
    folder = tmp_path / 'imfdb'
    rows = [
        imfdb_row('A_1.jpg', 'HAPPINESS'),
        imfdb_row('A_2.jpg', 'SADNESS '),
        imfdb_row('A_2.jpg', 'ANGER'),
        '\t'.join(['1', '', 'A_3.jpg', 'café']),
        imfdb_row('A_4.jpg', 'BORED'),
        imfdb_row('gone.jpg', 'FEAR'),
        '',
    ]
    write_film(folder, 'Anna', 'Film', rows, ['A_1.jpg', 'A_2.jpg', 'A_3.jpg', 'A_4.jpg'])
    for actor in 'BCDEFGHIJ':
        write_film(folder, actor, f'F{actor}', [imfdb_row('1.jpg', 'SURPRISE')], ['1.jpg'])
    (folder / 'Anna' / 'NoTable' / 'images').mkdir(parents=True)
    return folder


def test_imfdb_counts_what_it_cannot_use_and_the_last_of_two_rows_wins(imfdb):
    faces = load_imfdb(imfdb)

    assert faces.keys[:2] == ['Film_A_1.jpg', 'Film_A_2.jpg']
    assert [EXPRESSIONS[k] for k in faces.expression[:3]] == ['HAPPY', 'ANGER', 'SURPRISE']
    assert faces.skipped == {NO_TABLE: 1, SHORT_ROW: 1, NO_CLASS: 1, REPLACED: 1, NO_IMAGE: 1}


def test_a_row_of_eleven_columns_is_too_short(tmp_path):
    short = '\t'.join(['1', '', '1.jpg', *[''] * 7, 'ANGER'])
    assert short.count('\t') == 10
    write_film(tmp_path, 'A', 'F', [short, imfdb_row('2.jpg', 'ANGER')], ['1.jpg', '2.jpg'])

    faces = load_imfdb(tmp_path)

    assert faces.keys == ['F_2.jpg']
    assert faces.skipped == {SHORT_ROW: 1}


def test_imfdb_is_split_by_actor_and_has_the_means_of_the_classes(imfdb):
    data = ImfdbVaFaces(str(imfdb), held_out=0.2, tested=0.3)
    with pytest.warns(UserWarning, match='1 folders of a film without its table'):
        data.setup()

    actors = [
        {data._parts[part].faces.groups[k] for k in data._parts[part].chosen} for part in PARTS
    ]
    assert [len(names) for names in actors] == [5, 2, 3]
    assert len(set.union(*actors)) == 10
    for part in PARTS:
        _, affect, expression = everything(data, part)
        np.testing.assert_allclose(affect, AFFECTNET_PROTOTYPES.mean[expression], atol=1e-6)


@pytest.mark.parametrize(('name', 'unit'), [('IMFDB_va.json', 1), ('IMFDB_va_discrete.json', 10)])
def test_imfdb_takes_valence_and_arousal_from_a_file(imfdb, tmp_path, name, unit):
    path = tmp_path / name
    path.write_text(json.dumps({'Film_A_1.jpg': [0.5 * unit, -0.2 * unit]}))

    data = ImfdbVaFaces(str(imfdb), str(path), held_out=0, tested=0)
    with pytest.warns(UserWarning, match='left out'):
        data.setup()
    _, affect, _ = everything(data, 'training')

    np.testing.assert_allclose(affect, [[0.5, -0.2]], atol=1e-6)


# Folders and archives -----------------------------------------------------------------------


def test_folders_by_class_in_red_green_blue(tmp_path):
    for name, shade in {
        'angry': (200, 0, 0),
        'Happiness': (0, 0, 200),
        'others': (9, 9, 9),
    }.items():
        for index in range(4):
            write_picture(tmp_path / 'faces' / name / f'{index}.png', shade)
    (tmp_path / 'faces' / 'angry' / 'notes.txt').write_text('x')
    path = tmp_path / 'fer_va.json'
    entries = {f'angry/{k}.png': [-0.5, 0.1 * k] for k in range(4)}
    path.write_text(json.dumps(entries | {'Happiness/0.png': [0.6, 0]}))

    means = FolderVaFaces(str(tmp_path / 'faces'), held_out=0, tested=0)
    transferred = FolderVaFaces(str(tmp_path / 'faces'), str(path), held_out=0, tested=0)
    for data in (means, transferred):
        with pytest.warns(UserWarning, match='4 without a label'):
            data.setup()
    names = class_names(means, 'training')
    images, affect, _ = everything(transferred, 'training')

    assert names == ['HAPPINESS'] * 4 + ['ANGER'] * 4
    assert len(images) == 5
    assert images[:, :, 0, 0].tolist() == [[200, 0, 0]] + [[0, 0, 200]] * 4
    np.testing.assert_allclose(affect[1:, 1], [0, 0.1, 0.2, 0.3], atol=1e-6)


def test_archives_are_split_by_subject(tmp_path):
    generator = np.random.default_rng(0)
    path = tmp_path / 'faces.npz'
    np.savez(
        path,
        images=generator.integers(0, 256, (60, 48, 48), np.uint8),
        label=np.arange(60) % 3,
        label_names=['anger', 'contempt', 'happy'],
        subject=np.arange(60) // 6,
    )

    data = ArchiveVaFaces(str(path), held_out=0.2, tested=0.1)
    data.setup()

    counts = [len(data._parts[part]) for part in PARTS]
    assert counts == [28, 8, 4]  # contempt has no prototype
    assert set(class_names(data, 'training')) == {'ANGER', 'HAPPINESS'}
    subjects = [set(data._parts[part].chosen // 6) for part in PARTS]
    assert sum(map(len, subjects)) == len(set.union(*subjects)) == 10


def test_the_archive_of_posed_faces_splits_by_its_subjects(shared_data):
    data = ArchiveVaFaces(str(shared_data / 'ckplus48' / 'ckplus48.npz'))
    images, affect, expression = next(iter(data.in_order('test')))

    assert images.shape[1:] == (3, 64, 64)
    np.testing.assert_allclose(affect, data.prototypes.mean[expression], atol=1e-6)
    assert sum(len(data._parts[part]) for part in PARTS) == 981 - 54


@pytest.mark.parametrize(
    ('module', 'words'),
    [
        (AfewVaFaces, 'CLIP/CLIP.json'),
        (ImfdbVaFaces, 'ACTOR/FILM/FILM.txt'),
        (lambda path: AffectNetVaFaces(path, path), 'subDirectory_filePath'),
        (FolderVaFaces, 'CLASS/FILE.png'),
        (ArchiveVaFaces, 'npz archive'),
    ],
)
def test_a_missing_path_says_which_layout_was_expected_where(tmp_path, module, words):
    with pytest.raises(FileNotFoundError, match='nowhere; expected ') as caught:
        module(str(tmp_path / 'nowhere')).setup()

    assert words in str(caught.value)


def test_a_folder_of_another_layout_says_what_was_expected(tmp_path):
    with pytest.raises(
        ValueError, match=r'no face with a label: it is empty; expected .*CLIP\.json'
    ):
        AfewVaFaces(str(tmp_path)).setup()


def test_annotations_that_are_missing_or_of_other_images_are_named(imfdb, tmp_path):
    with pytest.raises(FileNotFoundError, match='transfer-annotations writes it'):
        ImfdbVaFaces(str(imfdb), 'nowhere.json').setup()
    path = tmp_path / 'other_va.json'
    path.write_text('{"x": [0, 0]}')
    with pytest.raises(ValueError, match=r'none of the images, for example not Film_A_1\.jpg'):
        ImfdbVaFaces(str(imfdb), str(path)).setup()


def test_a_picture_that_cannot_be_read_is_named(tmp_path):
    for index in range(2):
        write_picture(tmp_path / 'sad' / f'{index}.png')
    (tmp_path / 'sad' / '1.png').write_bytes(b'')

    with pytest.raises(ValueError, match=r'the picture sad/1\.png cannot be read; remove it'):
        everything(FolderVaFaces(str(tmp_path), held_out=0, tested=0), 'training')
