# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Networks applied to more samples than fit into one batch."""

from collections.abc import Callable

import torch
from torch import Tensor


@torch.no_grad()
def in_batches(function: Callable[..., Tensor], *inputs: Tensor, size: int) -> Tensor:
    """
    What a function gives for all samples, computed batch by batch, without gradients.

    Args:
        function: of as many tensors (B, …) as there are inputs, to (B, …).
        inputs: tensors (N, …).
        size: samples in a batch.

    Returns:
        Shape (N, …).
    """
    parts = zip(*(tensor.split(size) for tensor in inputs), strict=True)
    return torch.cat([function(*part) for part in parts])
