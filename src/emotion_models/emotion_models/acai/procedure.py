# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The one training procedure of plain and regularised autoencoders.

Berthelot, Raffel, Roy, Goodfellow, "Understanding and Improving Interpolation in Autoencoders via
an Adversarial Regularizer", ICLR 2019.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
from lightning.pytorch import LightningModule
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.optim import Adam, Optimizer

from emotion_models.nn.adversarial import (
    BASELINE_CRITIC_LOSS,
    adversarial_loss,
    critic_loss,
    draw_shares,
    regularising_mixture,
)
from emotion_models.nn.optimisation import cosine, descend
from emotion_models.training.epoch_means import EpochMeans
from emotion_models.training.loading import noted_entry

HELD_OUT_SEED = 20_181


class CriticBatch(NamedTuple):
    """Inputs of the critic: samples, their reconstructions, mixtures and true shares."""

    samples: Tensor
    reconstructed: Tensor
    mixtures: Tensor
    shares: Tensor

    def detached(self) -> 'CriticBatch':
        """The same, without gradients to the autoencoder."""
        return CriticBatch(*(tensor.detach() for tensor in self))


class InterpolatingAutoencoder(LightningModule, ABC):
    """
    An autoencoder, and a critic that estimates the share of a second sample in a mixture.

    Each step first updates the autoencoder with the critic frozen, then the critic on the outputs
    of the autoencoder. With the weight 0 the critic is trained without influence: the autoencoder
    is the same, bit for bit, as without one.

    Subclasses make the networks and define mixtures, errors and batches. They have the
    hyper-parameters `learning_rate`, `critic_learning_rate`, `gamma` and `annealed`.

    Args:
        encoder: samples (B, …) to codes.
        decoder: codes to samples.
        critic: samples to shares (B,).
        weight: of the regulariser, λ; none = there is no critic.
    """

    def __init__(
        self, encoder: nn.Module, decoder: nn.Module, critic: nn.Module, weight: float | None
    ) -> None:
        super().__init__()
        self.automatic_optimization = False
        self.encoder, self.decoder = encoder, decoder
        self.critic: Any = None if weight is None else critic
        self.weight = weight
        self.epoch_means = EpochMeans()
        # Of their own, so that neither the critic's presence nor its shares change the rest.
        self.generators = {
            name: torch.Generator().manual_seed(torch.initial_seed() + 1_000_003 * number)
            for number, name in enumerate(('augmentation', 'codes', 'shares'))
        }

    def augment(self, samples: Tensor) -> Tensor:
        """What is trained on instead of the samples."""
        return samples

    def encode(self, samples: Tensor) -> Tensor:
        """Codes of samples."""
        return self.encoder(samples).float()

    def decode(self, codes: Tensor) -> Tensor:
        """Samples of codes."""
        return self.decoder(codes).float()

    def forward(self, samples: Tensor) -> tuple[Tensor, Tensor]:
        """Codes and reconstructions."""
        codes = self.encode(samples)
        return codes, self.decode(codes)

    def sample_codes(self, samples: Tensor) -> tuple[Tensor, Tensor | float]:
        """Codes to train with, and their term of the loss; a variational subclass draws them."""
        return self.encode(samples), 0.0

    @abstractmethod
    def pair(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        """Codes and those to mix with them, as many of each."""

    @abstractmethod
    def mix(self, codes: Tensor, partners: Tensor, shares: Tensor) -> Tensor:
        """Codes between codes and partners; the shares (B,) are those of the partners."""

    @abstractmethod
    def reconstruction_loss(self, reconstructed: Tensor, samples: Tensor) -> Tensor:
        """Error of the reconstructions, a scalar."""

    def autoencoder_losses(
        self, samples: Tensor, shares_from: torch.Generator
    ) -> tuple[dict[str, Tensor], CriticBatch | None]:
        """
        Terms of the autoencoder's loss and their sum, `loss`, and the inputs of the critic.

        Args:
            samples: shape (B, …).
            shares_from: generator of the shares.
        """
        codes, cost = self.sample_codes(samples)
        reconstructed = self.decode(codes)
        losses = {'reconstruction_loss': self.reconstruction_loss(reconstructed, samples)}
        loss = losses['reconstruction_loss'] + cost
        critic_batch = None
        if self.critic is not None:
            codes, partners = self.pair(codes)
            shares = draw_shares(len(codes), shares_from).to(codes)
            with frozen_statistics(self.decoder):
                mixtures = self.decode(self.mix(codes, partners, shares))
            losses['adversarial_loss'] = adversarial_loss(self.critic(mixtures))
            loss = loss + self.weight * losses['adversarial_loss']
            critic_batch = CriticBatch(samples, reconstructed, mixtures, shares)
        return {'loss': loss, **losses}, critic_batch

    def critic_loss(self, critic_batch: CriticBatch) -> Tensor:
        """Loss of the critic's answers, a scalar."""
        unmixed = regularising_mixture(
            critic_batch.samples, critic_batch.reconstructed, self.hparams.gamma
        )
        answers = self.critic(torch.cat([critic_batch.mixtures, unmixed]))
        count = len(critic_batch.shares)
        return critic_loss(answers[:count], critic_batch.shares, answers[count:])

    def training_step(self, batch: Tensor, batch_index: int) -> None:
        """One step of the autoencoder, then one of the critic."""
        samples = self.augment(batch)
        autoencoder, *critics = self._optimizers()
        with self.toggled_optimizer(autoencoder):
            losses, critic_batch = self.autoencoder_losses(samples, self.generators['shares'])
            descend(self, autoencoder, losses['loss'])
        for critic in critics:
            with self.toggled_optimizer(critic):
                losses['critic_loss'] = self.critic_loss(critic_batch.detached())
                descend(self, critic, losses['critic_loss'])
        self.epoch_means.add(self.current_epoch, losses, len(samples))

    def on_train_epoch_end(self) -> None:
        """Log the means of the epoch."""
        self._log_means('train', self.epoch_means.means(), 1)

    def validation_step(self, batch: Tensor, batch_index: int) -> None:
        """Log all losses, and beside the critic's that of a constant answer."""
        self._log_means('val', self._held_out_losses(batch, batch_index), len(batch))

    def test_step(self, batch: Tensor, batch_index: int) -> None:
        """Log the same losses."""
        self._log_means('test', self._held_out_losses(batch, batch_index), len(batch))

    def _held_out_losses(self, batch: Tensor, batch_index: int) -> dict[str, Tensor]:
        shares = torch.Generator().manual_seed(HELD_OUT_SEED + batch_index)  # the same every time
        losses, critic_batch = self.autoencoder_losses(batch, shares)
        if critic_batch is not None:
            losses['critic_loss'] = self.critic_loss(critic_batch)
            losses['critic_loss_baseline'] = torch.tensor(BASELINE_CRITIC_LOSS)
        return losses | self.measures(batch)

    def measures(self, samples: Tensor) -> dict[str, Tensor]:
        """Further figures of held-out samples."""
        return {}

    def on_train_epoch_start(self) -> None:
        """Let the rates fall along a cosine: a function of the epoch, so nothing to resume."""
        part = self.current_epoch / self.trainer.max_epochs if self.hparams.annealed else 0.0
        rates = self.hparams.learning_rate, self.hparams.critic_learning_rate
        for optimizer, rate in zip(self._optimizers(), rates, strict=False):
            for group in optimizer.param_groups:
                group['lr'] = rate * cosine(part)

    def configure_optimizers(self) -> list[Optimizer]:
        """Adam for the autoencoder and, where there is one, Adam for the critic."""
        autoencoder = [*self.encoder.parameters(), *self.decoder.parameters()]
        rate = self.hparams.learning_rate
        optimizers: list[Optimizer] = [Adam(autoencoder, rate, fused=True)]
        if self.critic is not None:
            critic, rate = self.critic.parameters(), self.hparams.critic_learning_rate
            optimizers.append(Adam(critic, rate, fused=True))
        return optimizers

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Keep where the generators are, and the means of an epoch that has begun."""
        checkpoint['epoch_means'] = self.epoch_means.state_dict()
        states = {name: generator.get_state() for name, generator in self.generators.items()}
        checkpoint['generators'] = states

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Put generators and means where they were."""
        self.epoch_means.load_state_dict(checkpoint.get('epoch_means', {}))
        for name, state in noted_entry(checkpoint, 'generators', 'the checkpoint').items():
            self.generators[name].set_state(state.cpu())

    def _optimizers(self) -> list[Any]:
        optimizers = self.optimizers()
        return optimizers if isinstance(optimizers, list) else [optimizers]

    def _log_means(self, part: str, figures: dict[str, Tensor], count: int) -> None:
        named = {f'{part}_{name}': value.detach() for name, value in figures.items()}
        self.log_dict(named, on_step=False, on_epoch=True, batch_size=count, sync_dist=True)


@contextmanager
def frozen_statistics(network: nn.Module) -> Iterator[None]:
    """
    A context in which batch norms do not update their running statistics.

    Those, which evaluation uses, are then of real samples alone.
    """
    norms = [part for part in network.modules() if isinstance(part, _BatchNorm)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.momentum = 0.0
    try:
        yield
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
