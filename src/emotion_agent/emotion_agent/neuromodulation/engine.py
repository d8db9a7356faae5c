# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The emotion engine: a log of what happened, and the state that follows from it at any time.

The state is a function of the events and their stamps alone. `read` and `advance` never change
it, however often they are called. An event that arrives late, up to `HISTORY_S`, is put in its
place and what follows is computed again, so the order of arrival does not matter either.
"""

import math
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from emotion_agent.neuromodulation import snapshot as snapshots
from emotion_agent.neuromodulation.config import SPAN_S, EmotionConfig, Stimulus
from emotion_agent.neuromodulation.dominance import NAMES, Naming
from emotion_agent.neuromodulation.readout import Reading
from emotion_agent.neuromodulation.state import Delivery, Model, State
from emotion_agent.neuromodulation.yaml_tree import listed

HISTORY_S = 10.0  # an event may arrive this late
FUTURE_S = 1.0  # a stamp may be this far ahead of the clock
SHORTEST_INFUSION_S = 1e-3  # anything shorter is given at once

# What `EmotionEngine.counters` counts, and what to do when a number grows.
COUNTERS = {
    'accepted': 'stimuli that acted or will act',
    'observed': 'observations of a human that were taken',
    'strengthened': 'same name and stamp again, stronger: the stronger one counts',
    'duplicate': 'same name and stamp again: one publisher is enough',
    'refractory': 'repeated too soon: publish edges, not samples, or lower refractory_s',
    'unknown': 'not in the library: see ~/list_stimuli, or add it under emotion.stimuli',
    'invalid': 'not a number where one is needed: correct the publisher',
    'clipped': 'out of range, clipped: intensity and confidence 0..1, valence and arousal -1..1',
    'late': f'older than {HISTORY_S:g} s on arrival: synchronise the clocks or lower the latency',
    'future': f'stamped more than {FUTURE_S:g} s ahead, taken as now: synchronise the clocks',
    'below_gate': 'observation less certain than emotion.empathy.p_min: better light or camera',
    'clock_jumps': 'the clock went backwards: expected when a recording loops',
}


@dataclass(frozen=True)
class Outcome:
    """What became of a stimulus or an observation."""

    accepted: bool
    reason: str  # a key of `COUNTERS`
    stamp_s: float | None = None  # when it counts, s
    intensity: float | None = None  # after clipping; None for an observation
    clipped: bool = False
    future: bool = False  # stamped too far ahead, so it counted as now
    detail: str = ''  # for a person, where it was not accepted


@dataclass
class _Arrival:
    """A stimulus in the log; whether it was accepted can change when an earlier one turns up."""

    stimulus: Stimulus
    intensity: float
    duration_s: float
    source: str
    accepted: bool | None = None


@dataclass
class _Instant:
    """All that the log knows of one stamp."""

    stimuli: dict[str, _Arrival] = field(default_factory=dict)
    observation: tuple[float, float, float] | None = None  # confidence, valence, arousal
    model: Model | None = None


class EmotionEngine:
    """
    The emotional state of one robot.

    All times are seconds on one clock of the caller's, seconds since the epoch among them.
    `now_s` is the time on that clock at the call; if it is less than at the call before, the
    clock was set back and `clock_jumped` is applied. Not thread-safe: one thread at a time.

    Attributes:
        config: the configuration in use.
        counters: how often each thing of `COUNTERS` has happened.
    """

    def __init__(self, config: EmotionConfig, now_s: float = 0.0) -> None:
        """
        Args:
            config: from `load`.
            now_s: the time at which the robot wakes, at rest, s.
        """
        self.config = config
        self.counters = Counter(dict.fromkeys(COUNTERS, 0))
        self._model = Model(config)
        self._now_s = _checked_clock(now_s)
        self._begin(State.resting(self._model, self._now_s))

    @property
    def stimuli(self) -> Mapping[str, Stimulus]:
        """The stimulus library by name."""
        return self.config.stimuli

    def stimulate(
        self,
        name: str,
        intensity: float = 1.0,
        *,
        stamp_s: float | None = None,
        duration_s: float | None = None,
        source: str = '',
        now_s: float,
    ) -> Outcome:
        """
        Let something happen to the robot.

        Args:
            name: an entry of the stimulus library.
            intensity: share of the library's doses, clipped to [0, 1].
            stamp_s: when it happened, s; None or 0 = now.
            duration_s: how long the doses flow, s; None or negative = as the library says.
            source: who says so; shown in `Reading.last_source`.
            now_s: s.

        Returns:
            Whether it was accepted, and if not, why.
        """
        self.advance(now_s)
        stimulus = self.stimuli.get(name)
        if stimulus is None:
            hint = listed(self.stimuli, str(name))
            return self._refused('unknown', f'unknown stimulus {name!r}; {hint}')
        duration_s = stimulus.duration_s if duration_s is None else duration_s
        numbers = _finite(intensity, duration_s, 0.0 if stamp_s is None else stamp_s)
        if numbers is None:
            return self._refused(
                'invalid', f'{name}: intensity, duration and stamp must be finite numbers'
            )
        strength, length_s, when = numbers
        place, future = self._placed(when)
        if place is None:
            return self._refused('late', f'{name}: older than {HISTORY_S:g} s')
        arrival, clipped = _bounded(stimulus, strength, length_s, source)
        self.counters['clipped'] += clipped
        logged, repeated = self._logged(place, arrival)
        self._run(max(self._now_s, place))
        reason = (repeated or 'accepted') if logged.accepted else 'refractory'
        return Outcome(
            accepted=reason in ('accepted', 'strengthened'),
            reason=reason,
            stamp_s=place,
            intensity=arrival.intensity,
            clipped=clipped,
            future=future,
            detail='' if reason == 'accepted' else f'{name}: {COUNTERS[reason]}',
        )

    def observe(
        self,
        valence: float,
        arousal: float,
        confidence: float,
        *,
        stamp_s: float | None = None,
        now_s: float,
    ) -> Outcome:
        """
        Let the robot see how a human feels. Never its own face: that would be an echo.

        Args:
            valence: clipped to [-1, 1].
            arousal: clipped to [-1, 1].
            confidence: clipped to [0, 1]; up to `empathy.p_min` it is no observation.
            stamp_s: when the human was seen, s; None or 0 = now.
            now_s: s.

        Returns:
            Whether it was accepted, and if not, why.
        """
        self.advance(now_s)
        numbers = _finite(valence, arousal, confidence, 0.0 if stamp_s is None else stamp_s)
        if numbers is None:
            return self._refused(
                'invalid', 'valence, arousal, confidence and stamp must be finite numbers'
            )
        *given, when = numbers
        seen = _clip(given[0], -1.0, 1.0), _clip(given[1], -1.0, 1.0), _clip(given[2], 0.0, 1.0)
        clipped = seen != tuple(given)
        self.counters['clipped'] += clipped
        if self._model.dynamics.set_point(*seen) is None:
            return self._refused('below_gate', f'confidence {seen[2]:g} is too small')
        place, future = self._placed(when)
        if place is None:
            return self._refused('late', f'observation older than {HISTORY_S:g} s')
        instant = self._log.get(place)
        ranked = seen[2], seen[0], seen[1]
        if instant and instant.observation and instant.observation >= ranked:
            return self._refused('duplicate', 'an observation with this stamp is known')
        self._open(place).observation = ranked
        self.counters['observed'] += 1
        self._run(self._now_s)
        return Outcome(True, 'observed', place, clipped=clipped, future=future)

    def advance(self, now_s: float) -> None:
        """
        Tell the engine what time it is; the state does not depend on how often.

        Args:
            now_s: s.

        Raises:
            ValueError: if `now_s` is not finite.
        """
        if _checked_clock(now_s) < self._now_s:
            self.clock_jumped(self._now_s, now_s)
        self._now_s = now_s
        self._run(now_s)
        self._forget_before(now_s - HISTORY_S)

    def read(self, now_s: float) -> Reading:
        """
        The state at `now_s`.

        Args:
            now_s: s.

        Raises:
            ValueError: if `now_s` is not finite.
        """
        self.advance(now_s)
        state = self._state_at(now_s)
        readout = state.model.readout
        activation = readout.activation(state.y, state.mood)
        emotions = readout.emotions(activation)
        visible = readout.visible(emotions)
        strongest = max(emotions)
        valence, arousal, dominance = readout.pleasure_arousal_dominance(emotions)
        visible_valence, visible_arousal, _ = readout.pleasure_arousal_dominance(visible)
        return Reading(
            stamp_s=now_s,
            levels=readout.levels(activation),
            activation=activation,
            deviation=state.y,
            mood=state.mood,
            emotions=emotions,
            visible=visible,
            visible_valence=visible_valence,
            visible_arousal=visible_arousal,
            neutral=1.0 - strongest,
            intensity=strongest,
            valence=valence,
            arousal=arousal,
            dominance=dominance,
            dominant=NAMES[state.name],
            dominant_since_s=state.name_since_s,
            observation_stamp_s=state.observation_stamp_s,
            last_stimulus=state.cause.name,
            last_source=state.cause.source,
            last_change_stamp_s=state.cause.stamp_s,
        )

    def clock_jumped(self, from_: float, to: float) -> None:
        """
        The clock was set from `from_` to `to`; a jump forward needs nothing.

        After a jump back the state is as before it, and what was to begin or end still does
        so after the same time. Seen stamps, refractory times and the history are forgotten.

        Args:
            from_: last time before the jump, s.
            to: first time after it, s.

        Raises:
            ValueError: if one is not finite.
        """
        if _checked_clock(to) >= self._now_s:
            return
        from_ = max(_checked_clock(from_), self._now_s)
        self._run(from_)
        shift = to - from_
        ahead = {
            stamp_s + shift: self._log[stamp_s] for stamp_s in self._stamps if stamp_s > from_
        }
        self._begin(self._state_at(from_).shifted(shift)._replace(stamp_s=to), ahead)
        self._now_s = to
        self.counters['clock_jumps'] += 1

    def reconfigure(self, config: EmotionConfig, now_s: float | None = None) -> None:
        """
        Go on under another configuration, with the state as it is.

        Args:
            config: valid from `now_s` on; events that arrive late for a time before it still
                act under the configuration of that time.
            now_s: s; None = the time of the last call.
        """
        self.advance(self._now_s if now_s is None else now_s)
        self.config = config
        self._model = Model(config)
        self._open(self._now_s).model = self._model
        self._run(self._now_s)

    def reset(self, now_s: float) -> None:
        """
        Put the robot to rest; the counters stay.

        Args:
            now_s: s.
        """
        self._now_s = _checked_clock(now_s)
        self._begin(State.resting(self._model, now_s))

    def snapshot(self, now_s: float, wall_time_s: float) -> dict[str, Any]:
        """
        The state as a mapping that JSON can hold without loss.

        Args:
            now_s: s.
            wall_time_s: seconds since the epoch, by the clock that goes on while the robot is off.
        """
        self.advance(now_s)
        return snapshots.taken(self._state_at(now_s), wall_time_s)

    def restore(self, snapshot: Mapping[str, Any], now_s: float, wall_time_s: float) -> list[str]:
        """
        Go on from a snapshot as if the robot had been awake since; older than
        `snapshot.max_age_s` it has slept it off and starts at rest.

        Args:
            snapshot: from `snapshot`, possibly of another version or configuration.
            now_s: s.
            wall_time_s: seconds since the epoch.

        Returns:
            What could not be taken over, one sentence each, for the log.
        """
        self._now_s = _checked_clock(now_s)
        state, problems = snapshots.revived(snapshot, self._model, now_s, wall_time_s)
        self._begin(state)
        self._run(now_s)
        self._begin(self._state_at(now_s))
        return problems

    def _begin(self, state: State, log: dict[float, _Instant] | None = None) -> None:
        """Start the history with `state`; an event stamped before it counts at its stamp."""
        self._states = [state]
        self._log = log or {}
        self._stamps = sorted(self._log)
        self._next = 0  # index into the stamps: the first that the last state does not contain
        self._naming: tuple[State, float, Naming] | None = None

    def _placed(self, stamp_s: float) -> tuple[float | None, bool]:
        """The stamp at which an event counts, None if too old; and if it was too far ahead."""
        if stamp_s == 0.0:
            return self._now_s, False
        if stamp_s > self._now_s + FUTURE_S:
            self.counters['future'] += 1
            return self._now_s, True
        if stamp_s < self._now_s - HISTORY_S:
            return None, False
        return max(stamp_s, self._states[0].stamp_s), False

    def _open(self, stamp_s: float) -> _Instant:
        """The log at `stamp_s`, for writing: whatever was computed from there on is dropped."""
        if stamp_s not in self._log:
            self._log[stamp_s] = _Instant()
            insort(self._stamps, stamp_s)
        kept = max(1, bisect_left(self._states, stamp_s, key=_stamp))
        del self._states[kept:]
        self._next = 0 if kept == 1 else bisect_right(self._stamps, self._states[-1].stamp_s)
        return self._log[stamp_s]

    def _logged(self, stamp_s: float, arrival: _Arrival) -> tuple[_Arrival, str]:
        """The entry in the log, and 'duplicate' or 'strengthened' if it had been there."""
        instant = self._log.get(stamp_s)
        known = instant and instant.stimuli.get(arrival.stimulus.name)
        if not known:
            self._open(stamp_s).stimuli[arrival.stimulus.name] = arrival
            return arrival, ''
        if (arrival.intensity, arrival.duration_s) <= (known.intensity, known.duration_s):
            self.counters['duplicate'] += 1
            return known, 'duplicate'
        known.intensity, known.duration_s = arrival.intensity, arrival.duration_s
        self._open(stamp_s)
        self.counters['strengthened'] += 1
        return known, 'strengthened'

    def _run(self, until_s: float) -> None:
        """Compute the states after all instants up to `until`."""
        while True:
            last = self._states[-1]
            logged = self._stamps[self._next] if self._next < len(self._stamps) else math.inf
            stamp_s = max(last.stamp_s, min(logged, last.next_instant()))
            if stamp_s > until_s:
                return
            self._states.append(self._stepped(stamp_s, logged))

    def _stepped(self, stamp_s: float, logged: float) -> State:
        """The state after all that happens at `stamp_s`."""
        state = self._moved(self._states[-1], stamp_s)
        if logged <= stamp_s:
            self._next += 1
            instant = self._log[logged]
            if instant.model:
                state = state.under(instant.model)
            for arrival in instant.stimuli.values():
                state = self._judged(state, arrival)
            if instant.observation:
                confidence, valence, arousal = instant.observation
                state = state.observing(valence, arousal, confidence)
        return state.settled()

    def _judged(self, state: State, arrival: _Arrival) -> State:
        """The state with the arrival accepted, unless it comes too soon; counted once."""
        accepted = not state.is_refractory(arrival.stimulus, state.stamp_s)
        if accepted != arrival.accepted:
            if arrival.accepted is not None:
                self.counters['accepted' if arrival.accepted else 'refractory'] -= 1
            self.counters['accepted' if accepted else 'refractory'] += 1
            arrival.accepted = accepted
        if not accepted:
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

    def _forget_before(self, stamp_s: float) -> None:
        """Drop the history that no event can reach any more."""
        if len(self._states) == 1 or self._states[1].stamp_s >= stamp_s:
            return
        del self._states[: bisect_left(self._states, stamp_s, key=_stamp) - 1]
        contained = bisect_right(self._stamps, self._states[0].stamp_s)
        for old in self._stamps[:contained]:
            del self._log[old]
        del self._stamps[:contained]
        self._next -= contained

    def _state_at(self, stamp_s: float) -> State:
        index = bisect_right(self._states, stamp_s, key=_stamp) - 1
        return self._moved(self._states[index], stamp_s)

    def _moved(self, state: State, stamp_s: float) -> State:
        """`state` at a later time before which nothing happens."""
        if stamp_s <= state.stamp_s:
            return state
        y, mood = state.flow.after(stamp_s - state.stamp_s, state.y, state.mood)
        name, since_s, hold_until_s = self._naming_of(state, stamp_s).at(stamp_s)
        return state._replace(
            stamp_s=stamp_s,
            y=y,
            mood=mood,
            name=name,
            name_since_s=since_s,
            hold_until_s=hold_until_s,
        )

    def _naming_of(self, state: State, stamp_s: float) -> Naming:
        """How the name goes on after `state`; the one in use is kept, it knows the way."""
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

    def _refused(self, reason: str, detail: str) -> Outcome:
        self.counters[reason] += 1
        return Outcome(False, reason, detail=detail)


def _stamp(state: State) -> float:
    return state.stamp_s


def _bounded(
    stimulus: Stimulus, intensity: float, duration_s: float, source: str
) -> tuple[_Arrival, bool]:
    """A stimulus as it enters the log, and whether something had to be clipped."""
    length_s = stimulus.duration_s if duration_s < 0.0 else min(duration_s, SPAN_S.high)
    strength = _clip(intensity, 0.0, 1.0)
    clipped = strength != intensity or duration_s > SPAN_S.high
    flowing_s = length_s if length_s >= SHORTEST_INFUSION_S else 0.0
    return _Arrival(stimulus, strength, flowing_s, source), clipped


def _clip(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))


def _finite(*values: Any) -> tuple[float, ...] | None:
    """The values as floats; None if one of them is no finite number."""
    try:
        numbers = tuple(map(float, values))
    except (TypeError, ValueError, OverflowError):
        return None
    return numbers if all(map(math.isfinite, numbers)) else None


def _checked_clock(now_s: float) -> float:
    if not math.isfinite(now_s):
        raise ValueError(f'now: expected a finite number of seconds, got {now_s!r}')
    return now_s
