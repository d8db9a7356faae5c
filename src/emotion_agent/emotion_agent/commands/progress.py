# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How far a command is in a bag."""

from typing import Any


class ProgressBar:
    """A progress bar on the terminal, in seconds of the bag; none where tqdm is not installed."""

    def __init__(self, bag: Any):
        self._start_ns = bag.start_ns
        self._total_s = (bag.end_ns - bag.start_ns) / 1e9

    def __enter__(self) -> 'ProgressBar':
        try:
            from tqdm import tqdm
        except ModuleNotFoundError:
            self._bar = None
            return self
        self._bar = tqdm(
            total=round(self._total_s, 1),
            unit='s',
            disable=None,
            leave=False,
            bar_format='{l_bar}{bar}| {n:.0f}/{total:.0f} s of the bag, {remaining} left',
        )
        return self

    def __exit__(self, *_) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, event: Any) -> None:
        """Move on to the time of an event."""
        if self._bar is None:
            return
        done_s = (event.time_ns - self._start_ns) / 1e9
        self._bar.update(max(0.0, done_s - self._bar.n))
