# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""All problems stand side by side, and old ones do not warn for ever."""

from node_kit import Diagnosis
from node_kit.diagnostics import LatencyMeter, RateMeter, RecentGrowth


def test_problems_of_all_levels_are_reported_the_worst_first():
    diagnosis = Diagnosis('x')
    for text in ('disk full', 'late images'):
        diagnosis.warn(text)

    assert diagnosis.message == 'disk full; late images'
    diagnosis.error('no bus')
    diagnosis.warn('late again')
    assert diagnosis.message == 'no bus; disk full; late images; late again'


def test_only_what_grew_lately_is_recent(monkeypatch):
    now = [100.0]
    monkeypatch.setattr('node_kit.diagnostics.monotonic', lambda: now[0])
    growth = RecentGrowth(window_s=60.0)

    assert growth.of({'late': 0, 'unknown': 2}) == {'unknown': 2}
    now[0] += 59.0
    assert growth.of({'late': 1, 'unknown': 2}) == {'unknown': 2, 'late': 1}
    now[0] += 2.0
    assert growth.of({'late': 1, 'unknown': 2}) == {'late': 1}


def test_counters_that_began_anew_warn_only_of_what_grew_since():
    growth = RecentGrowth()
    assert growth.of({'late': 0, 'unknown': 2, 'invalid': 4}) == {'unknown': 2, 'invalid': 4}

    assert growth.of({'late': 0, 'unknown': 0, 'invalid': 1}) == {'invalid': 1}
    assert growth.of({'late': 0, 'unknown': 1}) == {'unknown': 1}


def test_rate_and_age(monkeypatch):
    now = [100.0]
    monkeypatch.setattr('node_kit.diagnostics.monotonic', lambda: now[0])
    meter = RateMeter(window_s=2.0)
    assert (meter.hz, meter.age_s) == (0.0, None)

    for _ in range(10):
        now[0] += 0.1
        meter.tick()

    assert meter.hz == 5.0
    now[0] += 1.5
    assert meter.age_s == 1.5
    assert meter.count == 10


def test_percentiles_of_nothing_and_of_something():
    meter = LatencyMeter()
    assert meter.percentiles('x') == {}

    for value in range(101):
        meter.add(value)

    assert meter.percentiles('x') == {'x_p50_ms': 50.0, 'x_p95_ms': 95.0}
