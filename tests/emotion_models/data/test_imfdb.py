# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import json

import numpy as np
import pytest

from emotion_models.data.imfdb import (
    NO_CLASS,
    NO_TABLE,
    REPLACED,
    SHORT_ROW,
    ImfdbVaFaces,
    load_imfdb,
)
from emotion_models.data.labelled_faces import NO_IMAGE
from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.labels.prototypes import AFFECTNET_PROTOTYPES

EXPECT_WARNING = pytest.mark.filterwarnings('ignore:.*left out')


def imfdb_row(file, expression):
    return '\t'.join(['1', '', file, '', 'M', '', '', '', '', '', '', expression, 'NONE'])


@pytest.fixture
def write_film(write_picture):
    def write(folder, actor, film, rows, pictures):
        path = folder / actor / film
        for name in pictures:
            write_picture(path / 'images' / name)
        path.mkdir(parents=True, exist_ok=True)
        (path / f'{film}.txt').write_text('\n'.join(rows), encoding='iso-8859-1')

    return write


@pytest.fixture
def imfdb(tmp_path, write_film):
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


def test_what_cannot_be_used_is_counted_and_the_last_of_two_rows_wins(imfdb):
    faces = load_imfdb(imfdb)

    assert faces.keys[:2] == ['Film_A_1.jpg', 'Film_A_2.jpg']
    assert [EXPRESSIONS[k] for k in faces.expression[:3]] == ['HAPPY', 'ANGER', 'SURPRISE']
    assert faces.skipped == {NO_TABLE: 1, SHORT_ROW: 1, NO_CLASS: 1, REPLACED: 1, NO_IMAGE: 1}


def test_a_row_of_eleven_columns_is_too_short(tmp_path, write_film):
    short = '\t'.join(['1', '', '1.jpg', *[''] * 7, 'ANGER'])
    assert short.count('\t') == 10
    write_film(tmp_path, 'A', 'F', [short, imfdb_row('2.jpg', 'ANGER')], ['1.jpg', '2.jpg'])

    faces = load_imfdb(tmp_path)

    assert faces.keys == ['F_2.jpg']
    assert faces.skipped == {SHORT_ROW: 1}


@EXPECT_WARNING
def test_actors_are_split_and_have_the_means_of_the_classes(imfdb, groups_of, load):
    faces = ImfdbVaFaces(str(imfdb), held_out=0.2, tested=0.3)

    actors = list(groups_of(faces).values())

    assert [len(names) for names in actors] == [5, 2, 3]
    assert len(set.union(*actors)) == 10
    for part in load(faces).values():
        np.testing.assert_allclose(
            part.affect, AFFECTNET_PROTOTYPES.mean[part.expression], atol=1e-6
        )


def test_films_without_a_table_are_named_in_a_warning(imfdb):
    with pytest.warns(UserWarning, match='1 folders of a film without its table'):
        ImfdbVaFaces(str(imfdb)).load_parts(0)


@EXPECT_WARNING
@pytest.mark.parametrize(('name', 'unit'), [('IMFDB_va.json', 1), ('IMFDB_va_discrete.json', 10)])
def test_valence_and_arousal_come_from_a_file(imfdb, tmp_path, load, name, unit):
    path = tmp_path / name
    path.write_text(json.dumps({'Film_A_1.jpg': [0.5 * unit, -0.2 * unit]}))

    training = load(ImfdbVaFaces(str(imfdb), str(path), held_out=0, tested=0))['training']

    np.testing.assert_allclose(training.affect, [[0.5, -0.2]], atol=1e-6)


@EXPECT_WARNING
def test_annotations_that_are_missing_or_of_other_images_are_named(imfdb, tmp_path):
    with pytest.raises(FileNotFoundError, match='transfer-annotations writes it'):
        ImfdbVaFaces(str(imfdb), 'nowhere.json').load_parts(0)
    path = tmp_path / 'other_va.json'
    path.write_text('{"x": [0, 0]}')
    with pytest.raises(ValueError, match=r'none of the images, for example not Film_A_1\.jpg'):
        ImfdbVaFaces(str(imfdb), str(path)).load_parts(0)
