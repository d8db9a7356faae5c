# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The name is searched only where it can change, and is the same as if it always were."""

import random

import pytest

from emotion_agent.neuromodulation import EmotionEngine, load
from emotion_agent.neuromodulation.dominance import NO_EMOTION, DominanceRule
from emotion_agent.neuromodulation.state import State

START = 1.7e9
LIVELY = {'empathy': {'gain': 2.33, 'attack': 10.0}}
TOUCHY = {'time_scale': 0.2, 'dominant': {'margin': 0.0, 'min_hold_s': 0.0}}
LAZY = {'dominant': {'on': 0.16, 'off': 0.14, 'min_hold_s': 1.0}}


def readings(config, seed):
    """Readings of a life of stimuli and observations, half of them late."""
    draw = random.Random(seed)
    engine = EmotionEngine(config, now_s=START)
    now_s, mood = START, (0.0, 0.0)
    taken = []
    for _ in range(250):
        now_s += draw.expovariate(15.0)
        stamp_s = now_s - draw.choice([0.0, draw.random()])
        if draw.random() < 0.1:
            engine.stimulate(draw.choice(sorted(config.stimuli)), stamp_s=stamp_s, now_s=now_s)
            mood = draw.uniform(-1.0, 1.0), draw.uniform(-1.0, 1.0)
        else:
            seen = (part + draw.gauss(0.0, 0.02) for part in mood)
            engine.observe(*seen, 0.9, stamp_s=stamp_s, now_s=now_s)
        if draw.random() < 0.3:
            taken.append(engine.read(now_s))
    return taken + [engine.read(now_s + 0.5 * n) for n in range(60)]


@pytest.mark.parametrize('changes', [LIVELY, TOUCHY, LAZY])
@pytest.mark.parametrize('seed', range(3))
def test_names_are_those_that_a_search_at_every_step_finds(monkeypatch, changes, seed):
    config = load({'emotion': changes})
    as_it_is = readings(config, seed)

    monkeypatch.setattr(DominanceRule, 'calm', lambda *_: 0.0)
    searched = readings(config, seed)

    assert as_it_is == searched
    assert len({reading.dominant for reading in searched}) > 2


@pytest.mark.parametrize('seed', range(50))
def test_no_emotions_within_the_calm_change_the_name(seed):
    draw = random.Random(seed)
    rule = DominanceRule(load({'emotion': {'dominant': {'margin': draw.choice([0.0, 0.08])}}}))
    strengths = tuple(draw.choice([0.0, draw.random() ** 2]) for _ in range(NO_EMOTION))
    name = rule.choose(strengths, draw.randrange(NO_EMOTION + 1))

    calm = rule.calm(strengths, name)

    for _ in range(100):
        moved = (part + draw.choice([-1, 1, draw.uniform(-1, 1)]) * calm for part in strengths)
        if calm > 0.0:
            assert rule.choose(tuple(max(0.0, min(1.0, part)) for part in moved), name) == name


def test_nothing_is_searched_while_the_name_cannot_change(monkeypatch):
    looked = []
    real = State.emotions_at
    monkeypatch.setattr(State, 'emotions_at', lambda *args: looked.append(1) or real(*args))
    engine = EmotionEngine(load({'emotion': LIVELY}), now_s=START)
    for n in range(1000):
        now_s = START + 0.01 * n
        engine.observe(0.8, 0.1, 0.9, stamp_s=now_s, now_s=now_s)

    assert engine.read(START + 10.0).dominant == 'joy'
    assert len(looked) < 500
