# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The networks of the learned face: encoder, decoder and critic."""

from itertools import pairwise
from types import MappingProxyType

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.drawing.action_units import N_ACTION_UNITS
from emotion_models.drawing.identity import N_IDENTITY
from emotion_models.drawing.parts import PARTS, unit_columns
from emotion_models.drawing.view import N_LOOK
from emotion_models.labels.emotions import EMOTIONS

CHUNK_SIZES = MappingProxyType(
    {
        'valence': 2,
        'arousal': 2,
        'brows': 6,
        'eyes': 6,
        'mouth': 12,
        'signs': 4,
        'identity': 16,
    }
)
"""Latent dimensions of each chunk, in their order."""

N_AFFECT = CHUNK_SIZES['valence']
"""Latent dimensions that equal the valence, and as many that equal the arousal."""
N_PARTS = sum(CHUNK_SIZES[part] for part in PARTS)
"""Latent dimensions of all parts of the face, which follow those of valence and arousal."""
N_LATENT = sum(CHUNK_SIZES.values())
OF_PARTS = slice(2 * N_AFFECT, 2 * N_AFFECT + N_PARTS)
OF_IDENTITY = slice(N_LATENT - CHUNK_SIZES['identity'], N_LATENT)
N_EXPRESSIONS = 1 + len(EMOTIONS)
"""Neutral and the emotions."""


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
    A latent point and a look to a picture.

    A coarse feature map of 4×8 is upsampled and refined three times. Each of its places then gives
    four pixels, and a last convolution over neighbouring pixels smooths the lines where places
    meet.
    """

    def __init__(self) -> None:
        super().__init__()
        self.coarse = nn.Sequential(
            nn.Linear(N_LATENT + N_LOOK, 192),
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
        """Latent points and looks, (B, N_LATENT + N_LOOK), to (B, 1, 64, 128)."""
        maps = self.coarse(points).reshape(-1, 64, 4, 8)
        for stage in self.stages:
            maps = stage(F.interpolate(maps, scale_factor=2.0, mode='nearest'))
        return self.pixels(maps)


class LabelMaps(nn.Module):
    """
    The maps between labels and the chunks of a latent point that are tied to them.

    All are linear but the one to expressions. In LeVAsa (Nath, Udandarao, Shukla, arXiv
    2007.10058) a chunk equals its label; those of parts and identity have several labels each, and
    a linear map in either direction.
    """

    def __init__(self) -> None:
        super().__init__()
        self.chunks_of_units = nn.ModuleDict(
            {part: nn.Linear(len(units), CHUNK_SIZES[part]) for part, units in PARTS.items()}
        )
        self.units_of_chunks = nn.ModuleDict(
            {part: nn.Linear(CHUNK_SIZES[part], len(units)) for part, units in PARTS.items()}
        )
        self.chunk_of_identity = nn.Linear(N_IDENTITY, CHUNK_SIZES['identity'])
        self.identity_of_chunk = nn.Linear(CHUNK_SIZES['identity'], N_IDENTITY)
        self.parts_of_affect = nn.Linear(2, N_PARTS)
        self.parts_of_emotions = nn.Linear(len(EMOTIONS), N_PARTS)
        self.expression_of_parts = nn.Sequential(
            nn.Linear(N_PARTS, 64), nn.ReLU(), nn.Linear(64, N_EXPRESSIONS)
        )
        for place in (*self.chunks_of_units.values(), self.chunk_of_identity):
            _spread(place)
        self._columns = {part: unit_columns(units) for part, units in PARTS.items()}

    def place_units(self, units: Tensor) -> Tensor:
        """Where the chunks of the parts should lie, (B, N_PARTS), for action units (B, 21)."""
        chunks = [net(units[:, self._columns[part]]) for part, net in self.chunks_of_units.items()]
        return torch.cat(chunks, 1)

    def read_units(self, latent: Tensor) -> Tensor:
        """Action units (B, 21) of latent points (B, N_LATENT)."""
        units = latent.new_zeros(len(latent), N_ACTION_UNITS)
        sizes = [CHUNK_SIZES[part] for part in PARTS]
        for (part, net), chunk in zip(
            self.units_of_chunks.items(), latent[:, OF_PARTS].split(sizes, 1), strict=True
        ):
            units[:, self._columns[part]] = net(chunk).to(units)
        return units

    def read_identity(self, latent: Tensor) -> Tensor:
        """Identity (B, 16) of latent points (B, N_LATENT)."""
        return self.identity_of_chunk(latent[:, OF_IDENTITY])

    def read_expression(self, latent: Tensor) -> Tensor:
        """Logits (B, 8) of neutral and the emotions, of latent points (B, N_LATENT)."""
        return self.expression_of_parts(latent[:, OF_PARTS])


class Critic(Encoder):
    """Estimates the share of a second drawing in a mixture: (B, 1, 64, 128) to (B,)."""

    def __init__(self) -> None:
        super().__init__(16)

    def forward(self, field: Tensor) -> Tensor:
        """One share for each picture."""
        return super().forward(field).mean(1)


def _spread(place: nn.Linear) -> None:
    """Begin with a place for labels in [0, 1] that keeps them apart, about 0 and about 1 wide."""
    nn.init.orthogonal_(place.weight, gain=3.0)
    with torch.no_grad():
        place.bias.copy_(-0.5 * place.weight.sum(1))


def _refine(inputs: int, outputs: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )
