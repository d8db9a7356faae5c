# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the face shows: the feeling of a state, or an expression as REP-155 (ROS4HRI) names it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from emotion_agent.neuromodulation import EMOTIONS, NEUTRAL
from emotion_models.labels.emotions import check_emotions, emotion_vad
from emotion_models.labels.expressions import VA_MEANS
from node_kit.limits import shown
from node_kit.suggestions import did_you_mean

MIXTURES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        'neutral': {},
        'angry': {'mad': 0.8},
        'sad': {'sad': 0.8},
        'happy': {'joy': 0.8},
        'surprised': {'surprise': 0.8},
        'disgusted': {'mad': 0.6, 'sad': 0.15},
        'scared': {'fear': 0.8},
        'pleading': {'sad': 0.4, 'love': 0.4},
        'vulnerable': {'sad': 0.4, 'fear': 0.3},
        'despaired': {'sad': 0.8, 'fear': 0.3},
        'guilty': {'sad': 0.5, 'fear': 0.2},
        'disappointed': {'sad': 0.5},
        'embarrassed': {'fear': 0.3, 'love': 0.2},
        'horrified': {'fear': 0.8, 'surprise': 0.3},
        'skeptical': {'power': 0.4, 'mad': 0.3},
        'annoyed': {'mad': 0.4},
        'furious': {'mad': 1.0},
        'suspicious': {'mad': 0.4, 'fear': 0.2},
        'rejected': {'sad': 0.6, 'mad': 0.2},
        'bored': {'sad': 0.2},
        'tired': {'sad': 0.1},
        'asleep': {},
        'confused': {'surprise': 0.3, 'sad': 0.2},
        'amazed': {'surprise': 0.6, 'joy': 0.4},
        'excited': {'joy': 0.8, 'surprise': 0.2},
    }
)
"""The expressions of REP-155 -> how much of each emotion is seen, [0, 1]."""

AFFECT: Mapping[str, tuple[float, float]] = MappingProxyType(
    {'bored': (-0.3, -0.5), 'tired': (-0.1, -0.8), 'asleep': (0.0, -1.0)}
)
"""Valence and arousal of those that are not where their mixture lies, [-1, 1]."""

_CORNERS = {
    'joy': VA_MEANS['HAPPY'],
    'surprise': VA_MEANS['SURPRISE'],
    'fear': VA_MEANS['FEAR'],
    'mad': VA_MEANS['ANGER'],
    'sad': VA_MEANS['SAD'],
    NEUTRAL: (0.0, -1.0),  # calm
}
"""Where emotions lie in the plane of valence and arousal, by their angle from 0."""


class Feeling(NamedTuple):
    """
    What `FaceAnimator.set_emotion` takes.

    Args:
        visible: how much of each emotion is seen, (7,) in [0, 1], order of EMOTIONS.
        arousal: [-1, 1].
        intensity: of the strongest emotion, [0, 1].
        dominant: its name, or neutral.
        affect: valence and arousal of what is seen, [-1, 1].
    """

    visible: np.ndarray
    arousal: float
    intensity: float
    dominant: str
    affect: tuple[float, float]


NO_FEELING = Feeling(np.zeros(len(EMOTIONS)), 0.0, 0.0, NEUTRAL, (0.0, 0.0))


def feeling_of_state(state: Any) -> Feeling:
    """
    Return what an `EmotionState` lets be seen.

    Raises:
        ValueError: if a number is not finite, or an emotion outside [0, 1].
    """
    visible = check_emotions([getattr(state, f'visible_{name}') for name in EMOTIONS])
    affect = state.visible_valence, state.visible_arousal
    if not np.isfinite((*affect, state.arousal, state.intensity)).all():
        raise ValueError(
            f'expected finite numbers, got valence and arousal {affect}, arousal of the state '
            f'{state.arousal}, intensity {state.intensity}'
        )
    return Feeling(visible, state.arousal, state.intensity, state.dominant, affect)


def feeling_of_expression(message: Any) -> Feeling | None:
    """
    Return what an `hri_msgs/Expression` asks for, by its name, else by valence and arousal.

    The confidence is how strong the expression is; 0 stands for 1, as few set it.

    Returns:
        The feeling; none if the message is empty, without a name, valence and arousal.

    Raises:
        ValueError: if the name is not one of `MIXTURES`, or a number is out of its range.
    """
    _check('confidence', message.confidence, 0.0)
    strength = message.confidence or 1.0
    if name := message.expression:
        if name not in MIXTURES:
            near = did_you_mean(name, MIXTURES)
            raise ValueError(
                f'expected one of the {len(MIXTURES)} expressions of REP-155, got '
                f'{shown(name)}{near}'
            )
        mixture = MIXTURES[name]
        visible = np.array([mixture.get(emotion, 0.0) for emotion in EMOTIONS])
        affect = AFFECT.get(name) or emotion_vad(visible)[:2]
    else:
        affect = message.valence, message.arousal
        for quantity, value in zip(('valence', 'arousal'), affect, strict=True):
            _check(quantity, value, -1.0)
        if not any(affect):
            return None
        visible = emotions_at(*affect)
    visible, (valence, arousal) = strength * visible, strength * np.asarray(affect, float)
    strongest = int(visible.argmax())
    return Feeling(
        visible,
        float(arousal),
        float(visible[strongest]),
        EMOTIONS[strongest] if visible[strongest] > 0.0 else NEUTRAL,
        (float(valence), float(arousal)),
    )


def emotions_at(valence: float, arousal: float) -> np.ndarray:
    """
    Return the emotions (7,) in [0, 1] that are seen at a place of the plane.

    The place is a sum of the two of `_CORNERS` between which it lies by its angle; where they
    add up to more than 1, their shares.

    Args:
        valence: [-1, 1].
        arousal: [-1, 1].
    """
    names, corners = list(_CORNERS), np.array(list(_CORNERS.values()))
    turn = 2.0 * np.pi
    angles = np.arctan2(corners[:, 1], corners[:, 0]) % turn
    angle = np.arctan2(arousal, valence) % turn
    after = int(np.searchsorted(angles, angle)) % len(names)
    pair = [after - 1, after]
    parts = np.linalg.solve(corners[pair].T, (valence, arousal)).clip(0.0)
    parts /= max(1.0, parts.sum())
    found = dict(zip((names[index] for index in pair), parts, strict=True))
    return np.array([found.get(emotion, 0.0) for emotion in EMOTIONS])


def _check(quantity: str, value: float, low: float) -> None:
    if not low <= value <= 1.0:
        raise ValueError(f'expected {quantity} in [{low:g}, 1], got {value:g}')
