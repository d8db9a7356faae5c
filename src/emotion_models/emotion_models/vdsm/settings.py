# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What the settings of a model of videos may be."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from emotion_models.vdsm.schedules import LEAST, MOST

BOUNDS: Mapping[str, tuple[float, float]] = {
    'window': (1, math.inf),
    'pieces': (1, math.inf),
    'schedule_epochs': (1, math.inf),
    'test_temperature': (1e-6, math.inf),
    'clip_norm': (1e-12, math.inf),
    'nan_factor': (1e-6, 1),
    'nan_retries': (0, math.inf),
    'pictures_every': (0, math.inf),
    'encoder_slope': (0, 1),
    'expert_spread': (0, 1),
    'flip': (0, 1),
    'dropout': (0, 0.99),
}
"""Least and greatest value of a number."""
RAMPS: Mapping[str, float] = {'temperature': 1e-6, 'static_weight': 0, 'dynamics_weight': 0}
"""Least of the first and the last value of a ramp."""


def check_settings(**settings: Any) -> None:
    """
    Refuse what no training is meant to have.

    Args:
        settings: by name; those that are unknown here are left alone.

    Raises:
        ValueError: naming the first that is out of its range.
    """
    for name, (least, most) in BOUNDS.items():
        value = settings.get(name)
        if value is not None and not (least <= value <= most and math.isfinite(value)):
            most_text = '' if most == math.inf else f' and <= {most:g}'
            raise ValueError(f'model: {name} must be >= {least:g}{most_text}, got {value}')
    for name, least in RAMPS.items():
        if name in settings:
            _check_ramp(name, settings[name], least)
    for value in settings.get('pose_weight', ()):
        if not LEAST <= value <= MOST:
            raise ValueError(
                f'model: pose_weight must be four numbers from {LEAST:g} to {MOST:g}, got {value}'
            )
    if settings.get('release_initialisation') and settings.get('expert_spread', 1.0) != 1.0:
        raise ValueError(
            'model: release_initialisation is of independent experts; set expert_spread to 1'
        )


def _check_ramp(name: str, values: Sequence[float], least: float) -> None:
    if len(values) != 3:
        raise ValueError(
            f'model: {name} needs first and last value and a divisor, got {list(values)}'
        )
    *ends, divisor = values
    if not all(least <= value < math.inf for value in ends):
        raise ValueError(
            f'model: {name} must go between finite numbers >= {least:g}, got {list(values)}'
        )
    if not (math.isfinite(divisor) and divisor >= 1 and divisor == int(divisor)):
        raise ValueError(
            f'model: the divisor of {name}, its third number, must be a whole number >= 1, got '
            f'{divisor}'
        )
