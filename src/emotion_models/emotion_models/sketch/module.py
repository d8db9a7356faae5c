# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Training of the learned face: a conditional variational autoencoder of drawings."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.data.drawings import REACH_PX, DrawingBatch
from emotion_models.drawing.view import HEIGHT, WIDTH
from emotion_models.labels.emotions import EMOTIONS
from emotion_models.latent.interpolation import lerp
from emotion_models.nn.adversarial import adversarial_loss, critic_loss, regularising_mixture
from emotion_models.nn.gaussian import Gaussian, kl_divergence
from emotion_models.nn.optimisation import descend, one_cycle
from emotion_models.sketch.network import (
    N_AFFECT,
    N_CONDITION,
    N_LATENT,
    N_REST,
    Critic,
    Decoder,
    Encoder,
)
from emotion_models.training.export import ExportPlan
from emotion_models.training.held_out import MeasuredModule

OUTPUTS = ('field', 'grey')

CARD = {
    'description': 'Faces of 128×64 pixels from a latent space with valence and arousal in it.',
    'inputs': [
        {
            'name': 'point',
            'shape': ['N', N_LATENT + N_CONDITION],
            'dtype': 'float32',
            'unit': f'latent point ({N_LATENT}): {N_AFFECT} times valence, {N_AFFECT} times '
            f'arousal, {N_REST} free; emotions (7) and identity (14) in [0, 1]; gaze to the right '
            'and down in [-1, 1]; blink and vergence in [0, 1]; 1 where the emotions are dropped',
        }
    ],
    'outputs': [
        {
            'name': 'field',
            'shape': ['N', 1, HEIGHT, WIDTH],
            'unit': 'distance from the nearest edge as a share of space.reach_px, positive inside '
            'the lines',
        }
    ],
    'limits': 'draws the face it was trained on, upright and filling the panel',
}
_LOG_VARIANCE_RANGE = (-8.0, 2.0)
_CLIP_NORM = 1.0


class SketchModule(MeasuredModule):
    """
    A conditional variational autoencoder of drawings.

    The latent point has 4 dimensions that equal the valence, 4 that equal the arousal, aligned as
    in LeVAsa's continuous variant, and 16 that are free. The prior is a normal distribution of
    variance 1 whose mean follows from the condition: valence and arousal themselves, and for the
    free dimensions a linear function of the emotions. To draw what is asked for, the robot decodes
    that mean. The decoder is conditioned on the emotions, the identity and the look, too;
    condition dropout withholds the emotions for a part of the training drawings, so that the
    latent point has to carry them.

    With a critic (Berthelot et al., "Understanding and improving interpolation in autoencoders via
    an adversarial regularizer", ICLR 2019) mixtures of two drawings are trained to look like one:
    latent points and emotions are mixed linearly, the identity is that of the first.

    Args:
        output: `field`, a signed distance field, or `grey`, the anti-aliased picture.
        affect_weight: of the squared error of the valence and arousal dimensions; 0 = they are
            free like the others.
        kl_weight: of the divergence of the posterior from the prior, a sum over the dimensions.
        critic_weight: of the adversarial loss; 0 = no critic.
        gamma: γ, share of the true drawing in the mixture that regularises the critic.
        condition_dropout: part of the training drawings that are decoded without their emotions.
        from_prior: part that is decoded from the mean of the prior instead of from a sample of
            the posterior; their emotions are never dropped.
        learning_rate: of Adam, the highest of one cycle; the critic's is half of it and constant.
    """

    def __init__(
        self,
        output: str = 'field',
        affect_weight: float = 1.0,
        kl_weight: float = 5e-4,
        critic_weight: float = 0.02,
        gamma: float = 0.2,
        condition_dropout: float = 0.3,
        from_prior: float = 0.3,
        learning_rate: float = 2e-3,
    ) -> None:
        super().__init__()
        if output not in OUTPUTS:
            raise ValueError(f'output must be one of {", ".join(OUTPUTS)}; got {output!r}')
        self.save_hyperparameters()
        self.automatic_optimization = False
        self.encoder = Encoder(2 * N_LATENT)
        self.decoder = Decoder()
        self.rest_of_emotions = nn.Linear(len(EMOTIONS), N_REST)
        self.critic = Critic()
        self.to(memory_format=torch.channels_last)

    def encode(self, field: Tensor) -> Gaussian:
        """The posterior of drawings (B, 1, 64, 128), distances as shares of `REACH_PX`."""
        mean, log_variance = Gaussian.from_output(self.encoder(field))
        return Gaussian(mean, log_variance.clamp(*_LOG_VARIANCE_RANGE))

    def prior_mean(self, emotions: Tensor, affect: Tensor) -> Tensor:
        """The mean of the prior (B, 24), given emotions (B, 7) and valence and arousal (B, 2)."""
        aligned = _aligned_dimensions(affect)
        if not self.hparams.affect_weight:
            aligned = torch.zeros_like(aligned)
        return torch.cat([aligned, self.rest_of_emotions(emotions).float()], 1)

    def decode(self, latent: Tensor, condition: Tensor) -> Tensor:
        """
        Drawings of latent points (B, 24) and conditions, see `condition`.

        Returns:
            (B, 1, 64, 128): distances as shares of `REACH_PX`, or grey in [0, 1].
        """
        answer = self.decoder(torch.cat([latent, condition], 1)).float()
        return answer if self.hparams.output == 'field' else answer.sigmoid()

    def mix(
        self, latent: Tensor, batch: DrawingBatch, is_dropped: Tensor
    ) -> tuple[Tensor, Tensor]:
        """
        The first half of a batch, mixed with the second half.

        Args:
            latent: points of the batch, (B, 24).
            batch: gives the conditions; identity and look are those of the first half.
            is_dropped: (B, 1), True where the emotions are dropped.

        Returns:
            Decoded mixtures (B/2, 1, 64, 128), and shares of the second half in 0..1/2, (B/2,).
        """
        half = len(latent) // 2
        share = 0.5 * torch.rand(half, device=self.device)
        mixed = lerp(latent[:half], latent[-half:], share)
        emotions = lerp(batch.emotions[:half], batch.emotions[-half:], share)
        own = DrawingBatch(*(part[:half] for part in batch))
        return self.decode(mixed, condition(own, emotions, is_dropped[:half])), share

    def critic_loss(
        self, mixed: Tensor, share: Tensor, reconstructed: Tensor, target: Tensor
    ) -> Tensor:
        """
        Loss of the critic's answers about `mix`, and about drawings and their reconstructions.

        Args:
            mixed: decoded mixtures, (M, 1, 64, 128).
            share: true shares, (M,).
            reconstructed: (B, 1, 64, 128).
            target: the drawings, same shape.
        """
        unmixed = regularising_mixture(target, reconstructed, self.hparams.gamma)
        return critic_loss(self.critic(mixed), share, self.critic(unmixed))

    def training_step(self, batch: DrawingBatch, batch_index: int) -> None:
        """One step of the autoencoder, and one of the critic on what it made."""
        target = self._target(batch)
        chance = torch.rand(len(target), 1, device=self.device)
        is_dropped = chance < self.hparams.condition_dropout
        is_from_prior = chance > 1.0 - self.hparams.from_prior
        posterior = self.encode(batch.distances())
        prior_mean = self.prior_mean(batch.emotions, batch.affect)
        latent = torch.where(is_from_prior, prior_mean, posterior.sample())
        reconstructed = self.decode(latent, condition(batch, batch.emotions, is_dropped))
        losses = {
            'reconstruction_loss': self._picture_loss(reconstructed, target),
            'affect_loss': _affect_loss(posterior, batch.affect),
            'kl_loss': kl_divergence(posterior, prior_mean).mean(),
        }
        loss = losses['reconstruction_loss']
        loss = loss + self.hparams.affect_weight * losses['affect_loss']
        loss = loss + self.hparams.kl_weight * losses['kl_loss']
        if self.hparams.critic_weight:
            mixed, share = self.mix(latent, batch, is_dropped)
            losses['adversarial_loss'] = adversarial_loss(self.critic(mixed))
            loss = loss + self.hparams.critic_weight * losses['adversarial_loss']
        autoencoder, critic = self.optimizers()
        descend(self, autoencoder, loss, _CLIP_NORM)
        self.lr_schedulers().step()
        if self.hparams.critic_weight:
            losses['critic_loss'] = self.critic_loss(
                mixed.detach(), share, reconstructed.detach(), target
            )
            descend(self, critic, losses['critic_loss'], _CLIP_NORM)
        losses['loss'] = loss
        self.log_dict(
            {f'train_{name}': value.detach() for name, value in losses.items()}, prog_bar=True
        )

    def validation_step(self, batch: DrawingBatch, batch_index: int) -> None:
        """Pixels that differ from the target, reconstructed and drawn from the prior."""
        self._measure(batch, 'val')

    def test_step(self, batch: DrawingBatch, batch_index: int) -> None:
        """As in validation."""
        self._measure(batch, 'test')

    def _measure(self, batch: DrawingBatch, part: str) -> None:
        target = self._target(batch)
        is_dropped = torch.zeros(len(target), 1, dtype=torch.bool, device=self.device)
        conditioned = condition(batch, batch.emotions, is_dropped)
        unconditioned = condition(batch, batch.emotions, ~is_dropped)
        codes = self.encode(batch.distances()).mean
        from_prior = self.decode(self.prior_mean(batch.emotions, batch.affect), conditioned)
        drawings = {
            'prior': from_prior,
            'reconstruction': self.decode(codes, conditioned),
            'unconditioned': self.decode(codes, unconditioned),
        }
        figures = {
            f'{name}_flips': self._count_flips(drawing, target)
            for name, drawing in drawings.items()
        }
        figures['loss'] = self._picture_loss(from_prior, target)
        self.log_part(part, figures, batch_size=len(target))

    def export_plan(self) -> ExportPlan:
        """What `emotion-models export` writes: the decoder, and the means of the prior."""
        network = self.decoder if self.hparams.output == 'field' else GreyField(self.decoder)
        example = torch.rand(4, N_LATENT + N_CONDITION)
        added = {'space': self.describe_space(), 'metrics': {'held_out': self.held_out}}
        return ExportPlan(network, example, {**CARD, **added})

    def describe_space(self) -> dict[str, Any]:
        """How the mean of the prior is made up, for the card."""
        names = ('neutral', *EMOTIONS)
        emotions = torch.eye(len(names))[:, 1:]
        with torch.no_grad():
            points = self.rest_of_emotions(emotions.to(self.device)).cpu()
        rest = {
            name: [round(value, 4) for value in point.tolist()]
            for name, point in zip(names, points, strict=True)
        }
        return {'affect_copies': N_AFFECT, 'reach_px': REACH_PX, 'rest': rest}

    def configure_optimizers(self) -> Any:
        """Adam for the autoencoder, in one cycle; Adam for the critic."""
        critic = set(self.critic.parameters())
        rate = self.hparams.learning_rate
        autoencoder = torch.optim.Adam([p for p in self.parameters() if p not in critic], rate)
        return (
            [autoencoder, torch.optim.Adam(self.critic.parameters(), rate / 2)],
            [one_cycle(autoencoder, self.trainer)],
        )

    def _target(self, batch: DrawingBatch) -> Tensor:
        distances = batch.distances()
        if self.hparams.output == 'field':
            return distances
        return (distances * REACH_PX + 0.5).clamp(0.0, 1.0)

    def _count_flips(self, drawing: Tensor, target: Tensor) -> Tensor:
        """Pixels that are lit in one of the two and not in the other, mean over the batch."""
        edge = 0.0 if self.hparams.output == 'field' else 0.5
        return ((drawing > edge) != (target > edge)).float().sum((1, 2, 3)).mean()

    def _picture_loss(self, drawing: Tensor, target: Tensor) -> Tensor:
        """Squared error; in fields an edge counts 21 times, falling by e with each pixel."""
        if self.hparams.output == 'grey':
            return F.binary_cross_entropy(drawing, target)
        near = 1.0 + 20.0 * (-REACH_PX * target.abs()).exp()
        return (near * (drawing.clamp(-1.2, 1.2) - target).square()).mean()


def condition(batch: DrawingBatch, emotions: Tensor, is_dropped: Tensor) -> Tensor:
    """
    What the decoder is conditioned on beside the latent point.

    Args:
        batch: gives identity and look.
        emotions: (B, 7) in [0, 1].
        is_dropped: (B, 1), True where the emotions are dropped from the condition.

    Returns:
        (B, 26): emotions, or zeros where they are dropped, identity, look, `is_dropped`.
    """
    kept = torch.where(is_dropped, torch.zeros_like(emotions), emotions)
    return torch.cat([kept, batch.identity, batch.look, is_dropped.float()], 1)


def _aligned_dimensions(affect: Tensor) -> Tensor:
    """The latent dimensions (B, 8) that equal valence and arousal (B, 2)."""
    return affect.repeat_interleave(N_AFFECT, 1)


def _affect_loss(posterior: Gaussian, affect: Tensor) -> Tensor:
    return F.mse_loss(posterior.sample()[:, : 2 * N_AFFECT], _aligned_dimensions(affect))


class GreyField(nn.Module):
    """
    The distances that follow from a network of grey pictures.

    Args:
        decoder: gives logits of grey.
    """

    def __init__(self, decoder: nn.Module) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, points: Tensor) -> Tensor:
        """Distances (B, 1, 64, 128), as the decoder of distances gives them."""
        return (self.decoder(points).sigmoid() - 0.5) / REACH_PX
