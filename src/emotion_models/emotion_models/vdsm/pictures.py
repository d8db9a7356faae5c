# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures and animations of clips, of what becomes of them, and of exchanges between them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from emotion_models.data.video_clips import VideoPart
from emotion_models.figures.gif import save_gif
from emotion_models.figures.plots import evenly_spread
from emotion_models.figures.tiles import tile
from emotion_models.imaging.files import write_picture
from emotion_models.runtime.video_model import as_clip
from emotion_models.vdsm.windows import take_frames

if TYPE_CHECKING:
    from emotion_models.vdsm.procedure import Codes, VideoModule

CLIPS = 6
"""In each picture of a training."""


def draw_progress(module: 'VideoModule', folder: Path, epoch: int) -> list[Path]:
    """
    Write what becomes of held-out clips, and of exchanges between them.

    Args:
        module: in training.
        folder: of the run; the pictures come into `pictures`.
        epoch: for their names.

    Returns:
        `epoch_NNNN_clips.png`: each clip above what becomes of it; `_swap.png`: the pose of the
        first frame of each row with the identity of each column; and the same as animations. In
        the second phase also `_swap_next.png`: the second frame of each row as it is expected
        after the first, with the identity of each column, beside the true ones.
    """
    part = module.trainer.datamodule.part('validation')
    frames = some_clips(part, CLIPS, module.window).to(module.device)
    with _evaluating(module):
        codes = module.read(frames)
        shown, swapped = module.show(codes), module.show(swap_all(codes))
        after = module.predict(frames[:, :1])
        expected = None if after is None else as_pictures(module.show(swap_all(after)))
    folder = folder / 'pictures'
    folder.mkdir(exist_ok=True)
    name = str(folder / f'epoch_{epoch:04d}')
    real, made, exchanged = (as_pictures(part) for part in (frames, shown, swapped))
    save_picture(f'{name}_clips.png', side_by_side(real, made))
    save_picture(f'{name}_swap.png', exchange_grid(real[:, 0], exchanged[:, 0]))
    rate = part.rate_hz
    save_gif(f'{name}_clips.gif', animation(np.concatenate([real, made]), len(real)), rate)
    save_gif(f'{name}_swap.gif', animation(exchanged, len(real)), rate)
    written = ['clips.png', 'swap.png', 'clips.gif', 'swap.gif']
    if expected is not None:
        save_picture(f'{name}_swap_next.png', exchange_grid(real[:, 1], expected[:, 0]))
        written.append('swap_next.png')
    return [Path(f'{name}_{end}') for end in written]


def some_clips(part: VideoPart, count: int, window: int) -> Tensor:
    """The beginnings of some clips of a part, evenly spread, (N, window, 3, side, side)."""
    return clips_at(part, evenly_spread(len(part), count), window)


def clips_at(part: VideoPart, places: Iterable[int], window: int) -> Tensor:
    """The beginnings of the clips at these places, (N, window, 3, side, side)."""
    frames = torch.from_numpy(np.stack([part.clip(int(place))[:window] for place in places]))
    return take_frames(frames, torch.arange(window).expand(len(frames), -1))


def swap_all(codes: 'Codes') -> 'Codes':
    """The motion of clip i with the identity of clip j, as clip i·N + j."""
    count = len(codes.static)
    rows = torch.arange(count).repeat_interleave(count)
    columns = torch.arange(count).repeat(count)
    return type(codes)(codes.static[columns], codes.dynamics[rows], codes.poses[rows])


def as_pictures(frames: Tensor) -> np.ndarray:
    """Frames (…, 3, H, W) in [0, 1] as RGB pictures, uint8 (…, H, W, 3)."""
    return as_clip(frames.cpu().numpy())


def side_by_side(real: np.ndarray, made: np.ndarray) -> np.ndarray:
    """Clips as rows of frames, each above what becomes of it, without gaps."""
    rows = np.stack([real, made], 1)
    return tile(rows.reshape(-1, *rows.shape[3:]), rows.shape[2])


def exchange_grid(given: np.ndarray, swapped: np.ndarray) -> np.ndarray:
    """
    Row i has the pose of i, column j the identity of j; the corner is blank.

    Args:
        given: m pictures, which stand at the left and at the top.
        swapped: m² pictures, row by row.

    Returns:
        ((m + 1)·H, (m + 1)·W, 3).
    """
    count = len(given)
    cells = [np.zeros_like(given[0]), *given]
    for row in range(count):
        cells += [given[row], *swapped[row * count : (row + 1) * count]]
    return tile(cells, count + 1)


def animation(clips: np.ndarray, columns: int) -> list[np.ndarray]:
    """Clips (N, T, H, W, 3) side by side, one picture for each frame."""
    return [tile(clips[:, frame], columns) for frame in range(clips.shape[1])]


def save_picture(path: str | Path, picture: np.ndarray) -> None:
    """Write an RGB picture."""
    write_picture(path, np.ascontiguousarray(picture[..., ::-1]))


@contextmanager
def _evaluating(module: 'VideoModule') -> Iterator[None]:
    module.eval()
    try:
        yield
    finally:
        module.train()
