# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""A long life: nothing drifts out of its bounds, and nothing is kept that is not needed."""

import math
import random
import time
import tracemalloc

import pytest

from emotion_agent.neuromodulation import EmotionEngine, load

START = 1.7e9
WILD = [math.nan, math.inf, -math.inf, 1e308, -3.0]


class RandomLife:
    """Events of every kind, some late, repeated, wild, or after a clock that was set back."""

    def __init__(self, seed):
        self.draw = random.Random(seed)
        self.engine = EmotionEngine(load(), START)
        self.names = sorted(self.engine.stimuli)
        self.now = START

    def go_on(self, events):
        for _ in range(events):
            self._happen()

    def _happen(self):
        draw = self.draw
        self.now += draw.expovariate(5.0)
        if draw.random() < 1e-4:
            self.now -= draw.uniform(0, 100)
        stamp_s = self.now - draw.choice([0, 0, 0, draw.expovariate(5.0), draw.uniform(-2, 12)])
        if draw.random() < 0.6:
            name = draw.choice(self.names) if draw.random() < 0.99 else 'unheard_of'
            duration_s = draw.choice([None, None, draw.uniform(0, 5)])
            self.engine.stimulate(
                name, self._number(0, 1), stamp_s=stamp_s, duration_s=duration_s, now_s=self.now
            )
        else:
            seen = self._number(-1, 1), self._number(-1, 1), self._number(0, 1)
            self.engine.observe(*seen, stamp_s=stamp_s, now_s=self.now)

    def _number(self, low, high):
        draw = self.draw
        return draw.choice(WILD) if draw.random() < 0.01 else draw.uniform(low, high)

    def assert_in_bounds(self):
        reading = self.engine.read(self.now)
        assert all(abs(y) <= 2 + 1e-12 for y in reading.deviation)
        assert all(abs(mood) <= 2 + 1e-12 for mood in reading.mood)
        assert all(0 < level < 1 for level in reading.levels)
        assert all(0 <= e <= 1 for e in (*reading.emotions, *reading.visible))
        assert math.hypot(reading.valence, reading.arousal) <= 1


def memory_after(life, events):
    life.go_on(events)
    life.assert_in_bounds()
    return tracemalloc.get_traced_memory()[0]


def test_memory_does_not_grow_with_age():
    life = RandomLife(seed=1)
    tracemalloc.start()
    try:
        young = max(memory_after(life, 100) for _ in range(3))
        old = min(memory_after(life, 100) for _ in range(6))
    finally:
        tracemalloc.stop()

    assert old < 1.5 * young


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_million_events():
    life = RandomLife(seed=2)
    tracemalloc.start()
    young = max(memory_after(life, 1000) for _ in range(10))
    tracemalloc.stop()

    started = time.perf_counter()
    for _ in range(1000):
        life.go_on(1000)
        life.assert_in_bounds()
    per_event_us = time.perf_counter() - started  # s for a million = µs for one

    tracemalloc.start()
    old = min(memory_after(life, 1000) for _ in range(10))
    tracemalloc.stop()
    print(f'\n{per_event_us:.0f} µs per event; {dict(life.engine.counters)}')
    assert old < 1.5 * young
