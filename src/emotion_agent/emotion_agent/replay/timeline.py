# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
When each part of the agent has its turn.

In its own rhythm the agent publishes its state and draws at its rates, at whole multiples of the
periods, as timers on simulated time do. In the recorded rhythm it does so at the stamps that were
recorded, so that both can be laid side by side.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from heapq import merge

from emotion_agent.neuromodulation.outcome import HISTORY_S
from emotion_agent.replay.agent import OfflineAgent
from emotion_agent.replay.bag import Recorded
from emotion_agent.replay.effects import EffectOrder
from emotion_agent.replay.gaps import GAP_S, Gap
from emotion_agent.replay.messages import BagMessages
from emotion_agent.replay.recorded_agent import Change
from emotion_agent.replay.sources import Names

AFTER_S = HISTORY_S  # so long the agent goes on before it jumps over a gap


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

    def skip_to(self, time_ns: int) -> None:
        """Leave out what is due before a time."""
        self._due = [
            max(due, -(-time_ns // period) * period)
            for due, period in zip(self._due, self._periods, strict=True)
        ]


def play_own_rhythm(
    agent: OfflineAgent,
    events: Iterable[Recorded],
    changes: Sequence[Change],
    do: Callable[[Change], None],
    rates_hz: tuple[float, float],
    start_ns: int,
    end_ns: int,
    pulses: Collection[str] = (),
) -> list[Gap]:
    """
    Play a recording to the agent, which goes on at its own rates.

    Args:
        agent: as it is at `start_ns`.
        events: what it receives, in order of time, and what only shows that somebody recorded.
        changes: what was done to it, in order of time.
        do: does it again.
        rates_hz: of the faces and of the states.
        start_ns: when it begins.
        end_ns: when it ends.
        pulses: topics of what only shows that somebody recorded.

    Returns:
        The gaps that were jumped.
    """
    gaps: list[Gap] = []
    newest_ns = start_ns
    timers = Timers(start_ns, (rates_hz[0], agent.sketcher.tick), (rates_hz[1], agent.keeper.tick))

    def run_until(time_ns: int) -> None:
        for due_ns, action in timers.until(time_ns):
            agent.now_ns = max(agent.now_ns, due_ns)
            action()

    def go_on_to(time_ns: int) -> None:
        nonlocal newest_ns
        gap = Gap(newest_ns, time_ns)
        if gap.length_s > GAP_S:
            run_until(newest_ns + round(AFTER_S * 1e9))
            timers.skip_to(time_ns)
            gaps.append(gap)
        run_until(time_ns)
        newest_ns = max(newest_ns, time_ns)

    if agent.is_resumed and start_ns % int(1e9 / rates_hz[1]):
        agent.keeper.tick()  # as the recorded agent did after its snapshot
    happened: Iterator[Recorded | Change] = merge(changes, events, key=lambda what: what.time_ns)
    for event in happened:
        go_on_to(event.time_ns)
        agent.now_ns = max(agent.now_ns, event.time_ns)
        if isinstance(event, Change):
            do(event)
        elif event.topic not in pulses:
            agent.receive(event.topic, event.data)
    go_on_to(end_ns)
    return gaps


def play_recorded_rhythm(
    agent: OfflineAgent,
    events: Iterable[Recorded],
    changes: Sequence[Change],
    do: Callable[[Change], None],
    names: Names,
    messages: BagMessages,
) -> None:
    """
    Play a recording to the agent, which publishes its state and draws when the recorded one did.

    Args:
        agent: as it is when the recording begins.
        events: what it receives, with the recorded states and faces among it.
        changes: what was done to it, in order of time.
        do: does it again.
        names: of the topics.
        messages: the types.
    """
    agent.publishes_states = False
    start_ns = agent.now_ns if agent.is_resumed else 0
    for time_ns, event in EffectOrder(names, messages, changes, start_ns).sorted(events):
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
