# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Everything that an engine knows, as a mapping for JSON, to go on from it to the bit.

A snapshot is for a restart on another clock, possibly with other software. A memory is for the
same clock: it keeps stamps, the events of the last seconds that late ones can still change, and
the configurations they act under. Floats survive JSON bit by bit.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from emotion_agent.neuromodulation.arrivals import Arrival, Instant
from emotion_agent.neuromodulation.config import load
from emotion_agent.neuromodulation.history import History
from emotion_agent.neuromodulation.sections import Stimulus
from emotion_agent.neuromodulation.state import (
    Cause,
    Delivery,
    Habituation,
    HeldObservation,
    Infusion,
    Model,
    State,
)

VERSION = 1


class UnreadableMemory(ValueError):
    """A mapping that is no memory of this version."""


class Models:
    """The configurations of a memory, each once, by number."""

    def __init__(self, mappings: list[Mapping[str, Any]] | None = None) -> None:
        self.mappings = list(mappings or [])
        self._models = [Model(load(mapping)) for mapping in self.mappings]

    def number(self, model: Model) -> int:
        """The number of a model, which is added if it is new."""
        for number, known in enumerate(self._models):
            if known is model:
                return number
        self._models.append(model)
        self.mappings.append(model.config.as_mapping())
        return len(self._models) - 1

    def __getitem__(self, number: int) -> Model:
        return self._models[number]


def to_mapping(history: History, model: Model, now_s: float) -> dict[str, Any]:
    """The memory of an engine that stands at `now_s` and goes on under `model`."""
    models = Models()
    return {
        'version': VERSION,
        'now_s': now_s,
        'model': models.number(model),
        'state': _state_mapping(history.first, models),
        'instants': [
            _instant_mapping(stamp_s, instant, models) for stamp_s, instant in history.instants()
        ],
        'configurations': models.mappings,
    }


def from_mapping(
    memory: Mapping[str, Any], counters: Counter[str]
) -> tuple[History, Model, float]:
    """
    The history, the model and the time of a memory.

    Args:
        memory: from `to_mapping`.
        counters: of the engine that goes on.

    Raises:
        UnreadableMemory: if it is none, or of another version.
    """
    if memory.get('version') != VERSION:
        raise UnreadableMemory(f'expected version {VERSION}, got {memory.get("version")!r}')
    try:
        models = Models(memory['configurations'])
        state = _state(memory['state'], models)
        instants = {item['stamp_s']: _instant(item, models) for item in memory['instants']}
        return History(state, counters, instants), models[memory['model']], memory['now_s']
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise UnreadableMemory(f'cannot be understood: {error!r}') from error


def _state_mapping(state: State, models: Models) -> dict[str, Any]:
    return {
        'stamp_s': state.stamp_s,
        'model': models.number(state.model),
        'y': state.y,
        'mood': state.mood,
        'name': state.name,
        'name_since_s': state.name_since_s,
        'hold_until_s': state.hold_until_s if math.isfinite(state.hold_until_s) else None,
        'deliveries': [
            {**item._asdict(), 'stimulus': asdict(item.stimulus)} for item in state.deliveries
        ],
        'infusions': [item._asdict() for item in state.infusions],
        'held': state.held and state.held._asdict(),
        'habituation': {name: item._asdict() for name, item in state.habituation.items()},
        'last_accepted': dict(state.last_accepted),
        'cause': state.cause._asdict(),
        'observation_stamp_s': state.observation_stamp_s,
    }


def _state(mapping: Mapping[str, Any], models: Models) -> State:
    model = models[mapping['model']]
    infusions = tuple(
        Infusion(**{**item, 'rates': tuple(item['rates'])}) for item in mapping['infusions']
    )
    held = mapping['held'] and HeldObservation(
        **{**mapping['held'], 'set_point': tuple(mapping['held']['set_point'])}
    )
    hold_until_s = mapping['hold_until_s']
    state = State(
        stamp_s=mapping['stamp_s'],
        model=model,
        y=tuple(mapping['y']),
        mood=tuple(mapping['mood']),
        flow=model.dynamics.resting_flow,
        name=mapping['name'],
        name_since_s=mapping['name_since_s'],
        hold_until_s=-math.inf if hold_until_s is None else hold_until_s,
        deliveries=tuple(
            Delivery(**{**item, 'stimulus': _stimulus(item['stimulus'])})
            for item in mapping['deliveries']
        ),
        infusions=infusions,
        held=held,
        habituation={name: Habituation(**item) for name, item in mapping['habituation'].items()},
        last_accepted=mapping['last_accepted'],
        cause=Cause(**mapping['cause']),
        observation_stamp_s=mapping['observation_stamp_s'],
    )
    return state.flowing()


def _instant_mapping(stamp_s: float, instant: Instant, models: Models) -> dict[str, Any]:
    return {
        'stamp_s': stamp_s,
        'stimuli': [asdict(arrival) for arrival in instant.stimuli.values()],
        'observation': instant.observation,
        'model': instant.model and models.number(instant.model),
    }


def _instant(mapping: Mapping[str, Any], models: Models) -> Instant:
    arrivals = [
        Arrival(**{**item, 'stimulus': _stimulus(item['stimulus'])}) for item in mapping['stimuli']
    ]
    number = mapping['model']
    return Instant(
        stimuli={arrival.stimulus.name: arrival for arrival in arrivals},
        observation=mapping['observation'] and tuple(mapping['observation']),
        model=None if number is None else models[number],
    )


def _stimulus(mapping: Mapping[str, Any]) -> Stimulus:
    return Stimulus(**{**mapping, 'doses': tuple(mapping['doses'])})
