# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
The state as a mapping, so that a robot starts in the state in which it was switched off.

A snapshot holds ages and remaining times, never stamps: the clock may be another one after the
restart. Floats survive JSON bit by bit.
"""

import math
from collections.abc import Mapping
from typing import Any

from emotion_agent.neuromodulation.dominance import NAMES, NO_EMOTION
from emotion_agent.neuromodulation.names import MODULATORS, ZEROS, ModulatorVector
from emotion_agent.neuromodulation.outcome import MOST_EFFECTS
from emotion_agent.neuromodulation.sections import FASTEST_RATE, SPAN_S
from emotion_agent.neuromodulation.state import (
    Delivery,
    Habituation,
    HeldObservation,
    Infusion,
    Model,
    State,
)
from node_kit.limits import NAME_CHARACTERS, cut, shown

VERSION = 1
LONGEST_AGE_S = 1e9  # of what is kept


def to_mapping(state: State, wall_time_s: float) -> dict[str, Any]:
    """`state` as a mapping for JSON, at `wall_time_s` seconds since the epoch."""
    now_s = state.stamp_s
    return {
        'version': VERSION,
        'wall_time_s': wall_time_s,
        'modulators': list(MODULATORS),
        'y': list(state.y),
        'mu': list(state.mood),
        'habituation': {
            name: [habituation.level, now_s - habituation.stamp_s]
            for name, habituation in state.habituation.items()
        },
        'infusions': [
            {'name': item.name, 'rates': list(item.rates), 'remaining_s': item.end_s - now_s}
            for item in state.infusions
        ],
        'pending': [
            {
                'name': item.name,
                'intensity': item.intensity,
                'duration_s': item.duration_s,
                'delay_s': item.at_s - now_s,
                'source': item.source,
            }
            for item in state.deliveries
        ],
        'empathy': state.held
        and {'e': list(state.held.set_point), 'age_s': now_s - state.held.stamp_s},
        'dominant': NAMES[state.name],
        'dominant_age_s': now_s - state.name_since_s,
        'config_sha256': state.model.config.sha256,
    }


def from_mapping(
    snapshot: Mapping[str, Any], model: Model, now_s: float, wall_time_s: float
) -> tuple[State, list[str]]:
    """
    The state of a snapshot, on the clock of the engine, at the time at which it was made.

    Args:
        snapshot: as from `to_mapping`; whatever in it cannot be used is left at rest.
        model: the configuration to go on with.
        now_s: s, on the clock of the engine.
        wall_time_s: seconds since the epoch.

    Returns:
        The state, stamped `now_s` minus the time since the snapshot; and what could not be used.
    """
    reader = _Reader(snapshot)
    off_s = wall_time_s - reader.number(snapshot, 'wall_time_s', default=wall_time_s)
    if not 0.0 <= off_s < math.inf:
        reader.problems.append(f'switched off for {off_s!r} s by the wall clock: taken as 0 s')
        off_s = 0.0
    if off_s > model.config.snapshot.max_age_s:
        reader.problems.append(
            f'off for {off_s:g} s, longer than snapshot.max_age_s: starts at rest'
        )
        return State.resting(model, now_s), reader.problems
    if snapshot.get('config_sha256') != model.config.sha256:
        reader.problems.append('made under another configuration: used where it still fits')
    return reader.state(model, now_s - off_s), reader.problems


class _Reader:
    """Reads what can be used of a snapshot, and notes the rest in `problems`."""

    def __init__(self, snapshot: Mapping[str, Any]) -> None:
        self.problems: list[str] = []
        self._snapshot = snapshot
        self._modulators = self._list(snapshot, 'modulators')

    def state(self, model: Model, stamp_s: float) -> State:
        snapshot = self._snapshot
        since_s = stamp_s - self._age(snapshot, 'dominant_age_s')
        dominant = snapshot.get('dominant')
        held = self._held(model, stamp_s)
        infusions = self._infusions(stamp_s)
        state = State(
            stamp_s=stamp_s,
            model=model,
            y=self._vector(snapshot, 'y'),
            mood=self._vector(snapshot, 'mu'),
            flow=model.dynamics.flow(
                (infusion.rates for infusion in infusions), held.set_point if held else ZEROS
            ),
            name=NAMES.index(dominant) if dominant in NAMES else NO_EMOTION,
            name_since_s=since_s,
            hold_until_s=since_s + model.rule.min_hold_s,
            deliveries=self._deliveries(model, stamp_s),
            infusions=infusions,
            held=held,
            habituation=self._habituation(model, stamp_s),
        )
        return state.under(model)

    def number(self, mapping: Mapping[str, Any], key: str, default: float = 0.0) -> float:
        return self._finite(mapping.get(key, default), key, default)

    def _finite(self, value: Any, where: str, default: float = 0.0) -> float:
        if is_finite(value):
            return float(value)
        self.problems.append(f'{where}: expected a finite number, got {shown(value)}: taken as 0')
        return default

    def _list(self, mapping: Mapping[str, Any], key: str) -> list[Any]:
        value = mapping.get(key, [])
        if isinstance(value, list):
            return value
        self.problems.append(f'{key}: expected a list, got {shown(value)}: left out')
        return []

    def _effects(self, key: str) -> list[Mapping[str, Any]]:
        """What flows or is still to come, at most `MOST_EFFECTS` of it."""
        items = [item for item in self._list(self._snapshot, key) if isinstance(item, Mapping)]
        if len(items) > MOST_EFFECTS:
            self.problems.append(f'{key}: {len(items)} of them: only {MOST_EFFECTS} are taken')
        return items[:MOST_EFFECTS]

    def _span(self, mapping: Mapping[str, Any], key: str) -> float:
        """A time that is still to come, s."""
        return max(0.0, min(SPAN_S.high, self.number(mapping, key)))

    def _age(self, mapping: Mapping[str, Any], key: str) -> float:
        """How long ago something was, s."""
        return max(0.0, min(LONGEST_AGE_S, self.number(mapping, key)))

    def _vector(self, mapping: Mapping[str, Any], key: str) -> ModulatorVector:
        """Numbers of the snapshot's modulators in today's order; unknown ones are left out."""
        named = dict(zip(map(str, self._modulators), self._list(mapping, key), strict=False))
        return tuple(self._finite(named.get(name, 0.0), f'{key}.{name}') for name in MODULATORS)

    def _held(self, model: Model, stamp_s: float) -> HeldObservation | None:
        empathy = self._snapshot.get('empathy')
        if not isinstance(empathy, Mapping):
            return None
        seen = stamp_s - self._age(empathy, 'age_s')
        set_point = tuple(max(-1.0, min(1.0, part)) for part in self._vector(empathy, 'e'))
        return HeldObservation(seen + model.config.empathy.timeout_s, seen, set_point)

    def _infusions(self, stamp_s: float) -> tuple[Infusion, ...]:
        return tuple(
            Infusion(
                stamp_s + self._span(item, 'remaining_s'),
                cut(str(item.get('name', '')), NAME_CHARACTERS),
                tuple(
                    max(-FASTEST_RATE, min(FASTEST_RATE, rate))
                    for rate in self._vector(item, 'rates')
                ),
            )
            for item in self._effects('infusions')
        )

    def _deliveries(self, model: Model, stamp_s: float) -> tuple[Delivery, ...]:
        known = [
            item
            for item in self._effects('pending')
            if isinstance(item.get('name'), str) and item['name'] in model.config.stimuli
        ]
        return tuple(
            Delivery(
                at_s=stamp_s + self._span(item, 'delay_s'),
                name=item['name'],
                stimulus=model.config.stimuli[item['name']],
                intensity=max(0.0, min(1.0, self.number(item, 'intensity'))),
                duration_s=self._span(item, 'duration_s'),
                source=cut(str(item.get('source', '')), NAME_CHARACTERS),
            )
            for item in known
        )

    def _habituation(self, model: Model, stamp_s: float) -> dict[str, Habituation]:
        entries = self._snapshot.get('habituation')
        if not isinstance(entries, Mapping):
            return {}
        habituation = {}
        for name, entry in entries.items():
            stimulus = model.config.stimuli.get(name)
            if stimulus and isinstance(entry, list) and len(entry) == 2:
                level = max(0.0, self._finite(entry[0], f'habituation.{name}'))
                age_s = max(0.0, min(LONGEST_AGE_S, self._finite(entry[1], f'habituation.{name}')))
                half_life_s = stimulus.habituation_half_life_s * model.config.time_scale
                habituation[name] = Habituation(level, stamp_s - age_s, half_life_s)
        return habituation


def is_finite(value: Any) -> bool:
    """Whether a value is a number that a float can hold."""
    try:
        return isinstance(value, (int, float)) and math.isfinite(value)
    except OverflowError:  # an integer
        return False
