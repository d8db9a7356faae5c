# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What is asked of an agent, and what becomes of it."""

import math
from dataclasses import dataclass, field
from time import monotonic

from rclpy.task import Future

from emotion_msgs.msg import Stimulus, StimulusInfo

SENT, UNKNOWN, GIVEN_UP = 'sent', 'unknown', 'given up'
"""What can become of a stimulus."""


@dataclass(frozen=True)
class StimulusResult:
    """
    What became of a stimulus.

    Attributes:
        name: of the stimulus.
        outcome: `SENT`: an agent has it, as it has answered since; `UNKNOWN`: an agent has it, and
            the name is not in its library; `GIVEN_UP`: no agent was there in time, or none has
            confirmed it.
        problem: what is wrong, in a line; empty if nothing is.
    """

    name: str
    outcome: str
    problem: str = ''


@dataclass(frozen=True)
class StimulusLibrary:
    """
    The library of the agent.

    Attributes:
        stimuli: sorted by name; empty if no agent answered in time.
        problem: why none did, in a line; empty otherwise.
    """

    stimuli: tuple[StimulusInfo, ...] = ()
    problem: str = ''


@dataclass(eq=False)
class Pending:
    """What was asked for and is not settled yet: a stimulus, or the library."""

    future: Future
    stimulus: Stimulus | None = None
    since_s: float = field(default_factory=monotonic)
    sent_s: float = -math.inf
    agents: frozenset[bytes] = frozenset()  # that it was sent to

    @property
    def name(self) -> str:
        """Of the stimulus."""
        return self.stimulus.name if self.stimulus else ''

    def is_older_than(self, age_s: float) -> bool:
        """Whether it was asked for so long ago."""
        return monotonic() - self.since_s > age_s

    def lacks_answer_for(self, age_s: float) -> bool:
        """Whether an agent had so long to answer."""
        return monotonic() - max(self.since_s, self.sent_s) > age_s

    def sent(self, problem: str = '') -> 'Answer':
        """An agent has it."""
        return self.future, StimulusResult(self.name, SENT, problem)

    def unknown(self, problem: str) -> 'Answer':
        """An agent has it, and does not know the name."""
        return self.future, StimulusResult(self.name, UNKNOWN, problem)

    def given_up(self, problem: str) -> 'Answer':
        """No agent has it, or has answered."""
        if self.stimulus is None:
            return self.future, StimulusLibrary(problem=problem)
        return self.future, StimulusResult(self.name, GIVEN_UP, problem)


Answer = tuple[Future, StimulusResult | StimulusLibrary]
