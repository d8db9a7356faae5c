# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Training of the learned face: a variational autoencoder of drawings with tied chunks."""

import hashlib
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.data.drawings import REACH_PX, DrawingBatch
from emotion_models.drawing.parts import PARTS
from emotion_models.drawing.view import HEIGHT, N_LOOK, WIDTH
from emotion_models.latent.interpolation import lerp
from emotion_models.nn.adversarial import adversarial_loss, critic_loss, regularising_mixture
from emotion_models.nn.gaussian import Gaussian, kl_divergence
from emotion_models.nn.optimisation import descend, one_cycle
from emotion_models.sketch.network import (
    CHUNK_SIZES,
    N_AFFECT,
    N_LATENT,
    OF_PARTS,
    Critic,
    Decoder,
    Encoder,
    LabelMaps,
)
from emotion_models.training.export import ExportPlan
from emotion_models.training.held_out import MeasuredModule

OUTPUTS = ('field', 'grey')
FREEZABLE = ('encoder', 'labels', 'decoder')

CARD = {
    'description': 'Faces of 128×64 pixels from a latent space with valence and arousal in it.',
    'inputs': [
        {
            'name': 'point',
            'shape': ['N', N_LATENT + N_LOOK],
            'dtype': 'float32',
            'unit': f'latent point ({N_LATENT}), see space.chunks; gaze to the right and down in '
            '[-1, 1]; blink and vergence in [0, 1]; size of the pupils in [-1, 1]; fall of the '
            'tear in [0, 1]',
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
ENCODER_CARD = {
    'description': 'Where drawings of 128×64 pixels lie in the latent space of the face.',
    'inputs': [
        {
            'name': 'field',
            'shape': ['N', 1, HEIGHT, WIDTH],
            'dtype': 'float32',
            'unit': 'distance from the nearest edge as a share of space.reach_px, in [-1, 1], '
            'positive inside the lines',
        }
    ],
    'outputs': [{'name': 'latent', 'shape': ['N', N_LATENT], 'unit': 'latent point'}],
    'limits': 'upright drawings of the face that fill the panel',
}
_LOG_VARIANCE_RANGE = (-8.0, 2.0)
_CLIP_NORM = 1.0
_LOGIT_PER_PX = 4.0


class SketchModule(MeasuredModule):
    """
    A variational autoencoder of drawings whose latent point consists of chunks tied to labels.

    Every number of the chunks of valence and arousal equals them, as in LeVAsa's continuous
    variant. Linear maps lead from the action units of brows, eyes, mouth and signs, and from the
    identity, to where their chunks should lie, and back. The prior is a normal distribution of
    variance 1 about these places; to draw what is asked for, the robot decodes the place itself.
    The decoder is given the latent point and the look, nothing else. In a part of the training
    drawings the chunks of parts are withheld: replaced by what valence and arousal lead one to
    expect, so that these two stay directions to walk in.

    With a critic (Berthelot et al., "Understanding and improving interpolation in autoencoders via
    an adversarial regularizer", ICLR 2019) mixtures of two drawings are trained to look like one.

    Args:
        output: `field`, a signed distance field, or `grey`, the anti-aliased picture.
        parts: the drawings have action units; without, the chunks of all parts together follow
            from the emotions by a linear map, and do not stand for parts.
        affect_weight: of the squared error of the chunks of valence and arousal; 0 = they are
            free like the others.
        label_weight: of the squared errors of labels read off the other chunks.
        expression_weight: of the cross-entropy of the expression read off the chunks of parts.
        kl_weight: of the divergence of the posterior from the prior, a sum over the dimensions.
        lit_weight: of the cross-entropy of which pixels are lit; fields only.
        mirror_weight: of how much pairs of pixels differ whose drawing is its own mirror image;
            fields only.
        critic_weight: of the adversarial loss; 0 = no critic.
        gamma: γ, share of the true drawing in the mixture that regularises the critic.
        withheld: share of the training drawings in which chunks of parts are withheld, each part
            with probability 1/2.
        from_prior: share that is decoded from the mean of the prior instead of from a sample of
            the posterior.
        learning_rate: of Adam, the highest of one cycle; the critic's is half of it and constant.
        frozen: of `encoder`, `labels` and `decoder`, what keeps the weights that the run begins
            with (`init_from`). With the first two the space stays the same, and so does the
            encoder of photographs that leads into it.
    """

    def __init__(
        self,
        output: str = 'field',
        parts: bool = True,
        affect_weight: float = 1.0,
        label_weight: float = 1.0,
        expression_weight: float = 0.05,
        kl_weight: float = 5e-4,
        lit_weight: float = 0.0,
        mirror_weight: float = 0.0,
        critic_weight: float = 0.02,
        gamma: float = 0.2,
        withheld: float = 0.1,
        from_prior: float = 0.5,
        learning_rate: float = 2e-3,
        frozen: Sequence[str] = (),
    ) -> None:
        super().__init__()
        if output not in OUTPUTS:
            raise ValueError(f'output must be one of {", ".join(OUTPUTS)}; got {output!r}')
        if output != 'field' and (lit_weight or mirror_weight):
            raise ValueError(
                f'lit_weight and mirror_weight are for fields, must be 0 for {output}'
            )
        self.save_hyperparameters()
        self.automatic_optimization = False
        self.encoder = Encoder(2 * N_LATENT)
        self.decoder = Decoder()
        self.labels = LabelMaps()
        self.critic = Critic()
        for name in frozen:
            if name not in FREEZABLE:
                raise ValueError(f'frozen names {name}; expected of {", ".join(FREEZABLE)}')
            getattr(self, name).requires_grad_(False)
        self.to(memory_format=torch.channels_last)

    def encode(self, field: Tensor) -> Gaussian:
        """The posterior of drawings (B, 1, 64, 128), distances as shares of `REACH_PX`."""
        mean, log_variance = Gaussian.from_output(self.encoder(field))
        return Gaussian(mean, log_variance.clamp(*_LOG_VARIANCE_RANGE))

    def prior_mean(self, batch: DrawingBatch) -> Tensor:
        """
        Where the labels of drawings lie, (B, N_LATENT).

        Raises:
            ValueError: if the module has parts and the drawings no action units.
        """
        if self.hparams.parts:
            if not batch.has_units.all():
                raise ValueError(
                    'the drawings have no action units; set parts: false in the model to train '
                    'without them'
                )
            parts = self.labels.place_units(batch.action_units)
        else:
            parts = self.labels.parts_of_emotions(batch.emotions)
        aligned = aligned_dimensions(batch.affect)
        if not self.hparams.affect_weight:
            aligned = torch.zeros_like(aligned)
        identity = self.labels.chunk_of_identity(batch.identity)
        return torch.cat([aligned, parts.float(), identity.float()], 1)

    def withhold(self, latent: Tensor, affect: Tensor, is_withheld: Tensor) -> Tensor:
        """
        Latent points in which chunks of parts are what valence and arousal lead one to expect.

        Args:
            latent: (B, N_LATENT).
            affect: valence and arousal, (B, 2).
            is_withheld: (B, 4), True where the chunk of a part is replaced, in the order of
                `PARTS`.
        """
        sizes = torch.tensor([CHUNK_SIZES[part] for part in PARTS], device=latent.device)
        replaced = is_withheld.repeat_interleave(sizes, 1)
        expected = self.labels.parts_of_affect(affect).float()
        parts = torch.where(replaced, expected, latent[:, OF_PARTS])
        return torch.cat(
            [latent[:, : OF_PARTS.start], parts, latent[:, OF_PARTS.stop :]],
            1,
        )

    def decode(self, latent: Tensor, look: Tensor) -> Tensor:
        """
        Drawings of latent points (B, N_LATENT) and looks (B, N_LOOK).

        Returns:
            (B, 1, 64, 128): distances as shares of `REACH_PX`, or grey in [0, 1].
        """
        answer = self.decoder(torch.cat([latent, look], 1)).float()
        return answer if self.hparams.output == 'field' else answer.sigmoid()

    def mix(self, latent: Tensor, look: Tensor) -> tuple[Tensor, Tensor]:
        """
        The first half of a batch, mixed with the second half.

        Args:
            latent: points of the batch, (B, N_LATENT).
            look: of the batch, (B, N_LOOK); that of the first half is kept.

        Returns:
            Decoded mixtures (B/2, 1, 64, 128), and shares of the second half in 0..1/2, (B/2,).
        """
        half = len(latent) // 2
        share = 0.5 * torch.rand(half, device=self.device)
        return self.decode(lerp(latent[:half], latent[-half:], share), look[:half]), share

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
        posterior = self.encode(batch.distances())
        sampled, place = posterior.sample(), self.prior_mean(batch)
        chance = torch.rand(len(target), 2, device=self.device)
        latent = torch.where(chance[:, :1] < self.hparams.from_prior, place, sampled)
        is_part = torch.rand(len(target), len(PARTS), device=self.device) < 0.5
        is_withheld = is_part & (chance[:, 1:] < self.hparams.withheld)
        latent = self.withhold(latent, batch.affect, is_withheld)
        reconstructed = self.decode(latent, batch.look)
        losses = {
            'reconstruction_loss': self._picture_loss(reconstructed, target),
            'affect_loss': _affect_loss(sampled, batch.affect),
            'kl_loss': kl_divergence(posterior, place).mean(),
            'label_loss': self._label_loss(sampled, place, batch),
            'expression_loss': self._expression_loss(sampled, batch),
        }
        loss = losses['reconstruction_loss']
        for name in ('affect', 'kl', 'label', 'expression'):
            loss = loss + self.hparams[f'{name}_weight'] * losses[f'{name}_loss']
        for name, measure in (('lit', lit_loss), ('mirror', mirror_loss)):
            if self.hparams[f'{name}_weight']:
                losses[f'{name}_loss'] = measure(reconstructed, target)
                loss = loss + self.hparams[f'{name}_weight'] * losses[f'{name}_loss']
        if self.hparams.critic_weight:
            mixed, share = self.mix(latent, batch.look)
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
        codes, place = self.encode(batch.distances()).mean, self.prior_mean(batch)
        everything = torch.ones(len(target), len(PARTS), dtype=torch.bool, device=self.device)
        from_prior = self.decode(place, batch.look)
        affect_alone = self.withhold(place, batch.affect, everything)
        drawings = {
            'prior': from_prior,
            'reconstruction': self.decode(codes, batch.look),
            'withheld': self.decode(affect_alone, batch.look),
        }
        figures = {
            f'{name}_flips': self._count_flips(drawing, target)
            for name, drawing in drawings.items()
        }
        figures['loss'] = self._picture_loss(from_prior, target)
        figures['label_loss'] = self._label_loss(codes, place, batch)
        self.log_part(part, figures, batch_size=len(target))

    def export_plans(self) -> dict[str, ExportPlan]:
        """What `emotion-models export` writes: the decoder, and in `encoder` that of drawings."""
        decoder = self.decoder if self.hparams.output == 'field' else GreyField(self.decoder)
        space, metrics = self.describe_space(), {'held_out': self.held_out}
        card = {**CARD, 'space': space, 'metrics': metrics}
        own = {name: space[name] for name in ('id', 'chunks', 'reach_px')}
        return {
            '': ExportPlan(decoder, torch.rand(4, N_LATENT + N_LOOK), card),
            'encoder': ExportPlan(
                Mean(self.encoder),
                2 * torch.rand(4, 1, HEIGHT, WIDTH) - 1,
                {**ENCODER_CARD, 'space': own, 'metrics': metrics},
            ),
        }

    def describe_space(self) -> dict[str, Any]:
        """What the card says of the space, see `emotion_models.runtime.latent_space`."""
        labels = self.labels
        space: dict[str, Any] = {
            'id': self.space_id(),
            'chunks': dict(CHUNK_SIZES),
            'reach_px': REACH_PX,
            'identity': _both_ways(labels.chunk_of_identity, labels.identity_of_chunk),
        }
        if self.hparams.parts:
            places, reads = labels.chunks_of_units, labels.units_of_chunks
            space['parts'] = {part: _both_ways(places[part], reads[part]) for part in PARTS}
            space['parts_of_affect'] = _linear(labels.parts_of_affect)
        else:
            space['parts_of_emotions'] = _linear(labels.parts_of_emotions)
        return space

    def space_id(self) -> str:
        """A name of the space, the same for the same places of labels."""
        digest = hashlib.sha256()
        for _, values in sorted(self.labels.state_dict().items()):
            digest.update(values.float().cpu().numpy().tobytes())
        return digest.hexdigest()[:16]

    def configure_optimizers(self) -> Any:
        """Adam for the autoencoder, in one cycle; Adam for the critic."""
        critic = set(self.critic.parameters())
        rate = self.hparams.learning_rate
        trained = [p for p in self.parameters() if p.requires_grad and p not in critic]
        autoencoder = torch.optim.Adam(trained, rate)
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

    def _label_loss(self, latent: Tensor, place: Tensor, batch: DrawingBatch) -> Tensor:
        """Errors of labels read off points and off their places, and of what affect expects."""
        labels, loss = self.labels, latent.new_zeros(())
        for points in (latent, place):
            loss = loss + F.mse_loss(labels.read_identity(points).float(), batch.identity)
            if self.hparams.parts:
                loss = loss + F.mse_loss(labels.read_units(points).float(), batch.action_units)
        expected = labels.parts_of_affect(batch.affect).float()
        return loss + F.mse_loss(expected, place[:, OF_PARTS].detach())

    def _expression_loss(self, latent: Tensor, batch: DrawingBatch) -> Tensor:
        """Cross-entropy of neutral and the emotions, of the drawings that show some."""
        logits = self.labels.read_expression(latent).float()
        shows = (~batch.is_mixed[:, 0]).float()
        loss = F.cross_entropy(logits, expression_shares(batch.emotions), reduction='none')
        return (shows * loss).sum() / shows.sum().clamp(min=1.0)


def lit_loss(drawing: Tensor, target: Tensor) -> Tensor:
    """
    Cross-entropy of which pixels are lit, mean over the pixels.

    Args:
        drawing: distances as shares of `REACH_PX`, (B, 1, 64, 128); half a pixel inside an edge
            is lit with probability 0.88.
        target: what should have been drawn, same shape.
    """
    return F.binary_cross_entropy_with_logits(_lit_logits(drawing), (target > 0).float())


def mirror_loss(drawing: Tensor, target: Tensor) -> Tensor:
    """
    Squared difference between probabilities to be lit of a pixel and its mirror image.

    Pairs count where the target has both lit or both dark; mean over all pixels.

    Args:
        drawing: distances as shares of `REACH_PX`, (B, 1, 64, 128).
        target: what should have been drawn, same shape.
    """
    is_lit, lit = target > 0, _lit_logits(drawing).sigmoid()
    is_even = is_lit == is_lit.flip(-1)
    return (is_even * (lit - lit.flip(-1)).square()).mean()


def _lit_logits(drawing: Tensor) -> Tensor:
    return _LOGIT_PER_PX * REACH_PX * drawing


def expression_shares(emotions: Tensor) -> Tensor:
    """
    Shares of neutral and the emotions in what is seen, (B, 8), rows sum to 1.

    Args:
        emotions: (B, 7) in [0, 1]; neutral has what the strongest one lacks.
    """
    shares = torch.cat([1.0 - emotions.max(1, keepdim=True).values, emotions], 1)
    return shares / shares.sum(1, keepdim=True)


def aligned_dimensions(affect: Tensor) -> Tensor:
    """The latent dimensions that equal valence and arousal (B, 2), (B, 2 · N_AFFECT)."""
    return affect.repeat_interleave(N_AFFECT, 1)


def _affect_loss(latent: Tensor, affect: Tensor) -> Tensor:
    return F.mse_loss(latent[:, : 2 * N_AFFECT], aligned_dimensions(affect))


def _both_ways(place: nn.Module, read: nn.Module) -> dict[str, Any]:
    return {'place': _linear(place), 'read': _linear(read)}


def _linear(layer: Any) -> dict[str, Any]:
    """Weight (outputs, inputs) and bias (outputs,) as lists."""
    return {
        'weight': [[round(value, 5) for value in row] for row in layer.weight.tolist()],
        'bias': [round(value, 5) for value in layer.bias.tolist()],
    }


class Mean(nn.Module):
    """
    The means of the posterior alone.

    Args:
        encoder: gives means and the logarithms of variances.
    """

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, field: Tensor) -> Tensor:
        """Latent points (B, N_LATENT) of distances (B, 1, 64, 128)."""
        return self.encoder(field)[:, :N_LATENT]


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
