# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Encoder and decoder of the valence-arousal autoencoders.

Nath, Udandarao, Shukla, "It's LeVAsa not LevioSA! Latent Encodings for Valence-Arousal Structure
Alignment", CODS-COMAD 2021, arXiv 2007.10058.
"""

from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.nn.gaussian import Gaussian

IMAGE_PX = 64
"""Sides of the pictures."""

CHUNK = 32
LATENT = 3 * CHUNK
VALENCE, AROUSAL, REST = (slice(start, start + CHUNK) for start in range(0, LATENT, CHUNK))
"""Where the chunks lie in a latent vector: tied to valence, tied to arousal, free."""

WIDTHS = (64, 128, 256, 512)
SMALLEST_MAP = 3
FLAT = WIDTHS[-1] * SMALLEST_MAP**2

OUTPUTS = {'sigmoid': nn.Sigmoid, 'relu': nn.ReLU}
"""What ends the decoder: the sigmoid stays in 0..1, the paper's ReLU has no upper bound."""


class Encoder(nn.Module):
    """
    Pictures to posterior, its chunks in the order valence, arousal, rest:
    four strided convolutions (maps of 31, 15, 7 and 3) and two layers.

    The six linear heads of the paper are two here, one for the means of the three chunks and one
    for their log-variances: the same weights side by side.
    """

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Sequential(
            *[
                nn.Sequential(nn.Conv2d(before, after, 3, 2), nn.BatchNorm2d(after), nn.ReLU())
                for before, after in pairwise((3, *WIDTHS))
            ]
        )
        self.features = nn.Sequential(
            nn.Linear(FLAT, 512),
            nn.BatchNorm1d(512),
            nn.ReLU(),
            nn.Linear(512, 128),
            nn.BatchNorm1d(128),
            nn.ReLU(),
        )
        self.mean = nn.Linear(128, LATENT)
        self.log_variance = nn.Linear(128, LATENT)
        self.apply(initialise)

    def forward(self, images: Tensor) -> Gaussian:
        """Posterior of pictures (B, 3, 64, 64) with values 0..1."""
        features = self.features(self.maps(images).flatten(1))
        return Gaussian(self.mean(features), self.log_variance(features))


class Upsampling(nn.ConvTranspose2d):
    """
    A transposed convolution whose bias is added afterwards.

    On processors, torch's transposed convolution with a bias leaves the fast path: in bfloat16 it
    takes up to eight times as long.
    """

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (B, C, sH + k - s, sW + k - s) for a kernel k and a stride s."""
        upsampled = F.conv_transpose2d(maps, self.weight, None, self.stride)
        return upsampled + self.bias.to(upsampled.dtype)[:, None, None]


class Decoder(nn.Module):
    """
    Latent vectors to pictures: three layers and four transposed convolutions (7, 15, 31, 64).

    Args:
        output: what ends it, a key of `OUTPUTS`.

    Raises:
        ValueError: if there is no such output.
    """

    def __init__(self, output: str = 'sigmoid') -> None:
        super().__init__()
        if output not in OUTPUTS:
            raise ValueError(f'output must be one of {", ".join(OUTPUTS)}; got {output!r}')
        self.features = nn.Sequential(
            nn.Linear(LATENT, 128),
            nn.ReLU(),
            nn.Linear(128, 512),
            nn.BatchNorm1d(512),
            nn.ReLU(),
            nn.Linear(512, FLAT),
            nn.BatchNorm1d(FLAT),
            nn.ReLU(),
            nn.Unflatten(1, (WIDTHS[-1], SMALLEST_MAP, SMALLEST_MAP)),
        )
        self.maps = nn.Sequential(
            *[
                nn.Sequential(Upsampling(before, after, 3, 2), nn.BatchNorm2d(after), nn.ReLU())
                for before, after in pairwise(WIDTHS[::-1])
            ],
            nn.Sequential(Upsampling(WIDTHS[0], 3, 4, 2), nn.BatchNorm2d(3), OUTPUTS[output]()),
        )
        self.apply(initialise)

    def forward(self, z: Tensor) -> Tensor:
        """Pictures (B, 3, 64, 64) of latent vectors (B, 96)."""
        return self.maps(self.features(z))


def initialise(layer: nn.Module) -> None:
    """Weights of the paper's code; transposed convolutions and 1-D norms keep torch's own."""
    if isinstance(layer, nn.Conv2d | nn.Linear):
        nn.init.normal_(layer.weight, 0.0, 0.05)
        nn.init.zeros_(layer.bias)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)
        nn.init.zeros_(layer.bias)
