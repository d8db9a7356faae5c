# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
import re
from types import SimpleNamespace

import numpy as np
import pytest

from emotion_agent.logic.hri import EMOTION_NAMES
from emotion_agent.logic.shown_expression import (
    AFFECT,
    MIXTURES,
    emotions_at,
    feeling_of_expression,
    feeling_of_state,
)
from emotion_agent.neuromodulation import EMOTIONS
from emotion_models.labels.emotions import emotion_vad
from emotion_models.labels.expressions import VA_MEANS

NAMES = [
    *('neutral', 'angry', 'sad', 'happy', 'surprised', 'disgusted', 'scared', 'pleading'),
    *('vulnerable', 'despaired', 'guilty', 'disappointed', 'embarrassed', 'horrified'),
    *('skeptical', 'annoyed', 'furious', 'suspicious', 'rejected', 'bored', 'tired', 'asleep'),
    *('confused', 'amazed', 'excited'),
]
"""The constants of hri_msgs/msg/Expression 2.0.0."""


def expression(name='', valence=0.0, arousal=0.0, confidence=1.0):
    return SimpleNamespace(
        expression=name, valence=valence, arousal=arousal, confidence=confidence
    )


def test_the_table_has_the_names_of_rep_155():
    assert list(MIXTURES) == NAMES
    assert AFFECT.keys() <= MIXTURES.keys()


@pytest.mark.parametrize('name', NAMES)
def test_every_name_is_a_feeling_of_its_own(name):
    feeling = feeling_of_expression(expression(name, valence=0.9, arousal=np.nan))

    assert dict(zip(EMOTIONS, feeling.visible, strict=True)) == {
        emotion: MIXTURES[name].get(emotion, 0.0) for emotion in EMOTIONS
    }
    assert feeling.intensity == max(MIXTURES[name].values(), default=0.0)
    assert MIXTURES[name].get(feeling.dominant, 0.0) == feeling.intensity
    assert feeling.affect == pytest.approx(AFFECT.get(name) or emotion_vad(feeling.visible)[:2])
    others = (feeling_of_expression(expression(other)) for other in NAMES if other != name)
    assert not any(
        (other.visible == feeling.visible).all() and other.affect == feeling.affect
        for other in others
    )


def test_what_the_robot_publishes_of_itself_it_can_show():
    for emotion, name in EMOTION_NAMES.items():
        if name and emotion not in ('love', 'neutral'):
            assert feeling_of_expression(expression(name)).dominant == emotion


@pytest.mark.parametrize('name', ['happy', ''])
def test_confidence_is_the_strength_and_nothing_stands_for_all(name):
    full, half, unset = (
        feeling_of_expression(expression(name, 0.5, 0.1, confidence))
        for confidence in (1.0, 0.5, 0.0)
    )

    assert half.visible == pytest.approx(0.5 * full.visible)
    assert half.affect == pytest.approx([0.5 * value for value in full.affect])
    assert half.intensity == pytest.approx(0.5 * full.intensity)
    assert (unset.visible == full.visible).all()


@pytest.mark.parametrize(
    ('message', 'said'),
    [
        (expression('hapy'), "the 25 expressions of REP-155, got 'hapy'; did you mean happy?"),
        (expression('Happy'), "got 'Happy'; did you mean happy?"),
        (expression('x' * 200), 'expected one of the 25 expressions'),
        (expression('sad', confidence=1.1), 'expected confidence in [0, 1], got 1.1'),
        (expression('sad', confidence=-0.5), 'expected confidence in [0, 1], got -0.5'),
        (expression(valence=1.5), 'expected valence in [-1, 1], got 1.5'),
        (expression(arousal=np.nan), 'expected arousal in [-1, 1], got nan'),
    ],
)
def test_what_is_no_expression_is_refused_in_one_line(message, said):
    with pytest.raises(ValueError, match=re.escape(said)) as error:
        feeling_of_expression(message)

    assert '\n' not in str(error.value)
    assert len(str(error.value)) < 200


def test_an_empty_message_asks_for_nothing():
    assert feeling_of_expression(expression(confidence=0.0)) is None
    assert feeling_of_expression(expression('neutral')) is not None


@pytest.mark.parametrize(
    ('expression', 'emotion'),
    [
        ('HAPPY', 'joy'),
        ('SURPRISE', 'surprise'),
        ('FEAR', 'fear'),
        ('ANGER', 'mad'),
        ('SAD', 'sad'),
    ],
)
def test_where_an_emotion_lies_it_is_seen_alone(expression, emotion):
    assert emotions_at(*VA_MEANS[expression]) == pytest.approx(
        [float(emotion == name) for name in EMOTIONS], abs=1e-6
    )


def test_all_round_the_plane_emotions_stay_in_range_and_change_without_a_step():
    angles = np.linspace(0.0, 2.0 * np.pi, 721)
    square = np.clip(1.5 * np.array([np.cos(angles), np.sin(angles)]), -1.0, 1.0)

    for radius in (0.02, 0.5, 1.0):
        seen = np.array([emotions_at(*place) for place in radius * square.T])
        assert (seen >= 0.0).all()
        assert (seen.sum(1) <= 1.0 + 1e-9).all()
        assert np.abs(np.diff(seen, axis=0)).max() < 0.06 * radius
    assert (emotions_at(0.0, -1.0) == 0.0).all()  # calm


def test_a_state_with_a_number_that_is_none_is_refused():
    fields = {f'visible_{name}': 0.0 for name in EMOTIONS}
    rest = {'visible_valence': 0.0, 'visible_arousal': 0.0, 'arousal': 0.0, 'intensity': 0.0}
    state = SimpleNamespace(**fields, **rest, dominant='neutral')
    assert feeling_of_state(state).dominant == 'neutral'

    for name in (*rest, 'visible_joy'):
        with pytest.raises(ValueError, match='finite|expected|must lie'):
            feeling_of_state(SimpleNamespace(**{**vars(state), name: np.inf}))
