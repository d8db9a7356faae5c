# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Each thing that happens in the demo is to be seen on the face."""

import pytest
import yaml

from emotion_agent.commands.demo import PERSON_SHARE, SCRIPT
from emotion_agent.neuromodulation import EMOTIONS, EmotionEngine, load

DURATION_S = 36.0
SHOWN = ('mad', 'sad', 'surprise', 'power', 'fear', 'love')
# As the network reads the built-in photograph.
SMILE = (0.66, 0.07, 0.99)


@pytest.fixture
def engine(repository):
    everything = yaml.safe_load((repository / 'config/agent.yaml').read_text())
    parameters = everything['/**']['emotion_state']['ros__parameters']
    config = load()
    empathy = {
        'gain': config.empathy.gain * parameters['empathy.gain'],
        'attack': config.empathy.attack * parameters['empathy.attack'],
    }
    return EmotionEngine(config.with_changes({'emotion': {'empathy': empathy}}), now_s=0.0)


def test_every_emotion_of_the_demo_is_clearly_visible(engine):
    person_s = PERSON_SHARE * DURATION_S
    for frame in range(int(30 * person_s)):
        engine.observe(*SMILE, now_s=frame / 30)
    shown = [engine.read(person_s).dominant]
    assert max(engine.read(person_s).visible) > 0.8

    slot_s = (DURATION_S - person_s) / len(SCRIPT)
    for number, names in enumerate(SCRIPT):
        start = person_s + number * slot_s
        for name in names:
            engine.stimulate(name, now_s=start)
        reading = engine.read(start + 0.8)
        shown.append(reading.dominant)
        assert reading.visible[EMOTIONS.index(reading.dominant)] > 0.5, names

    assert tuple(shown) == ('joy', *SHOWN)
