# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What a camera and a detector may do to a face, for a whole batch at once.

Faces are float tensors (N, 1, H, W) with grey values 0..255; every function returns a new one.
Pixels are those of faces 64 pixels wide.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

FACE_PX = 64
"""
Sides of the crops that networks of faces read: more than the 48 pixels of their training faces, so
that a face does not lose detail where a wide crop shows it smaller.
"""


@dataclass(frozen=True)
class FaceAugmentation:
    """
    Random framing, light, sharpness, compression and occlusion.

    Args:
        size_px: sides of the augmented faces.
        max_turn_deg: largest rotation in the image plane, either way.
        max_shift: largest shift, as a part of the crop's width.
        crop_factors: smallest and largest crop relative to the stored one (> 1 shows more around).
        max_stretch: largest change of the aspect, as a part.
        degrade_probability: chance of each kind of degradation (blur, resolution, JPEG, noise).
        occlusion_probability: chance that a rectangle of the face is hidden.
        mirror_probability: chance that a face is mirrored.
    """

    size_px: int = FACE_PX
    max_turn_deg: float = 15.0
    max_shift: float = 0.08
    crop_factors: tuple[float, float] = (0.8, 1.6)
    max_stretch: float = 0.1
    degrade_probability: float = 0.12
    occlusion_probability: float = 0.15
    mirror_probability: float = 0.5

    def __call__(self, faces: Tensor, framing: Tensor) -> Tensor:
        """
        Augmented copies, each image with its own draw.

        Args:
            faces: shape (N, 1, S, S).
            framing: sides of the crop about which the crops vary, relative to S, shape (N,).
        """
        faces = self._reframe(faces, framing)
        for degrade in (change_resolution, blur, compress_jpeg):
            faces = apply_to_some(degrade, faces, self.degrade_probability)
        faces = relight(faces)
        faces = apply_to_some(add_noise, faces, self.degrade_probability)
        faces = apply_to_some(occlude, faces, self.occlusion_probability)
        return faces.clamp(0, 255)

    def _reframe(self, faces: Tensor, framing: Tensor) -> Tensor:
        transforms = framing.view(-1, 1, 1) * self._draw_transforms(faces)
        grid, framed = sample_squares(faces, transforms, self.size_px)
        # Half of the wide crops see another picture around the face instead of smeared borders.
        outside = (grid.abs().amax(-1) > 1).unsqueeze(1)
        has_scenery = torch.rand(len(faces), 1, 1, 1, device=faces.device) < 0.5
        scenery = change_resolution(resize(faces, self.size_px).roll(1, 0).flip(2))
        return torch.where(outside & has_scenery, scenery, framed)

    def _draw_transforms(self, faces: Tensor) -> Tensor:
        count, device = len(faces), faces.device
        low, high = (math.log(factor) for factor in self.crop_factors)
        turn = _uniform(count, -1, 1, device) * math.radians(self.max_turn_deg)
        scale = _uniform(count, low, high, device).exp()
        stretch = 1 + self.max_stretch * _uniform(count, -1, 1, device)
        is_mirrored = torch.rand(count, device=device) < self.mirror_probability
        mirror = torch.where(is_mirrored, -1.0, 1.0)
        shift = 2 * self.max_shift * _uniform(2 * count, -1, 1, device).view(2, count)
        across, down = scale * stretch, scale / stretch
        rows = (
            torch.stack((mirror * across * turn.cos(), -down * turn.sin(), shift[0]), 1),
            torch.stack((mirror * across * turn.sin(), down * turn.cos(), shift[1]), 1),
        )
        return torch.stack(rows, 1)


def frame(faces: Tensor, framing: Tensor, size_px: int) -> Tensor:
    """
    The middle of each picture, or more than all of it, as faces of one size.

    Args:
        faces: shape (N, 1, S, S).
        framing: sides of the square, relative to S, shape (N,); beyond 1 the border is repeated.
        size_px: sides of the result.
    """
    if (framing == 1).all():
        return faces if faces.shape[3] == size_px else resize(faces, size_px)
    transforms = framing.view(-1, 1, 1) * torch.eye(2, 3, device=faces.device)
    return sample_squares(faces, transforms, size_px)[1]


def sample_squares(faces: Tensor, transforms: Tensor, size_px: int) -> tuple[Tensor, Tensor]:
    """
    Where the pixels of a transformed square lie, and the square.

    Args:
        faces: shape (N, 1, S, S).
        transforms: from the square to the picture, both in [-1, 1], shape (N, 2, 3).
        size_px: sides of the result.
    """
    grid = F.affine_grid(transforms, [len(faces), 1, size_px, size_px], align_corners=False)
    return grid, F.grid_sample(faces, grid, padding_mode='border', align_corners=False)


def change_resolution(faces: Tensor) -> Tensor:
    """Faces seen from afar: reduced to 20..54 pixels, one draw for all, and enlarged again."""
    size = int(torch.randint(20, 55, ()))
    small = F.interpolate(faces, size=(size, size), mode='area')
    return resize(small, faces.shape[3])


def resize(faces: Tensor, size_px: int) -> Tensor:
    """Square faces enlarged to `size_px` as `cut_square` of the runtime does it."""
    size = (size_px, size_px)
    return F.interpolate(faces, size=size, mode='bilinear', align_corners=False)


def shrink(faces: Tensor, size_px: int) -> Tensor:
    """Square faces reduced to `size_px`, each pixel the mean of those that it stands for."""
    if faces.shape[3] == size_px:
        return faces
    size = (size_px, size_px)
    return F.interpolate(faces, size=size, mode='bilinear', align_corners=False, antialias=True)


def blur(faces: Tensor) -> Tensor:
    """Gaussian blur of 0.5..1.6 pixels, each face with its own."""
    count = len(faces)
    sigma = _uniform(count, 0.5, 1.6, faces.device).view(count, 1)
    taps = torch.exp(-0.5 * (torch.arange(-3, 4, device=faces.device) / sigma) ** 2)
    taps = taps / taps.sum(1, keepdim=True)
    stacked = F.pad(faces.transpose(0, 1), (3, 3, 3, 3), mode='replicate')
    stacked = F.conv2d(stacked, taps.view(count, 1, 1, 7), groups=count)
    return F.conv2d(stacked, taps.view(count, 1, 7, 1), groups=count).transpose(0, 1)


LUMINANCE_STEPS = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
"""Quantisation steps of luminance at quality 50, ITU-T T.81 (JPEG), table K.1."""


def compress_jpeg(faces: Tensor, quality: Tensor | None = None) -> Tensor:
    """
    Faces as JPEG stores them; height and width are multiples of 8.

    Args:
        faces: shape (N, 1, H, W).
        quality: of JPEG, 1..100, shape (N,); none = drawn from 10..60.
    """
    count, _, height, width = faces.shape
    index = torch.arange(8, device=faces.device)
    cosines = torch.cos((2 * index + 1) * index[:, None] * math.pi / 16) / 2
    cosines[0] /= math.sqrt(2)
    if quality is None:
        quality = _uniform(count, 10, 60, faces.device)
    quality = quality.view(count, 1, 1, 1, 1)
    percent = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality)
    table = torch.tensor(LUMINANCE_STEPS, device=faces.device, dtype=faces.dtype)
    steps = (table * percent / 100).clamp(min=1)
    blocks = (faces - 128).view(count, height // 8, 8, width // 8, 8).transpose(2, 3)
    coefficients = (cosines @ blocks @ cosines.T / steps).round() * steps
    restored = cosines.T @ coefficients @ cosines + 128
    return restored.transpose(2, 3).reshape(faces.shape).clamp(0, 255)


def relight(faces: Tensor) -> Tensor:
    """Another gamma, contrast and brightness, and a light from a random side."""
    count, _, height, width = faces.shape
    device = faces.device

    def draw(low: float, high: float) -> Tensor:
        return _uniform(count, low, high, device).view(count, 1, 1, 1)

    faces = 255 * (faces.clamp(0, 255) / 255) ** draw(-0.5, 0.5).exp()
    across = torch.linspace(-1, 1, width, device=device).view(1, 1, 1, width)
    down = torch.linspace(-1, 1, height, device=device).view(1, 1, height, 1)
    side_light = 1 + 0.3 * (draw(-1, 1) * across + draw(-1, 1) * down)
    return (faces * side_light - 128) * draw(0.5, 1.3) + 128 + draw(-40, 40)


def add_noise(faces: Tensor) -> Tensor:
    """Sensor noise with a standard deviation of 0..15 grey values."""
    spread = _uniform(len(faces), 0, 15, faces.device).view(-1, 1, 1, 1)
    return faces + spread * torch.randn_like(faces)


def occlude(faces: Tensor) -> Tensor:
    """A rectangle with sides of 15..50 % of the face, of one random grey, over each face."""
    count, _, height, width = faces.shape
    device = faces.device

    def span(length: int) -> tuple[Tensor, Tensor]:
        size = _uniform(count, 0.15, 0.5, device) * length
        start = torch.rand(count, device=device) * (length - size)
        return start.view(count, 1), (start + size).view(count, 1)

    (left, right), (top, bottom) = span(width), span(height)
    columns, rows = torch.arange(width, device=device), torch.arange(height, device=device)
    in_columns = (columns >= left) & (columns < right)
    in_rows = (rows >= top) & (rows < bottom)
    hidden = (in_rows[:, :, None] & in_columns[:, None, :]).unsqueeze(1)
    return torch.where(hidden, _uniform(count, 0, 255, device).view(-1, 1, 1, 1), faces)


def standardise(faces: Tensor) -> Tensor:
    """Each image with mean 0 and standard deviation 1; a flat image becomes zeros."""
    centred = faces - faces.mean((2, 3), keepdim=True)
    spread = (centred * centred).mean((2, 3), keepdim=True).sqrt()
    return centred / (spread + 1.0)


def apply_to_some(change, faces: Tensor, probability: float) -> Tensor:
    """`change` applied to each face with a probability; the others stay as they are."""
    chosen = torch.rand(len(faces), device=faces.device) < probability
    if not chosen.any():
        return faces
    changed = faces.clone()
    changed[chosen] = change(faces[chosen])
    return changed


def _uniform(count: int, low: float, high: float, device: torch.device) -> Tensor:
    return low + (high - low) * torch.rand(count, device=device)
