# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""Identity of a face: the proportions that do not depend on its expression."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

# Smallest and largest value of every proportion; all lie inside the panel at every expression.
_RANGES = {
    'eye_distance': (58.0, 72.0),
    'eye_width': (25.0, 34.0),
    'eye_height': (19.5, 22.5),
    'eye_roundness': (1.8, 2.8),
    'brow_length': (22.0, 32.0),
    'brow_thickness': (2.8, 4.2),
    'brow_height': (-23.8, -19.8),
    'mouth_width': (30.0, 48.0),
    'mouth_height': (14.4, 18.6),
    'lip_gap': (0.0, 1.0),
    'line_weight': (1.8, 2.3),
    'pupil_radius': (6.0, 8.0),
    'asymmetry': (-1.0, 1.0),
    'nose': (0.0, 1.0),
    'nose_length': (6.0, 12.0),
    'eye_fill': (0.0, 1.0),
}
_LOW, _HIGH = np.array(list(_RANGES.values())).T

PROPORTIONS = (
    'eye_distance',
    'eye_width',
    'brow_height',
    'mouth_width',
    'mouth_height',
    'nose_length',
)
"""Numbers of an identity that can be measured on a person; the others are style."""

_PROPORTION_COLUMNS = np.array([list(_RANGES).index(name) for name in PROPORTIONS])


@dataclass(frozen=True)
class Identity:
    """
    Proportions in pixels of the panel at zoom 1; the origin is its centre, y points down.

    Raises:
        ValueError: if a proportion lies outside its range; the message names it.
    """

    eye_distance: float = 64.0  # between the centres
    eye_width: float = 30.0
    eye_height: float = 21.5
    eye_roundness: float = 2.1  # exponent of the superellipse: 2 is an ellipse, more is boxier
    brow_length: float = 28.0
    brow_thickness: float = 3.6
    brow_height: float = -21.5
    mouth_width: float = 40.0
    mouth_height: float = 16.5
    lip_gap: float = 0.0  # between the lips at rest
    line_weight: float = 2.0
    pupil_radius: float = 7.4
    asymmetry: float = 0.0  # the right brow is higher by this
    nose: float = 0.0  # width of the mark, 0 = none
    nose_length: float = 9.0  # from the line of the eyes down to the mark
    eye_fill: float = 1.0  # 0 = outlines with pupils .. 1 = filled eyes, cut by their lids

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

    def proportions(self) -> np.ndarray:
        """What can be measured on a person, in [0, 1] over its range: (6,), order PROPORTIONS."""
        return self.as_vector()[_PROPORTION_COLUMNS]

    def with_proportions(self, proportions) -> Identity:
        """
        The same style with other proportions.

        Args:
            proportions: (6,), order of PROPORTIONS, in [0, 1]; numbers outside are clipped.

        Raises:
            ValueError: if these are not six finite numbers.
        """
        values = np.asarray(proportions, dtype=float)
        if values.shape != (len(PROPORTIONS),) or not np.isfinite(values).all():
            raise ValueError(
                f'expected one number for each of {", ".join(PROPORTIONS)}, got {proportions!r}'
            )
        vector = self.as_vector()
        vector[_PROPORTION_COLUMNS] = values
        return Identity.from_vector(vector)


N_IDENTITY = len(fields(Identity))
