# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
When each part of the agent has its turn.

In its own rhythm the agent publishes its state and draws at its rates, at whole multiples of the
periods, as timers on simulated time do. In the recorded rhythm it does so at the stamps that were
recorded, so that both can be laid side by side.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush, merge
from itertools import count
from typing import TypeAlias

from emotion_agent.replay.agent import OfflineAgent
from emotion_agent.replay.bag import Recorded
from emotion_agent.replay.messages import header_stamp_ns
from emotion_agent.replay.recorded_agent import Change
from emotion_agent.replay.sources import Names

HELD_NS = 1_000_000_000  # an observation that no recorded state knows of is taken in after this
LOOK_AHEAD_NS = 3_000_000_000  # messages were recorded out of order by no more than this


Effect: TypeAlias = tuple[int, int, int, Recorded | Change]  # time in ns, rank, order, what
FACE, CHANGE, REST = range(3)  # ranks of what happens at the same time


class Timers:
    """
    What is due at whole multiples of periods.

    At one instant the faces come before the states, which are drawn at the next one.
    """

    def __init__(self, start_ns: int, *timers: tuple[float, Callable[[], None]]):
        """
        Start at the first multiples that are not before `start_ns`.

        Args:
            start_ns: on the clock of the multiples.
            timers: (rate in Hz, what to do), the first one first at the same instant.
        """
        self._periods = [int(1e9 / rate_hz) for rate_hz, _ in timers]
        self._actions = [action for _, action in timers]
        self._due = [-(-start_ns // period) * period for period in self._periods]

    def until(self, time_ns: int) -> Iterator[tuple[int, Callable[[], None]]]:
        """Yield (time, what to do) of everything due up to `time_ns`, in order."""
        while (due := min(self._due)) <= time_ns:
            index = self._due.index(due)
            self._due[index] += self._periods[index]
            yield due, self._actions[index]


def play_own_rhythm(
    agent: OfflineAgent,
    events: Iterable[Recorded],
    changes: Sequence[Change],
    do: Callable[[Change], None],
    rates_hz: tuple[float, float],
    start_ns: int,
    end_ns: int,
) -> None:
    """
    Play a recording to the agent, which goes on at its own rates.

    Args:
        agent: as it is at `start_ns`.
        events: what it receives, in order of time.
        changes: what was done to it, in order of time.
        do: does it again.
        rates_hz: of the faces and of the states.
        start_ns: when it begins.
        end_ns: when it ends.
    """
    timers = Timers(start_ns, (rates_hz[0], agent.sketcher.tick), (rates_hz[1], agent.keeper.tick))

    def run_until(time_ns: int) -> None:
        for due_ns, action in timers.until(time_ns):
            agent.now_ns = max(agent.now_ns, due_ns)
            action()

    if agent.is_resumed and start_ns % int(1e9 / rates_hz[1]):
        agent.keeper.tick()  # as the recorded agent did after its snapshot
    happened: Iterator[Recorded | Change] = merge(changes, events, key=lambda what: what.time_ns)
    for event in happened:
        run_until(event.time_ns)
        agent.now_ns = max(agent.now_ns, event.time_ns)
        if isinstance(event, Change):
            do(event)
        else:
            agent.receive(event.topic, event.data)
    run_until(end_ns)


def play_recorded_rhythm(
    agent: OfflineAgent,
    events: Iterable[Recorded],
    changes: Sequence[Change],
    do: Callable[[Change], None],
    names: Names,
) -> None:
    """
    Play a recording to the agent, which publishes its state and draws when the recorded one did.

    Args:
        agent: as it is when the recording begins.
        events: what it receives, with the recorded states and faces among it.
        changes: what was done to it, in order of time.
        do: does it again.
        names: of the topics.
    """
    agent.publishes_states = False
    for time_ns, event in _in_order_of_effect(agent, events, changes, names):
        agent.now_ns = max(agent.now_ns, time_ns)
        if isinstance(event, Change):
            do(event)
        elif event.topic == names.state:
            agent.publishes_states = True
            agent.keeper.tick()
            agent.publishes_states = False
        elif event.topic == names.face:
            # Does nothing where the face has answered an observation just now.
            agent.sketcher.tick()
        else:
            agent.receive(event.topic, event.data)


def _in_order_of_effect(
    agent: OfflineAgent, events: Iterable[Recorded], changes: Sequence[Change], names: Names
) -> Iterator[tuple[int, Recorded | Change]]:
    """
    (time of the effect, event): as the recorded robot took it in.

    A recorder receives a camera image or an observation before the agent has processed it, and on
    a busy machine the messages of two nodes in any order. An observation was processed at the
    stamp of the first state that contains it, a cause just before its state; states, faces and
    changes have stamps of their own. A state from before the agent stands where it does now cannot
    be had again.
    """
    start_ns = agent.now_ns if agent.is_resumed else 0
    inputs: list[tuple[int, Recorded]] = []  # with the stamp of what a state may contain
    order = count()
    due: list[Effect] = [(change.time_ns, CHANGE, next(order), change) for change in changes]
    heapify(due)
    observed: set[int] = set()
    published_ns = 0
    for event in events:
        stamp_ns = header_stamp_ns(event.data)
        if event.topic in (names.state, names.face) and stamp_ns < start_ns:
            continue
        if event.topic == names.state:
            contained_ns = agent.observation_in(event.data)
            kept = []
            for observation_ns, given in inputs:
                if contained_ns < observation_ns and event.time_ns - given.time_ns < HELD_NS:
                    kept.append((observation_ns, given))
                    continue
                taken_ns = min(max(given.time_ns, published_ns + 1), stamp_ns)
                heappush(due, (taken_ns, REST, next(order), given))
            inputs, published_ns = kept, stamp_ns
            heappush(due, (stamp_ns, REST, next(order), event))
        elif event.topic != names.face:
            is_observation = event.topic in (names.image, names.compressed, names.affect)
            inputs.append((stamp_ns if is_observation else 0, event))
            observed |= {stamp_ns} if is_observation else set()
        elif stamp_ns not in observed:
            # The others answer an observation: that comes of itself.
            heappush(due, (stamp_ns, FACE, next(order), event))
        while due and due[0][0] < event.time_ns - LOOK_AHEAD_NS:
            time_ns, _, _, first = heappop(due)
            yield time_ns, first
    for time_ns, _, _, last in sorted(due):
        yield time_ns, last
    for _, event in inputs:
        yield event.time_ns, event
