# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Concordance as a loss."""

import torch
from torch import Tensor

from emotion_models.metrics.concordance import concordance


def concordance_loss(prediction: Tensor, target: Tensor) -> Tensor:
    """
    1 − CCC, the mean over the columns.

    Args:
        prediction: shape (N, D), N >= 2.
        target: same shape.

    Returns:
        A scalar in [0, 2]; 0 for equal columns.
    """
    columns = zip(prediction.unbind(1), target.unbind(1), strict=True)
    return 1 - torch.stack([concordance(*pair) for pair in columns]).mean()
