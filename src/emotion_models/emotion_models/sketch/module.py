# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Training of the learned face: an autoencoder of drawings with a latent space to walk in."""

from typing import Any

import torch
from lightning.pytorch import LightningModule
from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.data.drawings import REACH_PX, DrawingBatch
from emotion_models.drawing.view import HEIGHT, WIDTH
from emotion_models.labels.emotions import EMOTIONS
from emotion_models.latent.interpolation import lerp
from emotion_models.sketch.network import (
    N_AFFECT,
    N_CONDITION,
    N_LATENT,
    N_REST,
    Code,
    Critic,
    Decoder,
    Encoder,
)
from emotion_models.training.export import ExportPlan

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
            'and down in [-1, 1]; blink and vergence in [0, 1]; 1 where the emotions are withheld',
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
_VARIANCE_FLOOR, _VARIANCE_CEILING = -8.0, 2.0


class SketchModule(LightningModule):
    """
    A conditional variational autoencoder of drawings.

    The latent point has 4 numbers that say the valence, 4 the arousal, 16 that are free. Valence
    and arousal are laid into theirs as in LeVAsa's continuous alignment. The free ones are pulled
    to a point that is linear in the emotions, so that a wish for an emotion says where to go. The
    decoder also hears the emotions, the identity and where the face looks; in a part of the
    training it does not hear the emotions and has to find them in the latent point.

    With a critic (Berthelot et al., "Understanding and improving interpolation in autoencoders via
    an adversarial regularizer", ICLR 2019) mixtures of two drawings are trained to look like one:
    latent points and emotions are mixed linearly, the identity is that of the first.

    Args:
        output: `field`, a signed distance field, or `grey`, the anti-aliased picture.
        affect_weight: of the squared error of the valence and arousal numbers; 0 = they are free
            like the others.
        kl_weight: of the divergence of the codes, a sum over the latent numbers.
        critic_weight: of the critic's answer about mixtures; 0 = no critic.
        mixed_in: share γ of the drawing itself in what the critic is to know as unmixed.
        drop_emotions: part of the training drawings whose emotions the decoder does not hear.
        wished: part that is drawn from where it should lie instead of from its code, as the robot
            draws; these always hear the emotions.
        learning_rate: of Adam, the highest of one cycle; the critic's is the same and stays.
    """

    def __init__(
        self,
        output: str = 'field',
        affect_weight: float = 1.0,
        kl_weight: float = 5e-4,
        critic_weight: float = 0.02,
        mixed_in: float = 0.2,
        drop_emotions: float = 0.3,
        wished: float = 0.3,
        learning_rate: float = 2e-3,
    ) -> None:
        super().__init__()
        if output not in OUTPUTS:
            raise ValueError(f'output must be one of {", ".join(OUTPUTS)}; got {output!r}')
        self.save_hyperparameters()
        self.automatic_optimization = False
        self.held_out: dict[str, float] = {}
        self.encoder = Encoder(2 * N_LATENT)
        self.decoder = Decoder()
        self.rest_of_emotions = nn.Linear(len(EMOTIONS), N_REST)
        self.critic = Critic()
        self.to(memory_format=torch.channels_last)

    def encode(self, field: Tensor) -> Code:
        """The codes of drawings (B, 1, 64, 128), distances as shares of `REACH_PX`."""
        mean, log_variance = self.encoder(field).float().chunk(2, 1)
        return Code(mean, log_variance.clamp(_VARIANCE_FLOOR, _VARIANCE_CEILING))

    def expected_latent(self, emotions: Tensor, affect: Tensor) -> Tensor:
        """Where drawings with these emotions (B, 7) and this affect (B, 2) should lie, (B, 24)."""
        told = affect.repeat_interleave(N_AFFECT, 1)
        if not self.hparams.affect_weight:
            told = torch.zeros_like(told)
        return torch.cat([told, self.rest_of_emotions(emotions).float()], 1)

    def decode(self, latent: Tensor, condition: Tensor) -> Tensor:
        """
        Drawings of latent points (B, 24) and conditions, see `condition`.

        Returns:
            (B, 1, 64, 128): distances as shares of `REACH_PX`, or grey in [0, 1].
        """
        answer = self.decoder(torch.cat([latent, condition], 1)).float()
        return answer if self.hparams.output == 'field' else answer.sigmoid()

    def training_step(self, batch: DrawingBatch, batch_index: int) -> None:
        """One step of the autoencoder, and one of the critic on what it made."""
        picture = self._target(batch)
        lot = torch.rand(len(picture), 1, device=self.device)
        is_deaf, is_wish = lot < self.hparams.drop_emotions, lot > 1.0 - self.hparams.wished
        code = self.encode(batch.distances())
        expected = self.expected_latent(batch.emotions, batch.affect)
        latent = torch.where(is_wish, expected, code.draw())
        remade = self.decode(latent, condition(batch, batch.emotions, is_deaf))
        losses = {
            'reconstruction': self._picture_loss(remade, picture),
            'affect': self._affect_loss(code, batch.affect),
            'kl': divergence(code, expected),
        }
        loss = losses['reconstruction']
        loss = loss + self.hparams.affect_weight * losses['affect']
        loss = loss + self.hparams.kl_weight * losses['kl']
        if self.hparams.critic_weight:
            mixed, share = self._mix(latent, batch, is_deaf)
            losses['fooled'] = self.critic(mixed).square().mean()
            loss = loss + self.hparams.critic_weight * losses['fooled']
        ours, theirs = self.optimizers()
        self._step(ours, loss)
        self.lr_schedulers().step()
        if self.hparams.critic_weight:
            losses['critic'] = self._critic_loss(mixed.detach(), share, remade.detach(), picture)
            self._step(theirs, losses['critic'])
        self.log_dict({f'train_{name}': value for name, value in losses.items()}, prog_bar=True)

    def test_step(self, batch: DrawingBatch, batch_index: int) -> None:
        """As in validation."""
        self._look(batch, 'test')

    def validation_step(self, batch: DrawingBatch, batch_index: int) -> None:
        """How well other faces are remade from their codes, and drawn from a wish alone."""
        self._look(batch, 'val')

    def _look(self, batch: DrawingBatch, part: str) -> None:
        picture = self._target(batch)
        hears = torch.zeros(len(picture), 1, dtype=torch.bool, device=self.device)
        told = condition(batch, batch.emotions, hears)
        wished = self.decode(self.expected_latent(batch.emotions, batch.affect), told)
        remade = self.decode(self.encode(batch.distances()).mean, told)
        unheard = self.decode(
            self.encode(batch.distances()).mean, condition(batch, batch.emotions, ~hears)
        )
        for name, drawing in (('wished', wished), ('remade', remade), ('unheard', unheard)):
            flips = (self._is_lit(drawing) != self._is_lit(picture)).float().sum((1, 2, 3)).mean()
            self.log(f'{part}_{name}_flips', flips, prog_bar=True, batch_size=len(picture))
        loss = self._picture_loss(wished, picture)
        self.log(f'{part}_loss', loss, prog_bar=True, batch_size=len(picture))

    def export_plan(self) -> ExportPlan:
        """What `emotion-models export` writes: the decoder, and where the emotions lie."""
        network = self.decoder if self.hparams.output == 'field' else GreyField(self.decoder)
        example = torch.rand(4, N_LATENT + N_CONDITION)
        added = {'space': self.describe_space(), 'metrics': {'held_out': self.held_out}}
        return ExportPlan(network, example, {**CARD, **added})

    def on_save_checkpoint(self, checkpoint: dict) -> None:
        """Keep the last held-out metrics beside the weights."""
        metrics = self.trainer.callback_metrics
        checkpoint['held_out'] = {
            name: float(value) for name, value in metrics.items() if name.startswith('val_')
        }

    def on_load_checkpoint(self, checkpoint: dict) -> None:
        """Take the held-out metrics back."""
        self.held_out = checkpoint.get('held_out', {})

    def describe_space(self) -> dict[str, Any]:
        """How the latent point of a wish is made up, for the card."""
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
        ours = torch.optim.Adam([p for p in self.parameters() if p not in critic], rate)
        theirs = torch.optim.Adam(self.critic.parameters(), rate / 2)
        # Lightning counts the steps of both optimizers.
        steps = int(self.trainer.estimated_stepping_batches)
        schedule = torch.optim.lr_scheduler.OneCycleLR(ours, rate, total_steps=steps)
        return [ours, theirs], [{'scheduler': schedule, 'interval': 'step'}]

    def _target(self, batch: DrawingBatch) -> Tensor:
        distances = batch.distances()
        if self.hparams.output == 'field':
            return distances
        return (distances * REACH_PX + 0.5).clamp(0.0, 1.0)

    def _is_lit(self, picture: Tensor) -> Tensor:
        return picture > (0.0 if self.hparams.output == 'field' else 0.5)

    def _picture_loss(self, drawing: Tensor, picture: Tensor) -> Tensor:
        """Squared error; in fields an edge counts 21 times, falling by e with each pixel."""
        if self.hparams.output == 'grey':
            return F.binary_cross_entropy(drawing, picture)
        near = 1.0 + 20.0 * (-REACH_PX * picture.abs()).exp()
        return (near * (drawing.clamp(-1.2, 1.2) - picture).square()).mean()

    def _affect_loss(self, code: Code, affect: Tensor) -> Tensor:
        told = affect.repeat_interleave(N_AFFECT, 1)
        return F.mse_loss(code.draw()[:, : 2 * N_AFFECT], told)

    def _mix(self, latent: Tensor, batch: DrawingBatch, is_deaf: Tensor) -> tuple[Tensor, Tensor]:
        """The first half of the drawings, with something of the second half."""
        half = len(latent) // 2
        share = 0.5 * torch.rand(half, device=self.device)
        mixed = lerp(latent[:half], latent[-half:], share)
        emotions = lerp(batch.emotions[:half], batch.emotions[-half:], share)
        own = DrawingBatch(*(part[:half] for part in batch))
        return self.decode(mixed, condition(own, emotions, is_deaf[:half])), share

    def _critic_loss(
        self, mixed: Tensor, share: Tensor, remade: Tensor, picture: Tensor
    ) -> Tensor:
        unmixed = lerp(remade, picture, self.hparams.mixed_in)
        return F.mse_loss(self.critic(mixed), share) + self.critic(unmixed).square().mean()

    def _step(self, optimizer: Any, loss: Tensor) -> None:
        optimizer.zero_grad()
        self.manual_backward(loss)
        self.clip_gradients(optimizer, gradient_clip_val=1.0, gradient_clip_algorithm='norm')
        optimizer.step()


def divergence(code: Code, expected: Tensor) -> Tensor:
    """Kullback-Leibler, from normal distributions of variance 1 about `expected`: the mean."""
    offset = code.mean - expected
    terms = offset.square() + code.log_variance.exp() - 1.0 - code.log_variance
    return 0.5 * terms.sum(1).mean()


def condition(batch: DrawingBatch, emotions: Tensor, is_deaf: Tensor) -> Tensor:
    """
    What the decoder hears beside the latent point.

    Args:
        batch: gives identity and look.
        emotions: (B, 7) in [0, 1].
        is_deaf: (B, 1), True where the emotions are kept from it.

    Returns:
        (B, 26): emotions, identity, look, whether the emotions are kept from it.
    """
    heard = torch.where(is_deaf, torch.zeros_like(emotions), emotions)
    return torch.cat([heard, batch.identity, batch.look, is_deaf.float()], 1)


class GreyField(nn.Module):
    """
    The distances that a network of grey pictures implies.

    Args:
        decoder: answers with logits of grey.
    """

    def __init__(self, decoder: nn.Module) -> None:
        super().__init__()
        self.decoder = decoder

    def forward(self, told: Tensor) -> Tensor:
        """As the decoder of distances."""
        return (self.decoder(told).sigmoid() - 0.5) / REACH_PX
