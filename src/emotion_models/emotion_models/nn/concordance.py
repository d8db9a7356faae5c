# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Concordance as a loss."""

import torch
from torch import Tensor

from emotion_models.metrics.concordance import concordance


def concordance_loss(prediction: Tensor, target: Tensor, epsilon: float = 0.0) -> Tensor:
    """
    1 − CCC, the mean over the columns.

    Args:
        prediction: shape (N, D), N >= 2, or >= 1 with `epsilon`.
        target: same shape.
        epsilon: added to the divisor; with one, two constants have the loss 1 and no gradient
            that is not a number.

    Returns:
        A scalar in [0, 2]; 0 for equal columns.
    """
    columns = zip(prediction.unbind(1), target.unbind(1), strict=True)
    return 1 - torch.stack([concordance(*pair, epsilon) for pair in columns]).mean()
