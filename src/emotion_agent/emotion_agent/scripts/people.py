# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Played people as messages of what is seen in faces."""

from collections.abc import Mapping
from typing import Any

from emotion_agent.logic import AFFECT, FACE, HEADER, REGION, Make
from emotion_agent.scripts.script import Feeling

SCRIPT_FRAME = 'script'  # frame_id of the messages: nobody was seen, somebody was played
WIZARD = 'wizard'  # frame_id and face_id of whom somebody plays by hand in a panel
PERIOD_S = 0.1  # they are seen so often
VIEW = (640, 480)  # px
EXPRESSIONS = 8  # each is as probable as the others: only valence and arousal are played


def people_message(
    make: Make, people: Mapping[str, Feeling], stamp: Any, frame_id: str = SCRIPT_FRAME
) -> Any:
    """
    Return people side by side as a `FaceAffectArray`, seen beyond doubt.

    Args:
        make: makes messages.
        people: id -> what is seen in the face, from left to right.
        stamp: of the message; 0 = it counts on arrival.
        frame_id: says who plays them.
    """
    width, height = VIEW
    share = width // max(1, len(people))
    faces = [
        make(
            FACE,
            face_id=name,
            roi=make(
                REGION,
                x_offset=share * place + share // 4,
                y_offset=(height - share * height // width // 2) // 2,
                width=share // 2,
                height=share * height // width // 2,
            ),
            valence=feeling.valence,
            arousal=feeling.arousal,
            confidence=1.0,
            expression=[1.0 / EXPRESSIONS] * EXPRESSIONS,
        )
        for place, (name, feeling) in enumerate(people.items())
    ]
    fields = {'faces': faces, 'image_width': width, 'image_height': height}
    return make(AFFECT, header=make(HEADER, stamp=stamp, frame_id=frame_id), **fields)
