# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Brings stimuli to an agent: waits until it is there, and looks up whether it knows them."""

import math
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import RLock
from time import monotonic

from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.task import Future

from emotion_agent.ros.agents import AGENT, agents_of, nobody_listens
from emotion_msgs.msg import Stimulus, StimulusInfo
from emotion_msgs.srv import ListStimuli
from node_kit.calls import RepeatedCall
from node_kit.publishing import publish
from node_kit.qos import EVENT
from node_kit.suggestions import did_you_mean

SENT, UNKNOWN, GIVEN_UP = 'sent', 'unknown', 'given up'
"""What can become of a stimulus."""

PATIENCE_S = 10.0  # a stimulus waits so long for the agent
ANSWER_S = 10.0  # an agent may take so long to answer
NOTICE_S = 5.0  # so long after the start, the log says that no agent is there
PERIOD_S = 0.1
MOST_PENDING = 100
UNCHECKED = 'whether the agent knows the name could not be looked up'


@dataclass(frozen=True)
class StimulusResult:
    """
    What became of a stimulus.

    Attributes:
        name: of the stimulus.
        outcome: `SENT`: an agent has it; `UNKNOWN`: an agent has it, and the name is not in its
            library; `GIVEN_UP`: no agent was there in time.
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
class _Pending:
    """What was asked for and is not settled yet: a stimulus, or the library."""

    future: Future
    stimulus: Stimulus | None = None
    since_s: float = field(default_factory=monotonic)

    @property
    def name(self) -> str:
        return self.stimulus.name if self.stimulus else ''

    def is_older_than(self, age_s: float) -> bool:
        return monotonic() - self.since_s > age_s

    def sent(self, problem: str = '') -> '_Answer':
        return self.future, StimulusResult(self.name, SENT, problem)

    def unknown(self, problem: str) -> '_Answer':
        return self.future, StimulusResult(self.name, UNKNOWN, problem)

    def given_up(self, problem: str) -> '_Answer':
        if self.stimulus is None:
            return self.future, StimulusLibrary(problem=problem)
        return self.future, StimulusResult(self.name, GIVEN_UP, problem)


_Answer = tuple[Future, StimulusResult | StimulusLibrary]


class Delivery:
    """
    A publisher of stimuli and a client of the library, for one agent.

    Methods may be called from any thread, and do not block. What waits is worked on by a timer of
    the node, which stands still while nothing waits.
    """

    def __init__(self, node: Node, place: str, patience_s: float):
        """
        Create a publisher, a service client and a timer on the node.

        Args:
            node: gets them.
            place: namespace of the agent with a slash behind it, or '' for that of the node.
            patience_s: how long a stimulus waits for an agent until it is given up, s.
        """
        self._node = node
        self._patience_s = patience_s
        self._stimuli = node.create_publisher(Stimulus, f'{place}stimulus', EVENT)
        self._library = node.create_client(ListStimuli, f'{place}{AGENT}/list_stimuli')
        self._namespace = self._stimuli.topic_name.rpartition('/')[0] or '/'
        # Those who ask share what follows with the executor.
        self._lock = RLock()
        self._agents: frozenset[bytes] = frozenset()  # ids of their subscriptions
        self._known: frozenset[str] = frozenset()  # names in the library, as far as it was asked
        self._reported: set[str] = set()  # unknown names that the log has
        self._waiting: deque[_Pending] = deque()  # stimuli, for an agent
        self._unchecked: list[_Pending] = []  # stimuli that were sent, for a look at the library
        self._questions: list[_Pending] = []  # for the library
        self._call: RepeatedCall | None = None
        self._notice_at_s = monotonic() + NOTICE_S
        self._timer = node.create_timer(
            PERIOD_S, self._work, clock=Clock(clock_type=ClockType.STEADY_TIME)
        )

    @property
    def is_connected(self) -> bool:
        """Whether an active agent takes the stimuli."""
        with self._lock:
            return self._finds_agent()

    def send(self, stimulus: Stimulus) -> Future:
        """Send a stimulus now or when an agent is there; the result is a `StimulusResult`."""
        return self._ask(self._waiting, stimulus)

    def ask(self) -> Future:
        """Ask for the library; the result is a `StimulusLibrary`."""
        return self._ask(self._questions)

    def close(self) -> None:
        """Give up what waits, and destroy what was made on the node."""
        with self._lock:
            answers = [pending.sent('the client was closed') for pending in self._unchecked]
            answers += [
                pending.given_up('the client was closed')
                for pending in (*self._waiting, *self._questions)
            ]
            for queue in (self._waiting, self._unchecked, self._questions):
                queue.clear()
            self._notice_at_s = math.inf
            self._node.destroy_timer(self._timer)
            self._node.destroy_publisher(self._stimuli)
            self._node.destroy_client(self._library)
        _settle(answers)

    def _ask(
        self, queue: deque[_Pending] | list[_Pending], stimulus: Stimulus | None = None
    ) -> Future:
        pending = _Pending(Future(executor=self._node.executor), stimulus)
        with self._lock:
            if len(queue) < MOST_PENDING:
                queue.append(pending)
            else:
                _settle(self._given_up([pending], f'{MOST_PENDING} wait already; '))
            answers = self._send()
            if self._timer.is_canceled():
                self._timer.reset()
        _settle(answers)
        return pending.future

    def _work(self) -> None:
        with self._lock:
            if self._is_idle:
                return
            answers = [*self._send(), *self._look_up(), *self._give_up()]
            self._notice()
            if self._is_idle:
                self._timer.cancel()
        _settle(answers)

    @property
    def _is_idle(self) -> bool:
        is_noticed = self._notice_at_s == math.inf
        return is_noticed and not (self._waiting or self._unchecked or self._questions)

    def _finds_agent(self) -> bool:
        """Whether agents get the stimuli; forgets the library if they are others than before."""
        agents = agents_of(self._node, self._stimuli)
        if agents and agents != self._agents:
            self._agents, self._known, self._call = agents, frozenset(), None
            self._reported.clear()
        return bool(agents)

    def _send(self) -> list[_Answer]:
        """Publish what waits, where there is an agent; give up what waits for too long."""
        lost = []
        while self._waiting and self._waiting[0].is_older_than(self._patience_s + PERIOD_S):
            lost.append(self._waiting.popleft())
        answers = []
        if self._waiting and self._finds_agent():
            for pending in self._waiting:
                publish(self._node, self._stimuli, pending.stimulus)
            self._unchecked += self._waiting
            self._waiting.clear()
            # A node that is not spun for long does not get to look names up.
            answers = [pending.sent(UNCHECKED) for pending in self._unchecked[:-MOST_PENDING]]
            del self._unchecked[:-MOST_PENDING]
        return [*answers, *self._given_up(lost)]

    def _look_up(self) -> list[_Answer]:
        """Check the names of what was sent, and answer questions for the library."""
        answers = [pending.sent() for pending in self._unchecked if pending.name in self._known]
        _keep(self._unchecked, lambda pending: pending.name not in self._known)
        if not (self._unchecked or self._questions):
            return answers
        # Also for a name that was unknown before, as another temperament has other stimuli.
        stimuli = self._ask_agent()
        if stimuli is not None:
            self._known = frozenset(info.name for info in stimuli)
            answers += [self._checked(pending) for pending in self._unchecked]
            answers += [(pending.future, StimulusLibrary(stimuli)) for pending in self._questions]
            self._unchecked.clear()
            self._questions.clear()
        return answers

    def _ask_agent(self) -> tuple[StimulusInfo, ...] | None:
        """Return the library, None until it comes."""
        if self._call is None:
            if not self._library.service_is_ready():
                return None
            self._call = RepeatedCall(self._library, ListStimuli.Request())
        if not self._call.is_answered():
            return None
        answer, self._call = self._call.answer(), None
        return tuple(answer.stimuli)

    def _checked(self, pending: _Pending) -> _Answer:
        name = pending.name
        if name in self._known:
            return pending.sent()
        meant = did_you_mean(name, self._known) or f'; known are {", ".join(sorted(self._known))}'
        problem = f'{AGENT} in {self._namespace} knows no stimulus {name!r}{meant}'
        if name not in self._reported:
            self._reported.add(name)
            self._node.get_logger().warning(problem)
        return pending.unknown(problem)

    def _give_up(self) -> list[_Answer]:
        """Settle what an agent should have answered long ago."""
        old = [pending for pending in self._unchecked if pending.is_older_than(ANSWER_S)]
        lost = [pending for pending in self._questions if pending.is_older_than(ANSWER_S)]
        _keep(self._unchecked, lambda pending: pending not in old)
        _keep(self._questions, lambda pending: pending not in lost)
        return [*(pending.sent(UNCHECKED) for pending in old), *self._given_up(lost)]

    def _given_up(self, lost: Iterable[_Pending], reason: str = '') -> list[_Answer]:
        if not (lost := list(lost)):
            return []
        problem = reason + (
            f'{AGENT} in {self._namespace} was not ready in time'
            if self._finds_agent()
            else nobody_listens(self._node, self._namespace)
        )
        if names := ', '.join(pending.name for pending in lost if pending.stimulus):
            self._node.get_logger().warning(
                f'gave up {names}: {problem}', throttle_duration_sec=NOTICE_S
            )
        return [pending.given_up(problem) for pending in lost]

    def _notice(self) -> None:
        """Say once that no agent is there, some time after the start."""
        if self._notice_at_s == math.inf:
            return
        if self._finds_agent():
            self._notice_at_s = math.inf
        elif monotonic() > self._notice_at_s:
            self._notice_at_s = math.inf
            problem = nobody_listens(self._node, self._namespace)
            self._node.get_logger().warning(f'{problem}; stimuli wait {self._patience_s:g} s')


def _keep(queue: list[_Pending], condition: Callable[[_Pending], bool]) -> None:
    queue[:] = filter(condition, queue)


def _settle(answers: Iterable[_Answer]) -> None:
    """Tell those who asked; without the lock, as their callbacks may follow at once."""
    for future, result in answers:
        future.set_result(result)
