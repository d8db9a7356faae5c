# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Whom the robot attended to in each camera image."""

from collections import deque
from collections.abc import Iterator
from typing import Any

from node_kit.time import to_nanoseconds

WAITING_NS = 1_000_000_000
"""A state that contains an image is recorded within this time; else the newest state counts."""
MOST_WAITING = 100  # images


class Attention:
    """Holds what was seen until a state says that it contains it."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[int, Any]] = deque()  # (when it was recorded in ns, message)
        self._attended: str | None = None  # by the newest state

    def observe(self, time_ns: int, affect: Any) -> Iterator[tuple[Any, str | None]]:
        """
        Take what was seen in an image.

        Args:
            time_ns: when it was recorded.
            affect: message.

        Yields:
            (message, face_id; '' = nobody, None = no state so far) that no state contained in
            time, in the order in which they came.
        """
        self._waiting.append((time_ns, affect))
        while (
            self._waiting[0][0] < time_ns - WAITING_NS or len(self._waiting) > MOST_WAITING
        ):  # the newest one is never too old
            yield self._waiting.popleft()[1], self._attended

    def decide(self, state: Any) -> Iterator[tuple[Any, str | None]]:
        """Take a state; yields as `observe` all that it contains."""
        self._attended = state.attended_face
        contained_ns = to_nanoseconds(state.observation_stamp)
        while self._waiting and _stamp_ns(self._waiting[0][1]) <= contained_ns:
            yield self._waiting.popleft()[1], self._attended

    def rest(self) -> Iterator[tuple[Any, str | None]]:
        """Yield as `observe` what is left at the end."""
        while self._waiting:
            yield self._waiting.popleft()[1], self._attended


def _stamp_ns(affect: Any) -> int:
    return to_nanoseconds(affect.header.stamp)
