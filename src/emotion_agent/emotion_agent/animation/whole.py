# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Signs and lips that are shown whole or not at all: on the panel halves of them are specks."""

from __future__ import annotations

import numpy as np

from emotion_models.drawing.action_units import ActionUnits
from emotion_models.drawing.identity import Identity
from emotion_models.drawing.parts import identity_columns, unit_columns
from emotion_models.drawing.view import View

SWITCHED = ('heart', 'blush')
"""Signs without anything between there and not there."""

_SHOWN, _HIDDEN = 0.3, 0.2  # from which strength on one is there, and below which it is gone
_SIGNS = unit_columns(SWITCHED)
_LIPS, _JAW = (ActionUnits._fields.index(name) for name in ('lips_part', 'jaw_drop'))
_LIPS_PX, _JAW_PX = 3.2, 13.0  # how far a unit parts the lips, as in `mouth_curves`
_SHUT_PX, _OPEN_PX = 2.3, 3.6  # lips nearer than this are a line; it is dark between these
(_GAP,) = identity_columns(['lip_gap'])
_HEART = ActionUnits._fields.index('heart')
_HEART_LOOK_Y = 0.5  # pupils that look farther up or down touch a lid, which cuts hearts
_GAP_LOW, _GAP_HIGH = Identity.ranges()['lip_gap']


class Signs:
    """Which signs are there; one that fades goes later than one that grows has come."""

    def __init__(self) -> None:
        self._are_there = np.zeros(len(_SIGNS), bool)

    def whole(self, units: np.ndarray) -> np.ndarray:
        """Action units (21,) with these signs at 0 or 1."""
        self._are_there = units[_SIGNS] >= np.where(self._are_there, _HIDDEN, _SHOWN)
        switched = np.array(units)
        switched[_SIGNS] = self._are_there
        return switched


def with_clear_lips(units: np.ndarray, identity: np.ndarray) -> np.ndarray:
    """
    Action units whose lips are one line, or so far apart that it is dark between them.

    Args:
        units: (21,).
        identity: (16,) in [0, 1].
    """
    gap_px = _GAP_LOW + (_GAP_HIGH - _GAP_LOW) * identity[_GAP]
    parted_px = _LIPS_PX * units[_LIPS] + _JAW_PX * units[_JAW]
    if not 0.0 < parted_px < _OPEN_PX - gap_px:
        return units
    cleared = np.array(units)
    is_line = parted_px + gap_px < _SHUT_PX
    cleared[[_LIPS, _JAW]] *= 0.0 if is_line else (_OPEN_PX - gap_px) / parted_px
    return cleared


def with_whole_hearts(view: View, units: np.ndarray) -> View:
    """The view of action units (21,) in which no lid cuts the notch of a heart."""
    if units[_HEART] < 1.0 or abs(view.gaze_y) <= _HEART_LOOK_Y:
        return view
    return view._replace(gaze_y=float(np.clip(view.gaze_y, -_HEART_LOOK_Y, _HEART_LOOK_Y)))
