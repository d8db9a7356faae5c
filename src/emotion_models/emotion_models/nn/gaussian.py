# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Gaussian posteriors with independent dimensions, and their divergence from a prior."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

LOG_TWO_PI = math.log(2 * math.pi)


class Gaussian(NamedTuple):
    """
    A normal distribution for each sample of a batch, its dimensions independent.

    Args:
        mean: shape (B, …).
        log_variance: logarithm of the variance, same shape.
    """

    mean: Tensor
    log_variance: Tensor

    @classmethod
    def of_scale(cls, mean: Tensor, scale: Tensor) -> 'Gaussian':
        """That of a standard deviation instead of the variance."""
        return cls(mean, 2 * scale.log())

    @classmethod
    def from_output(cls, output: Tensor) -> 'Gaussian':
        """The first half of a network's output channels (B, 2·D, …) as means, then the rest."""
        return cls(*output.float().chunk(2, 1))

    @property
    def scale(self) -> Tensor:
        """Standard deviations, same shape."""
        return (0.5 * self.log_variance).exp()

    def sample(self, generator: torch.Generator | None = None) -> Tensor:
        """
        One draw for each mean, through which gradients flow (reparametrised).

        Args:
            generator: one of the CPU; none = torch's global generator, on the device of the means.
        """
        if generator is None:
            noise = torch.randn_like(self.mean)
        else:
            noise = torch.randn(self.mean.shape, generator=generator).to(self.mean)
        return self.mean + noise * self.scale

    def log_density(self, values: Tensor) -> Tensor:
        """Logarithm of the density of each value, in nats, same shape."""
        squares = (values - self.mean).square() * (-self.log_variance).exp()
        return -0.5 * (squares + self.log_variance + LOG_TWO_PI)


def kl_divergence(posterior: Gaussian, prior_mean: Tensor | float = 0.0) -> Tensor:
    """
    Kullback-Leibler divergence from a normal prior of variance 1: `½ Σ (δ² + σ² - 1 - ln σ²)`.

    Kingma, Welling, "Auto-Encoding Variational Bayes", ICLR 2014, appendix B.

    Args:
        posterior: of B samples.
        prior_mean: of the prior, same shape as the means or broadcast to it.

    Returns:
        The sum over the dimensions, δ being the offset of the mean, in nats, shape (B,).
    """
    offset = posterior.mean - prior_mean
    terms = offset.square() + posterior.log_variance.exp() - 1 - posterior.log_variance
    return 0.5 * terms.flatten(1).sum(1)


def divergences(posterior: Gaussian, prior: Gaussian) -> Tensor:
    """
    Kullback-Leibler divergence of each dimension: `ln(σ_p/σ_q) + (σ_q² + δ²)/(2 σ_p²) - ½`.

    Args:
        posterior: q.
        prior: p, same shape or broadcast to it.

    Returns:
        In nats, shape (B, …), not summed.
    """
    wider = prior.log_variance - posterior.log_variance
    offset = (posterior.mean - prior.mean).square() * (-prior.log_variance).exp()
    return 0.5 * (wider + (-wider).exp() + offset - 1)
