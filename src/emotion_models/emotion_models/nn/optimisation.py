# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Learning rates over a training, and single steps of manual optimisation."""

import math
from collections.abc import Iterable
from typing import Any

from lightning.pytorch import LightningModule, Trainer
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR, LRScheduler, OneCycleLR


def cosine(progress: float) -> float:
    """Half a cosine, from 1 at progress 0 to 0 at progress 1 and beyond."""
    return 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))


def constant_then_linear(epoch: int, constant: int, decaying: int) -> float:
    """
    The share of the rate in an epoch: 1 in the first ones, then on a line that ends above 0.

    Args:
        epoch: 0 for the first.
        constant: epochs at the whole rate.
        decaying: epochs in which it falls; the one after them would have 0.
    """
    return max(0.0, 1 - max(0, epoch + 1 - constant) / (decaying + 1))


def one_cycle(optimizer: Optimizer, trainer: Trainer) -> dict[str, Any]:
    """
    The schedule that lets the rate rise and fall once over the whole training.

    Smith, Topin, "Super-Convergence", 2019. Few epochs are enough with it.

    Args:
        optimizer: its rate is the highest one.
        trainer: knows the number of steps; with manual optimisation, of all optimisers together.

    Returns:
        What Lightning takes as `lr_scheduler`, stepped after every batch.
    """
    rates = [group['lr'] for group in optimizer.param_groups]
    steps = int(trainer.estimated_stepping_batches)
    return _each_step(OneCycleLR(optimizer, rates, total_steps=steps))


def warmup_cosine(optimizer: Optimizer, trainer: Trainer, warmup: float) -> dict[str, Any]:
    """
    The schedule with a linear warm-up to the optimiser's rate and a cosine to 0.

    Args:
        optimizer: its rate is the highest one.
        trainer: knows the number of steps.
        warmup: part of the training in which the rate rises, in [0, 1).

    Returns:
        What Lightning takes as `lr_scheduler`, stepped after every batch.
    """
    steps = int(trainer.estimated_stepping_batches)
    warmup_steps = max(1, round(warmup * steps))

    def factor(step: int) -> float:
        if step < warmup_steps:
            return (step + 1) / warmup_steps
        return cosine((step - warmup_steps) / max(1, steps - warmup_steps))

    return _each_step(LambdaLR(optimizer, factor))


def descend(
    module: LightningModule,
    optimizer: Any,
    loss: Tensor,
    clip_norm: float | None = None,
    parts: Iterable[nn.Module] = (),
) -> None:
    """
    One step of manual optimisation.

    Args:
        module: with `automatic_optimization` off.
        optimizer: of `module.optimizers()`.
        loss: a scalar.
        clip_norm: greatest norm of the gradient; none = as it is.
        parts: of the network whose gradients are clipped each by itself; none = all together.
    """
    optimizer.zero_grad()
    module.manual_backward(loss)
    if clip_norm is not None:
        clipped = list(parts)
        for part in clipped:
            nn.utils.clip_grad_norm_(part.parameters(), clip_norm)
        if not clipped:
            module.clip_gradients(
                optimizer, gradient_clip_val=clip_norm, gradient_clip_algorithm='norm'
            )
    optimizer.step()


def _each_step(scheduler: LRScheduler) -> dict[str, Any]:
    return {'scheduler': scheduler, 'interval': 'step'}
