# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Losses of a segment, over its annotated frames."""

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn

from emotion_models.data.clips import TARGETS
from emotion_models.nn.concordance import concordance_loss

EPSILON = 1e-9

Loss = Callable[[Tensor, Tensor, Tensor], Tensor]


def batch_ccc(outputs: Tensor, targets: Tensor, valid: Tensor) -> Tensor:
    """1 − CCC of all annotated frames of the segment together."""
    return concordance_loss(outputs[valid], targets[valid], EPSILON)


def ccc(outputs: Tensor, targets: Tensor, valid: Tensor) -> Tensor:
    """1 − CCC of each clip, the mean over those that have annotated frames."""
    rows = [batch_ccc(*row) for row in zip(outputs, targets, valid, strict=True) if row[2].any()]
    return torch.stack(rows).mean()


def mse(outputs: Tensor, targets: Tensor, valid: Tensor) -> Tensor:
    """Mean squared error of the annotated frames."""
    return (outputs[valid] - targets[valid]).square().mean()


def mse_sum(outputs: Tensor, targets: Tensor, valid: Tensor) -> Tensor:
    """Sum of their squared errors, the mean over the targets."""
    return (outputs[valid] - targets[valid]).square().sum(0).mean()


KINDS: Mapping[str, Loss] = {'batch_ccc': batch_ccc, 'ccc': ccc, 'mse': mse, 'mse_sum': mse_sum}

OF_ONE: Mapping[str, tuple[str, str]] = {
    'vmse': ('mse', 'valence'),
    'amse': ('mse', 'arousal'),
    'vccc': ('ccc', 'valence'),
    'accc': ('ccc', 'arousal'),
    'batch_vccc': ('batch_ccc', 'valence'),
    'batch_accc': ('batch_ccc', 'arousal'),
}
"""Losses of one target only: the kind and the target."""


class SegmentLoss(nn.Module):
    """
    A weighted sum of losses.

    Args:
        weights: by name, of `KINDS` (the mean over the targets) or `OF_ONE`.
        targets: columns that are trained, of `valence` and `arousal`.

    Raises:
        ValueError: for a name that is not known or whose target is not trained, and for no
            weight above 0.
    """

    def __init__(self, weights: Mapping[str, float], targets: Sequence[str] = TARGETS) -> None:
        super().__init__()
        if not any(weight > 0 for weight in weights.values()) or min(weights.values()) < 0:
            raise ValueError(
                f'losses must have weights >= 0, and one above it; got {dict(weights)}'
            )
        self._terms = [(weight, *_find(name, targets)) for name, weight in weights.items()]

    def forward(self, outputs: Tensor, targets: Tensor, valid: Tensor) -> Tensor:
        """
        The loss, a scalar.

        Args:
            outputs: shape (B, L, T).
            targets: same shape.
            valid: annotated frames, bool (B, L), at least one.
        """
        outputs, terms = outputs.float(), []
        for weight, kind, columns in self._terms:
            terms.append(weight * kind(outputs[..., columns], targets[..., columns], valid))
        return torch.stack(terms).sum()


def _find(name: str, targets: Sequence[str]) -> tuple[Loss, slice]:
    if name in KINDS:
        return KINDS[name], slice(None)
    if name not in OF_ONE:
        raise ValueError(
            f'losses must be of {", ".join((*KINDS, *OF_ONE))}, each with its weight; got {name!r}'
        )
    kind, target = OF_ONE[name]
    if target not in targets:
        raise ValueError(f'the loss {name} is of {target}; trained are {", ".join(targets)}')
    column = list(targets).index(target)
    return KINDS[kind], slice(column, column + 1)
