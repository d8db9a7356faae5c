# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""An engine that recalls what another one knew goes on as that one does, to the bit."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion_agent.neuromodulation import EmotionEngine, UnreadableMemory, load

START = 1_700_000_000.123456789
CONFIGS = [
    load({'emotion': {'stimuli': {'sigh': {'doses': {'dopamine': -0.6}, 'delay_s': 4}}}}),
    load({'emotion': {'time_scale': 3.0, 'capacity': 0.6, 'empathy': {'attack': 9.0}}}),
]
NAMES = ['praise', 'low_battery', 'loud_sound', 'sigh', 'touch_gentle', 'insult']
share = st.floats(0, 1)
happenings = st.lists(
    st.tuples(
        st.floats(0, 6),  # after the one before, s
        st.floats(0, 11),  # late by, s
        st.one_of(
            st.sampled_from(NAMES),
            st.tuples(share, share, share),
            st.sampled_from(CONFIGS),
            st.just('rest'),
        ),
    ),
    max_size=12,
)


def live(engine, happened, now_s, step=lambda now_s: None):
    for wait_s, late_s, what in happened:
        now_s += wait_s
        if what == 'rest':
            engine.reset(now_s)
        elif isinstance(what, str):
            engine.stimulate(what, stamp_s=now_s - late_s, now_s=now_s)
        elif isinstance(what, tuple):
            engine.observe(*what, stamp_s=now_s - late_s, now_s=now_s)
        else:
            engine.reconfigure(what, now_s)
        step(now_s)
    return now_s


@given(happenings, happenings)
def test_every_further_state_is_the_same_to_the_bit(before, after):
    engine = EmotionEngine(CONFIGS[0], START)
    now_s = live(engine, before, START)
    again = EmotionEngine(CONFIGS[0], 0.0)
    again.recall(json.loads(json.dumps(engine.memory(now_s), allow_nan=False)))

    readings = [[], []]
    for one, read in zip((engine, again), readings, strict=True):
        read.append(one.read(now_s))
        end_s = live(one, after, now_s, lambda at_s, o=one, r=read: r.append(o.read(at_s)))
        read += [one.read(end_s + later_s) for later_s in (0.3, 2.5, 40.0)]

    assert readings[0] == readings[1]


@given(happenings)
def test_what_is_known_already_changes_nothing(happened):
    """So a recording may bring what the memory has, too."""
    engine = EmotionEngine(CONFIGS[0], START)
    events = [event for event in happened if event[2] != 'rest' and event[2] not in CONFIGS]
    now_s = live(engine, events, START)
    again = EmotionEngine(CONFIGS[0], 0.0)
    again.recall(engine.memory(now_s))

    at_s = START
    for wait_s, late_s, what in events:
        at_s += wait_s
        live(again, [(0.0, now_s - (at_s - late_s), what)], now_s)

    assert again.read(now_s) == engine.read(now_s)


@pytest.mark.parametrize(
    'spoil',
    [
        lambda memory: {**memory, 'version': 99},
        lambda memory: {},
        lambda memory: {**memory, 'state': None},
        lambda memory: {**memory, 'configurations': [{'emotion': {'capacity': 'big'}}]},
        lambda memory: {**memory, 'model': 7},
    ],
)
def test_what_is_no_memory_is_refused(spoil):
    memory = EmotionEngine(CONFIGS[0], START).memory(START)

    with pytest.raises(UnreadableMemory):
        EmotionEngine(CONFIGS[0], START).recall(spoil(memory))
