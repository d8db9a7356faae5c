# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Emotion state: time of advance + readout, beside explicit Euler steps of the same equations.

Euler takes steps of 1 ms from one readout to the next, as an engine does that integrates at a
fixed rate. For the accuracy both live through a bolus, an infusion and the time after them.
"""

import statistics
import time

import numpy as np

from emotion_agent.logic import AFFECT, FACE, HEADER, TIME
from emotion_agent.logic.emotion_state import TABLE, StateKeeper
from emotion_agent.neuromodulation import EmotionEngine, load
from emotion_agent.neuromodulation.dynamics import Dynamics
from emotion_agent.replay.messages import BagMessages
from node_kit.settings import checked
from node_kit.time import stamp_fields

BUDGET_US = 50.0
START_NS = 1_700_000_000_000_000_000
STEP_S = 0.001
TICK_S = 0.1  # the rate at which the node publishes


class Euler:
    """The equations of `Dynamics` integrated by explicit steps, on NumPy arrays."""

    def __init__(self, config):
        self._dynamics = Dynamics(config)
        self._rates = np.array(self._dynamics.rates)
        self._cross_inhibition = np.array(config.cross_inhibition)
        self.y = np.zeros(7)
        self.mood = np.zeros(7)
        self._inflows = []  # (rates, steps left)

    def bolus(self, doses):
        self.y = np.array(self._dynamics.after_bolus(tuple(self.y), [doses]))

    def infuse(self, doses, duration_s):
        self._inflows.append([np.array(doses) / duration_s, round(duration_s / STEP_S)])

    def step(self):
        inflow = sum((rates for rates, _ in self._inflows), np.zeros(7))
        magnitude = sum((abs(rates) for rates, _ in self._inflows), np.zeros(7))
        rate = self._rates + self._cross_inhibition @ magnitude
        slope = self._dynamics.mood_rate * (self._dynamics.mood_gain * self.y - self.mood)
        self.y = self.y + STEP_S * (inflow - rate * self.y)
        self.mood = self.mood + STEP_S * slope
        for running in self._inflows:
            running[1] -= 1
        self._inflows = [running for running in self._inflows if running[1] > 0]


def timed(call, repetitions):
    """Median time of one call, µs."""
    durations = []
    for _ in range(repetitions):
        started = time.perf_counter()
        call()
        durations.append(time.perf_counter() - started)
    return 1e6 * statistics.median(durations)


def accuracy(config):
    """Largest error of Euler against the closed form over a minute of praise and a low battery."""
    engine, euler = EmotionEngine(config, now_s=1000.0), Euler(config)
    engine.stimulate('praise', now_s=1000.0)
    euler.bolus(config.stimuli['praise'].doses)
    engine.stimulate('low_battery', now_s=1005.0)
    for step in range(60_000):
        if step == 5_000:
            battery = config.stimuli['low_battery']
            euler.infuse(battery.doses, battery.duration_s)
        euler.step()
    exact = engine.read(1060.0)
    return max(np.abs(euler.y - exact.deviation).max(), np.abs(euler.mood - exact.mood).max())


def tick_time(config, prepare):
    """Time of one tick of the node after `prepare`, µs."""
    engine = EmotionEngine(config, now_s=1000.0)
    prepare(engine)
    ticks = iter(range(1, 1_000_000))
    return timed(lambda: engine.read(1000.0 + TICK_S * next(ticks)), 5000)


def event_time(config):
    """Time of one stimulus and the readout that it triggers, µs."""
    engine = EmotionEngine(config, now_s=1000.0)
    ticks = iter(range(1, 1_000_000))

    def event():
        now_s = 1000.0 + TICK_S * next(ticks)
        engine.stimulate('novelty', 0.5, stamp_s=now_s - 0.02, now_s=now_s)
        engine.read(now_s)

    return timed(event, 5000)


def observers_share(ages_s, seconds=12.0, hz=100):
    """Share of a core that observers take who report so often what they saw so long ago."""
    make = BagMessages().make
    now_ns = [START_NS - 20 * 10**9]
    keeper = StateKeeper(checked(TABLE, {}), make, lambda: now_ns[0], *[lambda *_: None] * 4)
    started = time.process_time()
    for frame in range(round(seconds * hz)):
        now_ns[0] = START_NS + frame * 10**9 // hz
        for age_s in ages_s:
            stamp = make(TIME, **stamp_fields(now_ns[0] - round(age_s * 1e9)))
            valence = 0.01 * (frame % 20)
            face = make(FACE, face_id='a', valence=valence, arousal=0.2, confidence=0.9)
            keeper.observe(make(AFFECT, header=make(HEADER, stamp=stamp), faces=[face]))
        if frame % round(hz * TICK_S) == 0:
            keeper.tick()
    return (time.process_time() - started) / seconds


def main():
    config = load()
    fading = tick_time(config, lambda engine: engine.stimulate('praise', now_s=1000.0))
    flowing = tick_time(
        config, lambda engine: engine.stimulate('praise', duration_s=1e5, now_s=1000.0)
    )
    euler = Euler(config)
    euler.bolus(config.stimuli['praise'].doses)
    step = timed(euler.step, 5000)
    print(f'advance + readout, dissolving: {fading:7.1f} µs (budget {BUDGET_US:g} µs)')
    print(f'advance + readout, infusion:   {flowing:7.1f} µs')
    print(f'stimulus + readout:            {event_time(config):7.1f} µs')
    recent, late = observers_share((0.0, 0.001)), observers_share((9.0, 5.001))
    print(f'two observers at 100 Hz:       {recent:7.1%} of a core')
    print(f'the same, 9 s and 5 s late:    {late:7.1%} of a core')
    steps = round(TICK_S / STEP_S)
    print(f'Euler at 1 ms, same span:      {steps * step:7.1f} µs without readout ({steps} steps)')
    print(f'Euler is slower by             {steps * step / fading:7.1f} times')
    print(f'Euler is wrong by up to        {accuracy(config):10.1e} after a minute')


if __name__ == '__main__':
    main()
