# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The shipped personalities, and the empathy of the shipped parameter file."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from emotion_agent.neuromodulation import EMOTIONS, EmotionEngine, load
from emotion_agent.scripts.offline import run_script
from emotion_agent.scripts.reading import read_script

CONFIG = Path(__file__).parents[3] / 'config'
NAMES = ('balanced', 'cheerful', 'timid', 'calm', 'touchy')
START = 1000.0


def temperament(name):
    return load(CONFIG / 'temperaments' / f'{name}.yaml')


@pytest.fixture(scope='module')
def day():
    """Readings of the same day, by temperament."""
    script = read_script(CONFIG / 'scripts' / 'day.yaml')
    return {name: run_script(temperament(name), script)[0] for name in NAMES}


def share(readings, emotion):
    """Part of the time under one dominant emotion."""
    return Counter(reading.dominant for reading in readings)[emotion] / len(readings)


def mean(readings, field):
    return sum(getattr(reading, field) for reading in readings) / len(readings)


def test_balanced_is_the_default():
    assert temperament('balanced') == load()


@pytest.mark.parametrize('name', NAMES)
def test_at_rest_nothing_is_visible(name):
    engine = EmotionEngine(temperament(name), now_s=START)

    reading = engine.read(START + 1)

    assert reading.dominant == 'neutral'
    assert reading.visible == (0.0,) * 7


def test_the_day_has_thirty_stimuli_in_ten_minutes_and_all_of_them_act():
    script = read_script(CONFIG / 'scripts' / 'day.yaml')

    accepted = run_script(load(), script).stimuli

    assert script.duration_s == 600
    assert len(accepted) == len(script.stimuli) == 30


@pytest.mark.parametrize(
    ('name', 'emotion'),
    [('cheerful', 'joy'), ('timid', 'fear'), ('calm', 'love'), ('touchy', 'mad')],
)
def test_each_temperament_has_its_emotion(day, name, emotion):
    shares = {other: share(readings, emotion) for other, readings in day.items()}

    assert max(shares, key=shares.get) == name
    assert shares[name] > 1.3 * shares['balanced']


def test_the_day_feels_different(day):
    valence = {name: mean(readings, 'valence') for name, readings in day.items()}
    arousal = {name: mean(readings, 'arousal') for name, readings in day.items()}

    assert max(valence, key=valence.get) in ('cheerful', 'calm')
    assert min(valence, key=valence.get) in ('timid', 'touchy')
    assert min(arousal, key=arousal.get) == 'calm'


def shipped_parameters():
    everything = yaml.safe_load((CONFIG / 'agent.yaml').read_text(encoding='utf-8'))
    return everything['/**']['emotion_state']['ros__parameters']


@pytest.fixture
def shipped():
    """The configuration of the agent as it is launched; its parameters are factors."""
    parameters, config = shipped_parameters(), load()
    empathy = {
        'gain': config.empathy.gain * parameters['empathy.gain'],
        'attack': config.empathy.attack * parameters['empathy.attack'],
    }
    return config.with_changes({'emotion': {'empathy': empathy}})


def visible_after(config, seconds, emotion, seen, rate_hz=10):
    """How much of the emotion shows when a face has been held for so long."""
    engine = EmotionEngine(config, now_s=START)
    for frame in range(seconds * rate_hz + 1):
        engine.observe(*seen, now_s=START + frame / rate_hz)
    return engine.read(START + seconds).visible[EMOTIONS.index(emotion)]


@pytest.mark.parametrize('seen', [(0.6, 0.0, 0.8), (0.6, 0.4, 0.8), (0.7, -0.1, 0.9), (1, 0.5, 1)])
def test_a_held_happy_face_is_answered_within_5_s(shipped, seen):
    assert visible_after(shipped, 5, 'joy', seen) >= 0.5


@pytest.mark.parametrize('seen', [(-0.63, -0.27, 0.8), (-0.6, -0.4, 0.8), (-0.8, -0.5, 1)])
def test_a_held_sad_face_is_answered_within_10_s(shipped, seen):
    assert visible_after(shipped, 10, 'sad', seen) >= 0.3


def test_without_a_face_the_answer_fades(shipped):
    engine = EmotionEngine(shipped, now_s=START)
    engine.observe(0.8, 0.3, 0.9, now_s=START)

    at_timeout, later = engine.read(START + 2), engine.read(START + 30)

    assert later.emotions[EMOTIONS.index('joy')] < 0.5 * at_timeout.emotions[EMOTIONS.index('joy')]
