# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Names and messages of faces and expressions in REP-155 (ROS4HRI)."""

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from emotion_models.labels.expressions import EXPRESSIONS

if TYPE_CHECKING:
    from emotion_models.runtime import Face

FACES = '/humans/faces'
EXPRESSION = 'hri_msgs/msg/Expression'
IDS = 'hri_msgs/msg/IdsList'

# Ids become parts of topic names, which DDS bounds.
ID_CHARACTERS = 100
ID = re.compile(rf'[A-Za-z][A-Za-z0-9_]{{0,{ID_CHARACTERS - 1}}}')

EXPRESSION_NAMES = dict(
    zip(
        EXPRESSIONS,
        ('neutral', 'happy', 'sad', 'surprised', 'scared', 'disgusted', 'angry', 'annoyed'),
        strict=True,
    )
)
"""Our expressions -> their names in REP-155, which has no contempt: annoyed is the closest."""

EMOTION_NAMES = {
    'neutral': 'neutral',
    'fear': 'scared',
    'mad': 'angry',
    'joy': 'happy',
    'love': 'happy',
    'sad': 'sad',
    'surprise': 'surprised',
    'power': '',
}
"""The emotions of the robot -> their names in REP-155; empty where it has none."""


def choose_ids(ids: Sequence[str], followed: Collection[str], most: int) -> list[str]:
    """Return at most `most` ids that are valid in topic names, those already followed first."""
    usable = [face_id for face_id in dict.fromkeys(ids) if ID.fullmatch(face_id)]
    return sorted(usable, key=lambda face_id: face_id not in followed)[:most]


def expression_fields(face: 'Face') -> dict[str, str | float]:
    """Return the fields, but the header, of the `Expression` of a face."""
    return {
        'expression': EXPRESSION_NAMES[EXPRESSIONS[int(face.expression.argmax())]],
        'valence': face.valence,
        'arousal': face.arousal,
        'confidence': face.confidence,
    }


def robot_expression_fields(state: Any) -> dict[str, str | float]:
    """Return the fields, but the header, of the `Expression` of the robot's `EmotionState`."""
    return {
        'expression': EMOTION_NAMES[state.dominant],
        'valence': state.valence,
        'arousal': state.arousal,
        'confidence': 1.0,
    }
