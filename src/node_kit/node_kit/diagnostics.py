# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Diagnostics on /diagnostics, once a second.

Written here because `diagnostic_updater` is not available for every installation that these nodes
support.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import numpy as np
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.clock import Clock, ClockType
from rclpy.node import Node

from node_kit.limits import cut
from node_kit.publishing import publish

PERIOD_S = 1.0


@dataclass
class Diagnosis:
    """
    The health of one function of a node.

    It starts at OK and problems raise the level: `warn` means degraded, `error` means out of
    function. The message lists all of them, the worst first; each names its remedy.
    """

    name: str
    message: str = 'ok'
    values: Mapping[str, Any] = field(default_factory=dict)
    level: bytes = DiagnosticStatus.OK
    _problems: list[tuple[bytes, str]] = field(default_factory=list, init=False, repr=False)

    def warn(self, message: str) -> None:
        """Report a degraded state, with its remedy."""
        self._worsen(DiagnosticStatus.WARN, message)

    def error(self, message: str) -> None:
        """Report that the function is not available, with the remedy."""
        self._worsen(DiagnosticStatus.ERROR, message)

    def _worsen(self, level: bytes, message: str) -> None:
        self._problems.append((level, message))
        self._problems.sort(key=lambda problem: problem[0], reverse=True)
        self.level = self._problems[0][0]
        self.message = '; '.join(text for _, text in self._problems)


class DiagnosticsPublisher:
    """Publishes what `diagnose` returns, once a second of steady time."""

    def __init__(self, node: Node, diagnose: Callable[[], Iterable[Diagnosis]]):
        self._node = node
        self._diagnose = diagnose
        self._publisher = node.create_publisher(DiagnosticArray, '/diagnostics', 10)
        self._timer = node.create_timer(
            PERIOD_S, self.publish, clock=Clock(clock_type=ClockType.STEADY_TIME)
        )

    def publish(self) -> None:
        """Publish the diagnoses now."""
        array = DiagnosticArray()
        array.header.stamp = self._node.get_clock().now().to_msg()
        array.status = [self._status(diagnosis) for diagnosis in self._diagnose()]
        publish(self._node, self._publisher, array)

    def _status(self, diagnosis: Diagnosis) -> DiagnosticStatus:
        return DiagnosticStatus(
            level=diagnosis.level,
            name=f'{self._node.get_fully_qualified_name().lstrip("/")}: {diagnosis.name}',
            message=cut(diagnosis.message),
            values=[
                KeyValue(key=key, value=_text(value)) for key, value in diagnosis.values.items()
            ],
        )


def _text(value: Any) -> str:
    return f'{value:.3f}' if isinstance(value, float) else cut(str(value))


class RecentGrowth:
    """Finds the counters that grew recently, so that a warning ends with its problem."""

    def __init__(self, window_s: float = 60.0):
        self._window_s = window_s
        self._seen: dict[str, tuple[int, float]] = {}

    def of(self, counters: Mapping[str, int]) -> dict[str, int]:
        """
        Return those of `counters` that grew within the window, with their present counts.

        A count that is lower than before began anew, as in a node that was configured again.
        """
        now_s = monotonic()
        seen, self._seen = self._seen, {}
        for name, count in counters.items():
            before, grew_s = seen.get(name, (0, -math.inf))
            if count < before:
                before, grew_s = 0, -math.inf
            self._seen[name] = count, now_s if count > before else grew_s
        return {
            name: count
            for name, (count, grew_s) in self._seen.items()
            if now_s - grew_s < self._window_s
        }


class RateMeter:
    """How often something happened over the last `window_s` seconds of steady time."""

    def __init__(self, window_s: float = 3.0):
        self._window_s = window_s
        self._times_s: deque[float] = deque(maxlen=1000)
        self.count = 0

    def tick(self) -> None:
        """Count one occurrence."""
        self._times_s.append(monotonic())
        self.count += 1

    @property
    def age_s(self) -> float | None:
        """Seconds since the last occurrence; None = never."""
        return monotonic() - self._times_s[-1] if self._times_s else None

    @property
    def hz(self) -> float:
        """Occurrences per second."""
        oldest_s = monotonic() - self._window_s
        return sum(time_s > oldest_s for time_s in self._times_s.copy()) / self._window_s


class LatencyMeter:
    """Percentiles of the newest `keep` measured times."""

    def __init__(self, keep: int = 300):
        self._times_ms: deque[float] = deque(maxlen=keep)

    def add(self, time_ms: float) -> None:
        """Add one measured time, ms."""
        self._times_ms.append(time_ms)

    def percentiles(self, prefix: str) -> dict[str, float]:
        """Return `{prefix_p50_ms, prefix_p95_ms}`, empty before the first measurement."""
        if not self._times_ms:
            return {}
        p50, p95 = np.percentile(list(self._times_ms.copy()), [50, 95])
        return {f'{prefix}_p50_ms': float(p50), f'{prefix}_p95_ms': float(p95)}
