# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from emotion_models.data.generated_poses import generate_poses
from emotion_models.data.poses import JOINTS
from emotion_models.data.recorded_poses import RecordedPoses, load_poses


def some_positions(count=6):
    positions = np.random.default_rng(0).normal(size=(count, 17, 3)).astype(np.float32)
    return positions - positions[:, :1]


def test_saved_poses_come_back(tmp_path):
    poses = generate_poses(100, seed=3)

    poses.save(tmp_path / 'poses.npz')

    again = load_poses(tmp_path / 'poses.npz')
    assert np.array_equal(again.positions, poses.positions)
    assert again.subject.tolist() == poses.subject.tolist()
    assert again.frame.tolist() == poses.frame.tolist()


def test_joints_are_ordered_by_name_and_the_hip_is_the_origin(tmp_path):
    positions = some_positions()
    np.savez(
        tmp_path / 'poses.npz',
        poses=(positions + 5)[:, ::-1].astype(np.float16),
        joint_names=JOINTS[::-1],
        sequence=[0, 0, 0, 1, 1, 1],
        sequence_names=['S1_walking_1', 'S8_eating_2'],
    )

    poses = load_poses(tmp_path / 'poses.npz')

    assert poses.positions == pytest.approx(positions, abs=0.02)
    assert (poses.positions[:, 0] == 0).all()
    assert poses.positions.dtype == np.float32
    assert poses.subject.tolist() == ['S1'] * 3 + ['S8'] * 3
    assert poses.action.tolist() == ['walking'] * 3 + ['eating'] * 3
    assert poses.frame.tolist() == [0, 1, 2, 0, 1, 2]


def test_an_array_will_do(tmp_path):
    np.save(tmp_path / 'poses.npy', some_positions())

    poses = load_poses(tmp_path / 'poses.npy')

    assert len(poses) == 6
    assert set(poses.subject) == {''}


@pytest.mark.parametrize(
    ('arrays', 'words'),
    [
        ({'joints': np.zeros((2, 17, 3))}, 'holds joints; expected poses'),
        ({'poses': np.zeros((2, 16, 3))}, r'shape \(2, 16, 3\)'),
        ({'poses': np.full((2, 17, 3), np.nan)}, 'not finite'),
        ({'poses': np.zeros((2, 17, 3)), 'joint_names': ['nose'] * 17}, 'names the joints nose'),
    ],
)
def test_what_is_wrong_with_an_archive_is_reported(arrays, words, tmp_path):
    np.savez(tmp_path / 'poses.npz', **arrays)

    with pytest.raises(ValueError, match=words):
        load_poses(tmp_path / 'poses.npz')


def test_the_recorded_poses_are_those_of_the_readme(shared_data):
    poses = load_poses(shared_data / 'h36m_poses' / 'h36m_poses_train.npz')

    assert len(poses) == 31_272
    assert set(poses.subject) == {'S1', 'S5', 'S6', 'S7', 'S8'}
    assert poses.positions[:, JOINTS.index('lfoot'), 1].mean() < -0.5  # y is up
    assert poses.positions[:, JOINTS.index('lhip'), 0].mean() > 0.1  # x to the left


@pytest.fixture
def archive(tmp_path):
    generate_poses(1000, seed=0).save(tmp_path / 'poses.npz')
    return str(tmp_path / 'poses.npz')


def in_order(poses):
    return sorted(map(bytes, poses.reshape(len(poses), -1)))


def test_whole_subjects_are_held_out_and_tested(archive, load):
    parts = load(RecordedPoses(archive, ['G1', 'G4'], ['G2']))
    poses = generate_poses(1000, seed=0)

    for part, subjects in (('validation', ['G1', 'G4']), ('test', ['G2'])):
        theirs = poses.positions[np.isin(poses.subject, subjects)]
        assert in_order(parts[part]) == in_order(theirs)
    others = poses.positions[np.isin(poses.subject, ['G3', 'G5', 'G6'])]
    assert np.array_equal(parts['training'], others)


def test_without_names_the_last_poses_are_held_out_and_half_of_them_tested(archive, load):
    parts, last = load(RecordedPoses(archive, every=2)), generate_poses(1000, 0).positions[800::2]

    assert len(parts['training']) == 400
    assert in_order(parts['validation']) == in_order(last[:50])
    assert in_order(parts['test']) == in_order(last[50:])


def test_held_out_neighbours_are_no_neighbours_in_a_recording(archive, load):
    """A critic is shown pairs of one batch; those are not to be the same moment twice."""
    data = RecordedPoses(archive, ['G1'], ['G2'])
    poses = generate_poses(1000, seed=0)
    recorded = poses.positions[poses.subject == 'G1']

    def step(of):
        return np.linalg.norm(np.diff(of, axis=0), axis=2).mean()

    parts = load(data)
    assert step(parts['validation']) > 2 * step(recorded)
    assert np.array_equal(parts['validation'], load(data)['validation'])


@pytest.mark.parametrize(
    ('held_out', 'tested', 'words'),
    [
        (['S8'], [], 'no poses of S8; subjects: G1, G2'),
        (['G1'], ['S9'], 'no poses of S9; subjects: G1, G2'),
        (['G1', 'G2'], ['G2'], 'G2 is named as held out and as tested'),
        ([], ['G2'], 'tested_subjects needs held_out_subjects'),
        ([f'G{n}' for n in range(1, 7)], [], 'nothing is left for training'),
    ],
)
def test_impossible_splits_are_refused(archive, held_out, tested, words):
    with pytest.raises(ValueError, match=words):
        RecordedPoses(archive, held_out, tested).load_parts(0)
