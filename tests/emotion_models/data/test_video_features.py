# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.video_features import (
    FacePath,
    affect_features,
    file_feature,
    geometry,
    log_mel,
    make_features,
)
from emotion_models.data.videos import Sound
from emotion_models.runtime.affect import AffectModel


@pytest.fixture(scope='module')
def model():
    return AffectModel('affect')


def test_affect_features_are_what_the_network_says(model):
    rng = np.random.default_rng(0)
    crops = [rng.integers(0, 255, (model.size_px,) * 2, np.uint8) for _ in range(3)]

    embedding, expression, va = (feature.read(crops) for feature in affect_features(model))

    assert np.allclose(embedding, model.features(crops), atol=1e-5)
    known_expression, known_va = model(crops)
    assert np.allclose(expression, known_expression, atol=1e-6)
    assert np.allclose(va, known_va, atol=1e-6)


def test_several_affect_features_take_one_run_of_the_network(model, monkeypatch):
    runs = []
    monkeypatch.setattr(
        model, 'read', lambda crops, read=model.read: runs.append(1) or read(crops)
    )
    features = affect_features(model)

    for crops in ([np.zeros((64, 64), np.uint8)], [np.ones((64, 64), np.uint8)]):
        assert [feature.read(crops).shape for feature in features] == [
            (1, feature.size) for feature in features
        ]

    assert len(runs) == 2


def test_geometry_is_place_size_and_motion():
    boxes = np.array([[150, 110, 20, 20], [160, 110, 20, 20], [160, 110, 40, 20]], float)

    rows = geometry(FacePath(boxes, np.array([0, 0.1, 0.2]), (320, 240)))

    assert rows[0] == pytest.approx([0, 0, np.log(20 / 320), 0, 0, 0, 0, 0], abs=1e-6)
    assert rows[1, [0, 4]] == pytest.approx([10 / 320, 100 / 320])
    assert rows[2, [3, 7]] == pytest.approx([np.log(2), 10 * np.log(2)])


def test_motion_begins_anew_after_a_gap():
    boxes = np.array([[0, 0, 20, 20], [100, 0, 20, 20]], float)

    rows = geometry(FacePath(boxes, np.array([0, 5.0]), (320, 240)))

    assert not rows[1, 4:].any()


def test_motion_of_the_past_alone_counts():
    """A robot cannot look ahead."""
    boxes = np.array([[0, 0, 20, 20], [10, 0, 20, 20], [90, 0, 20, 20]], float)
    stamps_s = np.array([0, 0.1, 0.2])

    whole = geometry(FacePath(boxes, stamps_s, (320, 240)))

    assert np.array_equal(whole[:2], geometry(FacePath(boxes[:2], stamps_s[:2], (320, 240))))


def test_log_mel_rises_in_the_band_of_a_tone_from_when_it_sounds():
    pytest.importorskip('kaldi_native_fbank')
    times_s = np.arange(16000) / 16000
    tone = np.where(times_s >= 0.5, np.sin(2 * np.pi * 1000 * times_s), 0).astype(np.float32)

    rows = log_mel(Sound(tone))

    assert rows.shape == (100, 64)
    assert rows[:48].max() < -10
    assert rows[60:, rows[80].argmax()].min() > 0
    mel = 1127 * np.log1p(np.array([20, 1000, 8000]) / 700)
    expected = 64 * (mel[1] - mel[0]) / (mel[2] - mel[0])
    assert rows[80].argmax() == pytest.approx(expected, abs=6)
    assert np.array_equal(rows, log_mel(Sound(tone)))


def test_features_are_made_by_name_in_order(model):
    features = make_features(['va', 'geometry', 'embedding'], model, 'v')

    assert [(feature.name, feature.size) for feature in features] == [
        ('va', 2),
        ('geometry', 8),
        ('embedding', model.feature_size),
    ]


def test_an_unknown_feature_is_named_with_those_that_there_are(model):
    with pytest.raises(ValueError, match="no feature 'vgish'; there are embedding, expression"):
        make_features(['vgish'], model, 'v')


def test_rows_of_ones_own_are_read_from_arrays_folders_and_groups(tmp_path):
    h5py = pytest.importorskip('h5py')
    rows = np.arange(6.0).reshape(3, 2)
    np.save(tmp_path / 'v.npy', rows)
    with h5py.File(tmp_path / 'x.h5', 'w') as file:
        file['v/fts'] = rows

    for place in ('v.npy', '', 'x.h5'):
        feature = file_feature(f'mine={tmp_path / place}', 'v')
        assert (feature.name, feature.size, feature.rate_hz) == ('mine', 2, None)
        assert np.array_equal(feature.read('v'), rows)


def test_a_rate_stands_behind_the_path(tmp_path):
    np.save(tmp_path / 'v.npy', np.zeros((3, 2)))

    assert file_feature(f'mine={tmp_path}@50', 'v').rate_hz == 50


@pytest.mark.parametrize(
    ('rows', 'rate', 'words'),
    [
        (np.zeros(3), '', r'got float64 \(3,\)'),
        (np.zeros((0, 3)), '', r'\(0, 3\)'),
        (np.array([['a']]), '', 'expected an array'),
        (np.array([[0.0], [np.nan]]), '', 'mine of v is nan in row 1'),
        (np.zeros((3, 2)), '@fast', "got 'fast'"),
        (np.zeros((3, 2)), '@0', "got '0'"),
        (np.zeros((3, 2)), '@nan', "got 'nan'"),
        (np.zeros((3, 2)), '@1e9', "got '1e9'"),
    ],
)
def test_rows_that_are_none_are_one_line(tmp_path, rows, rate, words):
    np.save(tmp_path / 'v.npy', rows)

    with pytest.raises(ValueError, match=words):
        file_feature(f'mine={tmp_path}{rate}', 'v')


@pytest.mark.parametrize('place', ['none.h5', ''])
def test_a_file_without_the_video_is_named(tmp_path, place):
    with pytest.raises(FileNotFoundError, match='mine|other.npy'):
        file_feature(f'mine={tmp_path / place}', 'other')
