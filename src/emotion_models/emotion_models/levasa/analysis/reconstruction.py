# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How similar reconstructions are to their images."""

from torch import Tensor
from torchmetrics.image import PeakSignalNoiseRatio, StructuralSimilarityIndexMeasure

from emotion_models.levasa.analysis.models import BATCH


def similarity(images: Tensor, reconstructions: Tensor, batch: int = BATCH) -> dict[str, float]:
    """
    Error and similarity, means over the images.

    Args:
        images: uint8, shape (N, 3, H, W).
        reconstructions: floats, meant to be in 0..1, shape (N, 3, H, W).
        batch: images compared at once; does not change the result.

    Returns:
        `mse` for each element; `psnr` in dB and `ssim`, this of the grey
        pictures, with the reconstructions cut at 0 and 1 as they are drawn.
    """
    noise = PeakSignalNoiseRatio(data_range=1.0, dim=(1, 2, 3), reduction='elementwise_mean')
    structure = StructuralSimilarityIndexMeasure(data_range=1.0)
    squares = 0.0
    for image, found in zip(images.split(batch), reconstructions.split(batch), strict=True):
        wanted = image.float() / 255
        squares += float((found - wanted).double().square().sum())
        noise.update(found.clamp(0, 1), wanted)
        structure.update(*(x.mean(1, keepdim=True) for x in (found.clamp(0, 1), wanted)))
    return {
        'mse': squares / images.numel(),
        'psnr': float(noise.compute()),
        'ssim': float(structure.compute()),
    }


def mean_image(images: Tensor, count: int) -> Tensor:
    """The mean of images uint8 (N, 3, H, W), repeated: a decoder without a latent."""
    mean = images.double().mean(0).float() / 255
    return mean.expand(count, *mean.shape)
