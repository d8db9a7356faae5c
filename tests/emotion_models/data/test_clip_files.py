# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Miniature trees of the published layout, with the irregularities that it is known for."""

import numpy as np
import pytest

from emotion_models.data.clip_files import (
    StoredClips,
    clip_names,
    features_of,
    read_affect,
    read_statistics,
    sources_in,
    write_clip,
    write_features,
)
from emotion_models.data.clip_sets import AnnotatedClips, ChallengeClips, load_clips
from emotion_models.data.hdf5 import replacing
from emotion_models.data.own_neutral import from_own_neutral

h5py = pytest.importorskip('h5py', reason='HDF5 files need h5py (requirements/training.txt)')

FRAMES = {'video1': 6, 'video2_left': 4, 'video59_right_1': 3}


def write_groups(path, groups):
    """{group: {dataset: value}} to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, 'w') as file:
        for name, arrays in groups.items():
            group = file.create_group(name)
            for key, value in arrays.items():
                group[key] = value


@pytest.fixture
def tree(tmp_path):
    """A tree with two features; lengths are scalars or arrays of one, some have no pad."""
    rng = np.random.default_rng(0)
    for part in ('train', 'val', 'test'):
        targets, narrow, wide = {}, {}, {}
        for number, (name, length) in enumerate(FRAMES.items()):
            targets[name] = {
                'length': np.array([length]) if number else length,
                'special': int(name.endswith('_1')),
            }
            if part != 'test':
                targets[name] |= {
                    'valence': rng.uniform(-1, 1, (length, 1) if number == 2 else length),
                    'arousal': rng.uniform(-1, 1, length).astype(np.float32),
                }
            narrow[name] = {'fts': rng.normal(size=(length, 3)).astype(np.float32)}
            wide[name] = {'fts': rng.normal(size=(length, 5))}
            if number == 0:
                narrow[name]['pad'] = np.array([1.0, 0, 0, 0, 0, 0])
        write_groups(tmp_path / 'targets' / f'{part}_valid_targets.h5', targets)
        write_groups(tmp_path / 'features' / f'{part}_small.h5', narrow)
        write_groups(tmp_path / 'features' / f'{part}_large.h5', wide)
    return tmp_path


def test_a_tree_is_read_as_published(tree):
    parts = ChallengeClips(str(tree), 'large,small').load_parts(0)

    assert {name: len(part) for name, part in parts.items()} == dict.fromkeys(
        ('training', 'validation', 'test'), 3
    )
    clip = parts['training'].clip(0)
    with h5py.File(tree / 'features' / 'train_large.h5') as large:
        assert np.allclose(clip.features[:, :5], large['video1']['fts'])
    assert clip.features.shape == (6, 8)
    assert clip.padded.tolist() == [True] + [False] * 5
    assert clip.stamps_s[1] == pytest.approx(1 / 30)
    assert clip.affect.shape == (6, 2)
    assert parts['training'].clip(2).affect.shape == (3, 2)
    assert parts['test'].clip(0).affect is None
    assert dict(parts['training'].features.widths) == {'large': 5, 'small': 3}


def test_clips_are_in_the_order_of_their_names(tree):
    clips = ChallengeClips(str(tree), 'small').load_parts(0)['validation'].clips

    assert clips.names == sorted(FRAMES)


def test_without_a_test_set_there_is_none(tree):
    (tree / 'targets' / 'test_valid_targets.h5').unlink()

    assert not len(ChallengeClips(str(tree), 'small').load_parts(0)['test'])


def test_minus_five_in_targets_is_not_annotated(tree):
    path = tree / 'targets' / 'train_valid_targets.h5'
    with h5py.File(path, 'a') as file:
        file['video1']['valence'][2] = file['video1']['arousal'][2] = -5

    clip = ChallengeClips(str(tree), 'small').load_parts(0)['training'].clip(0)

    assert np.flatnonzero(~clip.annotated).tolist() == [2]


def damaged(tree, fault):
    """Damage the tree; returns what is said of it."""
    targets = tree / 'targets' / 'train_valid_targets.h5'
    features = tree / 'features' / 'train_large.h5'
    with h5py.File(features, 'a') as file, h5py.File(targets, 'a') as labels:
        if fault == 'a group is missing':
            del file['video2_left']
            return r"train_large\.h5 has no group 'video2_left'"
        if fault == 'another length':
            del file['video1']['fts']
            file['video1']['fts'] = np.zeros((7, 5))
            return r'train_large\.h5: the feature large of video1 has 7 frames; expected 6'
        if fault == 'another width':
            del file['video2_left']['fts']
            file['video2_left']['fts'] = np.zeros((4, 6))
            return 'the feature large of video2_left has the width 6; expected 5'
        if fault == 'no features':
            del file['video1']['fts']
            return 'fts of video1 is not there'
        if fault == 'one axis':
            del file['video1']['fts']
            file['video1']['fts'] = np.zeros(6)
            return r'fts of video1 has the shape \(6,\)'
        if fault == 'a text':
            del file['video1']['fts']
            file['video1']['fts'] = 'text'
            return 'fts of video1 .* holds no numbers'
        if fault == 'a length that is none':
            del labels['video1']['length']
            labels['video1']['length'] = [6, 6]
            return r'length of video1 is \[6, 6\]'
        assert fault == 'a dataset for a group'
        del file['video1']
        file['video1'] = np.zeros((6, 5))
        return "no group 'video1'"


@pytest.mark.parametrize(
    'fault',
    [
        'a group is missing',
        'another length',
        'another width',
        'no features',
        'one axis',
        'a text',
        'a length that is none',
        'a dataset for a group',
    ],
)
def test_what_does_not_fit_is_one_line_before_any_training(tree, fault):
    """Check 18, and bad input: names video and feature."""
    words = damaged(tree, fault)

    with pytest.raises(ValueError, match=words) as refusal:
        ChallengeClips(str(tree), 'large,small').load_parts(0)

    assert '\n' not in str(refusal.value)


def test_labels_of_another_length_name_the_video(tree):
    with h5py.File(tree / 'targets' / 'train_valid_targets.h5', 'a') as file:
        del file['video1']['valence']
        file['video1']['valence'] = np.zeros(5)

    with pytest.raises(ValueError, match='valence of video1 has 5 frames; expected 6'):
        ChallengeClips(str(tree), 'small').load_parts(0)['training'].clip(0)


def test_labels_out_of_range_name_the_video_and_the_frame(tree):
    path = tree / 'targets' / 'train_valid_targets.h5'
    with h5py.File(path, 'a') as file:
        file['video1']['valence'][3] = 2

    with pytest.raises(ValueError, match=r'of video1 are \[2.* in frame 3'):
        read_affect(path, 'video1')


def test_features_that_are_no_numbers_name_video_and_feature(tree):
    with h5py.File(tree / 'features' / 'train_small.h5', 'a') as file:
        file['video1']['fts'][3, 1] = np.nan

    part = ChallengeClips(str(tree), 'large,small').load_parts(0)['training']

    with pytest.raises(ValueError, match='video1: feature small is nan in frame 3'):
        part.clip(0)


def test_an_unknown_feature_is_named_with_those_that_there_are(tree):
    with pytest.raises(FileNotFoundError, match='of the feature huge; there are large, small'):
        ChallengeClips(str(tree), 'huge').load_parts(0)


@pytest.mark.parametrize('features', ['', 'small,small', ' , '])
def test_features_are_named_once(tree, features):
    with pytest.raises(ValueError, match='names separated by commas'):
        ChallengeClips(str(tree), features).load_parts(0)


def test_published_statistics_are_read(tree):
    write_groups(
        tree / 'features' / 'mean_std_on_trn' / 'small.h5',
        {'train': {'mean': [1.0, 2, 3], 'std': [1.0, 1, 0]}},
    )

    part = ChallengeClips(str(tree), 'small', published_statistics=True).load_parts(0)['training']

    assert part.statistics('small').mean.tolist() == [1, 2, 3]


def test_missing_statistics_are_one_line(tree):
    part = ChallengeClips(str(tree), 'small', published_statistics=True).load_parts(0)['training']

    with pytest.raises(
        FileNotFoundError, match=r'small\.h5; expected an HDF5 file with a group train'
    ):
        part.statistics('small')


def test_statistics_are_computed_of_all_training_frames(tree):
    """Check 16: pooled, with the population's standard deviation."""
    part = ChallengeClips(str(tree), 'small').load_parts(0)['training']

    frames = np.concatenate([clip.features for clip in part.clips[:]])
    assert part.statistics('small').mean == pytest.approx(frames.mean(0))
    assert part.statistics('small').std == pytest.approx(frames.std(0))


def test_statistics_that_are_none_are_refused(tmp_path):
    path = tmp_path / 'small.h5'
    write_groups(path, {'train': {'mean': [1.0, 2], 'std': [1.0]}})

    with pytest.raises(ValueError, match=r'small\.h5: mean has the shape \(2,\), std \(1,\)'):
        read_statistics(path)


@pytest.fixture
def own(tmp_path):
    """A file with two features side by side, stamps and targets."""
    path = tmp_path / 'own.h5'
    with replacing(path) as file:
        write_features(file, {'a': 2, 'b': 1})
        arrays = {'fts': [[1.0, 2, 3], [4, 5, 6]], 'pad': [0, 1], 'stamps': [0.0, 0.04]}
        write_clip(file, 'clip', {**arrays, 'valence': [0.5, 0], 'arousal': [0.5, 0]}, {})
    return path


def test_features_of_one_file_are_taken_by_name_and_order(own):
    clip = AnnotatedClips(str(own), str(own), features='b,a').load_parts(0)['training'].clip(0)

    assert clip.features.tolist() == [[3, 1, 2], [6, 4, 5]]
    assert clip.stamps_s.tolist() == [0, 0.04]
    assert clip.padded.tolist() == [False, True]
    assert clip.affect.tolist() == [[0.5, 0.5], [0, 0]]
    assert features_of(own) == {'a': 2, 'b': 1}


def test_a_feature_that_a_file_lacks_is_named(own):
    with pytest.raises(ValueError, match=r'own\.h5 has no feature c; it has a, b'):
        sources_in(own, ['a', 'c'])


def test_a_feature_from_the_own_neutral_is_made_of_the_feature(tmp_path):
    path, rows = tmp_path / 'own.h5', np.random.default_rng(0).random((200, 3), np.float32)
    stamps_s, padded = np.arange(200) / 5, np.arange(200) < 20
    with replacing(path) as file:
        write_features(file, {'a': 2, 'b': 1})
        write_clip(file, 'clip', {'fts': rows, 'stamps': stamps_s, 'pad': padded}, {})

    part = load_clips(path, 'b_from_neutral,a,b')

    assert dict(part.features.widths) == {'b_from_neutral': 1, 'a': 2, 'b': 1}
    found = part.clip(0).features
    assert np.array_equal(found[:, :1], from_own_neutral(rows[:, 2:], stamps_s, padded))
    assert np.array_equal(found[:, 1:], rows)
    with pytest.raises(ValueError, match='has no feature c_from_neutral; it has a, b'):
        load_clips(path, 'c_from_neutral')


def name_network(path, network):
    """As `extract-features` notes whose features it writes."""
    with h5py.File(path, 'r+') as file:
        file.attrs['affect_network'] = network


def test_the_origin_of_clips_names_the_network_whose_features_they_are(tree, own):
    named, unnamed = ChallengeClips(str(tree), 'large'), ChallengeClips(str(tree), 'small')
    annotated = AnnotatedClips(str(own), str(own), features='embedding')
    assert 'affect_network' not in annotated.origin
    for part in ('train', 'val', 'test'):
        name_network(tree / 'features' / f'{part}_large.h5', 'abc')
    name_network(own, 'abc')

    assert named.origin == {**unnamed.origin, 'affect_network': 'abc'}
    assert annotated.origin['affect_network'] == 'abc'


def test_features_of_different_networks_are_refused_before_any_training(tree, own):
    name_network(own, 'abc')
    for part, network in (('train', 'abc'), ('val', 'def')):
        name_network(tree / 'features' / f'{part}_large.h5', network)

    other = str(tree / 'features' / 'val_large.h5')
    for data_set in (ChallengeClips(str(tree), 'large'), AnnotatedClips(str(own), other)):
        with pytest.raises(ValueError, match=r'and .*val_large\.h5 have features of different'):
            data_set.load_parts(0)


def test_a_file_that_names_no_features_holds_one(tree):
    path = tree / 'features' / 'train_small.h5'

    assert len(StoredClips(sources_in(path, ['whatever']))) == 3
    with pytest.raises(ValueError, match='does not name its features'):
        sources_in(path, ['one', 'two'])


def test_a_file_without_clips_is_refused(tmp_path):
    path = tmp_path / 'none.h5'
    write_groups(path, {})

    with pytest.raises(ValueError, match=r'none\.h5 has no clip'):
        clip_names(path)


@pytest.mark.parametrize('content', [b'', bytes(4096), b'\x89HDF\r\n\x1a\n' + bytes(100)])
def test_a_damaged_file_is_one_line(tmp_path, content):
    path = tmp_path / 'damaged.h5'
    path.write_bytes(content)

    with pytest.raises(
        ValueError, match=r'damaged\.h5 cannot be read.*expected an HDF5'
    ) as refusal:
        clip_names(path)

    assert '\n' not in str(refusal.value)


def test_a_file_that_is_cut_is_one_line(own):
    own.write_bytes(own.read_bytes()[:-500])

    with pytest.raises(ValueError, match=r'own\.h5'):
        StoredClips(sources_in(own, ['a', 'b']), own)[0]


def test_a_file_is_whole_or_not_there(tmp_path):
    path = tmp_path / 'new.h5'

    def write_half():
        with replacing(path) as file:
            write_clip(file, 'clip', {'fts': [[1.0]]}, {})
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()

    assert list(tmp_path.iterdir()) == []
