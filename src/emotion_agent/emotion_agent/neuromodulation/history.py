# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The events of the last seconds and the states that follow from them.

An event may be put in at any stamp of the history: the states after it are dropped and computed
again, so the order of arrival does not matter. That costs more the more events there are, so late
ones are taken in together when somebody asks for the state, and for `LATE_STEPS_HZ` states a
second: where they ask for more, the states lack them until there is time for all at once, at the
latest after `MOST_EVENTS / LATE_STEPS_HZ` s.
"""

import math
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterator

from emotion_agent.neuromodulation.arrivals import Arrival, Instant
from emotion_agent.neuromodulation.dominance import Naming
from emotion_agent.neuromodulation.outcome import (
    HISTORY_S,
    LATE_BURST_S,
    LATE_STEPS_HZ,
    MOST_EFFECTS,
    MOST_EVENTS,
)
from emotion_agent.neuromodulation.state import Delivery, Model, State


class History:
    """
    Events by stamp, and the state after each.

    The states reach up to the last call of `run`; events may lie beyond. They contain what came
    late after `catch_up`, if there was time, and after `settle`.
    """

    def __init__(
        self,
        state: State,
        counters: Counter[str],
        instants: dict[float, Instant] | None = None,
    ) -> None:
        """
        Args:
            state: the first one; nothing can be put in before it.
            counters: `accepted`, `refractory` and `crowded` are kept up to date.
            instants: events after `state`, by stamp.
        """
        self._counters = counters
        self._states = [state]
        self._instants = instants or {}
        self._stamps = sorted(self._instants)
        self._next = 0  # index into the stamps: the first that the last state does not contain
        self._naming: tuple[State, float, Naming] | None = None
        self._late_s = math.inf  # stamp of the first event that the states lack
        self._free_s = -math.inf  # when there is time for late events again

    @property
    def first(self) -> State:
        """The oldest state."""
        return self._states[0]

    def instants(self) -> Iterator[tuple[float, Instant]]:
        """Yield (stamp in s, events) of all events after the oldest state, in order."""
        for stamp_s in self._stamps:
            yield stamp_s, self._instants[stamp_s]

    @property
    def start_s(self) -> float:
        """The stamp of the oldest state, s."""
        return self._states[0].stamp_s

    def has_room(self, stamp_s: float) -> bool:
        """Whether an event at `stamp_s` can be kept."""
        return len(self._stamps) < MOST_EVENTS or stamp_s in self._instants

    def add_stimulus(self, stamp_s: float, arrival: Arrival) -> tuple[Arrival, str]:
        """
        Put a stimulus in.

        Returns:
            The arrival that counts at this stamp, and how the new one relates to it: '' (it is
            the new one), 'duplicate', or 'strengthened' by the new one.
        """
        instant = self._instants.get(stamp_s)
        known = instant and instant.stimuli.get(arrival.stimulus.name)
        if not known:
            self._open(stamp_s).stimuli[arrival.stimulus.name] = arrival
            return arrival, ''
        if (arrival.intensity, arrival.duration_s) <= (known.intensity, known.duration_s):
            return known, 'duplicate'
        known.intensity, known.duration_s = arrival.intensity, arrival.duration_s
        self._open(stamp_s)
        return known, 'strengthened'

    def add_observation(
        self, stamp_s: float, valence: float, arousal: float, confidence: float
    ) -> bool:
        """Put an observation in, unless one at least as confident is known; return if it was."""
        instant = self._instants.get(stamp_s)
        ranked = confidence, valence, arousal
        if instant and instant.observation and instant.observation >= ranked:
            return False
        self._open(stamp_s).observation = ranked
        return True

    def use_model(self, stamp_s: float, model: Model) -> None:
        """Go on under another configuration from `stamp_s` on."""
        self._open(stamp_s).model = model

    def decide(self, stamp_s: float, arrival: Arrival) -> None:
        """Decide on an arrival as far as can be said before the states contain what came late."""
        if arrival.accepted is None:
            self._judge(self._states[self._index(stamp_s)], stamp_s, arrival)

    def run(self, until_s: float) -> None:
        """Compute the states after all events up to `until_s` but the late ones."""
        while True:
            last = self._states[-1]
            logged_s = self._stamps[self._next] if self._next < len(self._stamps) else math.inf
            stamp_s = max(last.stamp_s, min(logged_s, last.next_instant()))
            if stamp_s > until_s:
                return
            self._states.append(self._stepped(stamp_s, logged_s))

    def catch_up(self, until_s: float) -> None:
        """Compute the states after all events up to `until_s`, late ones when there is time."""
        if self._late_s < math.inf and until_s >= self._free_s:
            cost = min(len(self._states) - self._kept(), MOST_EVENTS)
            self._free_s = max(self._free_s, until_s - LATE_BURST_S) + cost / LATE_STEPS_HZ
            self._drop()
        self.run(until_s)

    def settle(self, until_s: float) -> None:
        """Compute the states after all events up to `until_s` whatever it costs; begin anew."""
        self._drop()
        self._free_s = -math.inf
        self.run(until_s)

    def _kept(self) -> int:
        return max(1, bisect_left(self._states, self._late_s, key=_stamp_s))

    def _drop(self) -> None:
        """Drop the states that lack late events."""
        if self._late_s < math.inf:
            kept = self._kept()
            del self._states[kept:]
            self._next = 0 if kept == 1 else bisect_right(self._stamps, self._states[-1].stamp_s)
            self._late_s = math.inf

    def state_at(self, stamp_s: float) -> State:
        """The state at a time up to which `run` has been called, s."""
        return self._moved(self._states[self._index(stamp_s)], stamp_s)

    def _index(self, stamp_s: float) -> int:
        return bisect_right(self._states, stamp_s, key=_stamp_s) - 1

    def forget(self, now_s: float) -> None:
        """Drop what no event can reach any more."""
        if self._late_s < now_s - HISTORY_S:
            self.catch_up(now_s)
        stamp_s = min(now_s - HISTORY_S, self._late_s)
        if len(self._states) == 1 or self._states[1].stamp_s >= stamp_s:
            return
        del self._states[: bisect_left(self._states, stamp_s, key=_stamp_s) - 1]
        contained = bisect_right(self._stamps, self._states[0].stamp_s)
        for old_s in self._stamps[:contained]:
            del self._instants[old_s]
        del self._stamps[:contained]
        self._next -= contained

    def shifted(self, from_s: float, to_s: float) -> 'History':
        """The history that begins at `to_s` as this one stands at `from_s`, with what follows."""
        self.settle(from_s)
        shift_s = to_s - from_s
        ahead = {
            stamp_s + shift_s: self._instants[stamp_s]
            for stamp_s in self._stamps
            if stamp_s > from_s
        }
        state = self.state_at(from_s).shifted(shift_s)._replace(stamp_s=to_s)
        return History(state, self._counters, ahead)

    def _open(self, stamp_s: float) -> Instant:
        """The events at `stamp_s`, for writing; the states from there on lack them."""
        is_late = stamp_s <= self._states[-1].stamp_s
        if is_late:
            self._late_s = min(self._late_s, stamp_s)
        if stamp_s not in self._instants:
            self._instants[stamp_s] = Instant()
            insort(self._stamps, stamp_s)
            self._next += is_late
        return self._instants[stamp_s]

    def _stepped(self, stamp_s: float, logged_s: float) -> State:
        """The state after all that happens at `stamp_s`."""
        state = self._moved(self._states[-1], stamp_s)
        if logged_s <= stamp_s:
            self._next += 1
            instant = self._instants[logged_s]
            if instant.model:
                state = state.under(instant.model)
            for arrival in instant.stimuli.values():
                state = self._decided(state, arrival)
            if instant.observation:
                confidence, valence, arousal = instant.observation
                state = state.observing(valence, arousal, confidence)
        return state.settled()

    def _decided(self, state: State, arrival: Arrival) -> State:
        """The state with the arrival accepted, unless it comes too soon or one too many."""
        self._judge(state, state.stamp_s, arrival)
        if not arrival.accepted:
            return state
        stimulus = arrival.stimulus
        return state.accepting(
            Delivery(
                state.stamp_s + stimulus.delay_s,
                stimulus.name,
                stimulus,
                arrival.intensity,
                arrival.duration_s,
                arrival.source,
            )
        )

    def _judge(self, state: State, stamp_s: float, arrival: Arrival) -> None:
        """Decide whether an arrival after `state` is accepted; it is counted once."""
        before = arrival.verdict
        is_too_soon = state.is_refractory(arrival.stimulus, stamp_s)
        arrival.crowded = not is_too_soon and state.effects >= MOST_EFFECTS
        arrival.accepted = not (is_too_soon or arrival.crowded)
        if arrival.verdict != before:
            if before:
                self._counters[before] -= 1
            self._counters[arrival.verdict] += 1

    def _moved(self, state: State, stamp_s: float) -> State:
        """`state` at a later time before which nothing happens."""
        if stamp_s <= state.stamp_s:
            return state
        elapsed_s = stamp_s - state.stamp_s
        y, mood = state.flow.after(elapsed_s, state.y, state.mood)
        calm = state.calm - state.model.rule.farthest(elapsed_s, state.y, y)
        if calm > 0.0:
            return state._replace(stamp_s=stamp_s, y=y, mood=mood, calm=calm)
        name, since_s, hold_until_s = self._naming_of(state, stamp_s).at(stamp_s)
        return state._replace(
            stamp_s=stamp_s,
            y=y,
            mood=mood,
            name=name,
            name_since_s=since_s,
            hold_until_s=hold_until_s,
            calm=0.0,
        )

    def _naming_of(self, state: State, stamp_s: float) -> Naming:
        """The course of the name after `state`; the one in use is kept, as it has searched it."""
        if self._naming and self._naming[0] is state and self._naming[1] <= stamp_s:
            naming = self._naming[2]
        else:
            naming = Naming(
                state.model.rule,
                state.emotions_at,
                state.stamp_s,
                state.name,
                state.name_since_s,
                state.hold_until_s,
            )
        self._naming = state, stamp_s, naming
        return naming


def _stamp_s(state: State) -> float:
    return state.stamp_s
