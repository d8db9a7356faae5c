# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest

torch = pytest.importorskip('torch', reason='training needs torch (requirements/training.txt)')

from emotion_models.acai.augmentation import PoseAugmentation, flip, turn  # noqa: E402
from emotion_models.data.generated_poses import generate_poses  # noqa: E402
from emotion_models.data.poses import BONES, MIRRORED_JOINTS  # noqa: E402


@pytest.fixture(scope='module')
def poses():
    return torch.from_numpy(generate_poses(64, seed=0).positions)


def bone_lengths(poses):
    starts, ends = (list(joints) for joints in zip(*BONES, strict=True))
    return (poses[:, ends] - poses[:, starts]).norm(dim=-1)


def test_a_turn_about_the_axis_of_the_camera():
    poses = torch.zeros(1, 17, 3)
    poses[0, 1] = torch.tensor([1.0, 0.0, 0.7])
    poses[0, 2] = torch.tensor([0.0, 1.0, 0.7])

    turned = turn(poses, torch.tensor([math.radians(30)]), 'z')

    assert turned[0, 1].tolist() == pytest.approx([0.866025, -0.5, 0.7])
    assert turned[0, 2].tolist() == pytest.approx([0.5, 0.866025, 0.7])
    assert turned[0, 0].tolist() == [0, 0, 0]


@pytest.mark.parametrize('axis', ['x', 'y', 'z'])
def test_a_turn_leaves_its_axis_and_all_bones_alone(poses, axis):
    turned = turn(poses, torch.linspace(-3, 3, 64), axis)

    place = 'xyz'.index(axis)
    assert torch.equal(turned[..., place], poses[..., place])
    assert torch.allclose(bone_lengths(turned), bone_lengths(poses), atol=1e-5)
    back = turn(turned, -torch.linspace(-3, 3, 64), axis)
    assert torch.allclose(back, poses, atol=1e-5)


def test_a_flip_exchanges_left_and_right(poses):
    flipped = flip(poses)

    assert torch.equal(flip(flipped), poses)
    assert torch.equal(flipped[:, 4, 0], -poses[:, 1, 0])
    assert torch.equal(flipped[..., 1:], poses[:, list(MIRRORED_JOINTS), 1:])
    pairs = [BONES.index((MIRRORED_JOINTS[start], MIRRORED_JOINTS[end])) for start, end in BONES]
    assert torch.allclose(bone_lengths(flipped), bone_lengths(poses)[:, pairs], atol=1e-6)


def test_augmentation_turns_within_its_limits_and_flips_half(poses):
    upright = poses[:1].repeat(4000, 1, 1)
    augmentation = PoseAugmentation('y', max_angle_deg=30, flip_probability=0.5)

    augmented = augmentation(upright, torch.Generator().manual_seed(0))

    hips = (augmented[:, 4] - augmented[:, 1]).numpy()  # from right to left, along x before
    angles = np.degrees(np.arctan2(hips[:, 2], hips[:, 0]))
    assert 29 < np.abs(angles).max() <= 30.01
    assert np.abs(angles.mean()) < 1
    is_flipped = augmented[:, 5, 1] != upright[:, 5, 1]
    assert is_flipped.float().mean().item() == pytest.approx(0.5, abs=0.03)


def test_augmentation_is_a_function_of_its_generator(poses):
    first, again = (PoseAugmentation()(poses, torch.Generator().manual_seed(5)) for _ in range(2))

    assert torch.equal(first, again)
    assert not torch.equal(first, PoseAugmentation()(poses, torch.Generator().manual_seed(6)))


def test_there_are_three_axes():
    with pytest.raises(ValueError, match="axis must be one of x, y, z; got 'w'"):
        PoseAugmentation(axis='w')
