# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Networks for poses: an encoder to a sphere, a decoder and a critic, all plain perceptrons."""

from itertools import pairwise
from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F

from emotion_models.data.poses import JOINTS

POSE_SHAPE = (len(JOINTS), 3)
COORDINATES = len(JOINTS) * 3
SLOPE = 0.2
"""Of the leaky rectifier below 0."""
SPACES = ('sphere', 'euclid')
NORMALISATIONS = {'batch': nn.BatchNorm1d, 'layer': nn.LayerNorm, 'none': None}


def mlp(
    inputs: int,
    hidden: int,
    outputs: int,
    layers: int = 4,
    dropout: float = 0.0,
    normalisation: str = 'batch',
) -> nn.Sequential:
    """
    A perceptron: after every linear map but the last a norm, a leaky rectifier and dropout.

    Args:
        inputs: width of the first layer of nodes.
        hidden: width of those between.
        outputs: width of the last.
        layers: layers of nodes with the first and the last, so one more than linear maps; >= 2.
        dropout: probability of dropping a node.
        normalisation: `batch`, `layer` or `none`.

    Raises:
        ValueError: if there are fewer than two layers or no such normalisation.
    """
    if layers < 2:
        raise ValueError(f'layers counts the first and the last, so at least 2; got {layers}')
    if normalisation not in NORMALISATIONS:
        raise ValueError(
            f'normalisation must be one of {", ".join(NORMALISATIONS)}; got {normalisation!r}'
        )
    norm = NORMALISATIONS[normalisation]
    widths = [inputs, *[hidden] * (layers - 2), outputs]
    parts: list[nn.Module] = []
    for width, following in pairwise(widths[:-1]):
        parts.append(nn.Linear(width, following))
        parts += [] if norm is None else [norm(following)]
        parts.append(nn.LeakyReLU(SLOPE))
        parts += [nn.Dropout(dropout)] if dropout else []
    return nn.Sequential(*parts, nn.Linear(widths[-2], outputs))


class PoseEncoder(nn.Module):
    """
    Poses (B, 17, 3) to codes (B, latent).

    Args:
        latent: width of the codes.
        space: `sphere`, where codes are divided by their length, or `euclid`.
        perceptron: further arguments of `mlp`.

    Raises:
        ValueError: if there is no such space.
    """

    def __init__(self, latent: int, space: str, hidden: int, **perceptron: Any):
        super().__init__()
        if space not in SPACES:
            raise ValueError(f'space must be one of {", ".join(SPACES)}; got {space!r}')
        self.is_sphere = space == 'sphere'
        self.layers = mlp(COORDINATES, hidden, latent, **perceptron)

    def forward(self, poses: Tensor) -> Tensor:
        """Codes, on the sphere of length 1 if that is the space."""
        codes = self.layers(poses.flatten(1))
        return F.normalize(codes, eps=1e-8) if self.is_sphere else codes


class PoseDecoder(nn.Module):
    """
    Codes (B, latent) to poses (B, 17, 3).

    Args:
        latent: width of the codes.
        perceptron: further arguments of `mlp`.
    """

    def __init__(self, latent: int, hidden: int, **perceptron: Any):
        super().__init__()
        self.layers = mlp(latent, hidden, COORDINATES, **perceptron)

    def forward(self, codes: Tensor) -> Tensor:
        """Poses in metres; codes are taken as they are."""
        return self.layers(codes).unflatten(1, POSE_SHAPE)


class PoseCritic(nn.Module):
    """
    Poses (B, 17, 3) to the estimated share of a second pose in each, (B,).

    Args:
        width: outputs of the perceptron, of which the mean is taken.
        perceptron: further arguments of `mlp`.
    """

    def __init__(self, width: int, hidden: int, **perceptron: Any):
        super().__init__()
        self.layers = mlp(COORDINATES, hidden, width, **perceptron)

    def forward(self, poses: Tensor) -> Tensor:
        """Estimates without bounds; 0 stands for an unmixed sample."""
        return self.layers(poses.flatten(1)).float().mean(1)
