# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Errors of reconstructed poses."""

from torch import Tensor


def joint_loss(reconstructed: Tensor, poses: Tensor) -> Tensor:
    """Squared distance of the joints in m², averaged over joints and poses (B, 17, 3)."""
    return (reconstructed - poses).square().sum(-1).mean()


def mpjpe_mm(reconstructed: Tensor, poses: Tensor) -> Tensor:
    """Mean distance of the joints in mm, for each pose: (B,) of (B, 17, 3) in metres."""
    return 1000 * (reconstructed - poses).norm(dim=-1).mean(-1)
