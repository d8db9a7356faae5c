# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which frames of clips are looked at, and how they are mirrored."""

import torch
from torch import Tensor


def draw_windows(lengths: Tensor, window: int, pieces: int) -> Tensor:
    """
    Places of random windows, one in each of some of the clips that follow each other.

    Args:
        lengths: frames of these clips, int64 (B, P).
        window: frames of a window.
        pieces: of how many of the P clips one is taken.

    Returns:
        int64 (B, pieces·window).
    """
    chosen = torch.rand(lengths.shape).argsort(1)[:, :pieces]
    room = lengths.gather(1, chosen.to(lengths.device)).cpu() - window + 1
    into = (torch.rand(room.shape) * room).long().to(lengths.device)
    return _places(lengths, chosen.to(lengths.device), into, window)


def first_windows(lengths: Tensor, window: int, pieces: int) -> Tensor:
    """As `draw_windows`, the beginnings of the first clips."""
    chosen = torch.arange(pieces, device=lengths.device).expand(len(lengths), -1)
    return _places(lengths, chosen, torch.zeros_like(chosen), window)


def take_frames(frames: Tensor, places: Tensor) -> Tensor:
    """
    Frames of clips as networks take them.

    Args:
        frames: uint8 (B, L, side, side, 3).
        places: of the frames that are taken, int64 (B, T).

    Returns:
        float32 (B, T, 3, side, side) in [0, 1].
    """
    rows = torch.arange(len(places), device=places.device)[:, None]
    return frames[rows, places].permute(0, 1, 4, 2, 3).float() / 255


def mirror(frames: Tensor, share: float, each_frame: bool) -> Tensor:
    """
    Frames (B, T, C, H, W) of which some are mirrored, left to right.

    Args:
        frames: of clips.
        share: probability.
        each_frame: drawn for each frame by itself, not for each clip.
    """
    if not share:
        return frames
    shape = frames.shape[: 2 if each_frame else 1]
    chosen = (torch.rand(shape) < share).to(frames.device)
    chosen = chosen.reshape(*shape, *[1] * (frames.ndim - len(shape)))
    return torch.where(chosen, frames.flip(-1), frames)


def _places(lengths: Tensor, chosen: Tensor, into: Tensor, window: int) -> Tensor:
    begins = lengths.cumsum(1) - lengths
    first = begins.gather(1, chosen) + into
    return (first[..., None] + torch.arange(window, device=lengths.device)).flatten(1)
