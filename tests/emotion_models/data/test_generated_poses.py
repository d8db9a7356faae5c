# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np

from emotion_models.data.generated_poses import (
    FRAMES,
    SUBJECTS,
    GeneratedPoses,
    generate_poses,
)
from emotion_models.data.poses import BONES, JOINTS


def bone_lengths(positions):
    starts, ends = np.transpose(BONES)
    return np.linalg.norm(positions[:, ends] - positions[:, starts], axis=-1)


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


def test_one_person_is_held_out_and_another_tested(load):
    parts, poses = load(GeneratedPoses(count=1200), seed=7), generate_poses(1200, 7)

    others = ~np.isin(poses.subject, [f'G{SUBJECTS - 1}', f'G{SUBJECTS}'])
    assert np.array_equal(parts['training'], poses.positions[others])
    for part, person in (('validation', SUBJECTS - 1), ('test', SUBJECTS)):
        theirs = poses.positions[poses.subject == f'G{person}']
        assert np.array_equal(np.sort(parts[part], axis=0), np.sort(theirs, axis=0))
