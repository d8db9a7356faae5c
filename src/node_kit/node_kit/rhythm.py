# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Work that is done again and again, by a clock that nobody can set."""

from collections.abc import Callable
from time import monotonic

from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.timer import Timer

LONGEST_SILENCE_S = 3.0
LONGEST_SILENCE = 3  # periods


class Rhythm:
    """
    Calls a function periodically: in steady time, with `use_sim_time` in simulated time.

    The time of day may be set while a robot runs; a timer of the node's own clock would then
    stand still until the old time comes again.

    Attributes:
        period_s: s.
    """

    def __init__(self, node: Node, period_s: float, callback: Callable[[], None]):
        """
        Begin.

        Args:
            node: whose executor calls.
            period_s: s.
            callback: without arguments.
        """
        self.period_s = period_s
        self._node = node
        self._callback = callback
        self._timer: Timer | None = None
        self.follow_clock()

    @property
    def is_running(self) -> bool:
        """Whether it was not closed."""
        return self._timer is not None

    @property
    def silence_s(self) -> float:
        """For how long it has called nothing, s; 0 if that is no longer than it may be."""
        silence_s = monotonic() - self._called_s
        allowed_s = max(LONGEST_SILENCE_S, LONGEST_SILENCE * self.period_s)
        return silence_s if silence_s > allowed_s else 0.0

    def follow_clock(self) -> None:
        """Begin anew, by the clock that `use_sim_time` asks for."""
        self.close()
        self._called_s = monotonic()
        clock = self._node.get_clock()
        if not self._node.get_parameter('use_sim_time').value:
            clock = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer = self._node.create_timer(self.period_s, self._call, clock=clock)

    def close(self) -> None:
        """Call nothing any more. Safe to call twice."""
        if self._timer is not None:
            self._node.destroy_timer(self._timer)
            self._timer = None

    def _call(self) -> None:
        self._callback()
        self._called_s = monotonic()
