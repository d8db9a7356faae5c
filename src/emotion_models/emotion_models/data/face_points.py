# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""
Action units and proportions of faces, measured on points of a landmark network.

Lengths are relative to the distance between the centres of the eyes, after a face was turned
upright in the picture plane. Points are named by their number in the mesh of MediaPipe (Kartynnik,
Ablavatski, Grishchenko, Grundmann, "Real-time Facial Surface Geometry from Monocular Video on
Mobile GPUs", 2019). Left and right are those of the picture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from emotion_models.data.archives import check_rows, load_arrays
from emotion_models.drawing.parts import FACIAL_UNITS
from emotion_models.reading import FileError

LAYOUT = (
    'an .npz archive with points (P, 3, N) in hundredths of a pixel, mesh_index (P,) and found '
    '(N,), in the order of the faces'
)
UNITS_PER_PX = 100.0

UNTOLD = ('lip_corner_depressor', 'lip_pressor')
"""Action units that points do not tell: drawn-down corners and pressed lips look like neutral."""
TOLD = np.array([name not in UNTOLD for name in FACIAL_UNITS])
"""Which of `FACIAL_UNITS` points tell, bool (18,)."""
TOLD.setflags(write=False)

LARGEST_TURN = 0.4
"""
How far the tip of the nose may be off the middle of the outline, in widths of the outline: a head
turned by about 35°.
"""

_ZERO, _FULL = 75.0, 90.0
"""Percentile of neutral faces at which an intensity begins, and of all faces at which it is 1."""
_POPULATION = (5.0, 95.0)
"""Percentiles of a proportion that are brought to `_MIDDLE` of the range of an identity."""
_MIDDLE = (0.1, 0.9)

_EYES = {
    'left': (7, 33, 133, 144, 145, 153, 154, 155, 157, 158, 159, 160, 161, 163, 173, 246),
    'right': (249, 263, 362, 373, 374, 380, 381, 382, 384, 385, 386, 387, 388, 390, 398, 466),
}
_EYE_CORNERS = {'left': (33, 133), 'right': (362, 263)}  # from left to right
_UPPER_LID, _LOWER_LID = {'left': 159, 'right': 386}, {'left': 145, 'right': 374}
_INNER_BROW = (107, 55, 66, 65, 336, 285, 296, 295)
_OUTER_BROW = {'left': (70, 63, 46, 53), 'right': (300, 293, 276, 283)}
_CORNERS = (61, 291)
_INNER_LIPS = (13, 14)
_LOWER_LIP, _CHIN, _NOSE_TIP, _UNDER_NOSE = 17, 152, 1, 2
_OUTLINE = (10, 54, 67, 93, 127, 132, 136, 152, 162, 172, 234, 284, 297, 323, 356, 361, 365, 454)
NEEDED = tuple(
    sorted(
        {*_EYES['left'], *_EYES['right'], *_INNER_BROW, *_OUTER_BROW['left']}
        | {*_OUTER_BROW['right'], *_CORNERS, *_INNER_LIPS, *_OUTLINE}
        | {_LOWER_LIP, _CHIN, _NOSE_TIP, _UNDER_NOSE}
    )
)
"""Numbers in the mesh of the points that are measured."""

_TWO_SIDED = ('mouth_width', 'inner_brow', 'eye_opening', 'corner_slope')
_HIGH_ONLY = (
    'corner_height',
    'lip_gap',
    'outer_brow_left',
    'outer_brow_right',
    'lower_lid',
    'chin_gap',
)
_LOW_ONLY = ('corner_height',)


class FaceMeasures(NamedTuple):
    """What is measured on N faces; float64 (N,) each, lengths in distances between the eyes."""

    corner_height: np.ndarray  # of the mouth's corners above its centre, in widths of the mouth
    corner_slope: np.ndarray  # right corner above the left one, in widths of the mouth
    mouth_width: np.ndarray
    lip_gap: np.ndarray  # between the inner lips
    inner_brow: np.ndarray  # height of the inner ends above the eyes
    outer_brow_left: np.ndarray
    outer_brow_right: np.ndarray
    eye_opening: np.ndarray  # in widths of an eye
    lower_lid: np.ndarray  # height of its middle above the corners of the eye, in widths of an eye
    chin_gap: np.ndarray  # from the lower lip to the chin: a raised chin pushes the lip up
    turn: np.ndarray  # tip of the nose off the middle of the outline, in widths of the outline
    proportions: np.ndarray  # (N, 6), order of `PROPORTIONS`, y down, in widths of the face


@dataclass(frozen=True)
class FacePoints:
    """
    Points of N faces.

    Args:
        points: x to the right and y down in pixels, float (N, P, 2).
        mesh_index: numbers of the points in the mesh, (P,); all of `NEEDED` are among them.
        found: whether a face was found, bool (N,).
    """

    points: np.ndarray
    mesh_index: np.ndarray
    found: np.ndarray

    def __len__(self) -> int:
        return len(self.points)

    def measure(self) -> FaceMeasures:
        """What `FaceMeasures` names; nan where no face was found or its eyes are one point."""
        with np.errstate(invalid='ignore', divide='ignore'):
            return _measure(_Upright(self))


def load_points(path: str | Path) -> FacePoints:
    """
    The points of an archive.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is laid out otherwise, or lacks a point that is measured.
    """
    arrays = load_arrays(path, LAYOUT)
    if missing := sorted({'points', 'mesh_index', 'found'} - set(arrays)):
        raise FileError(f'{path} has no {", ".join(missing)}; expected {LAYOUT}')
    points, index = arrays['points'], arrays['mesh_index']
    if points.ndim != 3 or points.shape[1] < 2 or index.shape != points.shape[:1]:
        raise FileError(
            f'{path} holds points {points.shape} and mesh_index {index.shape}; expected {LAYOUT}'
        )
    if absent := sorted(set(NEEDED) - set(index.tolist())):
        raise FileError(f'{path} lacks the points {absent} of the mesh; expected {LAYOUT}')
    flat = points[:, :2].transpose(2, 0, 1) / UNITS_PER_PX
    check_rows(path, LAYOUT, points=flat, found=arrays['found'])
    return FacePoints(flat, index, arrays['found'].astype(bool))


@dataclass(frozen=True)
class PointScales:
    """
    From measures to action units and proportions, fitted to a population.

    Args:
        rising: by measure, where an intensity begins and where it is 1, as the measure rises.
        falling: the same as it falls.
        population: (6, 2), the 5th and 95th percentile of each proportion without expression.
        expression_effects: (6, 18), by how much each of `FACIAL_UNITS` changes a proportion: a
            smile widens a mouth, and is no wide mouth.
    """

    rising: Mapping[str, tuple[float, float]]
    falling: Mapping[str, tuple[float, float]]
    population: Sequence[Sequence[float]]
    expression_effects: Sequence[Sequence[float]]

    @classmethod
    def fit(cls, measures: FaceMeasures, is_neutral: np.ndarray) -> 'PointScales':
        """
        The scales of a population; profiles and faces that were not found take no part.

        Args:
            measures: of N faces.
            is_neutral: which are surely neutral, bool (N,).

        Raises:
            ValueError: if there are fewer than ten usable faces, or none of them is neutral.
        """
        usable = is_frontal(measures)
        neutral = usable & is_neutral
        if usable.sum() < 10 or not neutral.any():
            raise ValueError(
                f'{usable.sum()} faces seen from the front, {neutral.sum()} of them neutral; '
                'expected at least 10 and 1: the scales of points are fitted to them'
            )
        rising = {
            name: _scale(getattr(measures, name), neutral, usable, _ZERO, _FULL)
            for name in (*_HIGH_ONLY, *_TWO_SIDED)
        }
        falling = {
            name: _scale(getattr(measures, name), neutral, usable, 100 - _ZERO, 100 - _FULL)
            for name in (*_LOW_ONLY, *_TWO_SIDED)
        }
        without = cls(rising, falling, [(0.0, 1.0)] * 6, np.zeros((6, len(TOLD))).tolist())
        units = without.action_units(measures)[usable]
        measured = measures.proportions[usable]
        effects = _effects(units, measured)
        population = np.percentile(measured - units @ effects.T, _POPULATION, axis=0).T
        return cls(rising, falling, population.tolist(), effects.tolist())

    def action_units(self, measures: FaceMeasures) -> np.ndarray:
        """
        Intensities of `FACIAL_UNITS`, float64 (N, 18) in [0, 1]; those of `UNTOLD` are 0.

        nan where no face was found.
        """
        raised = measures.corner_height > self.rising['corner_height'][0]
        lowered = measures.corner_height < self.falling['corner_height'][0]
        shut = measures.lip_gap <= self.rising['lip_gap'][0]
        lid_rises = measures.lower_lid > self.rising['lower_lid'][0]
        wide, narrow = self._both('mouth_width', measures)
        closed = self._falls('eye_opening', measures)
        right_up, left_up = self._both('corner_slope', measures)
        brow_up, brow_down = self._both('inner_brow', measures)
        gap = self._rises('lip_gap', measures)
        told = {
            'inner_brow_raiser': brow_up,
            'outer_brow_raiser_left': self._rises('outer_brow_left', measures),
            'outer_brow_raiser_right': self._rises('outer_brow_right', measures),
            'brow_lowerer': brow_down,
            'upper_lid_raiser': self._rises('eye_opening', measures),
            'cheek_raiser': np.where(lid_rises & raised, closed, 0.0),
            'lid_tightener': np.where(lid_rises & ~raised, closed, 0.0),
            'lip_corner_puller': np.minimum(self._rises('corner_height', measures), wide),
            'dimpler_left': left_up,
            'dimpler_right': right_up,
            'chin_raiser': np.where(shut & lowered, self._rises('chin_gap', measures), 0.0),
            'lip_stretcher': np.where(raised, 0.0, wide),
            'lip_tightener': np.where(shut, narrow, 0.0),
            'lips_part': np.clip(2 * gap, 0.0, 1.0),
            'jaw_drop': gap,
            'eyes_closed': closed,
        }
        none = np.zeros(len(gap))
        units = np.stack([told.get(name, none) for name in FACIAL_UNITS], 1)
        return np.where(np.isfinite(measures.turn)[:, None], units, np.nan)

    def proportions(self, measures: FaceMeasures) -> np.ndarray:
        """
        Proportions as `Identity.with_proportions` takes them, (N, 6) in [0, 1].

        What the expression does to them is taken off. The number of the brow's height falls as
        brows are higher above the eyes, as that of an identity does. nan where no face was found.
        """
        units = self.action_units(measures)
        own = measures.proportions - units @ np.array(self.expression_effects).T
        low, high = np.array(self.population).T
        first, last = _MIDDLE
        span = np.maximum(high - low, 1e-6)
        return np.clip(first + (last - first) * (own - low) / span, 0.0, 1.0)

    def as_dict(self) -> dict[str, Any]:
        """Everything, as it stands in a card."""
        return asdict(self)

    @classmethod
    def from_dict(cls, noted: Mapping[str, Any]) -> 'PointScales':
        """The way back from `as_dict`."""
        return cls(**noted)

    def _rises(self, name: str, measures: FaceMeasures) -> np.ndarray:
        return _intensity(getattr(measures, name), self.rising[name])

    def _falls(self, name: str, measures: FaceMeasures) -> np.ndarray:
        return _intensity(getattr(measures, name), self.falling[name])

    def _both(self, name: str, measures: FaceMeasures) -> tuple[np.ndarray, np.ndarray]:
        return self._rises(name, measures), self._falls(name, measures)


def is_frontal(measures: FaceMeasures) -> np.ndarray:
    """Which faces were found and are no profiles, bool (N,)."""
    return np.abs(measures.turn) <= LARGEST_TURN  # a comparison with nan is false


class _Upright:
    """Points in a frame whose origin is between the eyes and whose x axis leads along them."""

    def __init__(self, faces: FacePoints) -> None:
        self._place = {int(number): place for place, number in enumerate(faces.mesh_index)}
        points = np.where(faces.found[:, None, None], faces.points, np.nan)
        left, right = (
            points[:, [self._place[k] for k in _EYES[side]]].mean(1) for side in ('left', 'right')
        )
        along = right - left
        distance = np.linalg.norm(along, axis=1)
        across = along / np.where(distance > 0, distance, np.nan)[:, None]
        down = np.stack((-across[:, 1], across[:, 0]), 1)
        centred = (points - ((left + right) / 2)[:, None]) / distance[:, None, None]
        self._x = np.einsum('npd,nd->np', centred, across)
        self._y = np.einsum('npd,nd->np', centred, down)

    def x(self, *numbers: int) -> np.ndarray:
        """To the right, of the points with these numbers, (N, len(numbers))."""
        return self._x[:, [self._place[k] for k in numbers]]

    def y(self, *numbers: int) -> np.ndarray:
        """Down, the mean of the points with these numbers, (N,)."""
        return self._y[:, [self._place[k] for k in numbers]].mean(1)


def _measure(face: _Upright) -> FaceMeasures:
    outline = face.x(*_OUTLINE)
    face_width = outline.max(1) - outline.min(1)
    mouth_width = np.ptp(face.x(*_CORNERS), axis=1)
    heights = [face.y(k) for k in _CORNERS]
    mouth = face.y(*_INNER_LIPS)
    eyes = np.mean([np.ptp(face.x(*_EYE_CORNERS[side]), axis=1) for side in _EYES], 0)
    opening = [face.y(_LOWER_LID[side]) - face.y(_UPPER_LID[side]) for side in _EYES]
    lower = [face.y(*_EYE_CORNERS[side]) - face.y(_LOWER_LID[side]) for side in _EYES]
    lengths = (
        np.ones(len(mouth)),
        eyes,
        face.y(*_INNER_BROW, *_OUTER_BROW['left'], *_OUTER_BROW['right']),
        mouth_width,
        mouth,
        face.y(_UNDER_NOSE),
    )
    middle = (outline.max(1) + outline.min(1)) / 2
    return FaceMeasures(
        corner_height=(mouth - np.mean(heights, 0)) / mouth_width,
        corner_slope=(heights[0] - heights[1]) / mouth_width,
        mouth_width=mouth_width,
        lip_gap=face.y(_INNER_LIPS[1]) - face.y(_INNER_LIPS[0]),
        inner_brow=-face.y(*_INNER_BROW),
        outer_brow_left=-face.y(*_OUTER_BROW['left']),
        outer_brow_right=-face.y(*_OUTER_BROW['right']),
        eye_opening=np.mean(opening, 0) / eyes,
        lower_lid=np.mean(lower, 0) / eyes,
        chin_gap=face.y(_CHIN) - face.y(_LOWER_LIP),
        turn=(face.x(_NOSE_TIP)[:, 0] - middle) / face_width,
        proportions=np.stack(lengths, 1) / face_width[:, None],
    )


def _scale(
    values: np.ndarray, neutral: np.ndarray, usable: np.ndarray, zero: float, full: float
) -> tuple[float, float]:
    return float(np.percentile(values[neutral], zero)), float(np.percentile(values[usable], full))


def _intensity(values: np.ndarray, scale: tuple[float, float]) -> np.ndarray:
    """0 at the scale's first number, 1 at its second, clipped."""
    zero, full = scale
    if zero == full:
        return np.zeros(len(values))
    return np.clip((values - zero) / (full - zero), 0.0, 1.0)


def _effects(units: np.ndarray, proportions: np.ndarray) -> np.ndarray:
    """Slopes (6, 18) of a regression of proportions (N, 6) on units (N, 18)."""
    centred = units - units.mean(0)
    weak = 1e-3 * len(units) * np.eye(units.shape[1])
    offset = proportions - proportions.mean(0)
    return np.linalg.solve(centred.T @ centred + weak, centred.T @ offset).T
