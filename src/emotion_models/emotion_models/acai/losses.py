# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Losses of the autoencoders and of their critic."""

import torch
from torch import Tensor

UNINFORMED_CRITIC_LOSS = 1 / 48 + 2 / 64
"""Loss of a critic that answers 1/8 to everything, the best it can do without looking."""


def joint_loss(reconstructed: Tensor, poses: Tensor) -> Tensor:
    """Squared distance of the joints in m², averaged over joints and poses (B, 17, 3)."""
    return (reconstructed - poses).square().sum(-1).mean()


def mpjpe_mm(reconstructed: Tensor, poses: Tensor) -> Tensor:
    """Mean distance of the joints in mm, for each pose: (B,) of (B, 17, 3) in metres."""
    return 1000 * (reconstructed - poses).norm(dim=-1).mean(-1)


def draw_shares(count: int, generator: torch.Generator) -> Tensor:
    """Shares of the other sample in a mixture, uniform in 0..1/2: α = ½ − |u − ½|, (count,)."""
    return 0.5 - (torch.rand(count, generator=generator) - 0.5).abs()


def deception(answers: Tensor) -> Tensor:
    """What the autoencoder pays where the critic answers (B,) other than 0 to mixtures."""
    return answers.square().mean()


def critic_loss(answers: Tensor, shares: Tensor, blend_answers: Tensor) -> Tensor:
    """
    Squared errors of the critic: it should tell the share of a mixture, and 0 for a blend.

    Args:
        answers: to the decoded mixtures, (B,).
        shares: true shares α, (B,).
        blend_answers: to `blend` of samples and their reconstructions, (N,).
    """
    return (answers - shares).square().mean() + blend_answers.square().mean()


def blend(samples: Tensor, reconstructed: Tensor, share: float) -> Tensor:
    """γx + (1 − γ)x̂: shows the critic data even while the reconstructions are poor."""
    return share * samples + (1 - share) * reconstructed


def normal_divergence(mean: Tensor, logvar: Tensor) -> Tensor:
    """
    Divergence of N(mean, exp(logvar)) from the standard normal: summed over a code, mean of (B,).

    Kingma, Welling, "Auto-Encoding Variational Bayes", ICLR 2014.
    """
    return 0.5 * (mean.square() + logvar.exp() - 1 - logvar).flatten(1).sum(1).mean()
