# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What holds for every history, not only for the worked examples."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emotion_agent.neuromodulation import MODULATORS, EmotionEngine, load
from emotion_agent.neuromodulation.dynamics import Dynamics

START = 1000.0
CONFIG = load()
NAMES = sorted(CONFIG.stimuli)

anything = st.one_of(
    st.floats(),
    st.sampled_from([0.0, -0.0, 1e-320, 1e308, -1e308, 1e18]),
    st.integers(),
    st.just(10**400),
    st.none(),
    st.just('much'),
)
names = st.sampled_from(NAMES)
unit = st.floats(0, 1)
signed = st.floats(-1, 1)
stimulations = st.tuples(st.floats(0, 20), names, unit, st.one_of(st.none(), st.floats(0, 30)))
observations = st.tuples(st.floats(0, 20), signed, signed, unit)
histories = st.lists(st.one_of(stimulations, observations), max_size=60)
sevens = st.tuples(*[st.floats(-2, 2)] * 7)


def fresh(**emotion):
    return EmotionEngine(load({'emotion': emotion}), now_s=START)


def happen(engine, event, now_s):
    """One drawn event, at `now`."""
    if isinstance(event[1], str):
        _, name, intensity, duration_s = event
        engine.stimulate(name, intensity, duration_s=duration_s, now_s=now_s)
    else:
        engine.observe(*event[1:], now_s=now_s)


def live(engine, history):
    """Let the events happen one after the other; returns the time after the last one."""
    now_s = START
    for event in history:
        now_s += event[0]
        happen(engine, event, now_s)
    return now_s


def numbers(reading):
    """Every number of a reading in one flat list."""
    sevens_ = (
        reading.levels
        + reading.activation
        + reading.deviation
        + reading.mood
        + reading.emotions
        + reading.visible
    )
    points = reading.neutral, reading.intensity, reading.valence, reading.arousal
    return [*sevens_, *points, reading.dominance]


def assert_in_bounds(reading, capacity=2.0, mood_gain=1.0):
    slack = 1 + 1e-12
    assert all(map(math.isfinite, numbers(reading)))
    assert all(abs(y) <= capacity * slack for y in reading.deviation)
    assert all(abs(mood) <= mood_gain * capacity * slack for mood in reading.mood)
    assert all(0 < level < 1 for level in reading.levels)
    assert all(0 <= e <= 1 for e in reading.emotions + reading.visible)
    assert math.hypot(reading.valence, reading.arousal) <= 1
    assert abs(reading.dominance) <= 1
    assert 0 <= reading.intensity <= 1
    assert reading.neutral == 1 - reading.intensity


@given(histories, st.floats(0, 1e9))
def test_bounds(history, further):
    engine = fresh()

    end = live(engine, history)

    assert_in_bounds(engine.read(end))
    assert_in_bounds(engine.read(end + further))


@given(sevens, sevens, st.lists(sevens, max_size=3), st.tuples(*[signed] * 7))
def test_one_step_equals_a_thousand(y, mood, inflows, set_point):
    flow = Dynamics(load({'emotion': {'empathy': {'attack': 5}}})).flow(inflows, set_point)
    at_once = flow.after(1.0, y, mood)

    stepped = y, mood
    for _ in range(1000):
        stepped = flow.after(0.001, *stepped)

    assert stepped[0] == pytest.approx(at_once[0], abs=1e-9)
    assert stepped[1] == pytest.approx(at_once[1], abs=1e-9)


@given(histories, st.lists(unit, max_size=4).map(sorted))
def test_looking_changes_nothing(history, looks):
    looked_at, left_alone = fresh(), fresh()

    end = live(left_alone, history)
    now_s = START
    for event in history:
        for look in looks:
            looked_at.read(now_s + look * event[0])
        now_s += event[0]
        happen(looked_at, event, now_s)

    assert looked_at.read(end + 5) == left_alone.read(end + 5)


@given(st.lists(stimulations, max_size=10), st.lists(st.floats(0, 20), min_size=2, max_size=8))
def test_deviations_return_monotonously(history, waits):
    engine = fresh()
    end = live(engine, history) + 30  # infusions of up to 30 s have ended

    courses = [engine.read(end + wait).deviation for wait in itertools.accumulate(waits)]

    for earlier, later in itertools.pairwise(courses):
        assert all(abs(b) <= abs(a) for a, b in zip(earlier, later, strict=True))


@pytest.mark.parametrize('name', NAMES)
def test_a_stimulus_fades_monotonously_mood_included(name):
    engine = fresh()
    engine.stimulate(name, now_s=START)
    end = START + CONFIG.stimuli[name].duration_s

    readings = [engine.read(end + 0.5 * step) for step in range(400)]

    totals = [
        [abs(y + mood) for y, mood in zip(r.deviation, r.mood, strict=True)] for r in readings
    ]
    for earlier, later in itertools.pairwise(totals):
        assert all(b <= a + 1e-15 for a, b in zip(earlier, later, strict=True))


@given(st.permutations(NAMES), st.lists(unit, min_size=len(NAMES), max_size=len(NAMES)))
def test_one_instant_gives_the_same_bits_in_any_order(order, intensities):
    intensity = dict(zip(NAMES, intensities, strict=True))

    def after(sequence):
        engine = fresh()
        engine.stimulate('touch_gentle', now_s=START)
        for name in sequence:
            engine.stimulate(name, intensity[name], now_s=START + 1)
        return numbers(engine.read(START + 2))

    assert after(order) == after(NAMES)


def test_different_instants_do_not_commute():
    def after(first, second):
        engine = fresh()
        engine.stimulate(first, now_s=START)
        engine.stimulate(second, now_s=START + 1)
        return engine.read(START + 2).deviation

    assert after('praise', 'insult') != after('insult', 'praise')


@given(histories)
def test_the_same_message_twice_is_once(history):
    once, twice = fresh(), fresh()

    end = live(once, history)
    now_s = START
    for event in history:
        now_s += event[0]
        happen(twice, event, now_s)
        happen(twice, event, now_s)

    assert twice.read(end) == once.read(end)
    assert twice.counters['accepted'] == once.counters['accepted']


def test_of_two_with_the_same_stamp_the_stronger_counts():
    engines = [fresh() for _ in range(3)]
    for engine, intensities in zip(engines, ([0.3, 0.8], [0.8, 0.3], [0.8]), strict=True):
        outcomes = [engine.stimulate('charging', x, now_s=START + 1) for x in intensities]
        reasons = [outcome.reason for outcome in outcomes]
        assert reasons in (['accepted', 'strengthened'], ['accepted', 'duplicate'], ['accepted'])

    readings = [engine.read(START + 5) for engine in engines]

    assert readings[0] == readings[1] == readings[2]


@settings(max_examples=200)
@given(anything, anything, anything, anything, names)
def test_any_stimulus_leaves_a_finite_state(intensity, stamp_s, duration_s, later, name):
    engine = fresh()
    engine.stimulate('praise', now_s=START)
    before = engine.read(START + 1)

    outcome = engine.stimulate(
        name, intensity, stamp_s=stamp_s, duration_s=duration_s, source='?', now_s=START + 1
    )

    if not outcome.accepted:
        assert engine.read(START + 1) == before
        assert engine.counters[outcome.reason] == 1
    assert_in_bounds(engine.read(START + 1))
    assert_in_bounds(engine.read(START + 100))


@settings(max_examples=200)
@given(anything, anything, anything, anything)
def test_any_observation_leaves_a_finite_state(valence, arousal, confidence, stamp_s):
    engine = fresh()
    before = engine.read(START + 1)

    outcome = engine.observe(valence, arousal, confidence, stamp_s=stamp_s, now_s=START + 1)

    if not outcome.accepted:
        assert engine.read(START + 1) == before
        assert engine.counters[outcome.reason] == 1
    assert_in_bounds(engine.read(START + 1))
    assert_in_bounds(engine.read(START + 100))


@pytest.mark.parametrize('value', [math.nan, math.inf, -math.inf])
def test_a_clock_that_is_no_number_is_an_error(value):
    engine = fresh()

    for call in (engine.advance, engine.read, engine.reset):
        with pytest.raises(ValueError, match='now: expected a finite number of seconds'):
            call(value)


@given(st.floats(-1e300, 1e300))
def test_any_finite_clock_gives_finite_readings(now_s):
    engine = fresh()
    engine.stimulate('goal_reached', now_s=START)
    engine.stimulate('low_battery', now_s=START)

    assert_in_bounds(engine.read(now_s))


@given(histories, st.floats(0.001, 900))
def test_a_clock_set_back_keeps_the_state(history, jump):
    engine = fresh()
    end = live(engine, history)
    before = engine.read(end)

    after = engine.read(end - jump)

    assert (after.deviation, after.mood) == (before.deviation, before.mood)
    assert after.dominant == before.dominant
    assert after.observation_stamp_s is None
    assert engine.counters['clock_jumps'] == 1


@given(histories, st.floats(0.001, 900), st.floats(0, 100))
def test_after_a_clock_set_back_life_goes_on_as_it_would_have(history, jump, further):
    jumped, steady = fresh(), fresh()
    end = live(jumped, history)
    live(steady, history)

    jumped.clock_jumped(end, end - jump)

    assert numbers(jumped.read(end - jump + further)) == pytest.approx(
        numbers(steady.read(end + further)), abs=1e-9
    )


@given(histories, st.floats(0, 1e6))
def test_a_jump_forward_equals_small_steps(history, jump):
    jumped, stepped = fresh(), fresh()
    end = live(jumped, history)
    live(stepped, history)

    for part in range(20):
        stepped.read(end + jump * part / 20)

    assert stepped.read(end + jump) == jumped.read(end + jump)


def test_a_very_long_time_ends_at_rest():
    engine = fresh()
    for name in NAMES:
        engine.stimulate(name, now_s=START)

    reading = engine.read(START + 1e9)

    assert reading.deviation == (0.0,) * 7
    assert reading.mood == (0.0,) * 7
    assert reading.dominant == 'neutral'


@given(st.lists(st.floats(0, 1e5), max_size=20))
def test_rest_is_silent(waits):
    engine = fresh()
    at_start = engine.read(START)

    for now_s in itertools.accumulate(waits, initial=START):
        reading = engine.read(now_s)
        assert reading == at_start._replace(stamp_s=now_s)
        assert (reading.dominant, reading.neutral) == ('neutral', 1.0)


def test_rest_reads_as_the_resting_levels():
    rest = tuple(CONFIG.modulators[name].rest for name in MODULATORS)

    assert fresh().read(START).levels == rest


def test_empathy_does_not_depend_on_the_frame_rate():
    def watched(rate_hz):
        engine = fresh(empathy={'attack': 10})
        for frame in range(20 * rate_hz + 1):
            engine.observe(-0.6, -0.4, 0.9, now_s=START + frame / rate_hz)
        return engine.read(START + 25)

    slow, fast = watched(5), watched(30)

    assert numbers(fast) == pytest.approx(numbers(slow), abs=1e-12)
    assert fast.dominant == slow.dominant
    assert fast.dominant_since_s == pytest.approx(slow.dominant_since_s, abs=1e-5)


@given(st.lists(st.tuples(st.floats(0, 20), names), max_size=20), st.floats(0.1, 20))
def test_time_scale_stretches_time(history, scale):
    # Doses that flow take the time they say; and the refractory time is the publisher's.
    at_once = {
        name: {'duration_s': 0, 'refractory_s': 0} for name in {name for _, name in history}
    }
    plain = fresh(stimuli=at_once)
    slow = fresh(stimuli=at_once, time_scale=scale)
    now_s = 0.0
    for wait, name in history:
        now_s += wait
        plain.stimulate(name, stamp_s=START + now_s, now_s=START + now_s)
        slow.stimulate(name, stamp_s=START + scale * now_s, now_s=START + scale * now_s)

    assert numbers(slow.read(START + scale * (now_s + 7))) == pytest.approx(
        numbers(plain.read(START + now_s + 7)), abs=1e-9
    )


def test_capacity_holds_against_infusions_in_both_directions():
    extreme = {'dopamine': 2.0, 'oxytocin': -2.0}
    stimuli = {
        f's{i}': {'doses': extreme, 'duration_s': 3, 'habituation': {'step': 0}} for i in range(9)
    }
    engine = fresh(stimuli=stimuli, capacity=0.5, mood={'gain': 2.0, 'half_life_s': 200})
    for name in stimuli:
        engine.stimulate(name, now_s=START)

    for tenth in range(100):
        assert_in_bounds(engine.read(START + tenth / 10), capacity=0.5, mood_gain=2.0)
