# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Diagnostics on /diagnostics, once a second.

`diagnostic_updater` is not on every system that runs these nodes; the message is, and it is all
we need.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import numpy as np
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.clock import Clock, ClockType
from rclpy.node import Node

from node_kit.publishing import publish

PERIOD_S = 1.0


@dataclass
class Diagnosis:
    """
    How one concern of a node is.

    Start from the best and let problems make it worse: `warn` means degraded, `error` means the
    job is not done. The messages of the worst level are shown; they name the remedies.
    """

    name: str
    message: str = 'ok'
    values: Mapping[str, Any] = field(default_factory=dict)
    level: bytes = DiagnosticStatus.OK

    def warn(self, message: str) -> None:
        """Report a degraded state, with its remedy."""
        self._worsen(DiagnosticStatus.WARN, message)

    def error(self, message: str) -> None:
        """Report that the job is not done, with the remedy."""
        self._worsen(DiagnosticStatus.ERROR, message)

    def _worsen(self, level: bytes, message: str) -> None:
        if level > self.level:
            self.level = level
            self.message = message
        elif level == self.level:
            self.message = f'{self.message}; {message}'


class DiagnosticsPublisher:
    """Publishes what `diagnose` returns once a second, also while sim time stands still."""

    def __init__(self, node: Node, diagnose: Callable[[], Iterable[Diagnosis]]):
        self._node = node
        self._diagnose = diagnose
        self._publisher = node.create_publisher(DiagnosticArray, '/diagnostics', 10)
        self._timer = node.create_timer(
            PERIOD_S, self.publish, clock=Clock(clock_type=ClockType.STEADY_TIME)
        )

    def publish(self) -> None:
        """Publish the present diagnoses at once."""
        array = DiagnosticArray()
        array.header.stamp = self._node.get_clock().now().to_msg()
        array.status = [self._status(diagnosis) for diagnosis in self._diagnose()]
        publish(self._node, self._publisher, array)

    def _status(self, diagnosis: Diagnosis) -> DiagnosticStatus:
        return DiagnosticStatus(
            level=diagnosis.level,
            name=f'{self._node.get_fully_qualified_name().lstrip("/")}: {diagnosis.name}',
            message=diagnosis.message,
            values=[
                KeyValue(key=key, value=_text(value)) for key, value in diagnosis.values.items()
            ],
        )


def _text(value: Any) -> str:
    return f'{value:.3f}' if isinstance(value, float) else str(value)


class RecentGrowth:
    """Tells which counters grew lately, so that an old problem does not warn for ever."""

    def __init__(self, window_s: float = 60.0):
        self._window_s = window_s
        self._seen: dict[str, tuple[int, float]] = {}

    def of(self, counters: Mapping[str, int]) -> dict[str, int]:
        """Return those of `counters` that grew within the window, with their present counts."""
        now_s = monotonic()
        for name, count in counters.items():
            if count != self._seen.get(name, (0, 0.0))[0]:
                self._seen[name] = count, now_s
        return {
            name: count
            for name, (count, grew) in self._seen.items()
            if now_s - grew < self._window_s
        }


class RateMeter:
    """How often something happened over the last `window_s` seconds of steady time."""

    def __init__(self, window_s: float = 3.0):
        self._window_s = window_s
        self._times: deque[float] = deque(maxlen=1000)
        self.count = 0

    def tick(self) -> None:
        """Note one occurrence."""
        self._times.append(monotonic())
        self.count += 1

    @property
    def age_s(self) -> float | None:
        """Seconds since the last occurrence; None = never."""
        return monotonic() - self._times[-1] if self._times else None

    @property
    def hz(self) -> float:
        """Occurrences per second."""
        oldest = monotonic() - self._window_s
        return sum(time > oldest for time in self._times.copy()) / self._window_s


class LatencyMeter:
    """Percentiles of the newest measured times."""

    def __init__(self, keep: int = 300):
        self._values: deque[float] = deque(maxlen=keep)

    def add(self, milliseconds: float) -> None:
        """Note one measured time, ms."""
        self._values.append(milliseconds)

    def percentiles(self, prefix: str) -> dict[str, float]:
        """Return `{prefix_p50_ms, prefix_p95_ms}`, empty before the first measurement."""
        if not self._values:
            return {}
        p50, p95 = np.percentile(list(self._values.copy()), [50, 95])
        return {f'{prefix}_p50_ms': float(p50), f'{prefix}_p95_ms': float(p95)}
