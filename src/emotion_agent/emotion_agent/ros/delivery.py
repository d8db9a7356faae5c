# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Brings stimuli to an agent: waits until it is there, and looks up whether it knows them."""

import math
from collections import deque
from collections.abc import Callable, Iterable
from threading import RLock
from time import monotonic

from rclpy.clock import Clock, ClockType
from rclpy.duration import Duration
from rclpy.node import Node
from rclpy.task import Future

from emotion_agent.ros.agents import AGENT, agents_of, nobody_listens, subscriptions_of_agents
from emotion_agent.ros.requests import Answer, Pending, StimulusLibrary
from emotion_msgs.msg import Stimulus, StimulusInfo
from emotion_msgs.srv import ListStimuli
from node_kit.calls import RepeatedCall
from node_kit.limits import LIST_ITEMS, cut, excess_of
from node_kit.publishing import publish
from node_kit.qos import EVENT
from node_kit.suggestions import did_you_mean

PATIENCE_S = 10.0  # a stimulus waits so long for the agent
ANSWER_S = 10.0  # an agent may take so long to answer
NOTICE_S = 5.0  # so long after the start, the log says that no agent is there
PERIOD_S = 0.1
MOST_PENDING = 100
AT_ONCE = Duration(seconds=0)
CLOSED = 'the client was closed'
UNCHECKED = 'whether the agent knows the name could not be looked up'


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
        self._reported: set[str] = set()  # unknown names that the log has
        self._waiting: deque[Pending] = deque()  # stimuli, for an agent
        self._unchecked: list[Pending] = []  # stimuli that were sent, until an agent answers
        self._questions: list[Pending] = []  # for the library
        self._call: RepeatedCall | None = None
        self._called_s = -math.inf
        self._is_closed = False
        self._all_found_s = self._notice_at_s = monotonic() + NOTICE_S
        self._timer = node.create_timer(
            PERIOD_S, self._work, clock=Clock(clock_type=ClockType.STEADY_TIME)
        )

    @property
    def is_connected(self) -> bool:
        """Whether an active agent takes the stimuli."""
        with self._lock:
            return not self._is_closed and self._finds_agent()

    def send(self, stimulus: Stimulus) -> Future:
        """Send a stimulus now or when an agent is there; the result is a `StimulusResult`."""
        return self._ask(self._waiting, stimulus)

    def ask(self) -> Future:
        """Ask for the library; the result is a `StimulusLibrary`."""
        return self._ask(self._questions)

    def close(self) -> None:
        """Give up what waits, and destroy what was made on the node; the second time nothing."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
            answers = [
                pending.given_up(f'{CLOSED} before an agent confirmed it')
                for pending in self._unchecked
            ]
            answers += [pending.given_up(CLOSED) for pending in (*self._waiting, *self._questions)]
            for queue in (self._waiting, self._unchecked, self._questions):
                queue.clear()
            self._node.destroy_timer(self._timer)
            self._node.destroy_publisher(self._stimuli)
            self._node.destroy_client(self._library)
        _settle(answers)

    def _ask(
        self, queue: deque[Pending] | list[Pending], stimulus: Stimulus | None = None
    ) -> Future:
        pending = Pending(Future(executor=self._node.executor), stimulus)
        with self._lock:
            if self._is_closed:
                answers = [pending.given_up(CLOSED)]
            elif len(queue) < MOST_PENDING:
                queue.append(pending)
                answers = self._send()
                if self._timer.is_canceled():
                    self._timer.reset()
            else:
                answers = self._given_up([pending], f'{MOST_PENDING} wait already; ')
        _settle(answers)
        return pending.future

    def _work(self) -> None:
        with self._lock:
            if self._is_closed or self._is_idle:
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
        """Whether agents get the stimuli; asks anew if they are others than before."""
        agents = agents_of(self._node, self._stimuli)
        if agents and agents != self._agents:
            self._agents, self._call = agents, None
            self._reported.clear()
        return bool(agents)

    def _send(self) -> list[Answer]:
        """Publish what waits, where there is an agent; give up what waits for too long."""
        lost = []
        while self._waiting and self._waiting[0].is_older_than(self._patience_s + PERIOD_S):
            lost.append(self._waiting.popleft())
        answers = []
        if self._waiting and self._finds_agent():
            for pending in self._waiting:
                publish(self._node, self._stimuli, pending.stimulus)
                pending.agents, pending.sent_s = self._agents, monotonic()
            self._unchecked += self._waiting
            self._waiting.clear()
            # A node that is not spun for long does not get to look names up.
            answers = [self._unanswered(pending) for pending in self._unchecked[:-MOST_PENDING]]
            del self._unchecked[:-MOST_PENDING]
        return [*answers, *self._given_up(lost)]

    def _look_up(self) -> list[Answer]:
        """Settle what was sent and questions for the library, if an agent has answered since."""
        self._take_back()
        if not (self._unchecked or self._questions):
            return []
        # Every time, as an agent that has crashed is seen for a while, and gets what is sent.
        if (stimuli := self._ask_agent()) is None:
            return []
        arrived = [
            pending
            for pending in self._unchecked
            if pending.sent_s <= self._called_s and self._has(pending)
        ]
        _keep(self._unchecked, lambda pending: pending not in arrived)
        known = frozenset(info.name for info in stimuli)
        answers = [self._checked(pending, known) for pending in arrived]
        answers += [(pending.future, StimulusLibrary(stimuli)) for pending in self._questions]
        self._questions.clear()
        return answers

    def _take_back(self) -> None:
        """Let wait again what only agents got that are gone."""
        if not self._unchecked:
            return
        there = subscriptions_of_agents(self._node, self._stimuli)
        lost = [pending for pending in self._unchecked if not pending.agents & there]
        _keep(self._unchecked, lambda pending: pending not in lost)
        self._waiting.extendleft(reversed(lost))

    def _has(self, pending: Pending) -> bool:
        """Whether whoever answers now has it: those it was sent to, or it was acknowledged."""
        agents = agents_of(self._node, self._stimuli)
        return pending.agents == agents or self._is_acknowledged(pending)

    def _is_acknowledged(self, pending: Pending) -> bool:
        # Takes up to 3 s, the period of Fast DDS's heartbeats.
        is_there = pending.agents & agents_of(self._node, self._stimuli)
        return bool(is_there) and self._stimuli.wait_for_all_acked(AT_ONCE)

    def _ask_agent(self) -> tuple[StimulusInfo, ...] | None:
        """Return the library, None until it comes."""
        if self._call is None:
            if not self._library.service_is_ready():
                return None
            self._call = RepeatedCall(self._library, ListStimuli.Request())
            self._called_s = monotonic()
        if not self._call.is_answered():
            return None
        answer, self._call = self._call.answer(), None
        return tuple(info for info in answer.stimuli[:LIST_ITEMS] if not excess_of(info))

    def _checked(self, pending: Pending, known: frozenset[str]) -> Answer:
        name = pending.name
        if name in known:
            return pending.sent()
        meant = did_you_mean(name, known) or f'; known are {", ".join(sorted(known))}'
        problem = f'{AGENT} in {self._namespace} knows no stimulus {name!r}{meant}'
        if name not in self._reported:
            self._reported.add(name)
            self._node.get_logger().warning(cut(problem))
        return pending.unknown(problem)

    def _give_up(self) -> list[Answer]:
        """Settle what an agent should have answered long ago."""
        old = [pending for pending in self._unchecked if pending.lacks_answer_for(ANSWER_S)]
        lost = [pending for pending in self._questions if pending.lacks_answer_for(ANSWER_S)]
        _keep(self._unchecked, lambda pending: pending not in old)
        _keep(self._questions, lambda pending: pending not in lost)
        return [*map(self._unanswered, old), *self._given_up(lost)]

    def _unanswered(self, pending: Pending) -> Answer:
        if self._is_acknowledged(pending):
            return pending.sent(UNCHECKED)
        problem = f'{AGENT} in {self._namespace} has not confirmed it; it may have crashed'
        self._node.get_logger().warning(
            f'gave up {pending.name}: {problem}', throttle_duration_sec=NOTICE_S
        )
        return pending.given_up(problem)

    def _given_up(self, lost: Iterable[Pending], reason: str = '') -> list[Answer]:
        if not (lost := list(lost)):
            return []
        problem = reason + (
            f'{AGENT} in {self._namespace} was not ready in time'
            if self._finds_agent()
            else nobody_listens(self._node, self._namespace, monotonic() > self._all_found_s)
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


def _keep(queue: list[Pending], condition: Callable[[Pending], bool]) -> None:
    queue[:] = filter(condition, queue)


def _settle(answers: Iterable[Answer]) -> None:
    """Tell those who asked; without the lock, as their callbacks may follow at once."""
    for future, result in answers:
        future.set_result(result)
