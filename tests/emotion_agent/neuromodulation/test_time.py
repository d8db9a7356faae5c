# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Late, early, repeated and reordered events; delays, holds and refractory times."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_agent.neuromodulation import EmotionEngine, load

START = 1.7e9  # seconds since the epoch, as a robot has them
CONFIG = load({'emotion': {'stimuli': {'sigh': {'doses': {'dopamine': -0.6}, 'delay_s': 1.5}}}})
NAMES = sorted(CONFIG.stimuli)

# Stamps on a coarse grid, so that equal and refractory ones are drawn too.
stamps = st.integers(0, 300).map(lambda tenths: START + tenths / 10)
arrivals = st.lists(
    st.tuples(
        stamps,
        st.floats(0, 9.9),  # s on the way
        st.one_of(
            st.tuples(st.sampled_from(NAMES), st.sampled_from([0.3, 1.0])),
            st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(0.5, 1)),
        ),
    ),
    max_size=40,
)


def arrive(engine, stamp_s, content, now_s):
    if isinstance(content[0], str):
        return engine.stimulate(*content, stamp_s=stamp_s, now_s=now_s)
    return engine.observe(*content, stamp_s=stamp_s, now_s=now_s)


def in_order(events):
    """An engine to which every event came at its own time."""
    engine = EmotionEngine(CONFIG, now_s=START)
    for stamp_s, _, content in sorted(events, key=lambda event: event[0]):
        arrive(engine, stamp_s, content, now_s=stamp_s)
    return engine


def over_a_slow_network(events, tick_hz):
    """An engine to which every event came late, while somebody read it at `tick_hz`."""
    engine = EmotionEngine(CONFIG, now_s=START)
    on_arrival = sorted(events, key=lambda event: event[0] + event[1])
    tick = 0
    for stamp_s, delay, content in on_arrival:
        while START + tick / tick_hz < stamp_s + delay:
            engine.read(START + tick / tick_hz)
            tick += 1
        arrive(engine, stamp_s, content, now_s=stamp_s + delay)
    return engine


@given(arrivals, st.sampled_from([0.5, 5, 30]))
def test_late_events_take_their_place(events, tick_hz):
    late, punctual = over_a_slow_network(events, tick_hz), in_order(events)

    for seconds in (40, 41, 60, 200):
        assert late.read(START + seconds) == punctual.read(START + seconds)
    for counter in ('accepted', 'refractory', 'late'):
        assert late.counters[counter] == punctual.counters[counter]


@pytest.mark.parametrize('tick_hz', [5, 30, 200])
def test_a_busy_minute_is_the_same_at_every_tick_rate(tick_hz):
    draw = random.Random(3)
    events = [
        (START + draw.uniform(0, 60), draw.uniform(0, 1), (draw.choice(NAMES), draw.random()))
        for _ in range(100)
    ] + [(START + frame / 15, draw.uniform(0, 1), (0.7, 0.2, 0.9)) for frame in range(600)]

    engine = over_a_slow_network(events, tick_hz)

    assert engine.read(START + 62) == in_order(events).read(START + 62)


def test_an_earlier_repetition_makes_the_later_one_refractory():
    engine = EmotionEngine(CONFIG, now_s=START)
    engine.stimulate('collision', stamp_s=START + 1.1, now_s=START + 1.2)
    assert engine.counters['accepted'] == 1

    outcome = engine.stimulate('collision', stamp_s=START + 1.0, now_s=START + 1.3)

    assert outcome.accepted
    assert (engine.counters['accepted'], engine.counters['refractory']) == (1, 1)
    assert engine.read(START + 2).last_change_stamp_s == START + 1.0


def test_refractory_time_swallows_a_bounce_but_not_the_next_bump():
    engine = EmotionEngine(CONFIG, now_s=START)

    outcomes = [engine.stimulate('collision', now_s=START + t).reason for t in (0, 0.1, 0.25)]

    assert outcomes == ['accepted', 'refractory', 'accepted']


def test_the_refractory_time_ends_at_its_end():
    engine = EmotionEngine(CONFIG, now_s=START)
    engine.stimulate('praise', now_s=START)

    assert engine.stimulate('praise', now_s=START + 1.0).accepted


def test_older_than_ten_seconds_is_dropped_and_counted():
    engine = EmotionEngine(CONFIG, now_s=START)
    before = engine.read(START + 20)

    outcome = engine.stimulate('praise', stamp_s=START + 9.9, now_s=START + 20)

    assert (outcome.accepted, outcome.reason) == (False, 'late')
    assert engine.counters['late'] == 1
    assert engine.read(START + 20) == before


def test_nine_seconds_late_counts_from_its_stamp():
    engine = EmotionEngine(CONFIG, now_s=START)
    engine.advance(START + 20)

    assert engine.stimulate('praise', stamp_s=START + 11, now_s=START + 20).accepted

    punctual = EmotionEngine(CONFIG, now_s=START)
    punctual.stimulate('praise', now_s=START + 11)
    assert engine.read(START + 20) == punctual.read(START + 20)


def test_a_stamp_half_a_second_ahead_waits_for_its_time():
    engine = EmotionEngine(CONFIG, now_s=START)

    outcome = engine.stimulate('praise', stamp_s=START + 0.5, now_s=START)

    assert outcome.accepted
    assert not outcome.future
    assert engine.read(START + 0.4).dominant == 'neutral'
    assert engine.read(START + 0.5).dominant == 'joy'


def test_an_observation_ahead_is_taken_although_older_events_are_forgotten_meanwhile():
    engine = EmotionEngine(CONFIG, now_s=START)
    engine.stimulate('praise', now_s=START)
    engine.stimulate('insult', now_s=START + 1)

    engine.observe(0.7, 0.2, 0.9, stamp_s=START + 11.4, now_s=START + 10.9)

    assert engine.read(START + 11.2).observation_stamp_s is None
    assert engine.read(START + 11.6).observation_stamp_s == START + 11.4


def test_a_stamp_far_ahead_counts_as_now():
    engine = EmotionEngine(CONFIG, now_s=START)

    outcome = engine.stimulate('praise', stamp_s=START + 5, now_s=START)

    assert (outcome.accepted, outcome.future, outcome.stamp_s) == (True, True, START)
    assert engine.counters['future'] == 1
    assert engine.read(START).dominant == 'joy'


def test_stamp_zero_is_now():
    engine = EmotionEngine(CONFIG, now_s=START)

    assert engine.stimulate('praise', stamp_s=0.0, now_s=START + 3).stamp_s == START + 3


def test_a_stamp_from_before_the_start_counts_at_the_start():
    engine = EmotionEngine(CONFIG, now_s=START)

    assert engine.stimulate('praise', stamp_s=START - 2, now_s=START + 1).stamp_s == START


def test_a_delayed_stimulus_acts_after_its_delay():
    engine = EmotionEngine(CONFIG, now_s=START)

    engine.stimulate('sigh', now_s=START)

    assert engine.read(START + 1.49).deviation[3] == 0.0
    assert engine.read(START + 1.5).deviation[3] == -0.6
    assert engine.read(START + 1.5).last_change_stamp_s == START + 1.5


def test_a_looping_recording_brings_the_same_stamps_again():
    engine = EmotionEngine(CONFIG, now_s=100.0)
    first = engine.stimulate('collision', stamp_s=100.05, now_s=100.05)
    engine.read(130.0)

    again = engine.stimulate('collision', stamp_s=100.05, now_s=100.05)

    assert first.accepted
    assert again.accepted
    assert engine.counters['clock_jumps'] == 1


def test_habituation_survives_a_loop():
    engine = EmotionEngine(CONFIG, now_s=100.0)
    engine.stimulate('loud_sound', now_s=100.0)
    engine.read(190.0)  # long enough for the chemistry, three half-lives of the habituation

    engine.stimulate('loud_sound', now_s=100.0)

    assert engine.read(100.0).deviation[5] == pytest.approx(2 ** -(0.5 / 8), abs=1e-6)


def test_what_flows_and_what_waits_goes_on_after_a_clock_set_back():
    engine = EmotionEngine(CONFIG, now_s=START)
    engine.stimulate('low_battery', now_s=START)
    engine.stimulate('sigh', now_s=START + 9.5)
    engine.stimulate('praise', stamp_s=START + 10.3, now_s=START + 10)

    engine.clock_jumped(START + 10, START - 3600)

    steady = EmotionEngine(CONFIG, now_s=START)
    steady.stimulate('low_battery', now_s=START)
    steady.stimulate('sigh', now_s=START + 9.5)
    steady.stimulate('praise', now_s=START + 10.3)
    assert engine.read(START - 3600 + 30).deviation == pytest.approx(
        steady.read(START + 40).deviation, abs=1e-6
    )


def test_a_jump_announced_twice_is_one_jump():
    engine = EmotionEngine(CONFIG, now_s=START)
    engine.read(START + 10)

    engine.clock_jumped(START + 10, START)
    engine.read(START)
    engine.clock_jumped(START + 10, START)

    assert engine.counters['clock_jumps'] == 1


def test_the_older_observation_does_not_replace_the_newer():
    engine = EmotionEngine(CONFIG, now_s=START)
    engine.observe(0.8, 0.1, 0.9, stamp_s=START + 1, now_s=START + 1)

    engine.observe(-0.8, -0.1, 0.9, stamp_s=START + 0.9, now_s=START + 1.1)

    assert engine.read(START + 1.1).observation_stamp_s == START + 1
    assert engine.snapshot(START + 1.1, 0.0)['empathy']['e'][3] > 0


def test_an_uncertain_observation_does_not_replace_a_certain_one():
    engine = EmotionEngine(CONFIG, now_s=START)
    engine.observe(0.8, 0.1, 0.9, now_s=START)

    engine.observe(-0.8, -0.1, 0.3, now_s=START + 1)

    assert engine.read(START + 1).observation_stamp_s == START
    assert engine.snapshot(START + 1.9, 0.0)['empathy']['e'][3] > 0
    assert engine.snapshot(START + 2.0, 0.0)['empathy'] is None


def test_a_weak_stimulus_waits_for_the_hold_and_a_strong_one_does_not():
    quick = {'face_seen': {'doses': {'dopamine': 0.45}}, 'boo': {'doses': {'adrenaline': 0.49}}}
    engine = EmotionEngine(load({'emotion': {'stimuli': quick}}), now_s=START)
    engine.stimulate('face_seen', now_s=START)
    assert engine.read(START).dominant == 'joy'

    engine.stimulate('boo', now_s=START + 0.1)
    assert engine.read(START + 0.39).dominant == 'joy'
    held = engine.read(START + 0.45)
    assert held.dominant == 'fear'
    assert held.dominant_since_s == pytest.approx(START + 0.4, abs=1e-5)

    engine.stimulate('insult', now_s=START + 0.5)
    assert engine.read(START + 0.5).dominant == 'mad'


def test_a_challenger_needs_a_margin():
    doses = {
        'joyful': {'dopamine': 0.5},
        'lovely': {'oxytocin': 0.5},
        'lovelier': {'oxytocin': 0.2},
    }
    stimuli = {name: {'doses': dose, 'refractory_s': 0} for name, dose in doses.items()}
    engine = EmotionEngine(load({'emotion': {'stimuli': stimuli}}), now_s=START)
    engine.stimulate('joyful', now_s=START)
    engine.stimulate('lovely', now_s=START + 1)

    reading = engine.read(START + 1.5)
    joy, love = reading.emotions[2], reading.emotions[3]
    assert joy < love < joy + 0.08
    assert reading.dominant == 'joy'

    engine.stimulate('lovelier', now_s=START + 2)
    assert engine.read(START + 2).dominant == 'love'


def test_new_parameters_hold_from_now_on():
    slow = CONFIG.with_changes({'emotion': {'time_scale': 10.0}})
    engine = EmotionEngine(CONFIG, now_s=START)
    engine.stimulate('praise', now_s=START)

    engine.reconfigure(slow, now_s=START + 20)

    assert engine.read(START + 20).deviation[3] == pytest.approx(0.35, abs=1e-12)
    assert engine.read(START + 220).deviation[3] == pytest.approx(0.175, abs=1e-12)


def test_an_event_from_before_the_change_acts_under_the_old_parameters():
    slow = CONFIG.with_changes({'emotion': {'time_scale': 10.0}})
    late, punctual = (EmotionEngine(CONFIG, now_s=START) for _ in range(2))
    punctual.stimulate('praise', now_s=START + 1)

    for engine in (late, punctual):
        engine.reconfigure(slow, now_s=START + 5)
    late.stimulate('praise', stamp_s=START + 1, now_s=START + 6)

    assert late.read(START + 10) == punctual.read(START + 10)


def test_a_smaller_capacity_clips_the_state():
    engine = EmotionEngine(CONFIG, now_s=START)
    engine.stimulate('goal_reached', now_s=START)

    engine.reconfigure(CONFIG.with_changes({'emotion': {'capacity': 0.5}}))

    assert engine.read(START).deviation[3] == 0.5


def test_reset_is_rest_and_keeps_the_counters():
    engine = EmotionEngine(CONFIG, now_s=START)
    at_rest = engine.read(START)
    engine.stimulate('praise', now_s=START + 1)

    engine.reset(START + 2)

    assert engine.read(START + 2) == at_rest._replace(
        stamp_s=START + 2, dominant_since_s=START + 2
    )
    assert engine.counters['accepted'] == 1


def test_the_reading_says_why():
    engine = EmotionEngine(CONFIG, now_s=START)
    assert engine.read(START).last_change_stamp_s is None

    engine.stimulate('praise', source='speech', stamp_s=START + 1, now_s=START + 1.2)

    reading = engine.read(START + 2)
    assert (reading.last_stimulus, reading.last_source) == ('praise', 'speech')
    assert reading.last_change_stamp_s == START + 1


def test_an_unknown_name_gets_a_suggestion():
    engine = EmotionEngine(CONFIG, now_s=START)

    outcome = engine.stimulate('prase', now_s=START)

    assert (outcome.accepted, outcome.reason) == (False, 'unknown')
    assert outcome.detail == "unknown stimulus 'prase'; did you mean 'praise'?"


def test_clipping_is_told_and_counted():
    engine = EmotionEngine(CONFIG, now_s=START)

    strong = engine.stimulate('praise', 7.0, now_s=START)
    negative = engine.stimulate('insult', -1.0, now_s=START)
    seen = engine.observe(-3.0, 0.0, 0.9, now_s=START)

    assert (strong.accepted, strong.intensity, strong.clipped) == (True, 1.0, True)
    assert (negative.intensity, negative.clipped) == (0.0, True)
    assert seen.clipped
    assert engine.counters['clipped'] == 3
