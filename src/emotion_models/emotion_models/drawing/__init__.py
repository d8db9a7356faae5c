# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""The parametric face: a renderer of emotions and a generator of labelled drawings."""

from emotion_models.drawing.action_units import (
    EMOTION_ACTION_UNITS,
    N_ACTION_UNITS,
    NEUTRAL,
    ActionUnits,
    blend_action_units,
)
from emotion_models.drawing.affect_of_units import affect_of_units
from emotion_models.drawing.face import THRESHOLD, ParametricFace, to_one_bit
from emotion_models.drawing.geometry import mouth_corners
from emotion_models.drawing.identity import N_IDENTITY, Identity
from emotion_models.drawing.measures import measure_mouth_corner_lift
from emotion_models.drawing.samples import Sample, sample
from emotion_models.drawing.view import HEIGHT, WIDTH, View

__all__ = [
    'EMOTION_ACTION_UNITS',
    'HEIGHT',
    'NEUTRAL',
    'N_ACTION_UNITS',
    'N_IDENTITY',
    'THRESHOLD',
    'WIDTH',
    'ActionUnits',
    'Identity',
    'ParametricFace',
    'Sample',
    'View',
    'affect_of_units',
    'blend_action_units',
    'measure_mouth_corner_lift',
    'mouth_corners',
    'sample',
    'to_one_bit',
]
