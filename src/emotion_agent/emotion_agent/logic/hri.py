# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""How faces and expressions are called in REP-155 (ROS4HRI)."""

import re
from collections.abc import Collection, Sequence

from emotion_models.runtime import EXPRESSIONS, Face

FACES = '/humans/faces'
EXPRESSION = 'hri_msgs/msg/Expression'
IDS = 'hri_msgs/msg/IdsList'

# Ids become parts of topic names.
ID = re.compile(r'[A-Za-z][A-Za-z0-9_]*')

EXPRESSION_NAMES = dict(
    zip(
        EXPRESSIONS,
        ('neutral', 'happy', 'sad', 'surprised', 'scared', 'disgusted', 'angry', 'annoyed'),
        strict=True,
    )
)
"""What REP-155 calls our expressions. It has no contempt; annoyed comes nearest."""


def choose_ids(ids: Sequence[str], followed: Collection[str], most: int) -> list[str]:
    """Return at most so many of the ids that a topic can have, those followed already first."""
    usable = [face_id for face_id in dict.fromkeys(ids) if ID.fullmatch(face_id)]
    return sorted(usable, key=lambda face_id: face_id not in followed)[:most]


def expression_fields(face: Face) -> dict[str, str | float]:
    """Return the fields, but the header, of the `Expression` of a face."""
    return {
        'expression': EXPRESSION_NAMES[EXPRESSIONS[int(face.expression.argmax())]],
        'valence': face.valence,
        'arousal': face.arousal,
        'confidence': face.confidence,
    }
