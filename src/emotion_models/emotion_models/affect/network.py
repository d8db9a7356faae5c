# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The network that reads valence, arousal and expression from one grey face."""

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.labels.expressions import EXPRESSIONS
from emotion_models.nn.augmentation import standardise


class ResidualBlock(nn.Module):
    """Two 3×3 convolutions around a shortcut; a stride above 1 halves the map by averaging."""

    def __init__(self, channels_in: int, channels_out: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels_in, channels_out, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(channels_out)
        self.second = nn.Conv2d(channels_out, channels_out, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(channels_out)
        self.shortcut = nn.Sequential()
        if stride != 1 or channels_in != channels_out:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(stride),
                nn.Conv2d(channels_in, channels_out, 1, bias=False),
                nn.BatchNorm2d(channels_out),
            )

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, channels_out, H / stride, W / stride) from (N, channels_in, H, W)."""
        inner = F.relu(self.first_norm(self.first(maps)))
        return F.relu(self.second_norm(self.second(inner)) + self.shortcut(maps))


class AffectNetwork(nn.Module):
    """
    Residual network over 64×64 grey faces.

    The stem and every stage halve the map, which keeps the whole network at a few tens of millions
    of multiplications. Each image is standardised inside the network, so that the light and the
    gain of a camera do not matter and callers hand over plain grey values. The logits are those
    where every expression is equally frequent: the logarithms of the expressions' shares, added,
    give those of the training faces. Valence and arousal have a linear head of their own.

    Args:
        widths: channels of the stem and of each stage after it.
        depths: residual blocks of each stage.
        dropout: probability of dropping a pooled feature in training.

    Raises:
        ValueError: if there are not as many widths as stem and stages.
    """

    def __init__(
        self,
        widths: Sequence[int] = (24, 48, 96, 160),
        depths: Sequence[int] = (2, 2, 2),
        dropout: float = 0.2,
    ) -> None:
        if len(widths) != len(depths) + 1:
            raise ValueError(
                f'widths must be one for the stem and one for each of the {len(depths)} stages of '
                f'depths, got {len(widths)}'
            )
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, widths[0], 5, 2, 2, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU()
        )
        blocks: list[nn.Module] = []
        channels = widths[0]
        for width, depth in zip(widths[1:], depths, strict=True):
            for index in range(depth):
                blocks.append(ResidualBlock(channels, width, stride=2 if index == 0 else 1))
                channels = width
        self.blocks = nn.Sequential(*blocks)
        self.feature_size = channels
        self.dropout = nn.Dropout(dropout)
        self.expression = nn.Linear(channels, len(EXPRESSIONS))
        self.affect = nn.Linear(channels, 2)

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """
        Logits of the expressions, and valence and arousal.

        Args:
            faces: float, shape (N, 1, 64, 64), grey values 0..255.

        Returns:
            Logits in the order of `EXPRESSIONS`, shape (N, 8); valence and arousal, mostly in
            [-1, 1], shape (N, 2).
        """
        return self.read(self.dropout(self.embed(faces)))

    def embed(self, faces: Tensor) -> Tensor:
        """The features (N, `feature_size`) of faces, which both heads read."""
        return self.blocks(self.stem(standardise(faces))).mean((2, 3))

    def read(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """What the two heads make of features: logits (N, 8), valence and arousal (N, 2)."""
        return self.expression(features), self.affect(features)


class CalibratedAffect(nn.Module):
    """
    The network as the robot runs it: probabilities instead of logits, and the features.

    Args:
        network: trained.
        log_shares: logarithms of the shares of the expressions where the probabilities are to be
            right, shape (8,).
        temperature: divisor of the logits, > 0, that makes the probabilities as sure as they are
            right.
    """

    def __init__(self, network: AffectNetwork, log_shares: Tensor, temperature: float) -> None:
        super().__init__()
        self.network = network
        self.register_buffer('log_shares', log_shares, persistent=False)
        self.temperature = temperature

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Probabilities (N, 8), valence and arousal in [-1, 1] (N, 2), and features of faces."""
        features = self.network.embed(faces)
        logits, affect = self.network.read(features)
        probabilities = F.softmax((logits + self.log_shares) / self.temperature, 1)
        return probabilities, affect.clamp(-1, 1), features
