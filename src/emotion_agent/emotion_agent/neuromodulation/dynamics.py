# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
How the modulators move: exact solutions between events, jumps at events.

Between events the deviation `y` from rest and the mood `mu` of each modulator obey

    dy/dt  = -k y + rho + alpha k0 e            k = alpha k0 + sum_n chi_n |rho|_n
    dmu/dt = kappa (g y - mu)

with constant coefficients, so they are written down in closed form: there is no step size, and
one long advance equals a thousand short ones up to rounding. Mood never acts on the deviation;
that keeps the system triangular and the solution exact.
"""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import mul

from emotion_agent.neuromodulation.config import EmotionConfig
from emotion_agent.neuromodulation.names import MODULATORS, ZEROS, ModulatorVector
from emotion_agent.neuromodulation.outcome import MOST_EVENTS

# Rate k, target, k minus the rate of mood, weight of the transient and of the target in mood.
_Term = tuple[float, float, float, float, float]


class Flow:
    """The motion of all modulators while inflow and set-point stay as they are."""

    def __init__(
        self, rates: Sequence[float], targets: Sequence[float], dynamics: 'Dynamics'
    ) -> None:
        """
        Args:
            rates: k, 1/s, each greater than the rate of the mood.
            targets: where each deviation would settle; beyond the capacity it stops there.
            dynamics: the constants shared by all flows.
        """
        kappa, gain = dynamics.mood_rate, dynamics.mood_gain
        self._mood_rate = kappa
        self._capacity = dynamics.capacity
        self._terms: tuple[_Term, ...] = tuple(
            (k, target, k - kappa, gain * kappa / (k - kappa), gain * target)
            for k, target in zip(rates, targets, strict=True)
        )
        self._mood_gain = gain
        self._overflowing = tuple(
            index for index, target in enumerate(targets) if abs(target) > dynamics.capacity
        )

    def after(
        self, elapsed_s: float, y: ModulatorVector, mood: ModulatorVector
    ) -> tuple[ModulatorVector, ModulatorVector]:
        """
        The deviation and the mood after a time without events.

        Args:
            elapsed_s: s; 0 or less returns the very same state.
            y: deviations, each within the capacity.
            mood: moods.
        """
        if elapsed_s <= 0.0:
            return y, mood
        new_y, new_mood = self._relaxed(self._terms, elapsed_s, y, mood)
        for index in self._overflowing:
            new_y[index], new_mood[index] = self._filled(
                self._terms[index], elapsed_s, y[index], mood[index]
            )
        return tuple(new_y), tuple(new_mood)

    def _relaxed(
        self,
        terms: Sequence[_Term],
        elapsed_s: float,
        y: Sequence[float],
        mood: Sequence[float],
    ) -> tuple[list[float], list[float]]:
        """Modulators on the way to their targets."""
        exp, expm1 = math.exp, math.expm1
        kept, gone = exp(-self._mood_rate * elapsed_s), expm1(-self._mood_rate * elapsed_s)
        new_y, new_mood = [], []
        for (k, target, excess, transient, settled), y0, mood0 in zip(terms, y, mood, strict=True):
            away = y0 - target
            caught_up = transient * away * expm1(-excess * elapsed_s)
            new_y.append(target + away * exp(-k * elapsed_s))
            new_mood.append(kept * (mood0 - caught_up) - settled * gone)
        return new_y, new_mood

    def _filled(self, term: _Term, elapsed_s: float, y: float, mood: float) -> tuple[float, float]:
        """One modulator whose target lies beyond the capacity: it stops at the capacity."""
        k, target = term[:2]
        limit = math.copysign(self._capacity, target)
        filling_s = max(0.0, math.log((y - target) / (limit - target)) / k)
        (rising,), (mood,) = self._relaxed((term,), min(elapsed_s, filling_s), (y,), (mood,))
        if elapsed_s <= filling_s:
            return rising, mood
        full_mood = self._mood_gain * limit
        kept = math.exp(-self._mood_rate * (elapsed_s - filling_s))
        return limit, full_mood + kept * (mood - full_mood)


class Dynamics:
    """The constants of one configuration, and the flows and jumps that they give."""

    def __init__(self, config: EmotionConfig) -> None:
        scale = config.time_scale
        self.capacity = config.capacity
        self.mood_gain = config.mood.gain
        self.mood_rate = math.log(2.0) / (config.mood.half_life_s * scale)
        self.rates = tuple(
            math.log(2.0) / (config.modulators[name].half_life_s * scale) for name in MODULATORS
        )
        self._cross_inhibition = config.cross_inhibition
        self._empathy = config.empathy
        self._lobes = tuple(
            (math.cos(math.radians(angle)), math.sin(math.radians(angle)), response)
            for angle, response in config.empathy.matrix
        )
        self.resting_flow = Flow(self.rates, ZEROS, self)
        # Late events let the states after them be computed again, mostly with the same motion.
        self._known_flow = lru_cache(MOST_EVENTS)(self._flow)
        self._known_set_point = lru_cache(MOST_EVENTS)(self._set_point)

    def flow(self, inflows: Iterable[ModulatorVector], set_point: ModulatorVector) -> Flow:
        """
        The motion under constant inflows and a set-point given by empathy.

        Args:
            inflows: rate of each active infusion, 1/s, signed.
            set_point: where empathy pulls each deviation; 0 = no pull.
        """
        inflows = tuple(inflows)
        if not inflows and set_point == ZEROS:
            return self.resting_flow
        return self._known_flow(inflows, set_point)

    def _flow(self, inflows: tuple[ModulatorVector, ...], set_point: ModulatorVector) -> Flow:
        net = [sum(column) for column in zip(ZEROS, *inflows, strict=True)]
        magnitude = [sum(map(abs, column)) for column in zip(ZEROS, *inflows, strict=True)]
        rates, targets = [], []
        for k, row, inflow, point in zip(
            self.rates, self._cross_inhibition, net, set_point, strict=True
        ):
            approach = k * self._empathy.attack if point else k
            rate = approach + _dot(row, magnitude)
            rates.append(rate)
            targets.append((inflow + approach * point) / rate)
        return Flow(rates, targets, self)

    def after_bolus(self, y: ModulatorVector, doses: Iterable[ModulatorVector]) -> ModulatorVector:
        """
        The deviations after doses given at one instant: first the cross-inhibition, then the sum.

        Args:
            y: deviations before.
            doses: effective doses of each stimulus, in an order that does not depend on arrival.
        """
        columns = tuple(zip(*doses, strict=True))
        magnitude = [sum(map(abs, column)) for column in columns]
        return tuple(
            self.within_capacity(y0 * math.exp(-_dot(row, magnitude)) + sum(column))
            for y0, row, column in zip(y, self._cross_inhibition, columns, strict=True)
        )

    def within_capacity(self, y: float) -> float:
        """`y` clipped to what a modulator can hold."""
        return max(-self.capacity, min(self.capacity, y))

    def set_point(
        self, valence: float, arousal: float, confidence: float
    ) -> ModulatorVector | None:
        """
        Where an observed human pulls the deviations.

        Args:
            valence: of the human, [-1, 1].
            arousal: of the human, [-1, 1].
            confidence: of the observation, [0, 1].

        Returns:
            Values in [-1, 1]; None where the confidence is too small to be an observation.
        """
        return self._known_set_point(valence, arousal, confidence)

    def _set_point(
        self, valence: float, arousal: float, confidence: float
    ) -> ModulatorVector | None:
        empathy = self._empathy
        gate = min((confidence - empathy.p_min) / (empathy.p_full - empathy.p_min), 1.0)
        if gate <= 0.0:
            return None
        total = [0.0] * len(MODULATORS)
        for cosine, sine, response in self._lobes:
            toward = max(0.0, valence * cosine + arousal * sine)
            total = [sum_ + toward * part for sum_, part in zip(total, response, strict=True)]
        return tuple(max(-1.0, min(1.0, empathy.gain * gate * value)) for value in total)


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(map(mul, left, right))
