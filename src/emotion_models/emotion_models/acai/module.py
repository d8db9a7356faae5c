# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Autoencoders of poses and of images, as they are trained."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.acai.augmentation import PoseAugmentation
from emotion_models.acai.images import (
    FirstChannels,
    ImageCritic,
    count_scales,
    image_decoder,
    image_encoder,
)
from emotion_models.acai.losses import joint_loss, mpjpe_mm
from emotion_models.acai.networks import (
    POSE_SHAPE,
    PoseCritic,
    PoseDecoder,
    PoseEncoder,
)
from emotion_models.acai.procedure import InterpolatingAutoencoder
from emotion_models.data.poses import JOINTS
from emotion_models.latent.interpolation import lerp, slerp
from emotion_models.nn.gaussian import Gaussian, kl_divergence
from emotion_models.training.export import ExportPlan

POSES = {
    'name': 'poses',
    'shape': ['N', *POSE_SHAPE],
    'dtype': 'float32',
    'rows': list(JOINTS),
    'unit': 'metres from the hip, in the axes of the training data',
}
"""What goes into an autoencoder of poses, and comes out of it, as cards have it."""


def parts(
    encoder: nn.Module,
    decoder: nn.Module,
    samples: Tensor,
    codes: Tensor,
    sample: dict[str, Any],
    code: dict[str, Any],
    what: str,
) -> dict[str, ExportPlan]:
    """
    Plans of an autoencoder in two networks, so that codes can be moved between them.

    Args:
        encoder: samples to codes.
        decoder: codes to samples.
        samples: examples.
        codes: examples.
        sample: entry of a card.
        code: entry of a card.
        what: the samples are, for people.
    """
    ways = {'encoder': (encoder, samples, sample, code), 'decoder': (decoder, codes, code, sample)}
    purposes = {'encoder': 'as codes between which one can move evenly', 'decoder': 'from codes'}
    return {
        name: ExportPlan(
            network,
            example,
            {
                'description': f'{what} {purposes[name]}.',
                'inputs': [entering],
                'outputs': [leaving],
            },
        )
        for name, (network, example, entering, leaving) in ways.items()
    }


class PoseAutoencoder(InterpolatingAutoencoder):
    """
    Poses (B, 17, 3) in metres, coded on a sphere and mixed along its great circles.

    A batch is poses; its first half is mixed with its second.

    Args:
        latent: width of the codes.
        weight: of the adversarial loss, λ; 0 = the critic has no influence, none = no critic.
        hidden: width of the layers between, of encoder and decoder.
        layers: layers of nodes of encoder and decoder, with the first and the last.
        dropout: probability of dropping a node there.
        normalisation: of encoder and decoder: `batch`, `layer` or `none`.
        space: `sphere`, or `euclid`, where codes are mixed along straight lines.
        critic_width: outputs of the critic, whose mean is its answer; none = `latent`.
        critic_hidden: width of its layers between.
        critic_layers: its layers of nodes.
        critic_dropout: probability of dropping a node of it.
        critic_normalisation: of the critic; with batch norm it would see the rest of the batch.
        gamma: γ, share of the true sample in the mixtures that the critic is to call unmixed.
        learning_rate: of Adam for the autoencoder.
        critic_learning_rate: of Adam for the critic.
        annealed: cosine annealing of the rates to 0 over the training; otherwise constant.
        augmentation: what is done to poses in training.
    """

    def __init__(
        self,
        latent: int = 16,
        weight: float | None = 0.5,
        hidden: int = 256,
        layers: int = 4,
        dropout: float = 0.0,
        normalisation: str = 'batch',
        space: str = 'sphere',
        critic_width: int | None = None,
        critic_hidden: int = 256,
        critic_layers: int = 4,
        critic_dropout: float = 0.0,
        critic_normalisation: str = 'layer',
        gamma: float = 0.05,
        learning_rate: float = 1e-3,
        critic_learning_rate: float = 1e-3,
        annealed: bool = True,
        augmentation: PoseAugmentation | None = None,
    ) -> None:
        perceptron = {'layers': layers, 'dropout': dropout, 'normalisation': normalisation}
        super().__init__(
            PoseEncoder(latent, space, hidden, **perceptron),
            PoseDecoder(latent, hidden, **perceptron),
            PoseCritic(
                critic_width or latent,
                critic_hidden,
                layers=critic_layers,
                dropout=critic_dropout,
                normalisation=critic_normalisation,
            ),
            weight,
        )
        self.save_hyperparameters(ignore='augmentation')
        self.augmentation = augmentation or PoseAugmentation()

    def augment(self, samples: Tensor) -> Tensor:
        """The poses turned and mirrored at random."""
        return self.augmentation(samples, self.generators['augmentation'])

    def pair(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        """The first half and the second; an odd one is left out."""
        half = len(codes) // 2
        return codes[:half], codes[half : 2 * half]

    def mix(self, codes: Tensor, partners: Tensor, shares: Tensor) -> Tensor:
        """Along the great circle, or along the line where the space has no sphere."""
        between = slerp if self.hparams.space == 'sphere' else lerp
        return between(codes, partners, shares)

    def reconstruction_loss(self, reconstructed: Tensor, samples: Tensor) -> Tensor:
        """Mean squared distance of the joints in m²."""
        return joint_loss(reconstructed, samples)

    def measures(self, samples: Tensor) -> dict[str, Tensor]:
        """Mean distance of the joints in mm, `mpjpe_mm`."""
        return {'mpjpe_mm': mpjpe_mm(self(samples)[1], samples).mean()}

    def export_plans(self) -> dict[str, ExportPlan]:
        """What `emotion-models export` writes: encoder and decoder."""
        space = {'sphere': 'on the sphere of length 1', 'euclid': 'anywhere'}[self.hparams.space]
        code = {
            'name': 'code',
            'shape': ['N', self.hparams.latent],
            'dtype': 'float32',
            'unit': space,
        }
        poses = torch.randn(4, *POSE_SHAPE)
        with torch.no_grad():
            codes = self.encode(poses)
        return parts(self.encoder, self.decoder, poses, codes, POSES, code, 'Human poses')


class ImageAutoencoder(InterpolatingAutoencoder):
    """
    Images (B, colours, side, side) in [-1, 1], coded by convolutions, mixed along straight lines.

    A batch is images; each is mixed with the one at its place from the other end.

    Args:
        side: of the images, in pixels.
        colours: their channels.
        depth: channels at full size.
        latent: channels of the code.
        latent_width: its width and height.
        weight: of the adversarial loss, λ; 0 = the critic has no influence, none = no critic.
        gamma: γ, share of the true image in the mixtures that the critic is to call unmixed.
        learning_rate: of Adam for the autoencoder.
        critic_learning_rate: of Adam for the critic.
        annealed: cosine annealing of the rates to 0 over the training; otherwise constant.
    """

    codes_per_channel = 1

    def __init__(
        self,
        side: int = 32,
        colours: int = 1,
        depth: int = 16,
        latent: int = 16,
        latent_width: int = 2,
        weight: float | None = 0.5,
        gamma: float = 0.2,
        learning_rate: float = 1e-4,
        critic_learning_rate: float = 1e-4,
        annealed: bool = False,
    ) -> None:
        scales = count_scales(side, latent_width)
        super().__init__(
            image_encoder(scales, depth, self.codes_per_channel * latent, colours),
            image_decoder(scales, depth, latent, colours),
            ImageCritic(scales, depth, latent, colours),
            weight,
        )
        self.save_hyperparameters()
        self.to(memory_format=torch.channels_last)

    def pair(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        """The codes, and the codes in reverse."""
        return codes, codes.flip(0)

    def mix(self, codes: Tensor, partners: Tensor, shares: Tensor) -> Tensor:
        """Along the straight line."""
        return lerp(codes, partners, shares)

    def reconstruction_loss(self, reconstructed: Tensor, samples: Tensor) -> Tensor:
        """Mean squared error of the pixels."""
        return F.mse_loss(reconstructed, samples)

    def code_network(self) -> nn.Module:
        """Images to codes."""
        return self.encoder

    def export_plans(self) -> dict[str, ExportPlan]:
        """What `emotion-models export` writes: encoder and decoder."""
        shape = [self.hparams[name] for name in ('colours', 'side', 'side')]
        code_shape = [self.hparams[name] for name in ('latent', 'latent_width', 'latent_width')]
        image = {
            'name': 'images',
            'shape': ['N', *shape],
            'dtype': 'float32',
            'unit': 'brightness in [-1, 1]',
        }
        code = {
            'name': 'code',
            'shape': ['N', *code_shape],
            'dtype': 'float32',
            'unit': 'anywhere',
        }
        images, codes = 2 * torch.rand(4, *shape) - 1, torch.randn(4, *code_shape)
        return parts(self.code_network(), self.decoder, images, codes, image, code, 'Images')


class ImageVariationalAutoencoder(ImageAutoencoder):
    """
    The same networks as a variational autoencoder, to compare the other two with.

    The divergence from the standard normal, summed over a code, is divided by the number of
    pixels, as the squared error is.

    Args:
        kl_weight: of the divergence; 1 is the bound for pixels of variance 1/2.
        arguments: of `ImageAutoencoder`; `weight` is none unless it is given.
    """

    codes_per_channel = 2

    def __init__(self, kl_weight: float = 1.0, weight: float | None = None, **arguments):
        super().__init__(weight=weight, **arguments)
        self.save_hyperparameters()

    def encode(self, samples: Tensor) -> Tensor:
        """Means of the codes."""
        return Gaussian.from_output(self.encoder(samples)).mean

    def code_network(self) -> nn.Module:
        """Images to the means of their codes."""
        return FirstChannels(self.encoder, self.hparams.latent)

    def sample_codes(self, samples: Tensor) -> tuple[Tensor, Tensor | float]:
        """Codes drawn in training and their means in evaluation, and the divergence."""
        posterior = Gaussian.from_output(self.encoder(samples))
        divergence = kl_divergence(posterior).mean() / samples[0].numel()
        codes = posterior.sample(self.generators['codes']) if self.training else posterior.mean
        return codes, self.hparams.kl_weight * divergence
