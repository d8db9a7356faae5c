# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The adversarial regulariser of autoencoders: a critic estimates the share in a mixture.

Berthelot, Raffel, Roy, Goodfellow, "Understanding and Improving Interpolation in Autoencoders via
an Adversarial Regularizer", ICLR 2019.
"""

import torch
from torch import Tensor

from emotion_models.latent.interpolation import lerp

BASELINE_CRITIC_LOSS = 1 / 48 + 2 / 64
"""Loss of a critic that answers 1/8 whatever it is shown, the least of a constant answer."""


def draw_shares(count: int, generator: torch.Generator) -> Tensor:
    """Shares of the other sample in a mixture, uniform in 0..1/2: α = ½ − |u − ½|, (count,)."""
    return 0.5 - (torch.rand(count, generator=generator) - 0.5).abs()


def adversarial_loss(answers: Tensor) -> Tensor:
    """The autoencoder's side: mean square of the critic's answers (B,) to decoded mixtures."""
    return answers.square().mean()


def critic_loss(answers: Tensor, shares: Tensor, unmixed_answers: Tensor) -> Tensor:
    """
    The critic's side: squared errors of its answers, the share for a mixture and 0 without one.

    Args:
        answers: to the decoded mixtures, (B,).
        shares: true shares α, (B,).
        unmixed_answers: to `regularising_mixture` of samples and reconstructions, (N,).
    """
    return (answers - shares).square().mean() + unmixed_answers.square().mean()


def regularising_mixture(samples: Tensor, reconstructed: Tensor, gamma: float) -> Tensor:
    """
    γx + (1 − γ)x̂, which the critic is to call unmixed: real data while reconstructions are poor.

    Args:
        samples: x, any shape.
        reconstructed: x̂, same shape.
        gamma: γ, the share of the true sample, in [0, 1].
    """
    return lerp(reconstructed, samples, gamma)
