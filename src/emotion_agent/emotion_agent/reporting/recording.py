# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A run of the agent in numbers, collected from its topics."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from diagnostic_msgs.msg import DiagnosticArray
from sensor_msgs.msg import Image

from emotion_msgs.msg import EmotionState, FaceAffectArray
from node_kit.time import to_seconds

# What nodes count themselves: the node, and its name for it.
RECEIVED = 'affect_estimator', 'received'
SHOWN = 'oled_face', 'frames_shown'
SENT = 'oled_face', 'bytes_sent'


@dataclass
class Recording:
    """
    Collects messages and summarises them.

    Attributes:
        states: every state, in order.
        stimuli: (stamp in s, name) of every accepted stimulus.
    """

    states: list[EmotionState] = field(default_factory=list)
    stimuli: list[tuple[float, str]] = field(default_factory=list)
    _frames: int = 0
    _frames_with_face: int = 0
    _affect: list[tuple[float, float]] = field(default_factory=list)
    _camera_stamps: set[tuple[int, int]] = field(default_factory=set)
    _latencies_ms: list[float] = field(default_factory=list)
    _drawn: int = 0
    _diagnostics: dict[str, dict[str, str]] = field(default_factory=dict)
    _diagnosed_s: dict[str, float] = field(default_factory=dict)

    def add_affect(self, message: FaceAffectArray) -> None:
        """Add the result for one camera image."""
        self._frames += 1
        self._camera_stamps.add(_key(message.header.stamp))
        if message.faces:
            self._frames_with_face += 1
            self._affect.append((message.faces[0].valence, message.faces[0].arousal))

    def add_state(self, message: EmotionState) -> None:
        """Add a state."""
        self.states.append(message)

    def add_face_image(self, message: Image, now_s: float) -> None:
        """Add a face that arrived at `now_s`, s; it answers the camera image of the same stamp."""
        self._drawn += 1
        key = _key(message.header.stamp)
        if key in self._camera_stamps:
            self._camera_stamps.discard(key)
            self._latencies_ms.append((now_s - to_seconds(message.header.stamp)) * 1e3)

    def add_diagnostics(self, message: DiagnosticArray) -> None:
        """Keep the newest values of each status."""
        for status in message.status:
            node = status.name.partition(':')[0].rpartition('/')[2]
            values = {value.key: value.value for value in status.values}
            self._diagnostics.setdefault(node, {}).update(values)
            self._diagnosed_s[node] = to_seconds(message.header.stamp)

    def missing(self) -> list[str]:
        """Return what has not come yet of all that is counted."""
        came = {
            'state': self.states,
            'human_affect': self._frames,
            'face_image': self._drawn,
            'diagnostics of affect_estimator': self._diagnostic(*RECEIVED) is not None,
            'diagnostics of oled_face': self._diagnostic(*SHOWN) is not None,
        }
        return [name for name, has_come in came.items() if not has_come]

    def is_complete(self, until_s: float) -> bool:
        """Whether the counts of the nodes are those of `until_s`, s, or later."""
        counting = {node for node, _ in (RECEIVED, SHOWN, SENT)}
        return all(self._diagnosed_s.get(node, 0.0) >= until_s for node in counting)

    def dominant_emotions(self) -> list[str]:
        """Return the dominant emotions in their order."""
        names = [state.dominant for state in self.states]
        return [name for index, name in enumerate(names) if index == 0 or name != names[index - 1]]

    def summary(self) -> dict:
        """Return the run in numbers, ready for JSON; None where nothing was measured."""
        valence, arousal = np.mean(self._affect, axis=0) if self._affect else (None, None)
        p50, p95 = _percentiles(self._latencies_ms)
        return {
            'frames_in': self._diagnostic(*RECEIVED),
            'frames_looked_at': self._frames,
            'frames_with_face': self._frames_with_face,
            'mean_valence': _rounded(valence),
            'mean_arousal': _rounded(arousal),
            'dominant_emotions': self.dominant_emotions(),
            'stimuli': [name for _, name in self.stimuli],
            'faces_drawn': self._drawn,
            'frames_shown': self._diagnostic(*SHOWN),
            'bytes_to_display': self._diagnostic(*SENT),
            'latency_p50_ms': p50,
            'latency_p95_ms': p95,
        }

    def _diagnostic(self, node: str, key: str) -> int | None:
        value = self._diagnostics.get(node, {}).get(key)
        return None if value is None else int(value)


def _key(stamp) -> tuple[int, int]:
    return stamp.sec, stamp.nanosec


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 3)


def _percentiles(values: Iterable[float]) -> tuple[float | None, float | None]:
    values = list(values)
    if not values:
        return None, None
    p50, p95 = np.percentile(values, [50, 95])
    return _rounded(p50), _rounded(p95)
