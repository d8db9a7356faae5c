# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The reading of the emotion engine as a message."""

from typing import Any

from emotion_agent.logic import STATE, TIME, Make
from emotion_agent.neuromodulation import EMOTIONS, MODULATORS, Reading
from node_kit.time import from_seconds, stamp_fields


def state_message(make: Make, reading: Reading, observation_ns: int, attended: str) -> Any:
    """
    Return a reading as an `EmotionState` without its own stamp.

    Args:
        make: makes messages.
        reading: of the engine.
        observation_ns: stamp of the newest observation that it contains, ns; 0 = none.
        attended: id of the face that it answers; '' = nobody.
    """
    message = make(
        STATE,
        observation_stamp=make(TIME, **stamp_fields(observation_ns)),
        deviation=reading.deviation,
        mood=reading.mood,
        neutral=reading.neutral,
        visible_valence=reading.visible_valence,
        visible_arousal=reading.visible_arousal,
        intensity=reading.intensity,
        valence=reading.valence,
        arousal=reading.arousal,
        dominance=reading.dominance,
        dominant=reading.dominant,
        dominant_since=stamp(make, reading.dominant_since_s),
        last_stimulus=reading.last_stimulus,
        last_source=reading.last_source,
        last_change_stamp=stamp(make, reading.last_change_stamp_s or 0.0),
        attended_face=attended,
    )
    for name, level in zip(MODULATORS, reading.levels, strict=True):
        setattr(message, name, float(level))
    for name, strength, visible in zip(EMOTIONS, reading.emotions, reading.visible, strict=True):
        setattr(message, name, float(strength))
        setattr(message, f'visible_{name}', float(visible))
    return message


def stamp(make: Make, seconds: float) -> Any:
    """Return the stamp nearest to a time, s; 0 for one before the epoch."""
    return make(TIME, **stamp_fields(max(0, from_seconds(seconds))))
