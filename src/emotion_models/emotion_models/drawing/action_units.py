# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
What a face does, as numbers: FACS action units and a few signs that comics add to them.

Action units after Ekman & Friesen, Facial Action Coding System, 1978. The units of each emotion
start from their tables and from Du, Tao & Martinez, Compound facial expressions of emotion, PNAS
2014, and were then tuned by eye for a picture of 128×64 black or white pixels.
"""

from typing import NamedTuple

import numpy as np

from emotion_models.labels.emotions import EMOTIONS, check_emotions


class ActionUnits(NamedTuple):
    """
    Intensities in [0, 1]; 0 is the face at rest. Left and right are those of the picture.

    Brows, lids and mouth can be drawn a little beyond, from -0.15 to 1.15: a movement that swings
    back before it starts, or past its goal. `eyes_closed` and the signs stay in [0, 1].

    `np.array(ActionUnits(...))` is the vector of N_ACTION_UNITS numbers that the renderer takes,
    `ActionUnits(*vector)` the way back.
    """

    inner_brow_raiser: float = 0.0  # AU 1
    outer_brow_raiser_left: float = 0.0  # AU 2
    outer_brow_raiser_right: float = 0.0  # AU 2
    brow_lowerer: float = 0.0  # AU 4: down and together
    upper_lid_raiser: float = 0.0  # AU 5
    cheek_raiser: float = 0.0  # AU 6: lifts the lower lid
    lid_tightener: float = 0.0  # AU 7
    lip_corner_puller: float = 0.0  # AU 12: smile
    dimpler_left: float = 0.0  # AU 14: smirk
    dimpler_right: float = 0.0  # AU 14
    lip_corner_depressor: float = 0.0  # AU 15
    chin_raiser: float = 0.0  # AU 17
    lip_stretcher: float = 0.0  # AU 20
    lip_tightener: float = 0.0  # AU 23
    lip_pressor: float = 0.0  # AU 24
    lips_part: float = 0.0  # AU 25
    jaw_drop: float = 0.0  # AU 26
    eyes_closed: float = 0.0  # AU 43
    heart: float = 0.0  # sign: the pupils become hearts
    blush: float = 0.0  # sign: strokes on the cheeks
    tear: float = 0.0  # sign: a drop below the eye


N_ACTION_UNITS = len(ActionUnits._fields)
NEUTRAL = np.zeros(N_ACTION_UNITS)
NEUTRAL.setflags(write=False)


OVERSHOOT = 0.15  # how far brows, lids and mouth go beyond 0 and 1
_WITHIN = ('eyes_closed', 'heart', 'blush', 'tear')
_BEYOND = np.array([0.0 if name in _WITHIN else OVERSHOOT for name in ActionUnits._fields])
UNITS_LOW, UNITS_HIGH = -_BEYOND, 1.0 + _BEYOND
UNITS_LOW.setflags(write=False)
UNITS_HIGH.setflags(write=False)


def as_action_units(action_units) -> ActionUnits:
    """
    The vector with names, clipped to what can be drawn, `UNITS_LOW` to `UNITS_HIGH`.

    Raises:
        ValueError: if its length is wrong.
    """
    values = np.asarray(action_units, dtype=float)
    if values.shape != (N_ACTION_UNITS,):
        raise ValueError(f'expected {N_ACTION_UNITS} action units, got {values.shape}')
    return ActionUnits(*np.minimum(np.maximum(values, UNITS_LOW), UNITS_HIGH).tolist())


_PROTOTYPES = {
    'fear': ActionUnits(
        inner_brow_raiser=1.0,
        outer_brow_raiser_left=0.1,
        outer_brow_raiser_right=0.1,
        brow_lowerer=0.5,
        upper_lid_raiser=1.0,
        lip_corner_depressor=0.3,
        lip_stretcher=1.0,
        lips_part=0.9,
        jaw_drop=0.35,
    ),
    'mad': ActionUnits(
        brow_lowerer=1.0,
        lid_tightener=0.8,
        lip_corner_depressor=0.8,
        lips_part=0.9,
        jaw_drop=0.3,
    ),
    'joy': ActionUnits(cheek_raiser=0.9, lip_corner_puller=1.0, lips_part=0.8, jaw_drop=0.8),
    'love': ActionUnits(
        inner_brow_raiser=0.2,
        lip_corner_puller=0.7,
        heart=1.0,
        blush=1.0,
    ),
    'sad': ActionUnits(
        inner_brow_raiser=0.9,
        brow_lowerer=0.5,
        lip_corner_depressor=0.9,
        chin_raiser=0.4,
        eyes_closed=0.2,
        tear=1.0,
    ),
    'surprise': ActionUnits(
        inner_brow_raiser=1.0,
        outer_brow_raiser_left=1.0,
        outer_brow_raiser_right=1.0,
        upper_lid_raiser=0.8,
        lips_part=0.6,
        jaw_drop=1.0,
    ),
    'power': ActionUnits(
        outer_brow_raiser_right=0.6,
        brow_lowerer=0.4,
        lid_tightener=0.75,
        lip_corner_puller=0.6,
        dimpler_right=0.9,
    ),
}

EMOTION_ACTION_UNITS = np.array([_PROTOTYPES[name] for name in EMOTIONS])
EMOTION_ACTION_UNITS.setflags(write=False)

_OPPOSING = tuple(
    (ActionUnits._fields.index(a), ActionUnits._fields.index(b))
    for a, b in (
        ('lip_corner_puller', 'lip_corner_depressor'),
        ('upper_lid_raiser', 'eyes_closed'),
    )
)


def blend_action_units(visible) -> np.ndarray:
    """
    The action units of a mixture of emotions: Σ visible·AU clipped to 1, opposing pairs cancelled.

    Smile and frown, wide and closing lids move the same point: only their difference is visible.

    Args:
        visible: how much of each emotion is visible, (7,) in [0, 1], order of `EMOTIONS`.

    Returns:
        (N_ACTION_UNITS,) in [0, 1].

    Raises:
        ValueError: as `check_emotions`.
    """
    return cancel_opposing(np.minimum(check_emotions(visible) @ EMOTION_ACTION_UNITS, 1.0))


def cancel_opposing(action_units: np.ndarray) -> np.ndarray:
    """
    A copy in which smile and frown, wide and closing lids, are what is left of them.

    Only what is positive cancels: a smile that swings back a little is no frown.
    """
    units = np.array(action_units)
    for a, b in _OPPOSING:
        common = max(0.0, min(units[a], units[b]))
        units[a] -= common
        units[b] -= common
    return units
