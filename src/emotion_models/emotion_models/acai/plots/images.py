# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Interpolations of images, model by model."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from emotion_models.figures.palette import INK
from emotion_models.figures.tiles import tile

GAP = 2
"""Pixels between images."""


def plot_images(rows: Mapping[str, np.ndarray], title: str = '') -> Figure:
    """
    Images in rows.

    Args:
        rows: images (N, H, W) in [-1, 1] by the name of the row, all of one size; the rows of
            several pairs of one model may follow each other under one name as (B, N, H, W).
        title: of the figure.
    """
    panels = {name: _tile(np.asarray(images)) for name, images in rows.items()}
    widths = [picture.shape[1] for picture in panels.values()]
    heights = [picture.shape[0] for picture in panels.values()]
    inches = 9 / max(widths)
    figure = Figure(
        figsize=(9, 0.5 + 0.3 * len(panels) + inches * sum(heights)), layout='constrained'
    )
    drawn = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights).ravel()
    for axes, (name, picture) in zip(drawn, panels.items(), strict=True):
        axes.imshow(picture, cmap='gray', vmin=-1, vmax=1, interpolation='nearest')
        axes.set_title(name, fontsize=9, color=INK, loc='left')
        axes.axis('off')
    figure.suptitle(title, fontsize=11, color=INK)
    return figure


def _tile(images: np.ndarray) -> np.ndarray:
    *_, points, height, width = images.shape  # (N, H, W), or (B, N, H, W)
    return tile(images.reshape(-1, height, width), points, GAP, ground=1)
