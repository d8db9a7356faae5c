# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The emotion engine: stimuli and observations in, the state at any time out.

The state is a function of the events and their stamps alone. `read` and `advance` never change
it, however often they are called. An event that arrives late, up to `HISTORY_S`, is put in its
place and what follows is computed again, so the order of arrival does not matter either. Where so
many come late that this would take too long, their effect is seen up to 3 s later.
"""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

from emotion_agent.neuromodulation import memory as memories
from emotion_agent.neuromodulation import snapshot as snapshots
from emotion_agent.neuromodulation.arrivals import Arrival
from emotion_agent.neuromodulation.config import EmotionConfig
from emotion_agent.neuromodulation.dominance import NAMES
from emotion_agent.neuromodulation.history import History
from emotion_agent.neuromodulation.outcome import COUNTERS, FUTURE_S, HISTORY_S, Outcome
from emotion_agent.neuromodulation.readout import Reading
from emotion_agent.neuromodulation.sections import SHORTEST_INFUSION_S, SPAN_S, Stimulus
from emotion_agent.neuromodulation.state import Model, State
from emotion_agent.neuromodulation.yaml_tree import listed
from node_kit.limits import shown


class EmotionEngine:
    """
    The emotional state of one robot.

    All times are seconds on one clock of the caller's, seconds since the epoch among them.
    `now_s` is the time on that clock at the call; if it is less than at the call before, the
    clock was set back and `clock_jumped` is applied. Not thread-safe: one thread at a time.

    Attributes:
        config: the configuration in use.
        counters: counts by the keys of `COUNTERS`.
    """

    def __init__(self, config: EmotionConfig, now_s: float = 0.0) -> None:
        """
        Args:
            config: from `load`.
            now_s: when the robot starts, at rest, s.
        """
        self.config = config
        self.counters = Counter(dict.fromkeys(COUNTERS, 0))
        self._model = Model(config)
        self._now_s = _checked_clock(now_s)
        self._begin(State.resting(self._model, self._now_s))

    def _begin(self, state: State) -> None:
        """Start the history with `state`; an event stamped before it counts at its stamp."""
        self._history = History(state, self.counters)

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
        Let a stimulus act on the robot.

        Args:
            name: an entry of the stimulus library.
            intensity: share of the library's doses, clipped to [0, 1].
            stamp_s: when it happened, s; None or 0 = now.
            duration_s: how long the doses flow, s; None or negative = as in the library.
            source: who sent it; shown in `Reading.last_source`.
            now_s: s.

        Returns:
            Whether it was accepted, and if not, why.
        """
        self.advance(now_s)
        stimulus = self.stimuli.get(name)
        if stimulus is None:
            hint = listed(self.stimuli, str(name))
            return self._refused('unknown', f'unknown stimulus {shown(name)}; {hint}')
        duration_s = stimulus.duration_s if duration_s is None else duration_s
        numbers = _finite(intensity, duration_s, 0.0 if stamp_s is None else stamp_s)
        if numbers is None:
            return self._refused(
                'invalid', f'{name}: intensity, duration and stamp must be finite numbers'
            )
        strength, length_s, asked_s = numbers
        stamp_s, future = self._placed(asked_s)
        if stamp_s is None:
            return self._refused('late', f'{name}: older than {HISTORY_S:g} s')
        if not self._history.has_room(stamp_s):
            return self._refused('crowded', f'{name}: {COUNTERS["crowded"]}')
        arrival, clipped = _bounded(stimulus, strength, length_s, source)
        self.counters['clipped'] += clipped
        counting, repeated = self._history.add_stimulus(stamp_s, arrival)
        if repeated:
            self.counters[repeated] += 1
        self._history.catch_up(max(self._now_s, stamp_s))
        self._history.decide(stamp_s, counting)
        reason = (repeated or 'accepted') if counting.accepted else counting.verdict
        return Outcome(
            accepted=reason in ('accepted', 'strengthened'),
            reason=reason,
            stamp_s=stamp_s,
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
        Take in the valence and arousal of a human; never those of the robot's own face.

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
        *given, asked_s = numbers
        seen = _clip(given[0], -1.0, 1.0), _clip(given[1], -1.0, 1.0), _clip(given[2], 0.0, 1.0)
        clipped = seen != tuple(given)
        self.counters['clipped'] += clipped
        if self._model.dynamics.set_point(*seen) is None:
            return self._refused('below_gate', f'confidence {seen[2]:g} is too small')
        stamp_s, future = self._placed(asked_s)
        if stamp_s is None:
            return self._refused('late', f'observation older than {HISTORY_S:g} s')
        if not self._history.has_room(stamp_s):
            return self._refused('crowded', f'an observation: {COUNTERS["crowded"]}')
        if not self._history.add_observation(stamp_s, *seen):
            return self._refused('duplicate', 'an observation with this stamp is known')
        self.counters['observed'] += 1
        self._history.run(self._now_s)
        return Outcome(True, 'observed', stamp_s, clipped=clipped, future=future)

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
        self._history.run(now_s)
        self._history.forget(now_s)

    def read(self, now_s: float) -> Reading:
        """
        The state at `now_s`.

        Args:
            now_s: s.

        Raises:
            ValueError: if `now_s` is not finite.
        """
        self.advance(now_s)
        self._history.catch_up(now_s)
        state = self._history.state_at(now_s)
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

    def clock_jumped(self, from_s: float, to_s: float) -> None:
        """
        The clock was set from `from_s` to `to_s`; a jump forward needs nothing.

        After a jump back the state is as before it, and what was to begin or end still does
        so after the same time. Seen stamps, refractory times and the history are forgotten.

        Args:
            from_s: last time before the jump, s.
            to_s: first time after it, s.

        Raises:
            ValueError: if one is not finite.
        """
        if _checked_clock(to_s) >= self._now_s:
            return
        from_s = max(_checked_clock(from_s), self._now_s)
        self._history.run(from_s)
        self._history = self._history.shifted(from_s, to_s)
        self._now_s = to_s
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
        self._history.use_model(self._now_s, self._model)
        self._history.run(self._now_s)

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
        The state as a mapping for JSON, without loss.

        Args:
            now_s: s.
            wall_time_s: seconds since the epoch, by the clock that goes on while the robot is off.
        """
        self.advance(now_s)
        self._history.settle(now_s)
        return snapshots.to_mapping(self._history.state_at(now_s), wall_time_s)

    def restore(self, snapshot: Mapping[str, Any], now_s: float, wall_time_s: float) -> list[str]:
        """
        Go on from a snapshot as if the engine had run since. One that is older than
        `snapshot.max_age_s` is not used: the robot starts at rest.

        Args:
            snapshot: from `snapshot`, possibly of another version or configuration.
            now_s: s.
            wall_time_s: seconds since the epoch.

        Returns:
            What could not be used, one sentence each, for the log.
        """
        self._now_s = _checked_clock(now_s)
        state, problems = snapshots.from_mapping(snapshot, self._model, now_s, wall_time_s)
        try:
            self._begin(state)
            self._history.run(now_s)
            state = self._history.state_at(now_s)
        except ArithmeticError as error:
            problems.append(f'gives no state ({error}): starts at rest')
            state = State.resting(self._model, now_s)
        if not all(map(math.isfinite, (*state.y, *state.mood))):
            problems.append('gives no finite state: starts at rest')
            state = State.resting(self._model, now_s)
        self._begin(state)
        return problems

    def memory(self, now_s: float) -> dict[str, Any]:
        """
        All that the engine knows as a mapping for JSON, to go on from it to the bit.

        Args:
            now_s: s.
        """
        self.advance(now_s)
        self._history.settle(now_s)
        return memories.to_mapping(self._history, self._model, now_s)

    def recall(self, memory: Mapping[str, Any]) -> None:
        """
        Go on where another engine stood, on the same clock; the counters stay.

        Args:
            memory: from `memory` of that engine.

        Raises:
            UnreadableMemory: if it is none, or of another version.
        """
        self._history, self._model, self._now_s = memories.from_mapping(memory, self.counters)
        self.config = self._model.config
        self._history.run(self._now_s)

    def _placed(self, stamp_s: float) -> tuple[float | None, bool]:
        """The stamp at which an event counts, None if too old; and if it was too far ahead."""
        if stamp_s == 0.0:
            return self._now_s, False
        if stamp_s > self._now_s + FUTURE_S:
            self.counters['future'] += 1
            return self._now_s, True
        if stamp_s < self._now_s - HISTORY_S:
            return None, False
        return max(stamp_s, self._history.start_s), False

    def _refused(self, reason: str, detail: str) -> Outcome:
        self.counters[reason] += 1
        return Outcome(False, reason, detail=detail)


def _bounded(
    stimulus: Stimulus, intensity: float, duration_s: float, source: str
) -> tuple[Arrival, bool]:
    """A stimulus as it enters the log, and whether something had to be clipped."""
    length_s = stimulus.duration_s if duration_s < 0.0 else min(duration_s, SPAN_S.high)
    strength = _clip(intensity, 0.0, 1.0)
    clipped = strength != intensity or duration_s > SPAN_S.high
    flowing_s = length_s if length_s >= SHORTEST_INFUSION_S else 0.0
    return Arrival(stimulus, strength, flowing_s, source), clipped


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
