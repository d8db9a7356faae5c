# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a snapshot looks like, to tell one whose file was damaged."""

import math
from typing import Any

from node_kit.limits import shown

LARGEST = 1e10  # of all numbers; seconds since the epoch are among them

# A key may be missing, as in a snapshot of an earlier version; `...` stands for any key.
SHAPE = {
    'version': float,
    'wall_time_s': float,
    'modulators': [str],
    'y': [float],
    'mu': [float],
    'habituation': {...: [float]},
    'infusions': [{'name': str, 'rates': [float], 'remaining_s': float}],
    'pending': [
        {'name': str, 'intensity': float, 'duration_s': float, 'delay_s': float, 'source': str}
    ],
    'empathy': (None, {'e': [float], 'age_s': float}),
    'dominant': str,
    'dominant_age_s': float,
    'config_sha256': str,
}


def damage_of(value: Any, shape: Any = SHAPE, place: str = '') -> str:
    """
    Say what of a snapshot is not as it can have been written.

    Args:
        value: read from JSON.
        shape: what is expected.
        place: where it stands.

    Returns:
        The first place with what was expected and what came, '' = nothing is damaged.
    """
    if shape is float:
        is_number = type(value) in (int, float) and -LARGEST <= value <= LARGEST
        return '' if is_number and math.isfinite(value) else _other(place, 'a number', value)
    if shape is str:
        return '' if isinstance(value, str) else _other(place, 'a text', value)
    if isinstance(shape, tuple):
        return '' if value is None else damage_of(value, shape[1], place)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return _other(place, 'a list', value)
        inner = ((item, shape[0], f'{place}[{index}]') for index, item in enumerate(value))
    else:
        if not isinstance(value, dict):
            return _other(place, 'a mapping', value)
        inner = (
            (item, shape.get(key, shape.get(...)), f'{place}.{key}'.lstrip('.'))
            for key, item in value.items()
            if key in shape or ... in shape
        )
    return next(filter(None, (damage_of(*item) for item in inner)), '')


def _other(place: str, expected: str, value: Any) -> str:
    return f'{place}: expected {expected}, got {shown(value)}'.removeprefix(': ')
