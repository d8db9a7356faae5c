# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
When each part of the agent has its turn.

In its own rhythm the agent publishes its state and draws at its rates, at whole multiples of the
periods, as timers on simulated time do. In the recorded rhythm it does so at the stamps that were
recorded, so that both can be laid side by side.
"""

from collections.abc import Callable, Iterable, Iterator
from heapq import heappop, heappush
from itertools import count

from emotion_agent.replay.agent import OfflineAgent
from emotion_agent.replay.bag import Recorded
from emotion_agent.replay.messages import header_stamp_ns
from emotion_agent.replay.sources import Names

HELD_NS = 1_000_000_000  # an observation that no recorded state knows of is taken in after this
LOOK_AHEAD_NS = 3_000_000_000  # messages were recorded out of order by no more than this


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
    rates_hz: tuple[float, float],
    start_ns: int,
    end_ns: int,
) -> None:
    """
    Play a recording to the agent, which goes on at its own rates.

    Args:
        agent: at rest at `start_ns`.
        events: what it receives, in order of time.
        rates_hz: of the faces and of the states.
        start_ns: when it begins.
        end_ns: when it ends.
    """
    timers = Timers(start_ns, (rates_hz[0], agent.sketcher.tick), (rates_hz[1], agent.keeper.tick))

    def run_until(time_ns: int) -> None:
        for due_ns, action in timers.until(time_ns):
            agent.now_ns = max(agent.now_ns, due_ns)
            action()

    for event in events:
        run_until(event.time_ns)
        agent.now_ns = max(agent.now_ns, event.time_ns)
        agent.receive(event.topic, event.data)
    run_until(end_ns)


def play_recorded_rhythm(agent: OfflineAgent, events: Iterable[Recorded], names: Names) -> None:
    """
    Play a recording to the agent, which publishes its state and draws when the recorded one did.

    Args:
        agent: at rest.
        events: what it receives, with the recorded states and faces among it.
        names: of the topics.
    """
    agent.publishes_states = False
    for time_ns, event in _in_order_of_effect(agent, events, names):
        agent.now_ns = max(agent.now_ns, time_ns)
        if event.topic == names.state:
            agent.publishes_states = True
            agent.keeper.tick()
            agent.publishes_states = False
        elif event.topic == names.face:
            # Does nothing where the face has answered an observation just now.
            agent.sketcher.tick()
        else:
            agent.receive(event.topic, event.data)


def _in_order_of_effect(
    agent: OfflineAgent, events: Iterable[Recorded], names: Names
) -> Iterator[tuple[int, Recorded]]:
    """
    (time of the effect, event): as the recorded robot took it in.

    A recorder receives a camera image or an observation before the agent has processed it, and on
    a busy machine the messages of two nodes in any order. An observation was processed at the
    stamp of the first state that contains it, a cause just before its state; states and faces have
    stamps of their own.
    """
    inputs: list[tuple[int, Recorded]] = []  # with the stamp of what a state may contain
    due: list[tuple[int, bool, int, Recorded]] = []
    observed: set[int] = set()
    published_ns = 0
    order = count()
    for event in events:
        stamp_ns = header_stamp_ns(event.data)
        if event.topic == names.state:
            contained_ns = agent.observation_in(event.data)
            kept = []
            for observation_ns, given in inputs:
                if contained_ns < observation_ns and event.time_ns - given.time_ns < HELD_NS:
                    kept.append((observation_ns, given))
                    continue
                taken_ns = min(max(given.time_ns, published_ns + 1), stamp_ns)
                heappush(due, (taken_ns, True, next(order), given))
            inputs, published_ns = kept, stamp_ns
            heappush(due, (stamp_ns, True, next(order), event))
        elif event.topic != names.face:
            is_observation = event.topic in (names.image, names.compressed, names.affect)
            inputs.append((stamp_ns if is_observation else 0, event))
            observed |= {stamp_ns} if is_observation else set()
        elif stamp_ns not in observed:
            # The others answer an observation: that comes of itself.
            heappush(due, (stamp_ns, False, next(order), event))
        while due and due[0][0] < event.time_ns - LOOK_AHEAD_NS:
            time_ns, _, _, first = heappop(due)
            yield time_ns, first
    for time_ns, _, _, event in sorted(due):
        yield time_ns, event
    for _, event in inputs:
        yield event.time_ns, event
