# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Shading of a face by valence and arousal that differ from those of its emotions."""

import numpy as np

from emotion_models.drawing.action_units import ActionUnits, cancel_opposing

_GLAD = ActionUnits(lip_corner_puller=0.7, cheek_raiser=0.2)
_GLOOMY = ActionUnits(lip_corner_depressor=0.8, inner_brow_raiser=0.2)
_AWAKE = ActionUnits(
    upper_lid_raiser=0.8,
    inner_brow_raiser=0.5,
    outer_brow_raiser_left=0.5,
    outer_brow_raiser_right=0.5,
    lips_part=0.4,
)
_DROWSY = ActionUnits(eyes_closed=0.6, brow_lowerer=0.2)


def shade_action_units(action_units: np.ndarray, valence: float, arousal: float) -> np.ndarray:
    """
    The action units with the corners of the mouth moved by valence, lids and brows by arousal.

    Args:
        action_units: (N_ACTION_UNITS,) in [0, 1].
        valence: beyond that of the emotions, [-1, 1].
        arousal: beyond that of the emotions, [-1, 1].

    Returns:
        (N_ACTION_UNITS,) in [0, 1]; unchanged where both are 0 and nothing in it opposes.
    """
    shade = max(valence, 0.0) * np.array(_GLAD) + max(-valence, 0.0) * np.array(_GLOOMY)
    shade += max(arousal, 0.0) * np.array(_AWAKE) + max(-arousal, 0.0) * np.array(_DROWSY)
    return np.minimum(cancel_opposing(action_units + shade), 1.0)
