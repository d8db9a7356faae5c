# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Rows of features at their own rates, brought to the frames of a video by true time stamps."""

import math

import numpy as np

DIGITS = 4
"""
Decimals to which times, and how many rows they are, are rounded before they are cut to rows.

Times are rounded where the step from row to row is as round itself, as 10 and 20 ms are: a third
of a second is no whole number of thirtieths once it is rounded.
"""


def frame_ends(stamps_s: np.ndarray) -> np.ndarray:
    """
    When each frame gives way to the next one; the last one stays as long as the median one.

    Args:
        stamps_s: ascending, shape (L,).
    """
    lasting = float(np.median(np.diff(stamps_s))) if len(stamps_s) > 1 else 1 / 30
    return np.append(stamps_s[1:], stamps_s[-1] + lasting)


def rows_of(start_s: float, end_s: float, step_s: float) -> slice:
    """
    The rows of a feature that sound within a span of time.

    Args:
        start_s: of the span, after the first row begins.
        end_s: of the span.
        step_s: from one row to the next.

    Returns:
        From `floor(start / step)` to before `ceil(end / step)`, at least one row.
    """
    if math.isclose(step_s, round(step_s, DIGITS)):
        start_s, end_s = (round(float(time_s), DIGITS) for time_s in (start_s, end_s))
    first = math.floor(round(float(start_s / step_s), DIGITS))
    end = math.ceil(round(float(end_s / step_s), DIGITS))
    return slice(first, max(end, first + 1))


def pool_rows(
    rows: np.ndarray, stamps_s: np.ndarray, step_s: float, start_s: float = 0.0
) -> np.ndarray:
    """
    The mean of the rows that fall into each frame; before and after them the nearest is repeated.

    Args:
        rows: one every `step_s`, shape (R, D), R >= 1.
        stamps_s: of the frames, ascending, shape (L,).
        step_s: from one row to the next, in seconds.
        start_s: when the first row begins, on the clock of the frames.

    Returns:
        float32, shape (L, D).
    """
    ends_s = frame_ends(stamps_s)
    pooled = np.empty((len(stamps_s), rows.shape[1]), np.float32)
    for frame in range(len(stamps_s)):
        part = rows_of(stamps_s[frame] - start_s, ends_s[frame] - start_s, step_s)
        inside = np.arange(part.start, part.stop).clip(0, len(rows) - 1)
        pooled[frame] = rows[inside].mean(0)
    return pooled


def fill_gaps(rows: np.ndarray, frames: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
    """
    A row for every frame: its own, or that of the nearest that has one.

    Args:
        rows: of the frames that have one, shape (N, D).
        frames: their indices, ascending, shape (N,).
        length: frames in all.

    Returns:
        Rows, float32 (length, D), where two are equally near that of the earlier, zeros where none
        has one; which frames have none of their own, bool (length,).
    """
    padded = np.ones(length, bool)
    padded[frames] = False
    if not len(frames):
        return np.zeros((length, rows.shape[1]), np.float32), padded
    every = np.arange(length)
    later = np.searchsorted(frames, every).clip(max=len(frames) - 1)
    earlier = (np.searchsorted(frames, every, side='right') - 1).clip(min=0)
    is_later_nearer = abs(frames[later] - every) < abs(every - frames[earlier])
    return rows[np.where(is_later_nearer, later, earlier)].astype(np.float32), padded


def fit_length(rows: np.ndarray, length: int) -> np.ndarray:
    """So many rows: what is too much is cut off, what is missing repeats the last one."""
    return rows[np.arange(length).clip(max=len(rows) - 1)]
