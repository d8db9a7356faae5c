# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What of the faces of people is not recorded unless that is asked for."""

from dataclasses import replace

import numpy as np

from emotion_agent.logic import AFFECT
from emotion_agent.replay.messages import BagMessages

_NOTHING = np.zeros(0, np.float32)


def discreet_affect(messages: BagMessages, data: bytes, keeps_units: bool) -> bytes:
    """
    Return `human_affect` without proportions, and without action units unless they are kept.

    Args:
        messages: the types.
        data: a message.
        keeps_units: whether action units stay.

    Raises:
        MalformedMessage: if it is none, so that nobody can say what stands in it.
    """
    affect = messages.from_bytes(AFFECT, data)
    faces = [
        replace(
            face,
            proportions=_NOTHING,
            action_units=face.action_units if keeps_units else _NOTHING,
        )
        for face in affect.faces
    ]
    is_same = all(
        len(new.proportions) == len(old.proportions)
        and len(new.action_units) == len(old.action_units)
        for new, old in zip(faces, affect.faces, strict=True)
    )
    return data if is_same else messages.to_bytes(AFFECT, replace(affect, faces=faces))
