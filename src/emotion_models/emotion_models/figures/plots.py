# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is shown of large sets, and saving of plots."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

DOTS_PER_INCH = 120


def save_figures(folder: Path, figures: Mapping[str, Figure]) -> list[Path]:
    """
    Write `NAME.png` for each figure.

    Args:
        folder: made if it is not there.
        figures: by the name of the file.

    Returns:
        The files, in the same order.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f'{name}.png' for name in figures]
    for path, figure in zip(paths, figures.values(), strict=True):
        save_figure(path, figure)
    return paths


def save_figure(path: str | Path, figure: Figure) -> None:
    """Write one figure; the ending of `path` chooses the format."""
    figure.savefig(path, dpi=DOTS_PER_INCH)


def evenly_spread(total: int, most: int) -> np.ndarray:
    """Indices of at most `most` of `total` samples, the first and the last among them."""
    return np.linspace(0, total - 1, min(total, most)).astype(int)
