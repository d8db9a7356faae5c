# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import numpy as np

from emotion_models.data.poses import BONES, MIRRORED_JOINTS, make_poses


def test_the_skeleton_is_that_of_human36m():
    assert MIRRORED_JOINTS == (0, 4, 5, 6, 1, 2, 3, 7, 8, 9, 10, 14, 15, 16, 11, 12, 13)
    assert len(BONES) == 17
    assert {joint for bone in BONES for joint in bone} == set(range(17))


def test_what_is_not_known_is_empty():
    positions = np.random.default_rng(0).normal(size=(6, 17, 3))
    poses = make_poses(positions, subject=np.full(6, 'S1'))

    assert poses.take(np.array([1, 2])).subject.tolist() == ['S1', 'S1']
    assert poses.frame.tolist() == [-1] * 6
    assert (poses.positions[:, 0] == 0).all()
