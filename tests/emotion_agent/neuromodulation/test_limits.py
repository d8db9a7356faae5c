# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""No number of events, and no field of one, sets how much time or memory the engine takes."""

import json
import math
import random

import pytest

from emotion_agent.neuromodulation import EmotionEngine, load, load_snapshot
from emotion_agent.neuromodulation.dynamics import Flow
from emotion_agent.neuromodulation.history import History
from emotion_agent.neuromodulation.outcome import (
    COUNTERS,
    HISTORY_S,
    LATE_BURST_S,
    LATE_STEPS_HZ,
    MOST_EFFECTS,
    MOST_EVENTS,
)
from emotion_agent.neuromodulation.sections import SPAN_S
from emotion_agent.neuromodulation.snapshot_file import SNAPSHOT_BYTES
from emotion_agent.neuromodulation.yaml_tree import ConfigError, read_yaml

START = 1.7e9
QUICK = {'doses': {'dopamine': 0.1}, 'duration_s': 3600, 'refractory_s': 0}
CONFIG = load(
    {'emotion': {'stimuli': {'flow': QUICK, 'sigh': {**QUICK, 'duration_s': 0, 'delay_s': 3600}}}}
)
HZ = 100


@pytest.fixture
def steps(monkeypatch):
    """How many states were computed, which is what costs."""
    counted = []
    real = History._stepped
    monkeypatch.setattr(
        History, '_stepped', lambda *arguments: counted.append(1) or real(*arguments)
    )
    return counted


def watch(engine, seconds, ages_s, name=None):
    """Let observers report `HZ` times a second what they saw so long ago; read after each."""
    for frame in range(round(seconds * HZ)):
        now_s = START + frame / HZ
        for observer, age_s in enumerate(ages_s):
            stamp_s = now_s - age_s + observer * 0.001
            if name is None:
                engine.observe(0.7, 0.01 * (frame % 20), 0.9, stamp_s=stamp_s, now_s=now_s)
            else:
                engine.stimulate(name, stamp_s=stamp_s, now_s=now_s)
            engine.read(now_s)
    return START + seconds


@pytest.mark.parametrize('name', [None, 'collision'])
def test_late_events_cost_what_recent_ones_do_and_a_bounded_rest(steps, name):
    seconds = 6.0
    watch(EmotionEngine(CONFIG, now_s=START - 20.0), seconds, (0.0, 0.0), name)
    recent = len(steps)
    steps.clear()
    watch(EmotionEngine(CONFIG, now_s=START - 20.0), seconds, (9.0, 5.0), name)

    assert len(steps) <= 2 * recent + LATE_STEPS_HZ * (seconds + LATE_BURST_S) + MOST_EVENTS


def report(engine, stamp_s, now_s):
    """Let an observer report what can be told by its stamp."""
    valence = 0.5 + 0.4 * math.sin(stamp_s - START)
    assert engine.observe(valence, 0.1, 0.9, stamp_s=stamp_s, now_s=now_s).accepted


def test_what_comes_late_between_two_readings_is_computed_once(steps):
    late, punctual = (EmotionEngine(CONFIG, now_s=START) for _ in range(2))
    stamps = [START + 0.01 * n for n in range(1, 401)]
    now_s = START + 5.0
    for stamp_s in sorted(stamps + [stamp_s + 0.001 for stamp_s in stamps[:20]]):
        report(punctual, stamp_s, stamp_s)
    for stamp_s in stamps:
        report(late, stamp_s, stamp_s)
    late.read(now_s)
    steps.clear()

    for stamp_s in reversed(stamps[:20]):
        report(late, stamp_s + 0.001, now_s)

    assert late.read(now_s) == punctual.read(now_s)
    assert len(steps) <= len(stamps) + 20 + 2


def test_a_state_that_is_computed_again_takes_its_motion_from_before(monkeypatch):
    flows = []
    real = Flow.__init__
    monkeypatch.setattr(Flow, '__init__', lambda *args: flows.append(1) or real(*args))
    engine = EmotionEngine(CONFIG, now_s=START)
    for n in range(1, 101):
        report(engine, START + 0.01 * n, START + 0.01 * n)
    engine.read(START + 2.0)
    flows.clear()

    report(engine, START + 0.005, START + 2.0)
    engine.read(START + 2.0)

    assert len(flows) == 1


@pytest.mark.parametrize('read_hz', [1, 100])
def test_the_state_contains_all_that_came_late_soon_after(read_hz):
    late = EmotionEngine(CONFIG, now_s=START - 20.0)
    end_s = watch(late, 3.0, (9.0, 5.0))
    stamps = [START + f / HZ - age + j * 0.001 for f in range(300) for j, age in ((0, 9), (1, 5))]
    seen = {stamp: 0.01 * (index // 2 % 20) for index, stamp in enumerate(stamps)}
    punctual = EmotionEngine(CONFIG, now_s=START - 20.0)
    for stamp_s in sorted(seen):
        punctual.observe(0.7, seen[stamp_s], 0.9, stamp_s=stamp_s, now_s=stamp_s)

    for tick in range(4 * read_hz):
        late.read(end_s + tick / read_hz)

    for seconds in (4.0, 5.0, 60.0):
        assert late.read(end_s + seconds) == punctual.read(end_s + seconds)


def burst(events, arrivals):
    engine = EmotionEngine(CONFIG, now_s=START - 10.0)
    for now_s, stamp_s, content in arrivals(events):
        if isinstance(content, str):
            engine.stimulate(content, stamp_s=stamp_s, now_s=now_s)
        else:
            engine.observe(*content, stamp_s=stamp_s, now_s=now_s)
    return engine


def test_more_late_events_than_there_is_time_for_are_not_lost():
    draw = random.Random(4)
    events = [
        (
            START + index * 0.009,
            draw.choice(['praise', 'insult', 'collision', (0.5, 0.1, 0.9), (-0.5, 0.3, 0.8)]),
        )
        for index in range(1000)
    ]

    def in_order(events):
        return [(stamp_s, stamp_s, content) for stamp_s, content in events]

    def from_the_last_to_the_first(events):
        return [(START + 9.1 + n * 1e-4, *event) for n, event in enumerate(reversed(events))]

    late, punctual = burst(events, from_the_last_to_the_first), burst(events, in_order)

    assert late.read(START + 15.0) == punctual.read(START + 15.0)
    for counter in ('accepted', 'refractory', 'crowded', 'late'):
        assert late.counters[counter] == punctual.counters[counter]


def test_what_is_saved_and_what_is_remembered_contains_what_came_late():
    late, again = (EmotionEngine(CONFIG, now_s=START - 20.0) for _ in range(2))
    end_s = watch(late, 2.0, (9.0, 5.0))
    again.recall(json.loads(json.dumps(late.memory(end_s))))
    saved = late.snapshot(end_s, 0.0)

    assert again.read(end_s) == late.read(end_s)
    assert saved['y'] == list(again.read(end_s).deviation)


def test_so_many_events_are_kept_and_more_are_refused_with_the_limit():
    engine = EmotionEngine(CONFIG, now_s=START)

    outcomes = [
        engine.observe(0.5, 0.1, 0.9, stamp_s=START + n * 1e-3, now_s=START + n * 1e-3)
        for n in range(MOST_EVENTS + 10)
    ]

    assert [outcome.accepted for outcome in outcomes].count(True) == MOST_EVENTS
    assert outcomes[-1].reason == 'crowded'
    assert f'more than {MOST_EVENTS} events in {HISTORY_S:g} s' in outcomes[-1].detail
    assert engine.stimulate('praise', now_s=START + 4.0).reason == 'crowded'
    assert engine.counters['crowded'] == 11
    assert engine.stimulate('praise', now_s=START + 4.0 + HISTORY_S).accepted


@pytest.mark.parametrize('name', ['flow', 'sigh'])
def test_so_many_effects_flow_or_wait_and_more_are_refused_with_the_limit(name):
    engine = EmotionEngine(CONFIG, now_s=START)

    outcomes = [engine.stimulate(name, now_s=START + n * 0.01) for n in range(MOST_EFFECTS + 5)]

    assert [outcome.reason for outcome in outcomes[-6:]] == ['accepted', *['crowded'] * 5]
    assert f'{MOST_EFFECTS} effects at a time' in outcomes[-1].detail
    assert (engine.counters['accepted'], engine.counters['crowded']) == (MOST_EFFECTS, 5)
    saved = engine.snapshot(START + 10.0, 0.0)
    assert len(saved['infusions']) + len(saved['pending']) == MOST_EFFECTS
    assert engine.stimulate(name, now_s=START + 3601.0).accepted


def test_an_effect_too_many_is_refused_whatever_the_order_of_arrival():
    late, punctual = (EmotionEngine(CONFIG, now_s=START) for _ in range(2))
    stamps = [START + 0.01 * n for n in range(MOST_EFFECTS + 20)]

    for stamp_s in stamps:
        punctual.stimulate('flow', stamp_s=stamp_s, now_s=stamp_s)
    for stamp_s in reversed(stamps):
        late.stimulate('flow', stamp_s=stamp_s, now_s=START + 5.0)

    assert late.read(START + 20.0) == punctual.read(START + 20.0)
    for counter in ('accepted', 'crowded'):
        assert late.counters[counter] == punctual.counters[counter]


def test_a_duration_is_cut_and_counted():
    engine = EmotionEngine(CONFIG, now_s=START)

    assert engine.stimulate('flow', duration_s=1e9, now_s=START).clipped
    assert engine.counters['clipped'] == 1
    (infusion,) = engine.snapshot(START, 0.0)['infusions']
    assert infusion['remaining_s'] == pytest.approx(SPAN_S.high)
    assert f'{SPAN_S.high:g} s' in COUNTERS['clipped']


def test_a_long_name_is_refused_without_comparing_it():
    outcome = EmotionEngine(CONFIG, START).stimulate('x' * 10_000_000, now_s=START)

    assert (outcome.accepted, outcome.reason) == (False, 'unknown')
    assert len(outcome.detail) < 1000


# Files


def test_no_more_effects_than_the_limit_survive_a_restart():
    engine = EmotionEngine(CONFIG, now_s=START)
    engine.stimulate('flow', now_s=START)
    saved = engine.snapshot(START, 0.0)
    (infusion,) = saved['infusions']
    pending = {'name': 'sigh', 'intensity': 1.0, 'duration_s': 1e12, 'delay_s': 1e12}
    saved['infusions'] = [{**infusion, 'remaining_s': 1e12}] * 4000
    saved['pending'] = [{**pending, 'source': 'x' * 10_000}] * 4000

    again = EmotionEngine(CONFIG, now_s=START)
    problems = again.restore(saved, START, 0.0)
    kept = again.snapshot(START, 0.0)

    assert f'infusions: 4000 of them: only {MOST_EFFECTS} are taken' in problems
    assert f'pending: 4000 of them: only {MOST_EFFECTS} are taken' in problems
    assert len(kept['infusions']) == len(kept['pending']) == MOST_EFFECTS
    assert max(item['remaining_s'] for item in kept['infusions']) <= SPAN_S.high
    assert max(item['delay_s'] for item in kept['pending']) <= SPAN_S.high
    assert max(item['duration_s'] for item in kept['pending']) <= SPAN_S.high
    assert max(len(item['source']) for item in kept['pending']) <= 200


def test_the_largest_snapshot_that_is_written_is_a_tenth_of_what_is_read():
    engine = EmotionEngine(CONFIG, now_s=START)
    for n in range(MOST_EFFECTS):
        engine.stimulate('sigh', duration_s=3.3, now_s=START + 0.01 * n, source='x' * 200)

    written = json.dumps(engine.snapshot(START + 3.0, 0.0), indent=1)

    assert len(written) < SNAPSHOT_BYTES / 5


def test_a_snapshot_that_is_too_long_is_kept_aside(tmp_path):
    file = tmp_path / 'state.json'
    file.write_text('{"y": "' + 'x' * SNAPSHOT_BYTES + '"}')

    assert load_snapshot(file) is None
    assert (tmp_path / 'state.json.bad').is_file()


@pytest.mark.parametrize(
    ('text', 'words'),
    [
        (
            '\n'.join(
                ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
                + [f'a{n}: &a{n} [{", ".join([f"*a{n - 1}"] * 10)}]' for n in range(1, 9)]
            ),
            'more than 100000 values where its aliases are written out',
        ),
        ('[' * 500 + ']' * 500, 'more than 50 lists and mappings in each other'),
        ('#' * 300_000, 'has more than 262144 bytes'),
    ],
)
def test_a_temperament_that_would_take_long_is_refused_with_the_limit(tmp_path, text, words):
    file = tmp_path / 'mine.yaml'
    file.write_text(text)

    with pytest.raises(ConfigError, match=words):
        read_yaml(file)
