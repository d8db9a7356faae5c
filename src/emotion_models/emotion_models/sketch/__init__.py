# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The parametric face: a renderer of emotions and a generator of labelled drawings."""

from emotion_models.sketch.action_units import (
    EMOTION_ACTION_UNITS,
    N_ACTION_UNITS,
    NEUTRAL,
    ActionUnits,
    blend_action_units,
)
from emotion_models.sketch.decoder import ParametricDecoder
from emotion_models.sketch.emotions import EMOTION_VAD, EMOTIONS, emotion_vad
from emotion_models.sketch.face import THRESHOLD, ParametricFace, to_one_bit
from emotion_models.sketch.geometry import mouth_corners
from emotion_models.sketch.identity import N_IDENTITY, Identity
from emotion_models.sketch.measures import measure_mouth_corner_lift
from emotion_models.sketch.samples import Sample, sample
from emotion_models.sketch.view import HEIGHT, WIDTH, View

__all__ = [
    'EMOTIONS',
    'EMOTION_ACTION_UNITS',
    'EMOTION_VAD',
    'HEIGHT',
    'NEUTRAL',
    'N_ACTION_UNITS',
    'N_IDENTITY',
    'THRESHOLD',
    'WIDTH',
    'ActionUnits',
    'Identity',
    'ParametricDecoder',
    'ParametricFace',
    'Sample',
    'View',
    'blend_action_units',
    'emotion_vad',
    'measure_mouth_corner_lift',
    'mouth_corners',
    'sample',
    'to_one_bit',
]
