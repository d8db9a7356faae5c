# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Which numbers of a face belong together: action units by part, proportions and style."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from emotion_models.drawing.action_units import ActionUnits
from emotion_models.drawing.identity import PROPORTIONS, Identity

__all__ = ['FACIAL_UNITS', 'PARTS', 'PROPORTIONS', 'identity_columns', 'unit_columns']

PARTS = MappingProxyType(
    {
        'brows': (
            'inner_brow_raiser',
            'outer_brow_raiser_left',
            'outer_brow_raiser_right',
            'brow_lowerer',
        ),
        'eyes': ('upper_lid_raiser', 'cheek_raiser', 'lid_tightener', 'eyes_closed'),
        'mouth': (
            'lip_corner_puller',
            'dimpler_left',
            'dimpler_right',
            'lip_corner_depressor',
            'chin_raiser',
            'lip_stretcher',
            'lip_tightener',
            'lip_pressor',
            'lips_part',
            'jaw_drop',
        ),
        'signs': ('heart', 'blush', 'tear'),
    }
)
"""Action units by the part of the face that they move; every unit is in one part."""

FACIAL_UNITS = tuple(name for name in ActionUnits._fields if name not in PARTS['signs'])
"""Action units that a face of a person can have, in the order of `ActionUnits`."""


def unit_columns(names) -> np.ndarray:
    """Places of action units in their vector, int (len(names),)."""
    return np.array([ActionUnits._fields.index(name) for name in names])


def identity_columns(names) -> np.ndarray:
    """Places of proportions in the vector of an identity, int (len(names),)."""
    known = tuple(Identity.ranges())
    return np.array([known.index(name) for name in names])
