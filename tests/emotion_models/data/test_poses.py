# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import json
import pickle

import numpy as np
import pytest

from emotion_models.data.generated_poses import FRAMES, SUBJECTS, generate_poses
from emotion_models.data.nested_poses import load_nested
from emotion_models.data.poses import BONES, JOINTS, MIRRORED_JOINTS, load_poses, make_poses


def bone_lengths(positions):
    starts, ends = np.transpose(BONES)
    return np.linalg.norm(positions[:, ends] - positions[:, starts], axis=-1)


def some_positions(count=6):
    positions = np.random.default_rng(0).normal(size=(count, 17, 3)).astype(np.float32)
    return positions - positions[:, :1]


def test_the_skeleton_is_that_of_human36m():
    assert MIRRORED_JOINTS == (0, 4, 5, 6, 1, 2, 3, 7, 8, 9, 10, 14, 15, 16, 11, 12, 13)
    assert len(BONES) == 17
    assert {joint for bone in BONES for joint in bone} == set(range(17))


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
def test_what_is_wrong_with_an_archive_is_said(arrays, words, tmp_path):
    np.savez(tmp_path / 'poses.npz', **arrays)

    with pytest.raises(ValueError, match=words):
        load_poses(tmp_path / 'poses.npz')


def test_generated_bodies_keep_their_bones_and_move_smoothly():
    poses = generate_poses(SUBJECTS * 5 * FRAMES, seed=1)

    lengths = bone_lengths(poses.positions)
    for person in np.unique(poses.subject):
        assert np.ptp(lengths[poses.subject == person], axis=0).max() < 1e-5
    steps = np.linalg.norm(np.diff(poses.positions, axis=0), axis=-1)[np.diff(poses.frame) == 1]
    assert steps.max() < 0.6  # m in 1/5 s: a quick wave of the hand
    assert poses.positions.std(0).max() > 0.1
    assert (poses.positions[:, JOINTS.index('head'), 1] > 0).mean() > 0.95


def test_generated_knees_bend_backwards_only():
    poses = generate_poses(2000, seed=2).positions
    hip, knee, foot = (poses[:, JOINTS.index(name)] for name in ('lhip', 'lknee', 'lfoot'))
    thigh, shin = knee - hip, foot - knee

    bend = np.cross(thigh, shin)[:, 0]  # about x, the axis of the knee where legs do not splay

    assert (bend > -1e-3).mean() > 0.99


def test_generated_poses_are_a_function_of_the_seed():
    first, again, other = (generate_poses(300, seed) for seed in (7, 7, 8))

    assert np.array_equal(first.positions, again.positions)
    assert not np.array_equal(first.positions, other.positions)


def quarter_turn_and_identity():
    return {
        'S1': {
            'front': {'R': np.eye(3).tolist(), 't': [[1000.0], [0.0], [5000.0]]},
            'side': {'R': [[0, -1, 0], [1, 0, 0], [0, 0, 1]], 't': [[0], [0], [0]]},
        }
    }


def test_nested_dictionaries_are_seen_from_each_camera(tmp_path):
    world = some_positions() * 1000 + 300
    nested = {'S1': {'Walking': {'s1': {10 * frame: world[frame] for frame in range(6)}}}}
    (tmp_path / 'poses.pkl').write_bytes(pickle.dumps(nested))
    (tmp_path / 'cameras.json').write_text(json.dumps({'extrinsics': quarter_turn_and_identity()}))

    poses = load_nested(tmp_path / 'poses.pkl', tmp_path / 'cameras.json', every=2)

    assert poses.camera.tolist() == ['front'] * 3 + ['side'] * 3
    assert poses.frame.tolist() == [0, 20, 40] * 2
    assert poses.positions[:3] == pytest.approx(some_positions()[::2], abs=1e-4)
    assert poses.positions[3:, :, 0] == pytest.approx(-poses.positions[:3, :, 1], abs=1e-4)
    assert poses.positions[3:, :, 1] == pytest.approx(poses.positions[:3, :, 0], abs=1e-4)


class Harmful:
    def __reduce__(self):
        return print, ('run',)


@pytest.mark.parametrize(
    ('nested', 'words'),
    [
        (Harmful(), 'wants to run builtins.print'),
        ({'S1': {'Walking': {'s1': np.zeros((4, 16, 3))}}}, r'shape \(4, 16, 3\)'),
        ({'S9': {'Walking': {'s1': np.zeros((4, 17, 3))}}}, "'S9'"),
        ({}, 'holds no poses'),
        ([1, 2], 'expected a pickle'),
    ],
)
def test_other_pickles_are_refused(nested, words, tmp_path, capsys):
    (tmp_path / 'poses.pkl').write_bytes(pickle.dumps(nested))
    (tmp_path / 'cameras.json').write_text(json.dumps({'extrinsics': quarter_turn_and_identity()}))

    with pytest.raises(ValueError, match=words):
        load_nested(tmp_path / 'poses.pkl', tmp_path / 'cameras.json')

    assert capsys.readouterr().out == ''


def test_the_recorded_poses_are_those_of_the_readme(shared_data):
    poses = load_poses(shared_data / 'h36m_poses' / 'h36m_poses_train.npz')

    assert len(poses) == 31_272
    assert set(poses.subject) == {'S1', 'S5', 'S6', 'S7', 'S8'}
    assert poses.positions[:, JOINTS.index('lfoot'), 1].mean() < -0.5  # y is up
    assert poses.positions[:, JOINTS.index('lhip'), 0].mean() > 0.1  # x to the left


def test_what_is_not_known_is_empty():
    poses = make_poses(some_positions(), subject=np.full(6, 'S1'))

    assert poses.take(np.array([1, 2])).subject.tolist() == ['S1', 'S1']
    assert poses.frame.tolist() == [-1] * 6
