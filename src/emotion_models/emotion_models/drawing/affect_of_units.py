# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Valence and arousal of a face that shows no blend of emotions, by its action units."""

from __future__ import annotations

from functools import cache

import numpy as np

from emotion_models.drawing.action_units import N_ACTION_UNITS, blend_action_units
from emotion_models.drawing.nuance import shade_action_units
from emotion_models.labels.emotions import EMOTIONS, emotion_vad

_BLENDS = 2000
_NUANCE = 0.15  # standard deviation of valence and arousal beyond those of the emotions
_RIDGE = 1.0


def affect_of_units(action_units) -> np.ndarray:
    """
    Valence and arousal that action units lead one to expect.

    A ridge regression (Hoerl & Kennard, Technometrics 1970) of valence and arousal on the units,
    fitted to shaded blends of one or two emotions when it is first needed; the face at rest is 0.

    Args:
        action_units: (..., N_ACTION_UNITS), order of `ActionUnits`.

    Returns:
        (..., 2) in [-1, 1].

    Raises:
        ValueError: if there are not N_ACTION_UNITS of them.
    """
    units = np.asarray(action_units, dtype=float)
    if units.shape[-1:] != (N_ACTION_UNITS,):
        raise ValueError(f'expected {N_ACTION_UNITS} action units, got {units.shape}')
    return np.clip(units @ _weight(), -1.0, 1.0)


@cache
def _weight() -> np.ndarray:
    rng = np.random.default_rng(0)
    units, affect = np.empty((_BLENDS, N_ACTION_UNITS)), np.empty((_BLENDS, 2))
    for row in range(_BLENDS):
        emotions = np.zeros(len(EMOTIONS))
        chosen = rng.choice(len(EMOTIONS), rng.integers(1, 3), replace=False)
        emotions[chosen] = rng.random(len(chosen))
        plain = emotion_vad(emotions)[:2]
        affect[row] = np.clip(plain + rng.normal(0.0, _NUANCE, 2), -1.0, 1.0)
        shown = affect[row] - plain
        units[row] = shade_action_units(blend_action_units(emotions), shown[0], shown[1])
    return np.linalg.solve(units.T @ units + _RIDGE * np.eye(N_ACTION_UNITS), units.T @ affect)
