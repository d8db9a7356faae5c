# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The state at one instant, immutable, and the states that events make of it."""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from emotion_agent.neuromodulation.config import EmotionConfig
from emotion_agent.neuromodulation.dominance import NO_EMOTION, DominanceRule
from emotion_agent.neuromodulation.dynamics import Dynamics, Flow
from emotion_agent.neuromodulation.names import ZEROS, EmotionVector, ModulatorVector
from emotion_agent.neuromodulation.readout import Readout
from emotion_agent.neuromodulation.sections import Stimulus

STRONG_DOSE = 0.5  # from this dose on, a stimulus changes the name in spite of the hold time


class Model:
    """One configuration with the constants computed from it."""

    def __init__(self, config: EmotionConfig) -> None:
        self.config = config
        self.dynamics = Dynamics(config)
        self.readout = Readout(config)
        self.rule = DominanceRule(config)


class Delivery(NamedTuple):
    """An accepted stimulus whose effect is still to come."""

    at_s: float  # when it takes effect, s
    name: str
    stimulus: Stimulus
    intensity: float  # [0, 1]
    duration_s: float  # 0 = at once
    source: str


class Infusion(NamedTuple):
    """Doses that are flowing."""

    end_s: float  # s
    name: str
    rates: ModulatorVector  # 1/s


class HeldObservation(NamedTuple):
    """The newest observation of a human."""

    until_s: float  # s
    stamp_s: float  # s
    set_point: ModulatorVector


class Habituation(NamedTuple):
    """Habituation to one stimulus: its doses are multiplied by 2^-level."""

    level: float  # at `stamp_s`
    stamp_s: float  # s
    half_life_s: float

    def at(self, stamp_s: float) -> float:
        """The level that is left at `stamp_s`."""
        return self.level * 2.0 ** (-max(0.0, stamp_s - self.stamp_s) / self.half_life_s)


class Cause(NamedTuple):
    """The stimulus that last changed the state."""

    stamp_s: float | None  # when it took effect, s
    name: str
    source: str


class State(NamedTuple):
    """Everything that the future depends on, at one instant."""

    stamp_s: float  # s
    model: Model
    y: ModulatorVector
    mood: ModulatorVector
    flow: Flow  # the motion from here on
    name: int  # index into `NAMES`
    name_since_s: float  # s
    hold_until_s: float  # no change of name before this, s
    deliveries: tuple[Delivery, ...] = ()
    infusions: tuple[Infusion, ...] = ()
    held: HeldObservation | None = None
    habituation: Mapping[str, Habituation] = {}
    last_accepted: Mapping[str, float] = {}  # stimulus name -> stamp, for the refractory time
    cause: Cause = Cause(None, '', '')
    observation_stamp_s: float | None = None
    calm: float = 0.0  # so far may every emotion move before the name can change

    @classmethod
    def resting(cls, model: Model, stamp_s: float) -> 'State':
        """The state at rest, before any event."""
        activation = model.readout.activation(ZEROS, ZEROS)
        name = model.rule.choose(model.readout.emotions(activation), NO_EMOTION)
        return cls(
            stamp_s, model, ZEROS, ZEROS, model.dynamics.resting_flow, name, stamp_s, -math.inf
        )

    def emotions_at(self, stamp_s: float) -> EmotionVector:
        """Strength of each emotion at `stamp_s` if nothing happens before."""
        y, mood = self.flow.after(stamp_s - self.stamp_s, self.y, self.mood)
        readout = self.model.readout
        return readout.emotions(readout.activation(y, mood))

    def next_instant(self) -> float:
        """When something begins or ends by itself, s; infinite if nothing does."""
        next_s = self.held.until_s if self.held else math.inf
        for delivery in self.deliveries:
            next_s = min(next_s, delivery.at_s)
        for infusion in self.infusions:
            next_s = min(next_s, infusion.end_s)
        return next_s

    @property
    def effects(self) -> int:
        """How many stimuli flow or are still to take effect."""
        return len(self.infusions) + len(self.deliveries)

    def is_refractory(self, stimulus: Stimulus, stamp_s: float) -> bool:
        """Whether `stimulus` comes too soon after its last accepted repetition."""
        last = self.last_accepted.get(stimulus.name)
        return last is not None and stamp_s - last < stimulus.refractory_s

    def accepting(self, delivery: Delivery) -> 'State':
        """The state with one more effect to come."""
        return self._replace(
            deliveries=(*self.deliveries, delivery),
            last_accepted={**self.last_accepted, delivery.name: self.stamp_s},
        )

    def observing(self, valence: float, arousal: float, confidence: float) -> 'State':
        """The state with a new observation of a human, which replaces the one before."""
        set_point = self.model.dynamics.set_point(valence, arousal, confidence)
        until_s = self.stamp_s + self.model.config.empathy.timeout_s
        return self._replace(
            held=HeldObservation(until_s, self.stamp_s, set_point or ZEROS),
            observation_stamp_s=self.stamp_s,
        )

    def under(self, model: Model) -> 'State':
        """The same state under another configuration."""
        within = model.dynamics.within_capacity
        limit = model.config.mood.gain * model.config.capacity
        return self._replace(
            model=model,
            calm=0.0,
            y=tuple(map(within, self.y)),
            mood=tuple(max(-limit, min(limit, mood)) for mood in self.mood),
        )

    def settled(self) -> 'State':
        """The state after all that begins or ends at its instant, with its further motion."""
        if self.next_instant() > self.stamp_s:
            return self.flowing()._renamed(at_once=False)
        due = [delivery for delivery in self.deliveries if delivery.at_s <= self.stamp_s]
        later = tuple(delivery for delivery in self.deliveries if delivery.at_s > self.stamp_s)
        running = tuple(infusion for infusion in self.infusions if infusion.end_s > self.stamp_s)
        held = self.held if self.held and self.held.until_s > self.stamp_s else None
        state = self._replace(deliveries=later, infusions=running, held=held)
        batch = _batch(due)
        return state._delivering(batch).flowing()._renamed(at_once=_any_strong(batch))

    def _delivering(self, batch: list[Delivery]) -> 'State':
        if not batch:
            return self
        boluses, infusions, habituation = [], list(self.infusions), dict(self.habituation)
        for delivery in batch:
            dose, habituation[delivery.name] = self._effective_dose(delivery)
            if delivery.duration_s > 0.0:
                rates = tuple(part / delivery.duration_s for part in dose)
                infusions.append(
                    Infusion(self.stamp_s + delivery.duration_s, delivery.name, rates)
                )
            else:
                boluses.append(dose)
        newest = max(batch, key=lambda delivery: delivery.intensity)
        return self._replace(
            y=self.model.dynamics.after_bolus(self.y, boluses) if boluses else self.y,
            infusions=tuple(infusions),
            habituation=habituation,
            calm=0.0,
            cause=Cause(self.stamp_s, newest.name, newest.source),
        )

    def _effective_dose(self, delivery: Delivery) -> tuple[ModulatorVector, Habituation]:
        """The doses after habituation, and the habituation afterwards."""
        stimulus = delivery.stimulus
        half_life_s = stimulus.habituation_half_life_s * self.model.config.time_scale
        before = self.habituation.get(delivery.name)
        level = before.at(self.stamp_s) if before else 0.0
        strength = delivery.intensity * 2.0**-level
        raised = level + stimulus.habituation_step * delivery.intensity
        dose = tuple(strength * part for part in stimulus.doses)
        return dose, Habituation(raised, self.stamp_s, half_life_s)

    def flowing(self) -> 'State':
        """The state with the motion that its infusions and its observation give."""
        rates = [infusion.rates for infusion in self.infusions]
        set_point = self.held.set_point if self.held else ZEROS
        flow = self.model.dynamics.flow(rates, set_point)
        return self if flow is self.flow else self._replace(flow=flow)

    def _renamed(self, at_once: bool) -> 'State':
        """The state with the name chosen anew, because something happened."""
        if self.calm > 0.0 or (self.stamp_s < self.hold_until_s and not at_once):
            return self
        rule, emotions = self.model.rule, self.emotions_at(self.stamp_s)
        name = rule.choose(emotions, self.name)
        state = self._replace(calm=rule.calm(emotions, name))
        if name == self.name:
            return state
        hold_until_s = self.stamp_s + rule.min_hold_s
        return state._replace(name=name, name_since_s=self.stamp_s, hold_until_s=hold_until_s)

    def shifted(self, shift_s: float) -> 'State':
        """
        The state on a clock that was set forward by `shift_s`, s; back if negative.

        Ages and remaining times stay. The stamps that serve to recognise repetitions are
        forgotten, as a recording that starts again brings them again.
        """
        return self._replace(
            stamp_s=self.stamp_s + shift_s,
            name_since_s=self.name_since_s + shift_s,
            hold_until_s=self.hold_until_s + shift_s,
            deliveries=tuple(d._replace(at_s=d.at_s + shift_s) for d in self.deliveries),
            infusions=tuple(i._replace(end_s=i.end_s + shift_s) for i in self.infusions),
            held=self.held
            and self.held._replace(
                until_s=self.held.until_s + shift_s, stamp_s=self.held.stamp_s + shift_s
            ),
            habituation={
                name: h._replace(stamp_s=h.stamp_s + shift_s)
                for name, h in self.habituation.items()
            },
            last_accepted={},
            cause=self.cause
            if self.cause.stamp_s is None
            else self.cause._replace(stamp_s=self.cause.stamp_s + shift_s),
            observation_stamp_s=None,
        )


def _batch(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Deliveries of one instant: of each name the strongest, sorted by name."""
    strongest: dict[str, Delivery] = {}
    for delivery in sorted(deliveries, key=lambda d: (d.intensity, d.duration_s)):
        strongest[delivery.name] = delivery
    return [strongest[name] for name in sorted(strongest)]


def _any_strong(batch: list[Delivery]) -> bool:
    return any(abs(dose) >= STRONG_DOSE for delivery in batch for dose in delivery.stimulus.doses)
