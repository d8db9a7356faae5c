# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What arrives: stimuli and observations, and a configuration to go on under, by their stamp."""

from dataclasses import dataclass, field

from emotion_agent.neuromodulation.sections import Stimulus
from emotion_agent.neuromodulation.state import Model


@dataclass
class Arrival:
    """A stimulus that arrived; an earlier one that arrives later can change its acceptance."""

    stimulus: Stimulus
    intensity: float  # [0, 1]
    duration_s: float
    source: str
    accepted: bool | None = None  # None = not decided yet
    crowded: bool = False  # not accepted because of `MOST_EFFECTS`; otherwise it came too soon

    @property
    def verdict(self) -> str:
        """The counter to which it belongs, '' before it is decided."""
        if self.accepted is None:
            return ''
        return 'accepted' if self.accepted else 'crowded' if self.crowded else 'refractory'


@dataclass
class Instant:
    """All events of one stamp."""

    stimuli: dict[str, Arrival] = field(default_factory=dict)
    observation: tuple[float, float, float] | None = None  # confidence, valence, arousal
    model: Model | None = None
