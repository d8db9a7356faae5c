# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Identity of a face: the proportions that do not depend on its expression."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

# Smallest and largest value of every proportion; all lie inside the panel at every expression.
_RANGES = {
    'eye_distance': (58.0, 74.0),
    'eye_width': (26.0, 34.0),
    'eye_height': (18.0, 22.0),
    'eye_roundness': (1.8, 2.8),
    'brow_length': (22.0, 32.0),
    'brow_thickness': (2.8, 4.2),
    'brow_height': (-22.0, -20.0),
    'mouth_width': (34.0, 46.0),
    'mouth_height': (14.5, 17.0),
    'lip_gap': (0.0, 1.0),
    'line_weight': (1.8, 2.3),
    'pupil_radius': (6.0, 8.0),
    'asymmetry': (-1.0, 1.0),
    'nose': (0.0, 1.0),
}
_LOW, _HIGH = np.array(list(_RANGES.values())).T


@dataclass(frozen=True)
class Identity:
    """
    Proportions in pixels of the panel at zoom 1; the origin is its centre, y points down.

    Raises:
        ValueError: if a proportion lies outside its range; the message names it.
    """

    eye_distance: float = 64.0  # between the centres
    eye_width: float = 31.0
    eye_height: float = 20.5
    eye_roundness: float = 2.1  # exponent of the superellipse: 2 is an ellipse, more is boxier
    brow_length: float = 28.0
    brow_thickness: float = 3.6
    brow_height: float = -21.5
    mouth_width: float = 40.0
    mouth_height: float = 16.0
    lip_gap: float = 0.0  # between the lips at rest
    line_weight: float = 2.0
    pupil_radius: float = 7.2
    asymmetry: float = 0.4  # the right brow is higher by this
    nose: float = 0.0  # length of the mark, 0 = none

    def __post_init__(self):
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f'identity.{name} must lie in [{low}, {high}], got {value!r}')

    @classmethod
    def default(cls) -> Identity:
        """The face of the robot."""
        return cls()

    @classmethod
    def random(cls, rng: np.random.Generator) -> Identity:
        """A face drawn uniformly from the ranges; every second one has a nose."""
        values = {name: float(rng.uniform(low, high)) for name, (low, high) in _RANGES.items()}
        values['nose'] *= float(rng.random() < 0.5)
        return cls(**values)

    def as_vector(self) -> np.ndarray:
        """The proportions scaled to [0, 1] over their ranges, (N_IDENTITY,)."""
        # For every image with a face: `astuple` would copy deeply and take half a millisecond.
        values = np.array([getattr(self, name) for name in _RANGES])
        return (values - _LOW) / (_HIGH - _LOW)

    @staticmethod
    def ranges() -> dict[str, tuple[float, float]]:
        """Smallest and largest value of every proportion."""
        return dict(_RANGES)

    @staticmethod
    def spans() -> np.ndarray:
        """Largest less smallest value of every proportion, (N_IDENTITY,)."""
        return _HIGH - _LOW

    @classmethod
    def from_vector(cls, vector) -> Identity:
        """The way back from `as_vector`; numbers outside [0, 1] are clipped."""
        values = _LOW + np.clip(vector, 0.0, 1.0) * (_HIGH - _LOW)
        return cls(**dict(zip(_RANGES, values.tolist(), strict=True)))


N_IDENTITY = len(fields(Identity))
