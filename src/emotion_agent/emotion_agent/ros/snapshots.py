# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps the state in a file, soon after what happens and seldom for what is seen."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from emotion_agent.neuromodulation import save_snapshot
from node_kit.worker import LatestWorker


class Progress(NamedTuple):
    """
    How far a state has come.

    Attributes:
        events: stimuli, faces that came or went, and resets so far.
        changes: these and observations.
    """

    events: int
    changes: int


class SnapshotWriter:
    """
    Writes snapshots in a thread of its own, as a disk may take its time.

    Attributes:
        problem: why the newest one could not be written; empty if it was.
    """

    def __init__(
        self,
        path: Path,
        take: Callable[[], Mapping[str, Any]],
        progress: Callable[[], Progress],
        warn: Callable[[str], object],
        save: Callable[[Path, Mapping[str, Any]], None] = save_snapshot,
    ):
        """
        Args:
            path: of the file.
            take: makes a snapshot; called in the thread that calls `tick` and `save_now`.
            progress: of the state.
            warn: gets a line for what could not be written.
            save: writes it.
        """
        self.problem = ''
        self._path = path
        self._take = take
        self._progress = progress
        self._warn = warn
        self._save = save
        self._lock = threading.Lock()
        self._number = self._written = 0  # of snapshots
        self._taken: Progress | None = progress()  # None = the newest was not written
        self._taken_s = monotonic()
        self._worker = LatestWorker(lambda item: self._write(*item), 'snapshots', self._failed)

    def tick(self, period_s: float) -> None:
        """
        Write a snapshot if something happened, or if something was seen and it is time.

        Args:
            period_s: between snapshots while only observations come, and between attempts.
        """
        progress = self._progress()
        is_time = monotonic() - self._taken_s >= period_s
        has_happened = self._taken is not None and progress.events != self._taken.events
        if has_happened or (is_time and progress != self._taken):
            self.save_soon()

    def save_soon(self) -> None:
        """Write a snapshot, in the thread."""
        self._worker.offer(self._next())

    def save_now(self) -> bool:
        """Write a snapshot and return whether it could be written."""
        try:
            self._write(*self._next())
        except Exception as error:
            self._failed(error)
        return not self.problem

    def close(self) -> None:
        """Write the last snapshot and end the thread."""
        self.save_now()
        self._worker.close()

    def _next(self) -> tuple[int, Mapping[str, Any]]:
        self._taken, self._taken_s = self._progress(), monotonic()
        self._number += 1
        return self._number, self._take()

    def _write(self, number: int, snapshot: Mapping[str, Any]) -> None:
        with self._lock:
            if number > self._written:
                self._save(self._path, snapshot)
                self._written = number
                self.problem = ''

    def _failed(self, error: Exception) -> None:
        self._taken = None
        reason = error.strerror if isinstance(error, OSError) else repr(error)
        problem = f'cannot write {self._path}: {reason}'
        if problem != self.problem:
            self._warn(problem)
        self.problem = problem
