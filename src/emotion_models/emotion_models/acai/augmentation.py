# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Augmentation of poses: turns and mirror images."""

import math

import torch
from torch import Tensor, nn

from emotion_models.data.poses import MIRRORED_JOINTS

PLANES = {'x': (1, 2), 'y': (2, 0), 'z': (0, 1)}
"""For each axis the two coordinates that a turn about it mixes."""


class PoseAugmentation(nn.Module):
    """
    A turn about one axis, then perhaps a mirror; for poses whose hip is at the origin.

    Args:
        axis: `z` for poses in a camera's frame, a roll of the camera; `y` where y is up.
        max_angle_deg: turns are uniform between this angle to either side.
        flip_probability: of the mirror.

    Raises:
        ValueError: if there is no such axis.
    """

    def __init__(
        self, axis: str = 'y', max_angle_deg: float = 30.0, flip_probability: float = 0.5
    ) -> None:
        super().__init__()
        if axis not in PLANES:
            raise ValueError(f'axis must be one of {", ".join(PLANES)}; got {axis!r}')
        self.axis = axis
        self.max_angle = math.radians(max_angle_deg)
        self.flip_probability = flip_probability

    def forward(self, poses: Tensor, generator: torch.Generator) -> Tensor:
        """New poses (B, 17, 3); the generator is one of the CPU."""
        turns, flips = torch.rand(2, len(poses), generator=generator).to(poses.device)
        turned = turn(poses, (2 * turns - 1) * self.max_angle, self.axis)
        is_flipped = flips < self.flip_probability
        return torch.where(is_flipped[:, None, None], flip(turned), turned)


def turn(poses: Tensor, angles: Tensor, axis: str) -> Tensor:
    """
    Poses turned by −angle about an axis: x' = cos a·x + sin a·y, y' = cos a·y − sin a·x for `z`.

    Args:
        poses: shape (B, 17, 3).
        angles: in radians, shape (B,).
        axis: `x`, `y` or `z`; the other two coordinates follow in cyclic order.
    """
    first, second = PLANES[axis]
    cosine, sine = angles.cos()[:, None], angles.sin()[:, None]
    turned = poses.clone()
    turned[..., first] = cosine * poses[..., first] + sine * poses[..., second]
    turned[..., second] = cosine * poses[..., second] - sine * poses[..., first]
    return turned


def flip(poses: Tensor) -> Tensor:
    """Poses (B, 17, 3) in a mirror across x = 0: left and right change their places."""
    return poses[:, list(MIRRORED_JOINTS)] * poses.new_tensor([-1.0, 1.0, 1.0])
