# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The networks of the learned face: encoder, decoder and critic."""

from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.drawing.identity import N_IDENTITY
from emotion_models.drawing.view import N_LOOK
from emotion_models.labels.emotions import EMOTIONS

N_AFFECT = 4
"""Latent dimensions that equal the valence, and as many that equal the arousal."""
N_REST = 16
"""Latent dimensions that are free."""
N_LATENT = 2 * N_AFFECT + N_REST
N_CONDITION = len(EMOTIONS) + 1 + N_IDENTITY + N_LOOK


class Encoder(nn.Module):
    """
    A distance field to numbers: twice the latent dimensions, or the answer of the critic.

    Args:
        outputs: how many.
        width: channels after the first convolution.
    """

    def __init__(self, outputs: int, width: int = 16) -> None:
        super().__init__()
        widths = [1, width, 2 * width, 4 * width, 6 * width]
        layers: list[nn.Module] = []
        for inputs, channels in pairwise(widths):
            layers += [nn.Conv2d(inputs, channels, 3, 2, 1), nn.LeakyReLU(0.2)]
        self.convolutions = nn.Sequential(*layers)
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Linear(6 * width * 4 * 8, 128),
            nn.LeakyReLU(0.2),
            nn.Linear(128, outputs),
        )

    def forward(self, field: Tensor) -> Tensor:
        """(B, 1, 64, 128) to (B, outputs)."""
        return self.head(self.convolutions(field))


class Decoder(nn.Module):
    """
    A latent point and conditions to a picture.

    A coarse feature map of 4×8 is upsampled and refined three times. Each of its places then gives
    four pixels, and a last convolution over neighbouring pixels smooths the lines where places
    meet.
    """

    def __init__(self) -> None:
        super().__init__()
        self.coarse = nn.Sequential(
            nn.Linear(N_LATENT + N_CONDITION, 192),
            nn.ReLU(),
            nn.Linear(192, 192),
            nn.ReLU(),
            nn.Linear(192, 64 * 4 * 8),
            nn.ReLU(),
        )
        self.stages = nn.ModuleList(
            [_refine(64, 64), _refine(64, 48), nn.Sequential(_refine(48, 32), _refine(32, 32))]
        )
        self.pixels = nn.Sequential(
            nn.Conv2d(32, 16, 3, padding=1),
            nn.PixelShuffle(2),
            nn.ReLU(),
            nn.Conv2d(4, 1, 3, padding=1),
        )

    def forward(self, points: Tensor) -> Tensor:
        """Latent points and conditions, (B, N_LATENT + N_CONDITION), to (B, 1, 64, 128)."""
        maps = self.coarse(points).reshape(-1, 64, 4, 8)
        for stage in self.stages:
            maps = stage(F.interpolate(maps, scale_factor=2.0, mode='nearest'))
        return self.pixels(maps)


class Critic(Encoder):
    """Estimates the share of a second drawing in a mixture: (B, 1, 64, 128) to (B,)."""

    def __init__(self) -> None:
        super().__init__(16)

    def forward(self, field: Tensor) -> Tensor:
        """One share for each picture."""
        return super().forward(field).mean(1)


def _refine(inputs: int, outputs: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )
