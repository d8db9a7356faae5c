# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What waits to be sent to one client: little, however slow it is."""

from collections import deque
from typing import NamedTuple

QUEUED = 200
"""Messages that wait beside the newest of each kind."""


class Dropped(NamedTuple):
    """What a client was not sent."""

    replaced: int  # newer ones came
    lost: int  # the queue was full


class Outbox:
    """
    Texts in the order in which they came.

    Of most kinds only the newest waits, at the place of the first of its kind. Others wait in a
    queue, of which the oldest gives way.
    """

    def __init__(self) -> None:
        self._newest: dict[str, str] = {}
        self._queue: deque[str] = deque()
        self._replaced = self._lost = 0

    def __len__(self) -> int:
        return len(self._newest) + len(self._queue)

    @property
    def dropped(self) -> Dropped:
        """What was not sent so far."""
        return Dropped(self._replaced, self._lost)

    def put_newest(self, kind: str, text: str) -> None:
        """Add a text instead of the one of its kind that waits."""
        self._replaced += kind in self._newest
        self._newest[kind] = text

    def put(self, text: str) -> None:
        """Add a text of which none may be left out, as long as there is room."""
        if len(self._queue) == QUEUED:
            self._queue.popleft()
            self._lost += 1
        self._queue.append(text)

    def take(self) -> str:
        """Take the next text: first what was queued, then the newest of each kind."""
        if self._queue:
            return self._queue.popleft()
        return self._newest.pop(next(iter(self._newest)))
