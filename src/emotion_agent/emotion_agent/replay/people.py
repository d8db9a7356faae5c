# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The person whom the robot attends to, as a recording shows them."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from emotion_models.drawing.parts import FACIAL_UNITS

UNSEEN_S = 2.0
"""Without an observation for longer nobody is seen."""


class Person(NamedTuple):
    """What was read from the face of a person."""

    valence: float  # [-1, 1]
    arousal: float  # [-1, 1]
    units: Sequence[float] | None  # (18,) action units, [0, 1]; None = not recorded


def person_among(faces: Collection[Any], attended: str) -> Person | None:
    """
    Return the person who is attended to.

    Args:
        faces: of one image.
        attended: face_id of the state; '' = nobody.

    Returns:
        What was read from that face; None where it is not among them.
    """
    face = next((face for face in faces if face.face_id == attended), None)
    if face is None:
        return None
    units = face.action_units if len(face.action_units) == len(FACIAL_UNITS) else None
    return Person(face.valence, face.arousal, units)
