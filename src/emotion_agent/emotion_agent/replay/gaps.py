# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Spans of a bag in which nobody recorded, and times that cannot be."""

from datetime import timedelta
from typing import NamedTuple

from node_kit.time import LATEST_S

GAP_S = 600.0
"""Where a bag has no message for longer, nobody recorded, or its times are damaged."""
LATEST_NS = LATEST_S * 10**9
"""The latest time of a message, as that must fit into a stamp."""


class Gap(NamedTuple):
    """A span of a bag without a message, which is jumped."""

    begin_ns: int
    end_ns: int

    @property
    def length_s(self) -> float:
        """How long it is, s."""
        return (self.end_ns - self.begin_ns) / 1e9

    def __str__(self) -> str:
        return f'{timedelta(seconds=round(self.length_s))} without a message'


def is_possible(time_ns: int) -> bool:
    """Whether a message can have been recorded at a time."""
    return 0 <= time_ns <= LATEST_NS
