# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A thread that works on the newest item it was given."""

import threading
from collections.abc import Callable
from typing import Any

_EMPTY = object()


class LatestWorker:
    """
    Does slow work outside the executor, always on the newest item.

    `offer` never blocks. An item that was replaced before its turn is dropped and counted. An
    exception in `work` is passed to `on_error`, and the thread goes on.

    Attributes:
        offered: items given so far.
        done: items worked on without an exception.
        dropped: items that were replaced by a newer one before their turn.
        failed: items for which `work` raised an exception.
    """

    def __init__(
        self,
        work: Callable[[Any], None],
        name: str,
        on_error: Callable[[Exception], None],
    ):
        self._work = work
        self._on_error = on_error
        self._condition = threading.Condition()
        self._item: Any = _EMPTY
        self._closing = False
        self.offered = self.done = self.dropped = self.failed = 0
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def offer(self, item: Any) -> None:
        """Make `item` the next one to be worked on."""
        with self._condition:
            self.offered += 1
            if self._item is not _EMPTY:
                self.dropped += 1
            self._item = item
            self._condition.notify()

    def close(self, timeout_s: float = 5.0) -> bool:
        """Drop the waiting item, wait for the one in work, return whether that ended in time."""
        with self._condition:
            self._closing = True
            self._condition.notify()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (item := self._take()) is not _EMPTY:
            try:
                self._work(item)
                self.done += 1
            except Exception as error:
                self.failed += 1
                self._on_error(error)

    def _take(self) -> Any:
        with self._condition:
            self._condition.wait_for(lambda: self._closing or self._item is not _EMPTY)
            if self._closing:
                return _EMPTY
            item, self._item = self._item, _EMPTY
            return item
