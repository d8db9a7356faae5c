# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Fully convolutional networks for images.

Berthelot, Raffel, Roy, Goodfellow, "Understanding and Improving Interpolation in Autoencoders via
an Adversarial Regularizer", ICLR 2019.
"""

import math

from torch import Tensor, nn

from emotion_models.acai.networks import SLOPE


def count_scales(side: int, latent_width: int) -> int:
    """
    How often the side is halved down to the width of the code.

    Raises:
        ValueError: if the width is not the side divided by a power of two.
    """
    scales = round(math.log2(side / latent_width))
    if scales < 1 or latent_width << scales != side:
        raise ValueError(
            f'latent_width must be {side} divided by 2, 4, 8, …; got {latent_width} '
            f'for images of {side}×{side}'
        )
    return scales


def image_encoder(scales: int, depth: int, latent: int, colours: int) -> nn.Sequential:
    """
    Images (B, colours, side, side) to codes (B, latent, side / 2**scales, …).

    Args:
        scales: how often the side is halved; the channels double with it.
        depth: channels at full size.
        latent: channels of the code.
        colours: channels of the images.
    """
    parts: list[nn.Module] = [nn.Conv2d(colours, depth, 1)]
    channels = depth
    for scale in range(scales):
        parts += [*_two_convolutions(channels, depth << scale), nn.AvgPool2d(2)]
        channels = depth << scale
    parts += _activated(channels, depth << scales)
    return _initialised(nn.Sequential(*parts, _convolution(depth << scales, latent)))


def image_decoder(scales: int, depth: int, latent: int, colours: int) -> nn.Sequential:
    """Codes back to images without bounds; the arguments are those of `image_encoder`."""
    parts: list[nn.Module] = []
    channels = latent
    for scale in reversed(range(scales)):
        parts += [*_two_convolutions(channels, depth << scale), nn.Upsample(scale_factor=2)]
        channels = depth << scale
    parts += _activated(channels, depth)
    return _initialised(nn.Sequential(*parts, _convolution(depth, colours)))


class FirstChannels(nn.Module):
    """
    A network without its last output channels.

    Args:
        network: answers with (B, C, …).
        count: channels to keep.
    """

    def __init__(self, network: nn.Module, count: int) -> None:
        super().__init__()
        self.network, self.count = network, count

    def forward(self, images: Tensor) -> Tensor:
        """The first channels, (B, count, …)."""
        return self.network(images)[:, : self.count]


class ImageCritic(nn.Module):
    """
    Images to the estimated share of another image in each, (B,).

    An encoder whose outputs are averaged over channels and places; arguments as there.
    """

    def __init__(self, scales: int, depth: int, latent: int, colours: int):
        super().__init__()
        self.layers = image_encoder(scales, depth, latent, colours)

    def forward(self, images: Tensor) -> Tensor:
        """Estimates without bounds; 0 stands for an unmixed sample."""
        return self.layers(images).float().mean((1, 2, 3))


def _convolution(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, padding=1)


def _activated(inputs: int, outputs: int) -> list[nn.Module]:
    return [_convolution(inputs, outputs), nn.LeakyReLU(SLOPE)]


def _two_convolutions(inputs: int, outputs: int) -> list[nn.Module]:
    return _activated(inputs, outputs) + _activated(outputs, outputs)


def _initialised(network: nn.Sequential) -> nn.Sequential:
    for part in network:
        if isinstance(part, nn.Conv2d):
            fan_in = part.in_channels * math.prod(part.kernel_size)
            nn.init.normal_(part.weight, std=1 / math.sqrt((1 + SLOPE**2) * fan_in))
            nn.init.zeros_(part.bias)
    return network
