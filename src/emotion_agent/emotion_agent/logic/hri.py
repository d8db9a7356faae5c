# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Names and messages of faces and expressions in REP-155 (ROS4HRI)."""

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from emotion_models.labels.expressions import EXPRESSIONS

if TYPE_CHECKING:
    from emotion_models.runtime import Face

FACES = '/humans/faces'
EXPRESSION = 'hri_msgs/msg/Expression'
FACS = 'hri_msgs/msg/FacialActionUnits'
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


N_FACS = 99
"""Numbers of `FacialActionUnits`, one for each code of FACS."""

FACS_CODES = {
    'inner_brow_raiser': 1,
    'outer_brow_raiser_left': 2,
    'outer_brow_raiser_right': 2,
    'brow_lowerer': 4,
    'upper_lid_raiser': 5,
    'cheek_raiser': 6,
    'lid_tightener': 7,
    'lip_corner_puller': 12,
    'dimpler_left': 14,
    'dimpler_right': 14,
    'lip_corner_depressor': 15,
    'chin_raiser': 17,
    'lip_stretcher': 20,
    'lip_tightener': 23,
    'lip_pressor': 24,
    'lips_part': 25,
    'jaw_drop': 26,
    'eyes_closed': 43,
}
"""Our facial action units -> codes of FACS, which have no sides in REP-155."""


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


def units_fields(face: 'Face') -> dict[str, np.ndarray]:
    """
    Return the fields, but the header, of the `FacialActionUnits` of a face.

    A unit of two sides is their mean; units that we do not estimate have the confidence 0.
    """
    from emotion_models.drawing.parts import FACIAL_UNITS  # the state does without OpenCV

    assert face.action_units is not None
    intensity, confidence = np.zeros((2, N_FACS), np.float32)
    codes = [FACS_CODES[name] for name in FACIAL_UNITS]
    np.add.at(intensity, codes, face.action_units)
    sides = np.bincount(codes, minlength=N_FACS)
    intensity[sides > 1] /= sides[sides > 1]
    confidence[sides > 0] = face.confidence
    return {'intensity': intensity, 'confidence': confidence}


def robot_expression_fields(state: Any) -> dict[str, str | float]:
    """Return the fields, but the header, of the `Expression` of the robot's `EmotionState`."""
    return {
        'expression': EMOTION_NAMES[state.dominant],
        'valence': state.valence,
        'arousal': state.arousal,
        'confidence': 1.0,
    }
