# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import json

import cv2
import numpy as np
import pytest

from emotion_models.cli import main
from emotion_models.labels.prototypes import AFFECTNET_PROTOTYPES
from emotion_models.levasa.annotation_files import read_annotations
from emotion_models.levasa.prototype_tables import read_prototypes, write_prototypes
from emotion_models.levasa.transfer import (
    class_indices,
    draw_va,
    ellipse_points,
    nearest_classes,
    round_va,
)

DRAWS = 200_000
NAMES = AFFECTNET_PROTOTYPES.names


def prototype(name):
    place = NAMES.index(name)
    return AFFECTNET_PROTOTYPES.mean[place], AFFECTNET_PROTOTYPES.std[place]


@pytest.fixture(scope='module')
def draws():
    """Many draws of every class, by two seeds."""
    places = np.repeat(range(len(NAMES)), DRAWS)
    shape = (len(NAMES), DRAWS, 2)
    return [draw_va(places, AFFECTNET_PROTOTYPES, seed=seed).reshape(shape) for seed in (1, 2)]


@pytest.mark.parametrize(
    ('name', 'share', 'angle', 'expected'),
    [
        ('HAPPINESS', 1, 0, (0.826999, 0.070280)),
        ('SADNESS', 0.25, np.pi / 2, (-0.637006, -0.1860115)),
        ('FEAR', 0, 1, (-0.125745, 0.766180)),
    ],
)
def test_the_sampler_maps_share_and_angle_onto_the_ellipse(name, share, angle, expected):
    assert ellipse_points(*prototype(name), np.array(share), np.array(angle)) == pytest.approx(
        expected, abs=1e-9
    )


@pytest.mark.parametrize('place', range(len(NAMES)), ids=NAMES)
def test_draws_are_uniform_over_the_ellipse(draws, place):
    mean, std = AFFECTNET_PROTOTYPES.mean[place], AFFECTNET_PROTOTYPES.std[place]
    points = draws[0][place]
    radius = np.hypot(*((points - mean) / std).T)

    assert radius.max() <= 1 + 1e-9
    assert (np.abs(points.mean(0) - mean) < 3 * std / 2 / np.sqrt(DRAWS)).all()
    assert points.std(0) == pytest.approx(std / 2, rel=0.02)
    assert (radius <= 0.5).mean() == pytest.approx(0.25, abs=0.005)


def test_two_seeds_draw_one_distribution(draws):
    stats = pytest.importorskip('scipy.stats')

    for first, second in zip(*draws, strict=True):
        for axis in (0, 1):
            assert stats.ks_2samp(first[:20_000, axis], second[:20_000, axis]).pvalue > 0.001


def test_the_order_of_the_images_does_not_change_a_class():
    stats = pytest.importorskip('scipy.stats')
    places = np.repeat(range(len(NAMES)), 5_000)
    shuffled = np.random.default_rng(0).permutation(places)
    first = draw_va(places, AFFECTNET_PROTOTYPES)
    second = draw_va(shuffled, AFFECTNET_PROTOTYPES)

    for place in range(len(NAMES)):
        for axis in (0, 1):
            pair = first[places == place, axis], second[shuffled == place, axis]
            assert stats.ks_2samp(*pair).pvalue > 0.001


def test_the_other_distributions_are_what_they_are_called():
    places = np.full(50_000, NAMES.index('ANGER'))
    mean, std = prototype('ANGER')

    gaussian = draw_va(places, AFFECTNET_PROTOTYPES, 'gaussian')
    centre = draw_va(places[:3], AFFECTNET_PROTOTYPES, 'prototype')

    assert gaussian.std(0) == pytest.approx(std, rel=0.02)
    assert np.abs(gaussian).max() <= 1
    assert (centre == mean).all()


def test_steps_are_rounded_to_even():
    assert round_va([[0.05, 0.15], [0.25, -0.25]]).tolist() == [[0, 2], [2, -2]]


@pytest.mark.parametrize(
    ('va', 'name'),
    [
        ((0, 0), 'NEUTRAL'),
        ((0.6, 0.1), 'HAPPINESS'),
        ((-0.6, -0.3), 'SADNESS'),
        ((0.2, 0.7), 'SURPRISE'),
        ((-0.1, 0.8), 'FEAR'),
        ((-0.7, 0.45), 'DISGUST'),
        ((-0.3, 0.65), 'ANGER'),
        ((0.35, 0.05), 'HAPPINESS'),
        ((-0.58, 0.5), 'DISGUST'),
        ((1, 1), 'SURPRISE'),
        ((-1, -1), 'SADNESS'),
        ((0.3, 0.4), 'SURPRISE'),
    ],
)
def test_the_nearest_centre_gives_the_class(va, name):
    assert NAMES[nearest_classes(np.array([va]), AFFECTNET_PROTOTYPES)[0]] == name


def test_mahalanobis_measures_in_deviations():
    # As far from both centres, but fear is narrow in valence.
    halfway = (prototype('FEAR')[0] + prototype('SURPRISE')[0]) / 2

    found = nearest_classes(halfway[None], AFFECTNET_PROTOTYPES, 'mahalanobis')

    assert NAMES[found[0]] == 'SURPRISE'


def test_the_way_there_and_back_keeps_the_classes(draws):
    kept = {}
    taken_for = {}
    for place, name in enumerate(NAMES):
        found = nearest_classes(draws[0][place], AFFECTNET_PROTOTYPES)
        kept[name] = (found == place).mean()
        taken_for[name] = {NAMES[other] for other in np.unique(found) if other != place}

    expected = dict.fromkeys(NAMES, 1.0) | {'SURPRISE': 0.984, 'DISGUST': 0.984, 'ANGER': 0.925}
    assert kept == pytest.approx(expected, abs=0.005)
    assert taken_for['SURPRISE'] == {'FEAR'}
    assert taken_for['DISGUST'] == {'ANGER'}
    assert taken_for['ANGER'] == {'DISGUST'}


def test_the_published_counts_of_afew(shared_data):
    clips = read_annotations(shared_data / 'afew_va_labels' / 'afew_va_labels.npz')

    found = nearest_classes(clips.va, AFFECTNET_PROTOTYPES)

    counts = dict(zip(NAMES, np.bincount(found, minlength=7).tolist(), strict=True))
    assert counts == {
        'NEUTRAL': 17432,
        'ANGER': 5351,
        'SURPRISE': 3206,
        'DISGUST': 1528,
        'HAPPINESS': 994,
        'SADNESS': 835,
        'FEAR': 705,
    }


def test_prototypes_are_means_and_sample_deviations_of_rated_images(tmp_path):
    path = tmp_path / 'training.csv'
    rows = ['1,0.2,0.1', '1,0.4,0.3', '1,-2,-2', '1,-2,0.9', '1,0.9,-2']
    rows += ['9,0.5,0.5', '9,0.4,0.5', '2,0.1,0.1']
    path.write_text('\n'.join(['expression,valence,arousal', *rows]))

    found = read_prototypes(path)

    assert found.names == ('HAPPINESS',)
    assert found.mean[0] == pytest.approx((0.3, 0.2))
    assert found.std[0] == pytest.approx((0.141421, 0.141421), abs=1e-6)


def test_a_table_is_read_as_it_was_written(tmp_path):
    write_prototypes(tmp_path / 'table.csv', AFFECTNET_PROTOTYPES)

    found = read_prototypes(tmp_path / 'table.csv')

    assert found.names == NAMES
    assert found.mean == pytest.approx(AFFECTNET_PROTOTYPES.mean)
    assert found.std == pytest.approx(AFFECTNET_PROTOTYPES.std)


def test_an_unknown_class_is_named():
    with pytest.raises(
        ValueError, match='no prototype for the class BOREDOM; the table has ANGER'
    ):
        class_indices(['ANGER', 'BOREDOM'], AFFECTNET_PROTOTYPES)


@pytest.fixture
def labels(tmp_path):
    classes = np.random.default_rng(0).choice(NAMES, 300)
    path = tmp_path / 'IMFDB_labels.json'
    path.write_text(json.dumps({f'film_{row}.jpg': name for row, name in enumerate(classes)}))
    return path


def read(path):
    return json.loads(path.read_text())


def test_classes_get_both_kinds_of_values_of_one_draw(labels, tmp_path, capsys):
    pytest.importorskip('matplotlib')
    for folder, seed in (('one', 5230), ('two', 5230), ('other', 1)):
        to = ['--to', str(tmp_path / folder), '--seed', str(seed)]
        assert main(['transfer-annotations', str(labels), *to]) == 0

    one, two, other = (tmp_path / folder for folder in ('one', 'two', 'other'))
    va, discrete = read(one / 'IMFDB_va.json'), read(one / 'IMFDB_va_discrete.json')
    assert list(va) == list(discrete) == list(read(one / 'IMFDB_labels.json'))
    assert read(one / 'IMFDB_labels.json') == read(labels)
    assert list(discrete.values()) == np.rint(10 * np.array(list(va.values()))).tolist()
    assert (one / 'IMFDB_va.json').read_bytes() == (two / 'IMFDB_va.json').read_bytes()
    assert va != read(other / 'IMFDB_va.json')
    assert (one / 'IMFDB_annotations.png').stat().st_size > 10_000
    assert 'class to valence and arousal by ellipse, seed 5230, 300' in capsys.readouterr().out


def test_values_get_classes_and_keep_their_unit(tmp_path, capsys):
    pytest.importorskip('matplotlib')
    source = tmp_path / 'AFEW_va.json'
    source.write_text('{"001_00000": [6, 1.0], "001_00001": [-6, -3], "002_00000": [0, 0]}')

    assert main(['transfer-annotations', str(source), '--to', str(tmp_path / 'to')]) == 0

    assert read(tmp_path / 'to' / 'AFEW_va.json') == read(source)
    assert read(tmp_path / 'to' / 'AFEW_labels.json') == {
        '001_00000': 'HAPPINESS',
        '001_00001': 'SADNESS',
        '002_00000': 'NEUTRAL',
    }
    assert 'to class by euclidean distance, 3 images' in capsys.readouterr().out


def save_picture(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((8, 8), 100, np.uint8))


def test_films_of_imfdb_are_read_from_their_folder(tmp_path, capsys):
    pytest.importorskip('matplotlib')
    film = tmp_path / 'imfdb' / 'Actor' / 'Film'
    rows = [('b.png', 'SADNESS'), ('a.png', 'HAPPINESS'), ('c.png', 'PUZZLED')]
    for file, _ in rows:
        save_picture(film / 'images' / file)
    table = [['x', 'x', file, *'x' * 8, name] for file, name in rows]
    (film / 'Film.txt').write_text('\n'.join('\t'.join(row) for row in table))

    command = ['transfer-annotations', str(tmp_path / 'imfdb'), '--to', str(tmp_path / 'to')]
    assert main([*command, '--distribution', 'prototype']) == 0

    assert list(read(tmp_path / 'to' / 'IMFDB_labels.json').items()) == [
        ('Film_b.png', 'SADNESS'),
        ('Film_a.png', 'HAPPINESS'),
    ]
    va = read(tmp_path / 'to' / 'IMFDB_va.json')
    assert va['Film_a.png'] == pytest.approx((0.664328, 0.070280))
    assert 'left out: 1 rows of no known class' in capsys.readouterr().out


def test_folders_of_classes_and_clips_are_told_apart(tmp_path):
    for path in ('sad/1.png', 'contempt/2.png', 'happy/3.png'):
        save_picture(tmp_path / 'faces' / path)
    frames = {'00001': {'valence': -3, 'arousal': 4.0, 'landmarks': [[1, 1], [6, 6]] * 34}}
    save_picture(tmp_path / 'clips' / '007' / '00001.png')
    (tmp_path / 'clips' / '007' / '007.json').write_text(json.dumps({'frames': frames}))

    faces, clips = (read_annotations(tmp_path / name) for name in ('faces', 'clips'))

    assert dict(zip(faces.keys, faces.classes, strict=True)) == {
        'sad/1.png': 'SADNESS',
        'happy/3.png': 'HAPPINESS',
    }
    assert faces.skipped['of a class without prototype'] == 1
    assert (clips.name, list(clips.keys)) == ('AFEW', ['007_00001'])
    assert clips.va.tolist() == [pytest.approx([-0.3, 0.4])]


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        ('{"a": "ANGER", "b": [0, 1]}', 'expected one object with class names, or with pairs'),
        ('{"a": [0, 11]}', 'valence and arousal in -10..10'),
        ('{"a": "BOREDOM"}', 'no prototype for the class BOREDOM'),
        ('["ANGER"]', 'expected one object'),
        ('{', 'expected a JSON file'),
    ],
)
def test_a_file_that_does_not_fit_is_told_in_one_line(text, words, tmp_path, capsys):
    pytest.importorskip('matplotlib')
    source = tmp_path / 'labels.json'
    source.write_text(text)

    assert main(['transfer-annotations', str(source), '--to', str(tmp_path / 'to')]) == 2

    error = capsys.readouterr().err
    assert words in error
    assert error.count('\n') == 1
