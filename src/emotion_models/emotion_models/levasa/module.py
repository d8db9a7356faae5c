# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Training of the three valence-arousal autoencoders."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.levasa.network import IMAGE_PX, LATENT, Decoder, Encoder
from emotion_models.levasa.supervision import Alignment, BinHeads, LinearHeads
from emotion_models.metrics.concordance import concordance
from emotion_models.nn.gaussian import Gaussian, kl_divergence
from emotion_models.nn.optimisation import one_cycle
from emotion_models.training.export import ExportPlan
from emotion_models.training.held_out import MeasuredModule

VARIANTS = ('vanilla', 'discrete', 'continuous', 'continuous_head')

CARD = {
    'description': 'Faces to and from 96 numbers, of which 32 are tied to valence, 32 to arousal.',
    'inputs': [
        {
            'name': 'images',
            'shape': ['N', 3, IMAGE_PX, IMAGE_PX],
            'dtype': 'float32',
            'colour': 'red, green, blue',
            'unit': '0..1',
        }
    ],
    'outputs': [
        {
            'name': 'latent',
            'shape': ['N', LATENT],
            'unit': 'mean of the posterior: valence, arousal and rest, 32 each',
        },
        {
            'name': 'reconstruction',
            'shape': ['N', 3, IMAGE_PX, IMAGE_PX],
            'unit': '0..1',
        },
    ],
    'limits': 'for the study of latent spaces; not for decisions about people',
}

AFFECT = {
    'name': 'affect',
    'shape': ['N', 2],
    'columns': ['valence', 'arousal'],
    'unit': 'labels lie in [-1, 1]; the output is not clipped',
}


class LevasaModule(MeasuredModule):
    """
    A variational autoencoder, two of whose latent chunks may be tied to valence and arousal.

    A batch begins with images, uint8 (B, 3, 64, 64), and valence and arousal in [-1, 1], (B, 2);
    what follows in it is not used.

    The loss is `reconstruction_weight` times the mean squared error, plus `kl_weight` times
    the divergence divided by the number of values in a picture, plus `supervision_weight` times
    the supervision of the chunks (none for `vanilla`).

    Args:
        variant: `vanilla`, `discrete` (heads classify the tenth of the value), `continuous`
            (all 32 dimensions equal the value) or `continuous_head` (linear heads read it).
        bins: classes of `discrete`, each a tenth wide; odd, the middle one being 0.
        output: `sigmoid`, or `relu` as in the paper, which has no upper bound.
        reconstruction_weight: of the error of the pictures.
        kl_weight: of the divergence from the standard normal.
        supervision_weight: of the supervision by valence and arousal.
        learning_rate: of Adam; the highest one where it varies.
        one_cycle: let the rate rise and fall once over the whole training, for short trainings;
            otherwise it is constant.

    Raises:
        ValueError: if there is no such variant.
    """

    def __init__(
        self,
        variant: str = 'continuous',
        bins: int = 21,
        output: str = 'sigmoid',
        reconstruction_weight: float = 1.0,
        kl_weight: float = 0.5,
        supervision_weight: float = 0.3,
        learning_rate: float = 1e-4,
        one_cycle: bool = False,
    ) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.encoder = Encoder().to(memory_format=torch.channels_last)
        self.decoder = Decoder(output).to(memory_format=torch.channels_last)
        self.supervision = make_supervision(variant, bins)
        self._readings: list[tuple[Tensor, Tensor]] = []

    @property
    def variant(self) -> str:
        """Which of `VARIANTS` this is."""
        return self.hparams.variant

    def encode(self, images: Tensor) -> Gaussian:
        """Posterior of pictures (B, 3, 64, 64): uint8, or floats in 0..1."""
        return Gaussian(*(part.float() for part in self.encoder(as_unit(images))))

    def decode(self, z: Tensor) -> Tensor:
        """Pictures (B, 3, 64, 64) of latent vectors (B, 96); in 0..1 but for `relu`."""
        return self.decoder(z).float()

    def read_affect(self, z: Tensor) -> Tensor | None:
        """Valence and arousal (B, 2) of latent vectors (B, 96); none where nothing ties them."""
        return None if self.supervision is None else self.supervision(z).float()

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Latent means and reconstructions."""
        z = self.encode(images).mean
        return z, self.decode(z)

    def losses(self, images: Tensor, affect: Tensor) -> tuple[dict[str, Tensor], Tensor]:
        """
        The terms of the loss, and the latent vectors that they are of.

        Args:
            images: as for `encode`.
            affect: valence and arousal, shape (B, 2).

        Returns:
            The unweighted terms, `NAME_loss`, and `loss`, their weighted sum; the latent vectors
            (B, 96), in training a sample of the posterior, in evaluation its mean.
        """
        images = as_unit(images)
        posterior = self.encode(images)
        z = posterior.sample() if self.training else posterior.mean
        terms = {
            'reconstruction': F.mse_loss(self.decode(z), images),
            'kl': kl_divergence(posterior).mean() / images[0].numel(),
        }
        if self.supervision is not None:
            terms['supervision'] = self.supervision.loss(z, affect)
        loss = sum(self.hparams[f'{name}_weight'] * term for name, term in terms.items())
        return {'loss': loss, **{f'{name}_loss': term for name, term in terms.items()}}, z

    def training_step(self, batch: tuple[Tensor, ...], batch_index: int) -> Tensor:
        """Loss of one batch."""
        losses, _ = self.losses(*batch[:2])
        self.log_dict({f'train_{name}': value for name, value in losses.items()}, prog_bar=True)
        return losses['loss']

    def validation_step(self, batch: tuple[Tensor, ...], batch_index: int) -> None:
        """Log the losses, and keep the values that are read from the chunks."""
        self._measure(batch, 'val')

    def on_validation_epoch_end(self) -> None:
        """Log the concordance of these values over the whole part."""
        self._log_concordance('val')
        super().on_validation_epoch_end()

    def test_step(self, batch: tuple[Tensor, ...], batch_index: int) -> None:
        """The same measures as in validation."""
        self._measure(batch, 'test')

    def on_test_epoch_end(self) -> None:
        """The same concordance as in validation."""
        self._log_concordance('test')

    def _measure(self, batch: tuple[Tensor, ...], part: str) -> None:
        images, affect = batch[:2]
        losses, z = self.losses(images, affect)
        self.log_part(part, losses, batch_size=len(images))
        reading = self.read_affect(z)
        if reading is not None:
            self._readings.append((reading, affect))

    def _log_concordance(self, part: str) -> None:
        if self._readings:
            reading, affect = (torch.cat(parts) for parts in zip(*self._readings, strict=True))
            self._readings.clear()
            concordances = {
                f'ccc_{name}': concordance(reading[:, column], affect[:, column])
                for column, name in enumerate(('valence', 'arousal'))
            }
            self.log_part(part, concordances)

    def export_plan(self) -> ExportPlan:
        """What `emotion-models export` writes: encoder, decoder and read-out, and the card."""
        outputs = CARD['outputs'] if self.supervision is None else [*CARD['outputs'], AFFECT]
        example = torch.rand(4, 3, IMAGE_PX, IMAGE_PX)
        network = Autoencoder(self.encoder, self.decoder, self.supervision)
        card = {**CARD, 'outputs': outputs, 'metrics': {'held_out': self.held_out}}
        return ExportPlan(network, example, card)

    def configure_optimizers(self) -> Any:
        """Adam, fused for speed; with `one_cycle` in one cycle of the rate over the training."""
        optimizer = torch.optim.Adam(self.parameters(), self.hparams.learning_rate, fused=True)
        if not self.hparams.one_cycle:
            return optimizer
        return {'optimizer': optimizer, 'lr_scheduler': one_cycle(optimizer, self.trainer)}


class Autoencoder(nn.Module):
    """
    The networks as they are exported.

    Args:
        encoder: trained.
        decoder: trained with it.
        supervision: what reads valence and arousal, if anything does.
    """

    def __init__(self, encoder: Encoder, decoder: Decoder, supervision: nn.Module | None) -> None:
        super().__init__()
        self.encoder, self.decoder, self.supervision = encoder, decoder, supervision

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """Latent means, reconstructions and, where the chunks are tied, valence and arousal."""
        z = self.encoder(images).mean
        answers = z, self.decoder(z)
        return answers if self.supervision is None else (*answers, self.supervision(z))


def make_supervision(variant: str, bins: int) -> nn.Module | None:
    """
    The supervision of the chunks of a variant; none for `vanilla`.

    Raises:
        ValueError: if there is no such variant.
    """
    if variant not in VARIANTS:
        raise ValueError(f'variant must be one of {", ".join(VARIANTS)}; got {variant!r}')
    ties = {
        'discrete': lambda: BinHeads(bins),
        'continuous': Alignment,
        'continuous_head': LinearHeads,
    }
    return None if variant == 'vanilla' else ties[variant]()


def as_unit(images: Tensor) -> Tensor:
    """Pictures as floats in 0..1; floats are taken to be so already."""
    images = images.float() / 255 if images.dtype == torch.uint8 else images
    return images.contiguous(memory_format=torch.channels_last)
