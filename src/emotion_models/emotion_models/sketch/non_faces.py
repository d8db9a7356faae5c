# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures that show no face that could be drawn, made of pictures of faces."""

import torch
from torch import Tensor
from torch.nn import functional as F

from emotion_models.nn.augmentation import sample_squares

_KINDS = 6


def make_non_faces(faces: Tensor) -> Tensor:
    """
    Noise, smooth shapes, small parts of faces, shuffled and upside-down ones, by turns.

    Args:
        faces: float (N, 1, S, S), grey values 0..255, S a multiple of 4.

    Returns:
        The same shape and range.
    """
    makers = (_noise, _shapes, _part, _shuffled, _upside_down, _stripes)
    first = int(torch.randint(_KINDS, ()))
    made = faces.clone()
    for kind, make in enumerate(makers):
        rows = slice((first + kind) % _KINDS, None, _KINDS)
        if len(faces[rows]):
            made[rows] = make(faces[rows])
    return made.clamp(0, 255)


def _noise(faces: Tensor) -> Tensor:
    """Noise of a random grain."""
    size = int(torch.randint(4, 65, ()))
    grain = torch.rand(len(faces), 1, size, size, device=faces.device)
    contrast = 40 + 215 * torch.rand(len(faces), 1, 1, 1, device=faces.device)
    return 128 + contrast * (F.interpolate(grain, faces.shape[2:], mode='nearest') - 0.5)


def _shapes(faces: Tensor) -> Tensor:
    """Two or more smooth blots, as a wall, a lamp or a hand has them."""
    size = int(torch.randint(2, 8, ()))
    coarse = torch.rand(len(faces), 1, size, size, device=faces.device)
    blots = F.interpolate(coarse, faces.shape[2:], mode='bicubic', align_corners=False)
    edges = (blots > 0.5).float()
    share = torch.rand(len(faces), 1, 1, 1, device=faces.device)
    return 255 * (share * blots + (1 - share) * (0.2 + 0.6 * edges))


def _part(faces: Tensor) -> Tensor:
    """A tenth to a quarter of a face's sides, enlarged."""
    count = len(faces)
    scale = 0.12 + 0.16 * torch.rand(count, device=faces.device)
    shift = 1.4 * (torch.rand(count, 2, device=faces.device) - 0.5)
    transforms = torch.zeros(count, 2, 3, device=faces.device)
    transforms[:, 0, 0] = transforms[:, 1, 1] = scale
    transforms[:, :, 2] = shift
    return sample_squares(faces, transforms, faces.shape[3])[1]


def _shuffled(faces: Tensor) -> Tensor:
    """The sixteen tiles of a face in another order."""
    count, side = len(faces), faces.shape[3] // 4
    tiles = faces.reshape(count, 4, side, 4, side).permute(0, 1, 3, 2, 4).reshape(count, 16, -1)
    tiles = tiles[:, torch.randperm(16, device=faces.device)]
    mixed = tiles.reshape(count, 4, 4, side, side).permute(0, 1, 3, 2, 4)
    return mixed.reshape(faces.shape)


def _upside_down(faces: Tensor) -> Tensor:
    """Turned by 180° or by 90°."""
    turns = 2 if torch.rand(()) < 0.6 else (1 if torch.rand(()) < 0.5 else 3)
    return torch.rot90(faces, turns, (2, 3))


def _stripes(faces: Tensor) -> Tensor:
    """Bars in any direction, or a flat grey."""
    count, side = len(faces), faces.shape[3]
    place = torch.linspace(-1, 1, side, device=faces.device)
    angle, often, start = (torch.rand(count, 1, 1, device=faces.device) for _ in range(3))
    along = place[None, None] * (3.14 * angle).cos() + place[None, :, None] * (3.14 * angle).sin()
    waves = torch.sin(12 * often * along + 6 * start)
    contrast = 127 * torch.rand(count, 1, 1, device=faces.device)
    return (128 + contrast * waves)[:, None]
