# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is minimised: the likelihood of the pixels and the divergences from the priors."""

import math
from typing import Literal, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from emotion_models.nn.gaussian import LOG_TWO_PI, Gaussian, divergences

Likelihood = Literal['bernoulli', 'continuous_bernoulli', 'gaussian']
Estimate = Literal['analytic', 'mc']

PIXEL_SCALE = 0.1
"""Standard deviation of pixels about what is decoded, for the Gaussian likelihood."""
NEAR_HALF = 1e-3
"""Distance from ½ below which a continuous Bernoulli is normalised by its series."""


class Terms(NamedTuple):
    """
    The terms of each clip before they are weighted, in nats, (N,).

    Args:
        reconstruction: -ln p of the pixels of all frames.
        static: divergence of the static code.
        dynamics: of the code of the motion; 0 in the first phase.
        pose: of the poses of all frames.
    """

    reconstruction: Tensor
    static: Tensor
    dynamics: Tensor
    pose: Tensor

    @property
    def negative_elbo(self) -> Tensor:
        """All terms with the weight 1, (N,)."""
        return self.reconstruction + self.static + self.dynamics + self.pose


class Weights(NamedTuple):
    """How much each divergence counts, and the temperature of the blend of experts."""

    static: float = 1.0
    dynamics: float = 1.0
    pose: float = 1.0
    temperature: float = 1.0

    def objective(self, terms: Terms) -> Tensor:
        """What is minimised, of each clip (N,)."""
        return (
            terms.reconstruction
            + self.static * terms.static
            + self.dynamics * terms.dynamics
            + self.pose * terms.pose
        )


def code_prior(code: Tensor) -> Gaussian:
    """The prior of static codes and of codes of motions: its standard deviation is 1/width."""
    return Gaussian(torch.zeros_like(code), torch.full_like(code, -2 * math.log(code.shape[-1])))


def standard_prior(code: Tensor) -> Gaussian:
    """The prior of a pose that nothing is known of."""
    return Gaussian(torch.zeros_like(code), torch.zeros_like(code))


def divergence(
    posterior: Gaussian, prior: Gaussian, draw: Tensor, estimate: Estimate = 'analytic'
) -> Tensor:
    """
    Divergence of each clip, summed over all else, in nats, (N,).

    Args:
        posterior: q, (N, …).
        prior: p, same shape.
        draw: of the posterior, same shape; for `mc`.
        estimate: `analytic`, or `mc`: ln q - ln p of the draw.
    """
    if estimate == 'mc':
        each = posterior.log_density(draw) - prior.log_density(draw)
    else:
        each = divergences(posterior, prior)
    return each.flatten(1).sum(1)


def pixel_loss(logits: Tensor, frames: Tensor, likelihood: Likelihood = 'bernoulli') -> Tensor:
    """
    -ln p of the pixels of each clip, in nats, (N,).

    Args:
        logits: of what is decoded, (N, …).
        frames: in [0, 1], same shape.
        likelihood: `bernoulli`: cross-entropy, whose least value is the entropy of the pixels.
            `continuous_bernoulli` (Loaiza-Ganem, Cunningham, NeurIPS 2019). `gaussian` with the
            standard deviation `PIXEL_SCALE`.
    """
    if likelihood == 'gaussian':
        offset = (torch.sigmoid(logits) - frames) / PIXEL_SCALE
        each = 0.5 * offset.square() + math.log(PIXEL_SCALE) + 0.5 * LOG_TWO_PI
    else:
        each = F.binary_cross_entropy_with_logits(logits, frames, reduction='none')
        if likelihood == 'continuous_bernoulli':
            each = each - _log_normaliser(logits)
    return each.flatten(1).sum(1)


def _log_normaliser(logits: Tensor) -> Tensor:
    """
    Logarithm of C(λ) of a continuous Bernoulli: C = 2 artanh(1 - 2λ) / (1 - 2λ), and 2 at ½.

    With the logit x it is ln(x / tanh(x/2)), for small ones ln 2 + x²/12.
    """
    size = logits.abs()
    away = size.clamp(min=NEAR_HALF)
    return torch.where(
        size < NEAR_HALF,
        math.log(2) + logits.square() / 12,
        torch.log(away) - torch.log(torch.tanh(away / 2)),
    )
