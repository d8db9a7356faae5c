# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Divergence of the posterior from the standard normal."""

from torch import Tensor

from emotion_models.levasa.network import IMAGE_PX

VALUES_PER_IMAGE = 3 * IMAGE_PX**2


def kl_divergence(mean: Tensor, logvar: Tensor) -> Tensor:
    """
    Divergence from the standard normal: `-½ Σ (1 + logvar - mean² - exp(logvar))`.

    Kingma, Welling, "Auto-Encoding Variational Bayes", ICLR 2014, appendix B.

    Args:
        mean: any shape.
        logvar: same shape.

    Returns:
        The sum over all elements, in nats.
    """
    return -0.5 * (1 + logvar - mean.square() - logvar.exp()).sum()


def normalised_kl(mean: Tensor, logvar: Tensor) -> Tensor:
    """
    The divergence on the scale of the mean squared error: divided by all values of the pictures.

    With weight 1 beside that error, the sum is the bound of a Gaussian decoder of variance ½.

    Args:
        mean: shape (B, D).
        logvar: shape (B, D).
    """
    return kl_divergence(mean, logvar) / (len(mean) * VALUES_PER_IMAGE)
